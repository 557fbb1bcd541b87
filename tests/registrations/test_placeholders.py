import re

import pytest
from django.core.exceptions import ValidationError
from django.utils.html import escape
from hypothesis import example, given, settings
from hypothesis import strategies as st
from i18nfield.strings import LazyI18nString

from registrations.mail.content import break_links
from registrations.placeholders import NAMES, render_html, validate_placeholders, validate_subject
from tests.reading import Reader

URL = "https://conference.example.org/en/r/K7M2PXQ4.secret-_/"
VALUES = {
    "first_name": "Anna",
    "last_name": "Bērziņa",
    "reference": "K7M2PXQ4",
    "event": "Libraries & learning",
    "when": "19 September 2027",
    "venue": "Library",
    "link": URL,
}
A = f'<a href="{URL}">{URL}</a>'


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("{link}", f"<p>{A}</p>"),
        ("See <{link}>.", f"<p>See {A}.</p>"),
        ("[here]({link})", f'<p><a href="{URL}">here</a></p>'),
        ("[here](<{link}>)", f'<p><a href="{URL}">here</a></p>'),
        ("[{link}]({link})", f'<p><a href="{URL}">{URL}</a></p>'),
        (
            "[go to {link}](https://example.org)",
            f'<p><a href="https://example.org" rel="noreferrer">go to {URL}</a></p>',
        ),
        (
            '[x](https://example.org "{link}")',
            f'<p><a href="https://example.org" title="{URL}" rel="noreferrer">x</a></p>',
        ),
        ('[x]({link} "{event}")', f'<p><a href="{URL}" title="Libraries &amp; learning">x</a></p>'),
        ("[x][1]\n\n[1]: {link}", f'<p><a href="{URL}">x</a></p>'),
        ("`{link}`", f"<p><code>{URL}</code></p>"),
        ("    {link}", f"<pre><code>{URL}\n</code></pre>"),
        ("```\n{first_name}\n```", "<pre><code>Anna\n</code></pre>"),
        ("# {link}", f"<h2>{A}</h2>"),
        ("**{link}**", f"<p><strong>{A}</strong></p>"),
        ("![{first_name}]({link})", f'<p>!<a href="{URL}">Anna</a></p>'),
        ("[x](https://example.org/{link})", '<p><a href="https://example.org/%7Blink%7D" rel="noreferrer">x</a></p>'),
        ("<https://example.org/?r={reference}>", None),
        ("{event} {unknown}", "<p>Libraries &amp; learning {unknown}</p>"),
        ("{link}{link}", f"<p>{A}{A}</p>"),
    ],
)
def test_the_personal_link_is_right_wherever_it_stands(markdown, expected):
    if expected is None:
        expected = (
            '<p><a href="https://example.org/?r=K7M2PXQ4" rel="noreferrer">https://example.org/?r=K7M2PXQ4</a></p>'
        )
    assert render_html(markdown, VALUES).strip() == expected


PLACES = [
    "{first_name}",
    "# {first_name}",
    "`{first_name}`",
    "    {first_name}",
    "<{first_name}>",
    "[{first_name}]({link})",
    "[x]({first_name})",
    "[x](https://example.org/{first_name})",
    "<https://example.org/{first_name}>",
    '[x]({link} "{first_name}")',
    "![{first_name}]({link})",
    "**{first_name}** {link}",
    "```{first_name}\n{first_name}\n```",
    "[x][{first_name}]\n\n[{first_name}]: {link}",
]
PIECES = [*"ab<>&\"'`*_[](){}:/.!#\\ \n", "javascript:", "{link}", "{last_name}"]
TYPED = st.lists(st.sampled_from(PIECES)).map("".join)


class Tags(Reader):
    def __init__(self):
        super().__init__()
        self.tags = []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, tuple(name for name, _value in attributes), dict(attributes).get("href")))


def tags(html: str) -> list:
    parser = Tags()
    parser.feed(html)
    parser.close()
    return parser.tags


@pytest.mark.parametrize("markdown", PLACES)
@settings(deadline=None, max_examples=30)
@given(typed=TYPED)
@example(typed='"><script>alert(1)</script>')
@example(typed='" onmouseover="x')
@example(typed="[x](javascript:alert(1))")
@example(typed="{link}")
def test_nothing_typed_becomes_a_tag_an_attribute_or_a_link(markdown, typed):
    harmless = render_html(markdown, VALUES)
    assert tags(render_html(markdown, VALUES | {"first_name": break_links(typed)})) == tags(harmless)


def test_typed_text_reads_as_it_was_typed():
    assert render_html("{first_name}", VALUES | {"first_name": "<b>**x**"}) == f"<p>{escape('<b>**x**')}</p>\n"


@pytest.mark.parametrize("name", ["first_name", "last_name", "event", "when", "venue"])
@pytest.mark.parametrize("pattern", ["[x]({%s})", "<https://example.org/{%s}>", "[x](https://example.org/{%s} 'y')"])
def test_typed_text_is_refused_in_the_address_of_a_link(name, pattern):
    text = LazyI18nString({"lv": "Labdien!", "en": pattern % name})
    with pytest.raises(ValidationError, match=re.escape(f"but not {{{name}}}.")):
        validate_placeholders(text)


def test_the_personal_link_is_refused_in_an_address_of_another_site():
    with pytest.raises(ValidationError, match=re.escape("but not {link} together with other text.")):
        validate_placeholders("[x](https://example.org/?from={link})")


def test_an_unclosed_brace_in_an_address_ends_at_the_next_one():
    text = "[x](http://a/%7B%7B{reference})"
    validate_placeholders(text)
    assert render_html(text, VALUES) == '<p><a href="http://a/%7B%7BK7M2PXQ4" rel="noreferrer">x</a></p>\n'


@pytest.mark.parametrize("text", [*(f"{{{name}}}" for name in NAMES), "[{first_name}]({link} '{venue}')", "<{link}>"])
def test_known_placeholders_are_accepted(text):
    validate_placeholders(text)


def test_an_unknown_placeholder_and_a_link_in_a_subject_are_refused():
    with pytest.raises(ValidationError, match=re.escape("{name} is not a placeholder")):
        validate_placeholders("{name}")
    with pytest.raises(ValidationError, match=re.escape("{link} is not a placeholder")):
        validate_subject("{link}")
