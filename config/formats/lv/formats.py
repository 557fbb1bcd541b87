"""Latvian dates with two digits for day and month; the rest is Django's."""

SHORT_DATE_FORMAT = "d.m.Y."
SHORT_DATETIME_FORMAT = "d.m.Y. H:i"
