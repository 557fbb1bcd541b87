"""A cell's number and its format → the text that a spreadsheet shows, unless that depends on the reader's language."""

import datetime
import re
from functools import lru_cache
from typing import NamedTuple

from openpyxl.styles.numbers import STRIP_RE, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import from_excel

# Text in quotes, a character after a backslash, space as wide as a character, currency, colour, or one sign.
TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<single>.)|[_*].|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[[^\]]*\]|(?P<sign>.)'
)
CONDITION = re.compile(r"\[[<>=]")
DIGITS = "0#?"
# Shown as they are, without quotes.
LITERALS = "$-+():!^&'~{}<>= 123456789"


class Token(NamedTuple):
    text: str
    is_literal: bool


@lru_cache(maxsize=200)
def read_sections(code: str) -> list[list[Token]]:
    """What the format shows of positive and negative numbers, of zero and of text."""
    sections: list[list[Token]] = [[]]
    for match in TOKEN.finditer(code):
        if match["sign"] == ";":
            sections.append([])
        elif match["sign"]:
            sections[-1].append(Token(match["sign"], match["sign"] in LITERALS))
        else:
            sections[-1].append(Token(match["quoted"] or match["single"] or match["currency"] or "", True))
    return sections


def format_number(value: float, code: str, epoch: datetime.datetime) -> str:
    """Zeros in front, fixed signs, percent, dates and times are shown; the rest is the plain number."""
    if is_date_format(code):
        try:
            to_the_second = round(value * 86400) / 86400
            return format_moment(from_excel(to_the_second, epoch, timedelta=is_timedelta_format(code)), code)
        except (OverflowError, ValueError):  # a spreadsheet shows only #####
            return ""
    section, is_negative = choose_section(value, code.replace("General", "0"))
    signs = {token.text for token in section if not token.is_literal}
    if "%" in signs:
        return f"{value * 100:.15g}%"
    if not signs <= set(DIGITS) or not value.is_integer() or CONDITION.search(code):
        return f"{value:.15g}"
    digits = str(abs(int(value))) if value else ""
    return "-" * is_negative + fill_digits(section, digits)


def choose_section(value: float, code: str) -> tuple[list[Token], bool]:
    """What of the format is for this number, and whether a minus is put in front."""
    sections = read_sections(code)
    if value < 0 and len(sections) > 1:
        return sections[1], False
    if value == 0 and len(sections) > 2:
        return sections[2], False
    return sections[0], value < 0


def fill_digits(section: list[Token], digits: str) -> str:
    """The digits in their places, from the right; all that are left over in the first place."""
    places, shown = sum(not token.is_literal for token in section), []
    for token in reversed(section):
        if token.is_literal:
            shown.append(token.text)
            continue
        places -= 1
        fitting, digits = (digits[-1:], digits[:-1]) if places else (digits, "")
        shown.append(fitting or ("0" if token.text == "0" else ""))
    return "".join(reversed(shown))


def format_text(text: str, code: str) -> str:
    """Text, with what the format adds to it."""
    if "@" not in code or code == "@":
        return text
    section = read_sections(code)[-1]
    return "".join(text if token.text == "@" and not token.is_literal else token.text for token in section)


def format_moment(value: datetime.date | datetime.time | datetime.timedelta, code: str) -> str:
    """A date, a time or both, whichever the format shows, in the order that is usual here."""
    if isinstance(value, datetime.timedelta):
        hours, minutes = divmod(round(value.total_seconds() / 60), 60)
        return f"{hours}:{minutes:02}"
    signs = set(STRIP_RE.sub("", code).lower()) if is_date_format(code) else set("dh")
    has_time = bool(signs & set("hs"))
    if isinstance(value, datetime.time):  # of a number below 1, which is no date
        return f"{value:%H:%M}" if has_time else ""
    if has_time and not signs & set("dy"):
        return f"{value:%H:%M}"
    if has_time and isinstance(value, datetime.datetime) and value.time() != datetime.time():
        return f"{value:%d.%m.%Y %H:%M}"
    return f"{value:%d.%m.%Y}"
