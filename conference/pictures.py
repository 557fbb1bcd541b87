"""Pictures that organisers upload: read with care, drawn anew, and kept for as long as something shows them."""

import hashlib
import io

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from conference.models import Picture

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MAX_BYTES = 5 * 1024 * 1024
# As many as a good camera takes. A file of a few kilobytes can announce a thousand times as many.
MAX_PIXELS = 40_000_000

# The longest side in pixels: what the widest column shows sharp on a dense screen, and a logo in a row.
PICTURE_SIDE, LOGO_SIDE = 1280, 480


def picture_from(file, *, side: int) -> Picture:
    """What the uploaded `file` shows as an unsaved Picture, no side of it longer than `side` pixels.

    It is drawn anew as WebP, the right way up and in sRGB: nothing of the file's own bytes or of what it said beside
    the picture (place, camera, owner) is left. Of an animation it is the first picture. Raises ValidationError for a
    file that is too large or holds no picture in one of FORMATS.
    """
    if file.size > MAX_BYTES:
        raise ValidationError(_("The file is larger than 5 MB. Please make the picture smaller."))
    try:
        with Image.open(file, formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Image.DecompressionBombError
            drawn = redrawn(image, side)
        content = as_webp(drawn)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        text = _("The picture has more than 40 million pixels. Please make it smaller.")
        raise ValidationError(text) from None
    except Exception:  # a broken file makes its readers raise nearly anything
        text = _("The site cannot read this file as a picture. Please choose a whole JPEG, PNG, WebP or GIF file.")
        raise ValidationError(text) from None
    return Picture(digest=hashlib.sha256(content).hexdigest(), content=content, width=drawn.width, height=drawn.height)


def redrawn(image: Image.Image, side: int) -> Image.Image:
    """The opened `image`, small, upright and in sRGB, with its transparency and nothing else that it says."""
    mode = "RGBA" if image.has_transparency_data else "RGB"
    if image.mode.startswith("I"):  # greys finer than Pillow converts by itself
        image = image.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    elif image.mode not in ("L", "CMYK", "RGBA") or mode == "RGBA":
        image = image.convert(mode)  # the others cannot be made smaller smoothly
    image.thumbnail((side, side))  # before it is read whole: of a large JPEG only what is needed is
    image = ImageOps.exif_transpose(image)
    image = in_srgb(image, mode).convert(mode)
    image.info = {}
    return image


def in_srgb(image: Image.Image, mode: str) -> Image.Image:
    """The image with the colours that its colour profile means; as it is when it has none or a broken one."""
    if profile := image.info.get("icc_profile"):
        try:
            srgb = ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(image, io.BytesIO(profile), srgb, outputMode=mode)
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    return image


def as_webp(image: Image.Image) -> bytes:
    """The smaller of two: flat drawings such as logos are smaller, and sharper, without loss; photographs with."""
    lossy, lossless = io.BytesIO(), io.BytesIO()
    image.save(lossy, "WEBP", quality=80, method=6)
    image.save(lossless, "WEBP", lossless=True, quality=50)
    return min(lossy.getvalue(), lossless.getvalue(), key=len)


def keep(picture: Picture) -> Picture:
    """Store a new picture, or take the same one that was stored before. Until the transaction ends nobody deletes it.

    The one statement inserts the row or locks the one that is there, so that none is deleted in between.
    """
    (kept,) = Picture.objects.bulk_create(
        [picture], update_conflicts=True, unique_fields=["digest"], update_fields=["width"]
    )
    return kept


def delete_unused() -> None:
    """Delete the pictures that nothing shows any more, but for those that somebody is just attaching.

    Those are locked and skipped. What was attached between the look and the lock is seen by the second look.
    """
    with transaction.atomic():
        unused = Picture.objects.unused().select_for_update(skip_locked=True, of=("self",))
        if locked := list(unused.values_list("pk", flat=True)):
            Picture.objects.unused().filter(pk__in=locked).only("pk").delete()
