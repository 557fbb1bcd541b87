"""Uploaded pictures: decoded within limits, re-encoded, and stored for as long as they are used."""

import hashlib
import io
from contextlib import suppress
from math import ceil
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from conference.models import Picture
from conference.pictures.drawings import is_svg, render_svg

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MAX_BYTES = 5 * 1024 * 1024
# A file of a few kilobytes can announce any number. A JPEG may have as many as a good camera takes, as it is scaled
# down while it is decoded; other formats are decoded whole, at 4 to 16 bytes per pixel.
MAX_MEGAPIXELS_OF_JPEG, MAX_MEGAPIXELS = 40, 16
MAX_SCANS = 100  # a progressive JPEG is decoded once per scan; programs write about ten
JPEG, SCAN = b"\xff\xd8", b"\xff\xda"  # what a file and a scan begin with

# The longest side in pixels: sharp in the widest column on a dense screen, and for a logo in a row.
PICTURE_SIDE, LOGO_SIDE = 1280, 480


def read_picture(file, *, side: int) -> Picture:
    """Return the uploaded picture as an unsaved Picture, no side of it longer than `side` pixels.

    It is re-encoded as upright WebP in sRGB: none of the file's own bytes or metadata (place, camera, owner) is kept.
    Raises ValidationError for a file that is too large or holds no picture in one of FORMATS, and no SVG drawing.
    """
    from PIL import Image  # few requests need it, and it is large

    if file.size > MAX_BYTES:
        raise ValidationError(_("The file is larger than 5 MB. Please make the picture smaller."))
    original = file.read()
    max_megapixels = MAX_MEGAPIXELS_OF_JPEG
    try:
        if is_svg(original):
            original = render_svg(original, side=side)
        if original.startswith(JPEG) and original.count(SCAN) > MAX_SCANS:
            raise OSError("Too many scans.")
        with Image.open(io.BytesIO(original), formats=FORMATS) as image:
            max_megapixels = MAX_MEGAPIXELS_OF_JPEG if image.format == "JPEG" else MAX_MEGAPIXELS
            if image.width * image.height > max_megapixels * 1_000_000:
                raise Image.DecompressionBombError
            resized = resize(image, side)
        content = encode_webp(resized)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        text = _("The picture has more than %(number)d million pixels. Please make it smaller.")
        raise ValidationError(text % {"number": max_megapixels}) from None
    except Exception:  # decoders raise nearly anything for a broken file
        text = _(
            "This file could not be read as a picture. Please choose an undamaged JPEG, PNG, WebP, GIF or SVG file."
        )
        raise ValidationError(text) from None
    digest = hashlib.sha256(content).hexdigest()
    return Picture(digest=digest, content=content, width=resized.width, height=resized.height)


def resize(image: "Image.Image", side: int) -> "Image.Image":
    """Return the opened `image` scaled down, upright and in sRGB, with its transparency but without metadata."""
    from PIL import ImageCms, ImageOps

    mode = "RGBA" if image.has_transparency_data else "RGB"
    # A JPEG decodes at half its size or less where that is enough; other formats ignore this.
    enough = 1.5 * side / max(image.size)
    image.draft(None, (ceil(image.width * enough), ceil(image.height * enough)))
    if image.mode.startswith("I"):  # 16-bit grey, which Pillow does not scale when it converts
        image = image.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    elif image.mode != mode and (mode == "RGBA" or image.mode not in ("L", "CMYK")):
        image = image.convert(mode)  # palettes cannot be scaled smoothly
    image.thumbnail((side, side))
    image = ImageOps.exif_transpose(image)
    if profile := image.info.get("icc_profile"):
        with suppress(ImageCms.PyCMSError, OSError, ValueError):  # of a broken profile
            srgb = ImageCms.createProfile("sRGB")
            image = ImageCms.profileToProfile(image, io.BytesIO(profile), srgb, outputMode=mode)
    image = image.convert(mode)
    image.info = {}
    return image


def encode_webp(image: "Image.Image") -> bytes:
    """Return the smaller of lossy and lossless: logos are smaller, and sharper, without loss."""
    lossy, lossless = io.BytesIO(), io.BytesIO()
    image.save(lossy, "WEBP", quality=80, method=6)
    image.save(lossless, "WEBP", lossless=True, quality=50)
    return min(lossy.getvalue(), lossless.getvalue(), key=len)


def store_picture(picture: Picture) -> Picture:
    """Store the picture, or return the identical existing one, locked against deletion until the transaction ends."""
    # A single statement inserts the row or locks the existing one, so it cannot be deleted in between.
    (stored,) = Picture.objects.bulk_create(
        [picture], update_conflicts=True, unique_fields=["digest"], update_fields=["width"]
    )
    return stored


def delete_unused_pictures() -> None:
    """Delete the pictures that are no longer used, except those that another transaction has locked to use them."""
    with transaction.atomic():
        unused = Picture.objects.filter(events=None, partners=None)
        locked = unused.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)
        if keys := list(locked):  # asked again, for what was attached between the first query and the lock
            unused.filter(pk__in=keys).only("pk").delete()
