"""Logging without personal data: no names, and no links that open a registration."""

import logging
import re

# The secret part of a personal link, and an organiser's search, which may be a name.
PERSONAL = re.compile(r"(/r/|[?&]q=)[^/\s?&]+")


class RedactingFormatter(logging.Formatter):
    """Removes personal data from the URLs in messages and tracebacks; Django and its server log those of requests."""

    def format(self, record: logging.LogRecord) -> str:
        return PERSONAL.sub(r"\1…", super().format(record))


CONSOLE = {"handlers": ["console"], "level": "INFO", "propagate": False}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"redacting": {"()": RedactingFormatter}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "redacting"}},
    "loggers": {"django": CONSOLE, "django.server": CONSOLE},
}
