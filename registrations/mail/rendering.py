"""Makes the subject, the HTML and the plain text of an e-mail from one Markdown template.

Values are put in after the Markdown is parsed: whatever somebody typed, it becomes no markup and no link.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Self

from django.template.defaultfilters import linebreaksbr
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from i18nfield.strings import LazyI18nString
from markdown_it.token import Token

from conference.text.languages import TranslatedText, join_with_lang
from conference.text.markdown import PARSER, render_tokens
from registrations.mail.plain_text import render_plain_text

# What stands for a value while the Markdown is parsed: its number in braces, which an address has in percent-encoding.
MARK = re.compile(r"(?:\{|%7B)(\d+)(?:\}|%7D)")


class RenderedEmail(NamedTuple):
    subject: str
    text: str
    html: str

    @property
    def html_body(self) -> str:
        """What is in the body of the HTML, to be shown within a page."""
        body = self.html.partition("<body>")[2].partition("</body>")[0]
        return mark_safe(body)  # noqa: S308 (templates escaped it)


@dataclass(frozen=True)
class Value:
    """A part of an e-mail that is put in as it is, in HTML and in plain text."""

    html: SafeString
    text: str
    is_block: bool = False

    @classmethod
    def join(cls, texts: Iterable[TranslatedText], separator: str = "\n") -> Self:
        """Texts in a row, each with its `lang`; lines stay lines."""
        texts = list(texts)
        html = linebreaksbr(join_with_lang(texts, separator))
        return cls(html=html, text=separator.join(map(str, texts)))


def render_template(template: str, context: dict) -> RenderedEmail:
    """Render templates/emails/`template`.md, whose first line is the subject, in the active language."""
    values: list[Value] = []
    source = render_to_string(f"emails/{template}.md", replace_with_marks(context, values))
    subject, _line_break, markdown = source.partition("\n")
    subject = " ".join(put_into_text(subject, values).split())
    tokens = PARSER.parse(markdown)
    put_into_tokens(tokens, values)
    body = mark_safe(render_tokens(tokens))  # noqa: S308 (HTML is off, and values are escaped)
    html = render_to_string("emails/base.html", {"subject": subject, "body": body})
    return RenderedEmail(subject=subject, text=f"{render_plain_text(tokens)}\n", html=html)


def replace_with_marks(value: object, values: list[Value]) -> object:
    """`value` with each text in it moved to `values` and a mark in its place; numbers and the like stay."""
    match value:
        case dict():
            return {key: replace_with_marks(one, values) for key, one in value.items()}
        case list() | tuple():
            return [replace_with_marks(one, values) for one in value]
        case str() | Promise() | LazyI18nString():
            return replace_with_marks(Value.join([value]), values)
        case Value(text=""):
            return ""
        case Value():
            values.append(value)
            return f"{{{len(values) - 1}}}"
        case _:
            return value


def put_into_text(text: str, values: list[Value]) -> str:
    return MARK.sub(lambda mark: values[int(mark[1])].text, text)


def put_into_tokens(tokens: list[Token], values: list[Value]) -> None:
    for number, token in enumerate(tokens):
        if token.type != "inline":
            continue
        token.children = list(put_into_inline(token.children, values))
        if any(child.meta.get("is_block") for child in token.children):  # it has paragraphs itself
            tokens[number - 1].hidden = tokens[number + 1].hidden = True


def put_into_inline(tokens: Iterable[Token], values: list[Value]) -> Iterator[Token]:
    for token in tokens:
        if token.type == "text":
            yield from split_at_marks(token.content, values)
        else:
            yield adapt(token, values)


def split_at_marks(text: str, values: list[Value]) -> Iterator[Token]:
    for number, part in enumerate(MARK.split(text)):
        if number % 2:
            value = values[int(part)]
            meta = {"text": value.text, "is_block": value.is_block}
            yield Token("html_inline", "", 0, content=value.html, meta=meta)
        else:
            yield Token("text", "", 0, content=part)


def adapt(token: Token, values: list[Value]) -> Token:
    """Fill in the address of a link, make a button of one with that title, and keep line breaks."""
    if token.type == "softbreak":
        token.type = "hardbreak"
    if token.type == "link_open":
        looks = {"class": "button"} if token.attrs.get("title") == "button" else {}
        token.attrs = looks | {"href": put_into_text(token.attrs["href"], values)}
    return token
