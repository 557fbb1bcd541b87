"""The guide for organisers: docs/guide.en.md and its translations, as a page with contents and pictures."""

import re
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

# Unlike what organisers type, the guide has pictures: our own.
PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")
# A heading and its anchor: ## Setting up {#setting-up}
HEADING = re.compile(r"^(#{2,3}) (.+?) \{#([a-z-]+)\}$", re.MULTILINE)
PICTURES = "../static/"  # how the files name them


class GuideHeading(NamedTuple):
    level: int
    title: str
    anchor: str
    below: list["GuideHeading"]


class Guide(NamedTuple):
    title: str
    parts: list[GuideHeading]
    html: SafeString


def get_guide_path(language: str) -> Path:
    return settings.BASE_DIR / "docs" / f"guide.{language}.md"


def read_guide(language: str) -> Guide:
    """Return the guide in this language. Its first line is the title."""
    title, _newline, text = get_guide_path(language).read_text(encoding="utf-8").partition("\n")
    headings = [GuideHeading(len(marks), name, anchor, []) for marks, name, anchor in HEADING.findall(text)]
    tokens = PARSER.parse(HEADING.sub(r"\1 \2", text))
    for token, heading in zip((token for token in tokens if token.type == "heading_open"), headings, strict=True):
        token.attrSet("id", heading.anchor)
    for token in tokens:
        for picture in (child for child in token.children or () if child.type == "image"):
            set_source(picture)
    html = mark_safe(PARSER.renderer.render(tokens, PARSER.options, {}))  # noqa: S308 (HTML is off)
    return Guide(title.removeprefix("# "), nest_headings(headings), html)


def nest_headings(headings: list[GuideHeading]) -> list[GuideHeading]:
    """Return the headings of the parts, each with those below it."""
    parts = []
    for heading in headings:
        (parts if heading.level == 2 else parts[-1].below).append(heading)
    return parts


def set_source(picture: Token) -> None:
    """Make a picture that a file names by its path one of the site, whose size is known before it is loaded."""
    from PIL import Image  # few requests need it, and it is large

    name = str(picture.attrs["src"]).removeprefix(PICTURES)
    with Image.open(settings.BASE_DIR / "static" / name) as image:
        width, height = image.size
    picture.attrs |= {"src": static(name), "width": width, "height": height}
