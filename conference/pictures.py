"""Pictures that organisers upload: read with care, drawn anew, and kept for as long as something shows them."""

import hashlib
import io
from math import ceil

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from conference.models import Picture

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MAX_BYTES = 5 * 1024 * 1024
# A file of a few kilobytes can announce as many as it likes. As many as a good camera takes are read of a JPEG, which
# is made smaller while it is read; the others are read whole, with 4 to 16 bytes a pixel.
MAX_MEGAPIXELS_OF_JPEG, MAX_MEGAPIXELS = 40, 16
# A progressive JPEG is read over and over, once for each of its scans; programs write about ten.
MAX_SCANS = 100
JPEG, SCAN = b"\xff\xd8", b"\xff\xda"

# The longest side in pixels: what the widest column shows sharp on a dense screen, and a logo in a row.
PICTURE_SIDE, LOGO_SIDE = 1280, 480


def read_picture(file, *, side: int) -> Picture:
    """What the uploaded `file` shows as an unsaved Picture, no side of it longer than `side` pixels.

    It is drawn anew as WebP, the right way up and in sRGB: nothing of the file's own bytes or of what it said beside
    the picture (place, camera, owner) is left. Of an animation it is the first picture. Raises ValidationError for a
    file that is too large or holds no picture in one of FORMATS.
    """
    if file.size > MAX_BYTES:
        raise ValidationError(_("The file is larger than 5 MB. Please make the picture smaller."))
    try:
        if count_scans(file) > MAX_SCANS:
            raise OSError("So many scans only keep the reader busy.")
        with Image.open(file, formats=FORMATS) as image:
            max_megapixels = MAX_MEGAPIXELS_OF_JPEG if image.format == "JPEG" else MAX_MEGAPIXELS
            if image.width * image.height > max_megapixels * 1_000_000:
                raise too_many_pixels_error(max_megapixels)
            resized = resize(image, side)
        content = encode_webp(resized)
    except ValidationError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise too_many_pixels_error(MAX_MEGAPIXELS_OF_JPEG) from None
    except Exception:  # a broken file makes its readers raise nearly anything
        text = _("This file could not be read as a picture. Please choose an undamaged JPEG, PNG, WebP or GIF file.")
        raise ValidationError(text) from None
    return Picture(
        digest=hashlib.sha256(content).hexdigest(), content=content, width=resized.width, height=resized.height
    )


def count_scans(file) -> int:
    """How often a JPEG goes over its picture; 0 for any other file."""
    content = file.read()
    file.seek(0)
    return content.count(SCAN) if content.startswith(JPEG) else 0


def too_many_pixels_error(max_megapixels: int) -> ValidationError:
    text = _("The picture has more than %(number)d million pixels. Please make it smaller.")
    return ValidationError(text % {"number": max_megapixels})


def resize(image: Image.Image, side: int) -> Image.Image:
    """The opened `image`, small, upright and in sRGB, with its transparency and nothing else that it says."""
    mode = "RGBA" if image.has_transparency_data else "RGB"
    # Of a JPEG, half or less of its rows and columns are read where that is enough; of the others all.
    enough = 1.5 * side / max(image.size)
    image.draft(None, (ceil(image.width * enough), ceil(image.height * enough)))
    if image.mode.startswith("I"):  # greys finer than Pillow converts by itself
        image = image.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    elif image.mode != mode and (mode == "RGBA" or image.mode not in ("L", "CMYK")):
        image = image.convert(mode)  # the others cannot be made smaller smoothly
    image.thumbnail((side, side))
    image = ImageOps.exif_transpose(image)
    image = convert_to_srgb(image, mode).convert(mode)
    image.info = {}
    return image


def convert_to_srgb(image: Image.Image, mode: str) -> Image.Image:
    """The image with the colours that its colour profile means; as it is when it has none or a broken one."""
    if profile := image.info.get("icc_profile"):
        try:
            srgb = ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(image, io.BytesIO(profile), srgb, outputMode=mode)
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    return image


def encode_webp(image: Image.Image) -> bytes:
    """The smaller of two: flat drawings such as logos are smaller, and sharper, without loss; photographs with."""
    lossy, lossless = io.BytesIO(), io.BytesIO()
    image.save(lossy, "WEBP", quality=80, method=6)
    image.save(lossless, "WEBP", lossless=True, quality=50)
    return min(lossy.getvalue(), lossless.getvalue(), key=len)


def store_picture(picture: Picture) -> Picture:
    """Store a new picture, or take the same one that was stored before. Until the transaction ends nobody deletes it.

    The one statement inserts the row or locks the one that is there, so that none is deleted in between.
    """
    (stored,) = Picture.objects.bulk_create(
        [picture], update_conflicts=True, unique_fields=["digest"], update_fields=["width"]
    )
    return stored


def delete_unused_pictures() -> None:
    """Delete the pictures that nothing shows any more, but for those that somebody is just attaching.

    Those are locked and skipped. What was attached between the look and the lock is seen by the second look.
    """
    with transaction.atomic():
        unused = Picture.objects.unused().select_for_update(skip_locked=True, of=("self",))
        if locked := list(unused.values_list("pk", flat=True)):
            Picture.objects.unused().filter(pk__in=locked).only("pk").delete()
