"""What Word, Outlook and PDF files bring along when a text is pasted, taken out; the words and the Markdown stay."""

import re
import unicodedata

LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Soft hyphens, and spaces and joiners that take no room. Not U+200D, which holds the parts of an emoji together.
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))

SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")

# Symbol fonts put their bullets into the private area, and Wingdings' square arrives as a section sign.
BULLETS = "•‣◦▪▫■□●○◘◆➢➤✓\uf0a7\uf0a8\uf0b7\uf0d8\uf0fc"
# These mean something else elsewhere, so only a tab or a wide gap after them makes them bullets.
AMBIGUOUS_BULLETS = "·o§–—-"
BULLET = re.compile(rf"^([ \t]*)(?:[{BULLETS}][ \t]*|[{AMBIGUOUS_BULLETS}](?:\t| {{2,}})[ \t]*)(?=\S)", re.MULTILINE)
NUMBER = re.compile(r"^([ \t]*)(\d{1,3})[.)](?:[ ]*\t| {2,})[ \t]*(?=\S)", re.MULTILINE)
# The indent of a first line, which Markdown would take for code. Before a list's mark it says how deep that stands.
FIRST_LINE_INDENT = re.compile(r"^ *\t[ \t]*(?![-*+] |\d{1,3}[.)] |[ \t])", re.MULTILINE)


def clean_text(pasted: str) -> str:
    """`pasted` of several lines as clean Markdown: bullets and numbers as lists, at most two blank lines in a row."""
    cleaned = BULLET.sub(r"\1- ", strip_invisible(LINE_ENDS.sub("\n", pasted)))
    cleaned = FIRST_LINE_INDENT.sub("", NUMBER.sub(r"\1\2. ", cleaned))
    cleaned = re.sub(r"(?<=\S)\t+", " ", cleaned)
    cleaned = re.sub(r"[ \t]+$", "", cleaned, flags=re.MULTILINE)
    return re.sub(r"\n{4,}", "\n\n\n", cleaned).strip("\n")


def clean_line(pasted: str) -> str:
    """`pasted` as one clean line without space around it."""
    return re.sub(r"\s+", " ", strip_invisible(LINE_ENDS.sub("\n", pasted))).strip()


def strip_invisible(pasted: str) -> str:
    """`pasted` with composed letters and plain spaces, without what nobody sees but tabs and line ends."""
    composed = unicodedata.normalize("NFC", pasted.translate(INVISIBLE))
    return CONTROL.sub("", SPACE.sub(" ", composed))
