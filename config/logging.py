"""Logging without personal data: no names, and no links that open a registration."""

import logging
import re

SLASH = r"(?:/|%(?:25)*2f)"
# What an address asks for: organisers search for names, and a page to return to is an address with a query itself.
QUERY = re.compile(r"(?<=[\w/%.~-])\?\S+")
# The secret part of a personal link, however it is written: the site answers /LV/R/ and /lv/%72/ too, with a page.
PERSONAL = re.compile(rf"""({SLASH}(?:r|%(?:25)*[57]2){SLASH}++)(?:(?!{SLASH})[^\s"'])+""", re.IGNORECASE)


class RedactingFormatter(logging.Formatter):
    """Removes personal data from the URLs in messages and tracebacks; Django and its server log those of requests."""

    def format(self, record: logging.LogRecord) -> str:
        return PERSONAL.sub(r"\1…", QUERY.sub("", super().format(record)))


def drop_traceback(record: logging.LogRecord) -> bool:
    """A filter that keeps a request which was refused, such as one for another host, to one line."""
    record.exc_info = None
    return True


CONSOLE = {"handlers": ["console"], "level": "INFO", "propagate": False}
STREAM = {"class": "logging.StreamHandler", "formatter": "redacting"}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"drop_traceback": {"()": "django.utils.log.CallbackFilter", "callback": drop_traceback}},
    "formatters": {"redacting": {"()": RedactingFormatter}},
    "handlers": {"console": STREAM, "one_line": {**STREAM, "filters": ["drop_traceback"]}},
    "loggers": {"django": CONSOLE, "django.server": CONSOLE, "django.security": {**CONSOLE, "handlers": ["one_line"]}},
}
