"""Pasting into the boxes that take Markdown, in a real browser and under the site's Content-Security-Policy."""

import pytest

from conference.models import Event
from tests.browser.log_in import log_in
from tests.factories import make_event, make_user

pytestmark = pytest.mark.django_db(transaction=True)

# As Word 365 puts it on the clipboard, shortened.
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta charset="utf-8"><meta name=Generator content="Microsoft Word 15">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style><!-- p.MsoNormal {margin:0cm; font-family:"Calibri",sans-serif;} @list l0:level1 {mso-level-text:·;} --></style>
</head><body lang=LV style='tab-interval:36.0pt;word-wrap:break-word'><!--StartFragment-->
<h1><b><span lang=LV style='mso-fareast-language:LV'>Par konferenci<o:p></o:p></span></b></h1>
<p class=MsoNormal><span lang=LV>Konference notiks <b style='mso-bidi-font-weight:normal'>2027.&nbsp;gada
19.&nbsp;septembrī</b> <i>Rīgā</i>; biblio&shy;tēkas aicina: <a href="https://example.lv/a_b?c=1&amp;d=2">programma</a>
un <a name="_Toc1">tēmas</a>.<o:p></o:p></span></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol;mso-fareast-font-family:Symbol'><span style='mso-list:Ignore'>·<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp; </span></span></span><![endif]><span
lang=LV>grāmatas<o:p></o:p></span></p>
<p class=MsoListParagraphCxSpMiddle style='margin-left:72.0pt;text-indent:-18.0pt;mso-list:l0 level2 lfo1'><![if
!supportLists]><span style='font-family:"Courier New"'><span style='mso-list:Ignore'>o<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span></span><![endif]><span lang=LV>vecas</span></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;
</span></span></span><![endif]><span lang=LV>žurnāli</span></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='mso-list:l1 level1 lfo2'><![if !supportLists]><span
style='mso-list:Ignore'>1)<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>atklāšana</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l1 level1 lfo2'><![if !supportLists]><span
style='mso-list:Ignore'>2)<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>pusdienas</p>
<table class=MsoTableGrid border=1><tr><td><p class=MsoNormal>10.00</p></td><td><p class=MsoNormal>Kafija</p></td></tr>
<tr><td><p class=MsoNormal>11.00</p></td><td><p class=MsoNormal>Lekcija</p></td></tr></table>
<!--EndFragment--></body></html>"""

MARKDOWN = """### Par konferenci

Konference notiks **2027. gada 19. septembrī** *Rīgā*; bibliotēkas aicina: [programma](https://example.lv/a_b?c=1&d=2) \
un tēmas.

- grāmatas
  - vecas
- žurnāli

1. atklāšana
2. pusdienas

|  |  |
| --- | --- |
| 10.00 | Kafija |
| 11.00 | Lekcija |"""

GOOGLE = (
    '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr">'
    '<span style="font-size:11pt;font-weight:700;">Svarīgi</span>'
    '<span style="font-weight:400">: nāciet laikus.</span></p></b>'
)


TABLES = [
    (  # the first row is bold, one cell spans two rows, another one two columns, and one has two paragraphs and a list
        "<table><tr><td><p><b>Laiks</b></p></td><td><p><b>Kas</b></p></td><td><b>Kur</b></td></tr>"
        "<tr><td rowspan=2>10.00</td><td><p>Kafija</p><p><i>un tēja</i></p></td><td>A | B</td></tr>"
        "<tr><td colspan=2><ul><li>viens</li><li>divi</li></ul></td></tr><tr><td></td><td></td><td></td></tr></table>",
        "| Laiks | Kas | Kur |\n| --- | --- | --- |\n| 10.00 | Kafija *un tēja* | A \\| B |\n|  | viens divi |  |",
    ),
    (  # Excel
        "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td></td></tr></table>",
        "| A | B |\n| --- | --- |\n| 1 |  |",
    ),
    ("<table><tr><td><b>viens</b></td></tr><tr><td>divi</td></tr></table>", "**viens**\n\ndivi"),
    ("<table><tr><td><b>Anna</b></td><td>Ozola</td></tr></table>", "Anna – Ozola"),
    (  # Outlook: a table around everything
        "<table><tr><td><p>Sveiki!</p><table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table></td></tr>"
        "</table>",
        "Sveiki!\n\n|  |  |\n| --- | --- |\n| a | b |\n| c | d |",
    ),
]


@pytest.fixture
def desk(open_page):
    """The page of an event in the admin."""
    event = make_event(description={"en": "Text"})
    organiser = make_user(is_superuser=True)
    page = open_page(f"/admin/conference/event/{event.pk}/settings/texts/", width=1280)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    log_in(page, organiser)
    page.wait_for_selector("#id_description_0")
    page.wait_for_load_state()  # scripts have run
    return page


def paste(page, selector: str, html: str, plain: str) -> str:
    """Paste as another program puts it on the clipboard; returns what the box holds afterwards."""
    page.locator(selector).focus()
    page.evaluate(
        """([selector, html, plain]) => {
          const data = new DataTransfer();
          if (html) data.setData("text/html", html);
          data.setData("text/plain", plain);
          const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
          const box = document.querySelector(selector);
          // What the browser does itself when no script took the event.
          if (box.dispatchEvent(event)) document.execCommand("insertText", false, plain);
        }""",
        [selector, html, plain],
    )
    return page.locator(selector).input_value()


def test_a_word_text_becomes_markdown_and_can_be_undone(desk):
    assert paste(desk, "#id_description_0", WORD, "plain") == MARKDOWN
    desk.keyboard.press("Control+z")
    assert desk.locator("#id_description_0").input_value() == ""
    assert paste(desk, "#id_description_0", WORD, "plain") == MARKDOWN
    desk.locator("input[name=_save]").click()
    desk.wait_for_selector(".messagelist .success")
    assert Event.objects.get().description.data["lv"] == MARKDOWN


def test_tables_stay_tables(desk):
    found = []
    for html, _markdown in TABLES:
        desk.locator("#id_description_0").fill("")
        found.append(paste(desk, "#id_description_0", html, "x"))
    assert found == [markdown for _html, markdown in TABLES]


def test_it_goes_where_the_cursor_is(desk):
    desk.locator("#id_description_1").press("End")
    assert paste(desk, "#id_description_1", "<p><b>bold</b></p>", "bold") == "Text**bold**"


def test_bold_as_a_style_counts_and_bold_that_is_none_does_not(desk):
    assert paste(desk, "#id_description_0", GOOGLE, "x") == "**Svarīgi**: nāciet laikus."


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<meta charset='utf-8'><div style='white-space:pre'><span>**Markdown** already</span></div>",
    ],
)
def test_a_text_without_formatting_is_pasted_as_it_is(desk, html):
    assert paste(desk, "#id_description_0", html, "**Markdown** already") == "**Markdown** already"


def test_a_text_that_is_no_markdown_and_one_line_get_the_plain_text(desk):
    assert paste(desk, "#id_summary_0", "<p><b>bold</b></p>", "bold") == "bold"
    assert paste(desk, "#id_title_0", "<p><b>one</b></p><p>two</p>", "one\ntwo") == "one twoKonference"


def test_nothing_that_could_act_comes_along(desk):
    html = (
        "<p onclick='alert(1)'>a <script>alert(1)</script><a href='javascript:alert(1)'>link</a>"
        "<img src='https://example.org/x.png' onerror='alert(1)'><b>b</b></p>"
    )
    assert paste(desk, "#id_description_0", html, "x") == "a link**b**"


def test_the_systems_own_clipboard_works_too(desk):
    desk.evaluate(
        """async (html) => navigator.clipboard.write([new ClipboardItem({
          "text/html": new Blob([html], { type: "text/html" }),
          "text/plain": new Blob(["plain"], { type: "text/plain" }),
        })])""",
        "<h2>Virsraksts</h2><ul><li>viens</li><li><em>divi</em></li></ul>",
    )
    desk.locator("#id_description_0").focus()
    desk.keyboard.press("Control+v")
    assert desk.locator("#id_description_0").input_value() == "#### Virsraksts\n\n- viens\n- *divi*"
    desk.keyboard.press("Control+z")
    assert desk.locator("#id_description_0").input_value() == ""
