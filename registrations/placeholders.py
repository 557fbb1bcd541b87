"""Placeholders in braces that organisers can use in e-mails. A fixed list, not a template language."""

import re
from collections.abc import Iterable, Iterator, Mapping

from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from markdown_it.token import Token

from conference.text.markdown import parse_markdown, render_markdown

NAMES = ("first_name", "last_name", "reference", "event", "when", "venue", "link")
IN_BRACES = re.compile(r"\{([^{}]*)\}")
# Braces in the address of a link, after Markdown is parsed.
IN_ADDRESS = re.compile(r"%7B([a-z_]+)%7D")
LINK_AS_ADDRESS = "%7Blink%7D"
LINK = re.compile(r"<\{link\}>|\{link\}")


def validate_subject(text) -> None:
    """Raise ValidationError if a subject, in any language, has an unknown placeholder or the personal link."""
    refuse_unknown(text, [name for name in NAMES if name != "link"])


def validate_placeholders(text) -> None:
    """Raise ValidationError if a Markdown text, in any language, has an unknown placeholder.

    Also if the address of a link includes something that a person typed, or the personal link, which no other site
    may learn.
    """
    refuse_unknown(text, NAMES)
    tokens = [token for words in get_translations(text) for token in parse_markdown(words)]
    addresses = [child.attrs.get("href", "") for token in tokens for child in token.children or ()]
    names = [name for address in addresses if address != LINK_AS_ADDRESS for name in IN_ADDRESS.findall(address)]
    for name in names:
        if name != "reference":
            raise ValidationError(
                _("The address of a link can be {link} or have {reference} in it, but not %(name)s."),
                params={"name": format_names([name]) if name != "link" else _("{link} together with other text")},
            )


def refuse_unknown(text, names: Iterable[str]) -> None:
    found = {name for words in get_translations(text) for name in IN_BRACES.findall(words)}
    if unknown := found - set(names):
        raise ValidationError(
            _("%(unknown)s is not a placeholder. You can use: %(known)s."),
            params={"unknown": format_names(sorted(unknown)), "known": format_names(names)},
        )


def format_names(names: Iterable[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


def get_translations(text) -> list[str]:
    texts = getattr(text, "data", text)
    return [words or "" for words in texts.values()] if isinstance(texts, dict) else [str(text)]


def fill_placeholders(text, values: Mapping[str, str]) -> str:
    """Return `text` with placeholders replaced by their values; unknown names stay."""
    return IN_BRACES.sub(lambda match: str(values.get(match[1], match[0])), str(text))


def render_html(markdown, values: Mapping[str, str]) -> SafeString:
    """Return the Markdown as HTML. Placeholders are filled in after parsing and before rendering, which escapes them.

    So no value can become markup or a link. Only `link` becomes a link, unless it is part of another one.
    """
    return render_markdown(markdown, below=1, fill=lambda tokens: fill_tokens(tokens, values))


def fill_tokens(tokens: list[Token], values: Mapping[str, str]) -> None:
    for token in tokens:
        token.content = fill_placeholders(token.content, values)
        if token.children:
            token.children = list(fill_inline(token.children, values))


def fill_inline(tokens: Iterable[Token], values: Mapping[str, str]) -> Iterator[Token]:
    is_in_link = False
    for token in tokens:
        if token.type in ("link_open", "link_close"):
            is_in_link = token.type == "link_open"
            token.attrs = {name: fill_attribute(name, text, values) for name, text in token.attrs.items()}
        if token.type == "text" and not is_in_link:
            yield from split_links(token.content, values)
        else:
            token.content = fill_placeholders(token.content, values)
            yield token


def fill_attribute(name: str, text: str, values: Mapping[str, str]) -> str:
    """Fill in the `href` or `title` of a link; in an address, only values that nobody typed."""
    if name != "href":
        return fill_placeholders(text, values)
    return values["link"] if text == LINK_AS_ADDRESS else text.replace("%7Breference%7D", values["reference"])


def split_links(text: str, values: Mapping[str, str]) -> Iterator[Token]:
    """Fill in the text and make each personal link in it a link."""
    for number, part in enumerate(LINK.split(text)):
        if number:
            yield Token("link_open", "a", 1, attrs={"href": values["link"]})
            yield Token("text", "", 0, content=values["link"])
            yield Token("link_close", "a", -1)
        yield Token("text", "", 0, content=fill_placeholders(part, values))
