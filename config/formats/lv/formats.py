"""Latvian dates with two digits for day and month; the rest is Django's."""

from config.formats import DATE_INPUT_FORMATS, TIME_INPUT_FORMATS  # noqa: F401

SHORT_DATE_FORMAT = "d.m.Y."
SHORT_DATETIME_FORMAT = "d.m.Y. H:i"
