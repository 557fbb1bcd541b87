"""The buttons and the preview at the boxes that take Markdown, in a real browser and under the site's policy."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.combinations import Look
from tests.browser.log_in import log_in
from tests.browser.obstacles import at_width
from tests.factories import make_event, make_user
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)

TWO_SCREENS = 2 * 768
BOX, ENGLISH = "#id_description_0", "#id_description_1"
PREVIEW = f".translation:has({BOX}) .markdown-preview"
TABLE = "| Time | What happens |\n| --- | --- |\n| 10.00 | … |\n| 11.00 | … |"
# A text, what is chosen of it, the button, and the text afterwards.
CHANGES = [
    ("Kafija 10.00", (2, 2), "Bold", "**Kafija** 10.00"),
    ("**Kafija** 10.00", (2, 8), "Bold", "Kafija 10.00"),
    ("***Kafija*** 10.00", (3, 9), "Italic", "**Kafija** 10.00"),
    ("lielas durvis ", (0, 14), "Bold", "**lielas durvis** "),
    ("- viens\n- divi \n\ntrīs", (0, 21), "Italic", "- *viens*\n- *divi* \n\n*trīs*"),
    ("", (0, 0), "Italic", "*a title*"),
    ("- viens\n2. divi\ntrīs", (0, 14), "Heading", "### viens\n### divi\ntrīs"),
    ("### viens", (5, 5), "Heading", "viens"),
    ("viens\ndivi\ntrīs", (0, 8), "List", "- viens\n- divi\n\ntrīs"),
    ("- viens\n- divi", (0, 14), "List", "viens\ndivi"),
    ("", (0, 0), "List", "- first item"),
    ("lasiet programmu", (7, 16), "Link", "lasiet [programmu](https://)"),
    ("www.lnb.lv", (0, 10), "Link", "[words of the link](https://www.lnb.lv)"),
    ("pirms\npēc", (2, 2), "Table", f"pirms\n\n{TABLE}\n\npēc"),
]


@pytest.fixture
def open_settings(open_page):
    """Opens the texts of an event in the admin, which has one in Latvian alone."""

    def open_settings(**options):
        event = make_event(description={"lv": "Kafija 10.00"})
        page = open_page(
            reverse("admin:conference_event_settings", args=[event.pk, "texts"]),
            **{"width": 1366, "locale": "en-GB", **options},
        )
        log_in(page, make_user(is_superuser=True))
        page.wait_for_selector(".markdown-tools")
        return page

    return open_settings


def choose(page, start: int, end: int) -> None:
    page.locator(BOX).evaluate("(box, [start, end]) => box.setSelectionRange(start, end)", [start, end])


def get_button(page, name: str):
    return page.locator(f".translation:has({BOX})").get_by_role("button", name=name)


def test_each_button_changes_what_is_chosen_and_leads_back_to_the_box(open_settings):
    page = open_settings()
    box, results = page.locator(BOX), []
    for text, chosen, name, _changed in CHANGES:
        box.fill(text)
        choose(page, *chosen)
        get_button(page, name).click()
        expect(box).to_be_focused()
        results.append(box.input_value())
    assert results == [changed for *_before, changed in CHANGES]
    box.fill("")
    get_button(page, "Link").click()
    page.keyboard.type("programma")  # takes the place of the example
    assert box.input_value() == "[programma](https://)"


def test_keys_make_words_bold_and_italic_undo_takes_back_and_tab_leads_on(open_settings):
    page = open_settings()
    box = page.locator(BOX)
    box.focus()
    choose(page, 0, 6)
    page.keyboard.press("Control+b")
    page.keyboard.press("Control+i")
    assert box.input_value() == "***Kafija*** 10.00"
    get_button(page, "Table").press("Enter")
    assert box.input_value() == f"***Kafija*** 10.00\n\n{TABLE}\n\n"
    for before in ("***Kafija*** 10.00", "**Kafija** 10.00", "Kafija 10.00"):
        page.keyboard.press("Control+z")
        assert box.input_value() == before
    get_button(page, "Bold").focus()
    for name in ("Italic", "Heading", "List", "Link", "Table"):
        page.keyboard.press("Tab")
        expect(get_button(page, name)).to_be_focused()
    page.keyboard.press("Tab")
    expect(box).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.localName") == "summary"
    assert box.input_value() == "Kafija 10.00"


# Requests that wait until the test answers them, in any order.
HOLD = """() => {
    window.held = []
    window.fetch = () => new Promise((resolve, reject) => held.push({resolve, reject}))
}"""


def test_the_preview_follows_what_is_typed_and_the_last_answer_counts(open_settings):
    page = open_settings()
    preview = page.locator(PREVIEW)
    expect(preview.locator("p")).to_have_text("Kafija 10.00")
    expect(page.locator(f".translation:has({ENGLISH}) .markdown-preview")).to_contain_text("What you type")
    page.locator(BOX).press("Control+a")
    page.keyboard.type("# Programma\n<script>alert(1)</script> [a](/admin/) www.lnb.lv")
    expect(preview.locator("h2")).to_have_text("Programma")
    assert preview.locator("> [lang=lv]").inner_html() == (
        "<h2>Programma</h2>\n<p>&lt;script&gt;alert(1)&lt;/script&gt; <a>a</a> "
        '<a href="https://www.lnb.lv" rel="noreferrer" target="_blank">www.lnb.lv</a></p>\n'
    )
    page.locator(ENGLISH).fill("| A |\n| - |\n| b |")
    expect(page.locator(f".translation:has({ENGLISH}) .markdown-preview > [role=group] td")).to_have_text("b")
    page.evaluate(HOLD)
    for number, text in enumerate(("first", "second"), start=1):
        page.locator(BOX).fill(text)
        wait_for(lambda number=number: page.evaluate("held.length") == number)
    page.evaluate("held[1].resolve(new Response('<p>second</p>'))")
    expect(preview).to_have_text("second")
    page.evaluate("held[0].resolve(new Response('<p>first</p>'))")
    page.locator(BOX).fill("third")
    wait_for(lambda: page.evaluate("held.length") == 3)
    assert preview.inner_text().strip() == "second"
    page.evaluate("held[2].resolve(new Response('', {status: 413}))")
    expect(preview).to_contain_text("The preview is not available now.")
    assert page.locator(BOX).input_value() == "third"


# The heights of what can be pressed, and how many lines the buttons take.
SIZES = """() => {
    const edges = [...document.querySelectorAll(".markdown-tools button, .markdown-fold summary")]
        .map(part => part.getBoundingClientRect()).filter(edge => edge.height)
    const rows = [...document.querySelectorAll(".markdown-tools")].filter(tools => tools.checkVisibility())
    return [Math.min(...edges.map(edge => Math.min(edge.width, edge.height))), rows[0].offsetHeight]
}"""


def test_two_screens_are_enough_and_on_a_phone_the_preview_is_folded_and_below(open_settings):
    page = open_settings(locale="lv-LV")
    assert page.evaluate("document.documentElement.scrollHeight") <= TWO_SCREENS
    smallest, height = page.evaluate(SIZES)
    assert smallest >= 24
    assert height < 48
    assert violations(page, looks=[Look(1440, "dark")]) + at_width(page, 320) == []
    page.reload()
    fold, box = page.locator(f".translation:has({BOX}) .markdown-fold"), page.locator(BOX)
    expect(fold.locator(".markdown-preview")).to_be_hidden()
    fold.locator("summary").click()
    expect(fold.locator("p")).to_have_text("Kafija 10.00")
    above, below = box.bounding_box(), fold.bounding_box()
    assert below["y"] >= above["y"] + above["height"]
    assert page.evaluate(SIZES)[0] >= 24


def test_a_new_row_has_the_same_and_its_placeholders_stay(open_settings):
    page = open_settings()
    page.goto(page.url.replace("texts", "emails"))
    page.locator("#paragraphs-group .add-row a").click()
    row = page.locator("#paragraphs-0")
    expect(row.locator(".markdown-tools")).to_have_count(2)
    row.locator("textarea").first.fill("{first_name}, <{link}>")
    expect(row.locator(".markdown-preview").first).to_have_text("{first_name}, {link}")
    assert row.locator(".markdown-preview a").get_attribute("href") is None
