"""Planted obstacles, which are found as they would be on any page."""

import pytest

from tests.browser.obstacles import obstacles

pytestmark = pytest.mark.django_db(transaction=True)


PLANTED = {
    "320 px, text 100%: the page scrolls sideways": "main { width: 400px }",
    "360 px, text 200%: the page scrolls sideways": "h1 { min-width: 13rem }",
    "a. moves": "main a { transition: color 1s !important }",
    "reaches beyond 320 px": "h1 { width: 330px }",
    "with another too near": ".languages { gap: 0 !important } .languages a { display: block !important; "
    "overflow: hidden; min-width: 0 !important; min-height: 0 !important; width: 9px; height: 9px; padding: 0 }",
    "has no border in forced colours": "button { border: 0 !important }",
    "“email” does not show that it has the focus": "input:focus { outline: 0 !important; box-shadow: none !important }",
    "forced colours: input “email” does not show": "input { border-color: CanvasText !important } "
    "input:focus { outline: 0 !important }",
}


PLANT = """text => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(text)
    document.adoptedStyleSheets = [sheet]
}"""


def test_a_planted_obstacle_would_be_found(visit):
    page = visit("find_errors", "en")
    missed = []
    for expected, style in PLANTED.items():
        page.evaluate(PLANT, style)
        missed += [] if expected in "\n".join(obstacles(page)) else [expected]
    assert missed == []
    page.evaluate(PLANT, "")
    assert obstacles(page) == []
