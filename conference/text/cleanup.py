"""Removes what pasting from Word, Outlook, Excel and PDF files adds to a text; the words and the Markdown stay."""

import re
import unicodedata

LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# What nobody sees: soft hyphens, characters of no width, marks that turn the direction of writing, fillers, tags.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffc"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
)
# Joiners, and the choice of a letter's shape: nothing at the beginning of a word.
JOINERS = "\u200c\u200d"
LEADING = re.compile(rf"(?<!\S)[{JOINERS}\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]+")
# Persian, the scripts of India and emoji need joiners between their letters, and Malayalam at the end of a word too.
JOINED = "\u0600-\u109f\u1700-\u1cff\u2190-\u2bff\ua800-\uabff\ufb50-\ufdff\ufe0f\ufe70-\ufefc"
JOINED += "\U00010a00-\U00011fff\U0001e900-\U0001e95f\U0001f000-\U0001faff"
NEEDLESS_JOINER = re.compile(rf"(?<![{JOINED}])[{JOINERS}]|(?<!\u0d4d)[{JOINERS}](?![{JOINED}])")

SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]")
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


def clean_lines(pasted: str) -> str:
    """Return multi-line text as its lines, without surrounding space: no Markdown, it stays as it was typed."""
    return strip_invisible(LINE_ENDS.sub("\n", pasted)).replace("\t", " ").strip()


def clean_line(pasted: str) -> str:
    """Return the text as one clean line without surrounding space; empty if nobody would see any of it."""
    return re.sub(r"\s+", " ", strip_invisible(LINE_ENDS.sub("\n", pasted))).strip()


def strip_invisible(pasted: str) -> str:
    """Return the text with composed letters and plain spaces, without invisible characters but tabs and line ends."""
    visible = CONTROL.sub("", SPACE.sub(" ", INVISIBLE.sub("", pasted)))
    return unicodedata.normalize("NFC", NEEDLESS_JOINER.sub("", LEADING.sub("", visible)))
