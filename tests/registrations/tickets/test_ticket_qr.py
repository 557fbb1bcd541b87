import io

import pytest
from PIL import Image

from registrations.tickets.ticket_qr import SCALE, build_ticket_url, make_qr, render_png

CODE = "0123456789ABCDEFGHJK"


@pytest.mark.parametrize(
    ("site", "url", "version"),
    [
        ("https://conference.example.org", f"HTTPS://CONFERENCE.EXAMPLE.ORG/D/{CODE}", 3),
        ("http://localhost:8000", f"HTTP://LOCALHOST:8000/D/{CODE}", 3),
        (f"https://{'a' * 26}.org", f"HTTPS://{'A' * 26}.ORG/D/{CODE}", 3),
        (f"https://{'a' * 27}.org", f"HTTPS://{'A' * 27}.ORG/D/{CODE}", 4),
    ],
)
def test_a_ticket_is_a_code_of_29_squares_unless_the_sites_name_is_long(settings, site, url, version):
    settings.SITE_URL = site
    assert build_ticket_url(CODE) == url
    code = make_qr(url)
    assert (code.version, code.error, code.mode) == (version, "M", "alphanumeric")
    assert len(code.matrix) == 17 + 4 * version


def test_the_picture_has_all_squares_and_the_margin_that_scanners_need():
    code = make_qr(build_ticket_url(CODE))
    picture = Image.open(io.BytesIO(render_png(build_ticket_url(CODE))))
    assert picture.size == (37 * SCALE, 37 * SCALE)
    squares = [
        [int(not picture.getpixel((x * SCALE + SCALE // 2, y * SCALE + SCALE // 2))) for x in range(37)]
        for y in range(37)
    ]
    assert [row[4:33] for row in squares[4:33]] == [list(row) for row in code.matrix]
    assert sum(map(sum, squares)) == sum(map(sum, code.matrix))
    assert len(render_png(build_ticket_url(CODE))) < 2000  # bytes, in each e-mail
