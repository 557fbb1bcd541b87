"""Planted faults, which axe-core finds as it would on any page."""

import pytest

from tests.browser.axe import CONTRAST, violations
from tests.browser.combinations import Look
from tests.quick import first

pytestmark = pytest.mark.django_db(transaction=True)

PLANTED = {
    "image-alt": "main.innerHTML += '<img src=\"data:,\">'",
    "color-contrast": "main.innerHTML += '<p class=planted>pale</p>';"
    "style('.planted { color: #eee; background: #fff }')",
    "label": "main.innerHTML += '<input>'",
    "target-size": "main.innerHTML += '<p><button class=planted>1</button><button class=planted>2</button></p>';"
    "style('.planted { width: 9px; height: 9px; padding: 0; border: 0; margin: 0 }')",
    "landmark-unique": "main.innerHTML += '<nav>1</nav><nav>2</nav>'",
    "page-has-heading-one": "main.querySelector('h1').remove()",
    "html-has-lang": "document.documentElement.removeAttribute('lang')",
}
STYLE = """const main = document.querySelector("main")
const style = text => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(text)
    document.adoptedStyleSheets.push(sheet)
}
"""


@pytest.mark.parametrize("rule", first(list(PLANTED), 2))
def test_a_planted_fault_would_be_found(visit, rule):
    page = visit("find", "en")
    page.evaluate(f"() => {{ {STYLE} {PLANTED[rule]} }}")
    found = violations(page, looks=[Look(360, "light")])
    assert [rule] == sorted({line.split(": ")[1].split()[0] for line in found})


def test_a_text_over_a_picture_is_to_be_looked_at(visit):
    page = visit("find", "en")
    page.evaluate(f"() => {{ {STYLE} style('h1 {{ background: linear-gradient(red, blue) }}') }}")
    assert violations(page, undecided=CONTRAST) != []
    assert violations(page) == []
