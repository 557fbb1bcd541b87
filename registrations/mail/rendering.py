"""Makes the subject, the HTML and the plain text of an e-mail from one Markdown template."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import indent
from typing import NamedTuple, Self

from django.template.defaultfilters import linebreaksbr
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from i18nfield.strings import LazyI18nString
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from conference.text.languages import TranslatedText, join_with_lang
from conference.text.markdown import parse_markdown, render_tokens

# What stands for a value while the Markdown is parsed: its number in braces, which an address has in percent-encoding.
# The value is put in afterwards: whatever somebody typed, it becomes no markup and no link.
MARK = re.compile(r"(?:\{|%7B)(\d+)(?:\}|%7D)")
MAX_TABLE_WIDTH = 76  # of a table in plain text; a wider one would be broken anywhere


class RenderedEmail(NamedTuple):
    subject: str
    text: str
    html: str

    @property
    def html_body(self) -> str:
        """What is in the body of the HTML, to be shown within a page."""
        return mark_safe(self.html.partition("<body>")[2].partition("</body>")[0])  # noqa: S308 (templates escaped it)


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
        return cls(html=linebreaksbr(join_with_lang(texts, separator)), text=separator.join(map(str, texts)))


def render_template(template: str, context: dict) -> RenderedEmail:
    """Render templates/emails/`template`.md, whose first line is the subject, in the active language."""
    values: list[Value] = []
    source = render_to_string(f"emails/{template}.md", replace_with_marks(context, values))
    subject, _line_break, markdown = source.partition("\n")
    subject = " ".join(put_into_text(subject, values).split())
    tokens = parse_markdown(markdown)
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
        case Value():
            values.append(value)
            return f"{{{len(values) - 1}}}" if value.text else ""
    return value


def put_into_text(text: str, values: list[Value]) -> str:
    return MARK.sub(lambda mark: values[int(mark[1])].text, text)


def put_into_tokens(tokens: list[Token], values: list[Value]) -> None:
    for number, token in enumerate(tokens):
        if token.type != "inline":
            continue
        token.children = [part for child in token.children for part in put_into_inline(child, values)]
        if any(child.meta.get("is_block") for child in token.children):  # it has paragraphs itself
            tokens[number - 1].hidden = tokens[number + 1].hidden = True


def put_into_inline(token: Token, values: list[Value]) -> list[Token]:
    """Put values into a text or the address of a link, make a button of a link with that title, keep line breaks."""
    if token.type == "text":
        parts = MARK.split(token.content)  # alternately texts and numbers of values
        tokens = [Token("text", "", 0, content=part) for part in parts]
        tokens[1::2] = [make_value_token(values[int(number)]) for number in parts[1::2]]
        return tokens
    if token.type == "softbreak":
        token.type = "hardbreak"
    if token.type == "link_open":
        looks = {"class": "button"} if token.attrs.get("title") == "button" else {}
        token.attrs = looks | {"href": put_into_text(token.attrs["href"], values)}
    return [token]


def make_value_token(value: Value) -> Token:
    return Token("html_inline", "", 0, content=value.html, meta={"text": value.text, "is_block": value.is_block})


def render_plain_text(tokens: Sequence[Token]) -> str:
    """The parsed Markdown as plain text: no asterisks, links as “text: address”, empty lines between paragraphs."""
    return render_blocks(SyntaxTreeNode(tokens).children)


def render_blocks(nodes: Iterable[SyntaxTreeNode], *, is_tight: bool = False) -> str:
    return ("\n" if is_tight else "\n\n").join(filter(None, map(render_node, nodes)))


def render_node(node: SyntaxTreeNode) -> str:
    match node.type:
        case "paragraph" | "heading" | "inline" | "em" | "strong" | "th" | "td":
            return "".join(map(render_node, node.children))
        case "bullet_list":
            return render_list(node, ["- "] * len(node.children))
        case "ordered_list":
            first = node.attrs.get("start", 1)
            return render_list(node, [f"{first + number}. " for number in range(len(node.children))])
        case "blockquote":
            return indent(render_blocks(node.children), "> ", lambda line: True)
        case "hr":
            return "---"
        case "fence" | "code_block":
            return node.content.rstrip("\n")
        case "table":
            return render_table(
                [list(map(render_node, row.children)) for part in node.children for row in part.children]
            )
        case "link" if node.info == "auto":  # an address that stands in the text
            return "".join(map(render_node, node.children))
        case "link":
            text, address = "".join(map(render_node, node.children)), node.attrs["href"].removeprefix("mailto:")
            return address if text in (address, "") else f"{text}: {address}"
        case "softbreak" | "hardbreak":
            return "\n"
        case _:
            return node.meta.get("text", node.content)


def render_table(rows: list[list[str]]) -> str:
    """A row in each line, the columns one under another as far as that fits."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    if sum(widths) + 3 * len(widths) > MAX_TABLE_WIDTH:
        widths = [0] * len(widths)
    return "\n".join(" | ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def render_list(node: SyntaxTreeNode, bullets: list[str]) -> str:
    is_tight = all(child.hidden for item in node.children for child in item.children if child.type == "paragraph")
    items = [
        bullet + indent(render_blocks(item.children, is_tight=is_tight), " " * len(bullet)).lstrip()
        for item, bullet in zip(node.children, bullets, strict=True)
    ]
    return ("\n" if is_tight else "\n\n").join(items)
