"""What organisers type and what becomes of it: lines, tables, links, headings; nothing that acts."""

import pytest
from django.utils.translation import override
from i18nfield.strings import LazyI18nString

from conference.text.markdown import PARSER, render_markdown
from registrations.mail.rendering import render_plain_text
from tests.reading import Reader

PROGRAMME = "| Laiks | Kas |\n|---|---|\n| 10:00 | Kafija, www.lnb.lv |\n| 11:00 | Lekcija |"


class Links(Reader):
    """The tags of a text, and where its links lead."""

    def __init__(self, html: str):
        super().__init__()
        self.tags, self.links, self.attributes = set(), [], set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _value in attrs}
        self.links += [value for name, value in attrs if name == "href"]


def test_lines_that_are_typed_one_by_one_stay_lines():
    assert render_markdown("10:00 Kafija\n11:00 Lekcija") == "<p>10:00 Kafija<br>\n11:00 Lekcija</p>\n"


def test_a_table_is_a_table_that_can_be_scrolled():
    with override("lv"):
        html = render_markdown(PROGRAMME)
    assert html.startswith('<div class="wide" role="group" tabindex="0" aria-label="Tabula">\n<table>')
    assert '<th scope="col">Laiks</th>' in html
    assert '<td>10:00</td>\n<td>Kafija, <a href="https://www.lnb.lv" rel="noreferrer">www.lnb.lv</a></td>' in html


def test_the_name_of_a_table_has_the_language_of_its_text():
    with override("en"):
        assert 'aria-label="Tabula"' in render_markdown(LazyI18nString({"lv": PROGRAMME}))
        assert 'aria-label="Table"' in render_markdown(LazyI18nString({"lv": "x", "en": PROGRAMME}))


def test_a_table_has_no_empty_headings_and_no_styles():
    html = render_markdown("| | Kas |\n|--:|:-:|\n| 10:00 | Kafija |\n\n| | |\n|---|---|\n| 11:00 | Lekcija |")
    assert html.count("<th") == 2  # the head and its one heading
    assert html.count("<thead>") == 1
    assert '<td class="align-right">10:00</td>\n<td class="align-center">Kafija</td>' in html
    assert "style" not in html


@pytest.mark.parametrize(
    ("typed", "addresses"),
    [
        ("lnb.lv", ["https://lnb.lv"]),
        ("(www.example.museum).", ["https://www.example.museum"]),
        ("http://lnb.lv/a_b_c?d=1&e=2.", ["http://lnb.lv/a_b_c?d=1&e=2"]),
        ("ej.uz/konference", ["https://ej.uz/konference"]),
        ("Rakstiet: anna@lnb.lv!", ["mailto:anna@lnb.lv"]),
        ("https://bērni.lv/", ["https://xn--brni-bva.lv/"]),
        ("Dr.sc. Anna, Mg.sc., t.sk. citi, plkst.10.00, u.tml., 12.05.2027", []),
        ("`lnb.lv` un //lnb.lv un ftp://lnb.lv", []),
    ],
)
def test_addresses_are_links_and_abbreviations_are_not(typed, addresses):
    assert Links(render_markdown(typed)).links == addresses


@pytest.mark.parametrize("address", ["https://bērni.lv/", "https://xn--brni-bva.lv/", "https://lnb.lv/%61%20b"])
def test_an_address_is_shown_as_it_was_typed(address):
    assert f">{address}</a>" in render_markdown(address)


@pytest.mark.parametrize(
    ("below", "typed", "levels"),
    [
        (2, "# A", [3]),
        (2, "### A\n### B", [3, 3]),
        (1, "# A\n### B\n## C\n#### D\n# E", [2, 3, 3, 4, 2]),
        (3, "# A\n## B\n### C\n#### D", [4, 5, 6, 6]),
        (2, "A\n===\nB\n---", [3, 4]),
    ],
)
def test_headings_follow_that_of_the_section_and_skip_no_level(below, typed, levels):
    html = render_markdown(typed, below)
    assert [int(part[0]) for part in html.split("<h")[1:]] == levels
    assert [int(part[0]) for part in html.split("</h")[1:]] == levels


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script><img src=x onerror=alert(1)><svg/onload=alert(1)>",
        "[x](javascript:alert(1)) <javascript:alert(1)> [x](&#106;avascript:alert(1)) [x](JaVaScRiPt&colon;alert(1))",
        "[x](java\nscript:alert(1)) [x](java%0ascript:alert(1)) [x](\x01javascript:alert(1)) [x]( javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=) [x](vbscript:x) [x](blob:x) [x](file:///etc/passwd) [x](intent:x)",
        "![x](https://example.org/x.png) ![x](data:image/png;base64,AA==)",
        "javascript:alert(1)//www.lnb.lv data:www.lnb.lv vbscript:www.lnb.lv",
        'https://lnb.lv/"onmouseover="alert(1) lnb.lv/\'onfocus=alert(1) https://lnb.lv/<script>alert(1)</script>',
        '[x](https://lnb.lv "\\" onclick=alert(1)") [x]("onclick=alert(1))',
        '| a |\n|:-:|\n| <img src=x onerror=alert(1)> |\n| " style="x |\n| [x](javascript:alert(1)) |',
        '```\n</code><script>alert(1)</script>\n```\n``` "><script>\nx\n```',
        "# <script>alert(1)</script>\n[x]: javascript:alert(1)\n\n[x]",
        "https://anna:x@lnb.lv@evil.example https://lnb.lv\u202e/gpj.exe",
    ],
)
def test_nothing_that_is_typed_acts(typed):
    found = Links(render_markdown(typed))
    assert found.tags <= {"p", "a", "br", "code", "pre", "h3", "div", "table", "thead", "tbody", "tr", "th", "td"}
    assert found.attributes <= {"href", "rel", "title", "class", "role", "tabindex", "aria-label", "scope"}
    schemes = {link.partition(":")[0] for link in found.links if ":" in link.partition("/")[0]}
    assert schemes <= {"http", "https", "mailto", "tel"}


def test_an_e_mail_has_tables_and_addresses_in_plain_text():
    text = f"Programma:\n\n{PROGRAMME}\n\nRakstiet anna@lnb.lv vai [šeit](https://lnb.lv/x)."
    assert render_plain_text(PARSER.parse(text)) == (
        "Programma:\n\nLaiks | Kas\n10:00 | Kafija, www.lnb.lv\n11:00 | Lekcija\n\n"
        "Rakstiet anna@lnb.lv vai šeit: https://lnb.lv/x."
    )
    wide = f"| a | b |\n|---|---|\n| {'x' * 70} | c |\n| d | e |"
    assert render_plain_text(PARSER.parse(wide)) == f"a | b\n{'x' * 70} | c\nd | e"


def test_few_letters_make_no_page_of_megabytes():
    """Rows of a table are filled up with cells: these 2,900 letters would be 130,000 of them."""
    table = "|a" * 180 + "|\n" + "|-" * 180 + "|\n" + "|\n" * 360
    html = render_markdown(f"{table}\n\n{table}")
    assert "<table>" not in html
    assert len(html) < 3000 + len(table) * 2
    assert "<table>" in render_markdown("|a|b|\n|-|-|\n" + "|c|d|\n" * 500)
