"""Takes pictures of every public page in every state, for people to look at: `make screenshots ARGS="-k form"`.

One picture for each page, language, width and colour scheme, in var/screenshots/. Not among the tests, for it asserts
nothing but that the pages open.
"""

import pytest
from django.conf import settings

from tests.pages import PAGES

pytestmark = pytest.mark.django_db(transaction=True)

FOLDER = settings.BASE_DIR / "var" / "screenshots"
WIDTHS = (360, 768, 1440)


@pytest.mark.parametrize("language", ["lv", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_take_pictures(visit, name, language):
    page = visit(name, language)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.screenshot(path=FOLDER / f"{name}-{language}-{width}-{scheme}.png", full_page=True)
