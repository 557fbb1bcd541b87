"""The QR code of a ticket: its URL in capitals, which need fewer squares than small letters."""

import io
from typing import TYPE_CHECKING

from conference.site_urls import absolute_url

if TYPE_CHECKING:
    from segno import QRCode

# Pixels of each square of a picture.
SCALE = 12


def build_ticket_url(code: str) -> str:
    """Return what a ticket's QR code says. Any camera can open it: see `attendance.views.ticket_page`."""
    return absolute_url(f"/D/{code}").upper()


def make_qr(text: str) -> "QRCode":
    """Return the text as a QR code that can be read with a seventh of it covered."""
    import segno  # few requests need it, and it is large

    return segno.make_qr(text, error="m", boost_error=False)


def render_svg(text: str) -> str:
    """Return the text as a QR code in SVG, which is as large as its place."""
    return make_qr(text).svg_inline(light="white", omitsize=True, svgclass="qr", lineclass=None)


def render_png(text: str) -> bytes:
    """Return the text as a QR code in PNG."""
    picture = io.BytesIO()
    make_qr(text).save(picture, kind="png", scale=SCALE)
    return picture.getvalue()
