"""Days as people, spreadsheets and other programs write them."""

import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registrations.forms.fields import MAX_QUOTED
from registrations.imports.spellings.header_words import EMPTY_MARKS

MAX_LENGTH = 60
# A time behind the day, which nobody asks for.
TIME = re.compile(r"(?:[T ]|, )\d{1,2}:\d\d(:\d\d(\.\d+)?)?( ?[ap]m)?( ?(Z|UTC|GMT)|[+-]\d\d:?\d\d)?$", re.IGNORECASE)
YEAR_FIRST = re.compile(r"(\d{4})([-./])(\d{1,2})\2(\d{1,2})\.?")
DAY_FIRST = re.compile(r"(\d{1,2})([-.])(\d{1,2})\2(\d{4}|\d\d)\.?")
SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d\d)")
# How a spreadsheet counts days, from 1950 to 2119.
SERIAL, DAY_ZERO = re.compile(r"(?:18[3-9]|19\d|[2-7]\d\d)\d\d(?:\.0+)?"), date(1899, 12, 30)
# The beginnings of the months' names, in English and in Latvian in any case.
BEGINNINGS = ["jan", "feb", "mar", "apr", "mai may", "jun", "jul", "aug", "sep", "okt oct", "nov", "dec"]
MONTHS = {name: number for number, names in enumerate(BEGINNINGS, 1) for name in names.split()}
MONTH = re.compile(
    r"(janvar|januar|februar|mart|march|april|maij|may|junij|june|julij|july|august|septemb|oktob|octob|novemb|decemb)"
    r"[a-z]{0,3}|jan|feb|mar|apr|jun|jul|aug|sept?|okt|oct|nov|dec|mai"
)
# The days of the week, “the year” and “on”.
BESIDE = re.compile(
    r"(pirmdien|otrdien|tresdien|ceturtdien|piektdien|sestdien|svetdien)[a-z]{0,2}|gada|g|of|the|on"
    r"|(mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}"
)


class DateReader:
    """Reads the cells of a column with days. `cells`, all of them, tell whether 9/10 is in September or in October."""

    def __init__(self, cells: Iterable[str]):
        pairs = [found.groups() for cell in cells if (found := SLASHED.fullmatch(strip_time(cell)))]
        self.is_day_first = any(int(first) > 12 for first, _second, _year in pairs)
        self.is_month_first = any(int(second) > 12 for _first, second, _year in pairs)

    def read(self, text: str) -> date | None:
        """The day, or None for an empty cell. Raises ValidationError for what is no day, or may be either of two."""
        line = strip_time(text)
        if line in EMPTY_MARKS:
            return None
        if len(line) <= MAX_LENGTH:
            with suppress(ValueError):
                if found := self.find(line):
                    return found
        message = _("“%(text)s” is not a date; enter one such as 19.09.2026.")
        raise ValidationError(message % {"text": text[:MAX_QUOTED]})

    def find(self, line: str) -> date | None:
        """The day that is written so; None, or ValueError, if it is none."""
        tight = re.sub(r"(?<=[\d.]) (?=\d)", "", line)
        if found := YEAR_FIRST.fullmatch(tight):
            return date(int(found[1]), int(found[3]), int(found[4]))
        if found := DAY_FIRST.fullmatch(tight):
            return date(complete_year(found[4]), int(found[3]), int(found[1]))
        if found := SLASHED.fullmatch(tight):
            return self.find_slashed(int(found[1]), int(found[2]), complete_year(found[3]))
        if SERIAL.fullmatch(line):
            return DAY_ZERO + timedelta(days=int(float(line)))
        return find_in_words(line)

    def find_slashed(self, first: int, second: int, year: int) -> date | None:
        if self.is_day_first and self.is_month_first and max(first, second) <= 12 and first != second:
            return None
        is_month_first = second > 12 or (self.is_month_first and first <= 12)
        return date(year, first, second) if is_month_first else date(year, second, first)


def strip_time(text: str) -> str:
    return TIME.sub("", " ".join(text.split()))


def complete_year(text: str) -> int:
    """The year, also where only its last two digits are written."""
    century = 0 if len(text) == 4 else 1900 if int(text) > 68 else 2000
    return century + int(text)


def find_in_words(line: str) -> date | None:
    """The day in a line with a day, the name of a month and a year, in any order; None if it is another line."""
    letters = unicodedata.normalize("NFKD", line.casefold())
    words = re.findall(r"[a-z]+|\d+", re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", re.sub(r"[\u0300-\u036f]", "", letters)))
    months = [MONTHS[word[:3]] for word in words if MONTH.fullmatch(word)]
    numbers = [int(word) for word in words if word.isdigit()]
    others = [word for word in words if not (word.isdigit() or MONTH.fullmatch(word) or BESIDE.fullmatch(word))]
    if others or len(months) != 1 or len(numbers) != 2 or max(numbers) < 1000:
        return None
    return date(max(numbers), months[0], min(numbers))
