"""Removes what pasting from Word, Outlook and PDF files adds to a text; the words and the Markdown stay."""

import re
import unicodedata

LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Soft hyphens and characters of no width. Not U+200D, which joins the parts of an emoji.
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))

SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")

# Symbol fonts use private code points for bullets, and Wingdings' square becomes a section sign.
BULLETS = "•‣◦▪▫■□●○◘◆➢➤✓\uf0a7\uf0a8\uf0b7\uf0d8\uf0fc"
# These have other uses too, so they count as bullets only before a tab or a wide gap.
AMBIGUOUS_BULLETS = "·o§–—-"
BULLET = re.compile(rf"^([ \t]*)(?:[{BULLETS}][ \t]*|[{AMBIGUOUS_BULLETS}](?:\t| {{2,}})[ \t]*)(?=\S)", re.MULTILINE)
NUMBER = re.compile(r"^([ \t]*)(\d{1,3})[.)](?:[ ]*\t| {2,})[ \t]*(?=\S)", re.MULTILINE)
# The indent of a first line, which Markdown would read as code. Before a list item it sets the nesting level.
FIRST_LINE_INDENT = re.compile(r"^ *\t[ \t]*(?![-*+] |\d{1,3}[.)] |[ \t])", re.MULTILINE)


def clean_text(pasted: str) -> str:
    """Return multi-line text as clean Markdown: bullets and numbers as lists, at most two blank lines in a row."""
    cleaned = BULLET.sub(r"\1- ", strip_invisible(LINE_ENDS.sub("\n", pasted)))
    cleaned = FIRST_LINE_INDENT.sub("", NUMBER.sub(r"\1\2. ", cleaned))
    cleaned = re.sub(r"(?<=\S)\t+", " ", cleaned)
    cleaned = re.sub(r"[ \t]+$", "", cleaned, flags=re.MULTILINE)
    return re.sub(r"\n{4,}", "\n\n\n", cleaned).strip("\n")


def clean_line(pasted: str) -> str:
    """Return the text as one clean line without surrounding space."""
    return re.sub(r"\s+", " ", strip_invisible(LINE_ENDS.sub("\n", pasted))).strip()


def strip_invisible(pasted: str) -> str:
    """Return the text with composed letters and plain spaces, without invisible characters but tabs and line ends."""
    composed = unicodedata.normalize("NFC", pasted.translate(INVISIBLE))
    return CONTROL.sub("", SPACE.sub(" ", composed))
