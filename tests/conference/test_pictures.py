import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms
from PIL.JpegImagePlugin import JpegImageFile

from conference.pictures import drawings
from conference.pictures.picture_files import LOGO_SIDE, MAX_BYTES, PICTURE_SIDE, read_picture
from tests.factories import make_uploaded_picture

NS = b'xmlns="http://www.w3.org/2000/svg"'
SQUARE = b'<rect width="50" height="50" fill="#8a1c2f"/><script>alert(1)</script>'
LARGE = b'<g transform="scale(0.7559)">%s</g>' % SQUARE
NESTED = b"".join(b'<g id="g%d">%s</g>' % (n, b'<use href="#g%d"/>' % (n - 1) * 10) for n in range(1, 9))
NOT_READ = "This file could not be read as a picture. Please choose an undamaged JPEG, PNG, WebP, GIF or SVG file."
TOO_MANY = "The picture has more than %d million pixels. Please make it smaller."


def read_image(file, side=PICTURE_SIDE) -> Image.Image:
    """The picture that the site makes of the file, as a browser would see it."""
    return Image.open(io.BytesIO(read_picture(file, side=side).content))


def get_error(content: bytes) -> str:
    with pytest.raises(ValidationError) as raised:
        read_picture(SimpleUploadedFile("a.png", content), side=PICTURE_SIDE)
    return raised.value.messages[0]


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_that_announces(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 100)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def is_near(colour, expected) -> bool:
    return all(abs(one - other) <= 6 for one, other in zip(colour, expected, strict=True))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_format_becomes_webp_and_keeps_its_colour(format):
    image = read_image(make_uploaded_picture((64, 36), "#8a1c2f", format))
    assert (image.format, image.size) == ("WEBP", (64, 36))
    assert is_near(image.convert("RGB").getpixel((30, 20)), (0x8A, 0x1C, 0x2F))


@pytest.mark.parametrize(
    ("size", "side", "expected"),
    [
        ((2560, 1000), PICTURE_SIDE, (1280, 500)),
        ((1000, 2560), PICTURE_SIDE, (500, 1280)),
        ((1280, 720), PICTURE_SIDE, (1280, 720)),
        ((960, 480), LOGO_SIDE, (480, 240)),
        ((30, 20), LOGO_SIDE, (30, 20)),
        ((9000, 2), LOGO_SIDE, (480, 1)),
    ],
)
def test_no_side_is_longer_than_allowed_and_none_is_stretched(size, side, expected):
    picture = read_picture(make_uploaded_picture(size), side=side)
    assert (picture.width, picture.height) == expected


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L"])
def test_what_is_transparent_stays_so(mode):
    options = {"transparency": 0} if mode in ("P", "L") else {}
    image = read_image(make_uploaded_picture((900, 300), 0, "PNG", mode, **options), LOGO_SIDE)
    assert image.mode == "RGBA"
    assert image.getpixel((9, 9))[3] == 0


@pytest.mark.parametrize(
    ("mode", "colour", "format", "expected"),
    [
        ("1", 1, "PNG", (255, 255, 255)),
        ("L", 77, "PNG", (77, 77, 77)),
        ("I;16", 40_000, "PNG", (156, 156, 156)),
        ("CMYK", (0, 255, 255, 0), "JPEG", (254, 0, 0)),
    ],
)
def test_rare_kinds_of_pictures_keep_their_colours(mode, colour, format, expected):
    image = read_image(make_uploaded_picture((40, 40), colour, format, mode))
    assert image.mode == "RGB"
    assert is_near(image.getpixel((9, 9)), expected)


def test_a_photograph_taken_upright_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: the top is at the right
    assert read_image(make_uploaded_picture((80, 40), format="JPEG", exif=exif)).size == (40, 80)


def test_nothing_that_the_file_said_beside_the_picture_is_left():
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    file = make_uploaded_picture(format="WEBP", exif=exif, xmp=b"<x>SecretOwner</x>", icc_profile=profile)
    assert b"SecretCamera" in file.read()
    file.seek(0)
    content = read_picture(file, side=PICTURE_SIDE).content
    for trace in (b"Secret", b"EXIF", b"XMP ", b"ICCP", b"<x>"):
        assert trace not in content


def test_a_broken_colour_profile_is_passed_over():
    assert read_image(make_uploaded_picture(icc_profile=b"no profile")).size == (64, 36)


def test_of_an_animation_the_first_picture_is_kept():
    content = io.BytesIO()
    first, second = (Image.new("RGB", (20, 20), colour) for colour in ("#8a1c2f", "#3d5a73"))
    first.save(content, "GIF", save_all=True, append_images=[second])
    image = read_image(SimpleUploadedFile("a.gif", content.getvalue()))
    assert getattr(image, "n_frames", 1) == 1
    assert is_near(image.convert("RGB").getpixel((5, 5)), (0x8A, 0x1C, 0x2F))


@pytest.mark.parametrize(
    "content",
    [
        b'<svg %s viewBox="0 0 100 50">%s</svg>' % (NS, SQUARE),
        b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- ours --><svg %s width="20mm" height="10mm">%s</svg>' % (NS, LARGE),
    ],
)
def test_a_drawing_becomes_a_picture_with_its_transparency_and_nothing_else_of_it(content):
    image = read_image(SimpleUploadedFile("a.svg", content), side=LOGO_SIDE)
    assert (image.format, image.size) == ("WEBP", (480, 240))
    assert is_near(image.convert("RGB").getpixel((100, 100)), (0x8A, 0x1C, 0x2F))
    assert image.getpixel((400, 100))[3] == 0


def test_what_asks_for_too_much_time_is_stopped(monkeypatch):
    monkeypatch.setattr(drawings, "MAX_SECONDS", 0.001)
    assert get_error(b'<svg %s viewBox="0 0 100 50">%s</svg>' % (NS, SQUARE)) == NOT_READ


@pytest.mark.parametrize(
    "content",
    [
        b"<svg><rect",
        b"<svg %s viewBox='0 0 9 9'><image href='drawing.typ' width='9' height='9'/></svg>" % NS,
        b"<svg %s viewBox='0 0 9 9'><image href='file:///etc/hostname' width='9' height='9'/></svg>" % NS,
        b"<svg %s viewBox='0 0 9 9'><image href='https://example.org/a.png' width='9' height='9'/></svg>" % NS,
        b"<svg %s viewBox='0 0 9 9'><rect id='g0' width='1' height='1'/>%s</svg>" % (NS, NESTED),
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"RIFF\x10\0\0\0WEBPVP8 ",
        b"\xff\xd8\xff\xe0",
        png_that_announces(300, 300),  # and stops in the middle
        make_uploaded_picture((900, 900), format="JPEG").read()[:2000],
        make_uploaded_picture(format="BMP").read(),
        make_uploaded_picture(format="TIFF").read(),
    ],
)
def test_what_is_no_whole_picture_is_refused_with_what_to_do(content):
    assert get_error(content) == NOT_READ


@pytest.mark.parametrize("size", [(16_000_001, 1), (4000, 4001), (6000, 6000)])
def test_a_small_file_that_would_unfold_to_a_huge_picture_is_refused(size):
    content = png_that_announces(*size)
    assert len(content) < 200
    assert get_error(content) == TOO_MANY % 16


@pytest.mark.parametrize("side", [10_000, 60_000])
def test_one_that_unfolds_beyond_all_measure_is_refused(side):
    assert get_error(png_that_announces(side, side)) == TOO_MANY % 40


def test_a_photograph_as_large_as_cameras_take_is_read_without_all_of_its_pixels(monkeypatch):
    read = []
    load = JpegImageFile.load
    monkeypatch.setattr(JpegImageFile, "load", lambda image: read.append(image.size) or load(image))
    assert read_image(make_uploaded_picture((8000, 5000), "#8a1c2f", "JPEG")).size == (1280, 800)
    assert set(read) == {(2000, 1250), (1280, 800)}
    assert get_error(make_uploaded_picture((8000, 5001), format="JPEG").read()) == TOO_MANY % 40


def test_a_jpeg_that_is_gone_over_without_end_is_refused():
    written = io.BytesIO()
    Image.new("RGB", (64, 48), "#8a1c2f").save(written, "JPEG", progressive=True)
    content, end = written.getvalue(), b"\xff\xd9"
    last_scan = b"\xff\xda" + content.removesuffix(end).rpartition(b"\xff\xda")[2]
    often, without_end = (content.removesuffix(end) + last_scan * times + end for times in (20, 200))
    assert read_image(SimpleUploadedFile("a.jpeg", often)).size == (64, 48)
    assert get_error(without_end) == NOT_READ


def test_a_large_file_is_refused():
    assert get_error(b"\0" * (MAX_BYTES + 1)) == "The file is larger than 5 MB. Please make the picture smaller."


@pytest.mark.parametrize("content", [b"<!---->" * 5000 + b"x", b"<!-- -->" * 5000 + b"x", b"<!DOCTYPE svg [" * 2000])
def test_a_file_that_only_begins_like_a_drawing_is_refused_at_once(content):
    """With two ways to read each comment, it would take longer than anybody lives."""
    assert not drawings.is_svg(content)
    assert drawings.is_svg(
        b"\xef\xbb\xbf<?xml version='1.0'?> <!-- a --><!---->\n<!DOCTYPE svg [ <!ENTITY a 'b'> ]> <svg>"
    )
