"""Converts organisers' Markdown to safe HTML."""

import re
from collections.abc import Callable

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from linkify_it import LinkifyIt
from linkify_it.main import Match
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from conference.text.languages import get_fallback_language, lang_attribute

SAFE_SCHEMES = {"http", "https", "mailto", "tel"}
SCHEME = re.compile(r"\s*([^/?#:]*):")
# Of all tables of a text: rows are filled up with cells, so that a few letters can make a page of megabytes.
MAX_CELLS = 20_000
# Without “www.” and without a path, only a name that ends so is an address: “Dr.sc.” and “t.sk.” are abbreviations.
USUAL_ENDINGS = ("lv", "lt", "ee", "eu", "com", "org", "net", "info", "edu", "gov")


class AddressFinder(LinkifyIt):
    """Finds the web and e-mail addresses in a text."""

    def match(self, text: str) -> list[Match] | None:
        return [found for found in super().match(text) or () if is_meant_as_address(found)] or None

    def normalize(self, match: Match) -> None:
        if match.schema:
            super().normalize(match)
        else:
            match.url = f"https://{match.url}"


def is_meant_as_address(found: Match) -> bool:
    host, slash, _path = found.raw.partition("/")
    is_named = bool(found.schema or slash) or host.lower().startswith("www.")
    return is_named or host.rpartition(".")[2] in USUAL_ENDINGS


def is_safe_link(url: str) -> bool:
    """Whether a link leads to a page, an address or a number, or to somewhere on this site."""
    scheme = SCHEME.match(url)
    return scheme is None or scheme[1].lower() in SAFE_SCHEMES


def make_parser(*, has_tables: bool) -> MarkdownIt:
    """Return the parser of organisers' texts.

    HTML is off, so that typed text cannot become markup; pictures are off, so that no page loads one from another host.
    """
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": True, "xhtmlOut": False})
    parser.enable(["linkify", "table"] if has_tables else ["linkify"]).disable("image")
    parser.linkify = AddressFinder().add("//", None)
    parser.validateLink = is_safe_link
    parser.normalizeLinkText = str  # an address is shown as it was typed
    parser.core.ruler.push("links_and_cells", adapt_tokens)
    parser.add_render_rule("table_open", open_table)
    parser.add_render_rule("table_close", lambda *_: "</table>\n</div>\n")
    return parser


def adapt_tokens(state: StateCore) -> None:
    """Adapt links and tables to the site: no address is told where readers come from, and no style is in the markup."""
    drop_empty_heads(state.tokens)
    for number, token in enumerate(state.tokens):
        if token.type == "th_open":
            token.attrs["scope"] = "col"
            if not state.tokens[number + 1].content:  # a heading of nothing is none
                token.tag = state.tokens[number + 2].tag = "td"
                del token.attrs["scope"]
        if style := token.attrs.pop("style", ""):
            token.attrs["class"] = f"align-{str(style).removeprefix('text-align:')}"
        for child in token.children or ():
            if child.type == "link_open" and str(child.attrs["href"]).startswith(("http:", "https:")):
                child.attrs["rel"] = "noreferrer"


def drop_empty_heads(tokens: list[Token]) -> None:
    """Drop the first row of a table that has no headings, which Markdown cannot do without."""
    places = [number for number, token in enumerate(tokens) if token.type in ("thead_open", "thead_close")]
    for start, end in reversed(list(zip(places[::2], places[1::2], strict=True))):
        if not any(token.content for token in tokens[start:end]):
            del tokens[start : end + 1]


def open_table(_renderer, _tokens, _number, _options, env) -> str:
    """Put a table into an element that scrolls sideways where it is too wide, by keyboard too."""
    with override(env.get("language") or get_language()):
        return format_html('<div class="wide" role="group" tabindex="0" aria-label="{}">\n<table>\n', _("Table"))


PARSER, PARSER_WITHOUT_TABLES = make_parser(has_tables=True), make_parser(has_tables=False)


def parse_markdown(text: str) -> list[Token]:
    """Parse Markdown; tables stay as they were typed where they could have more than MAX_CELLS."""
    lines = text.splitlines()
    most = max((line.count("|") for line in lines), default=0) * len(lines)
    return (PARSER if most <= MAX_CELLS else PARSER_WITHOUT_TABLES).parse(text)


def render_markdown(text, below: int = 2, fill: Callable[[list[Token]], None] | None = None) -> SafeString:
    """Return Markdown as safe HTML, with its `lang` if that is not the page's; `fill` may change the parsed texts.

    Its headings follow one of the level `below`, and skip no level.
    """
    tokens = parse_markdown(str(text))
    nest_headings(tokens, below)
    if fill:
        fill(tokens)
    html, attribute = render_tokens(tokens, get_fallback_language(text)), lang_attribute(text)
    return format_html("<div{}>{}</div>", attribute, html) if attribute else html


def nest_headings(tokens: list[Token], below: int) -> None:
    above: list[str] = []  # the headings, as they were typed, that the next one stands under
    for token in tokens:
        if token.type == "heading_open":
            above = [*(tag for tag in above if tag < token.tag), token.tag]
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(below + len(above), 6)}"


def render_tokens(tokens: list[Token], language: str = "") -> SafeString:
    """Return the HTML; texts of our own in it are in `language`, or else in the page's."""
    return mark_safe(PARSER.renderer.render(tokens, PARSER.options, {"language": language}))  # noqa: S308 (HTML is off)
