"""Logging without personal data: no names, and no links that open a registration."""

import logging
import re

# The secret part of a personal link, and an organiser's search, which may be a name.
PERSONAL = re.compile(r"(/r/|[?&]q=)[^/\s?&]+")


class RedactPersonalData(logging.Filter):
    """Removes personal data from URLs; Django and its server log the URLs of requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = PERSONAL.sub(r"\1…", record.getMessage()), ()
        return True


CONSOLE = {"handlers": ["console"], "level": "INFO", "propagate": False}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redact_personal_data": {"()": RedactPersonalData}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["redact_personal_data"]}},
    "loggers": {"django": CONSOLE, "django.server": CONSOLE},
}
