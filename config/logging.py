"""Logging without personal data: no names, and no links that open a registration."""

import logging
import re

from config.outages import explain_outage

SLASH = r"(?:/|%(?:25)*2f)"
# What an address asks for: organisers search for names, and a page to return to is an address with a query itself.
QUERY = re.compile(r"(?<=[\w/%.~-])\?\S+")
# The secret part of a personal link, of a ticket's URL (/D/), or of the one that pairs a phone, however it is written:
# the site answers /LV/R/ and /lv/%72/ too, with a page.
MARK = r"(?:[rd]|%(?:25)*(?:[57]2|[46]4)|pair)"
PERSONAL = re.compile(rf"""({SLASH}{MARK}{SLASH}++)(?:(?!{SLASH})[^\s"'])+""", re.IGNORECASE)


class RedactingFormatter(logging.Formatter):
    """Removes personal data from the URLs in messages and tracebacks; Django and its server log those of requests."""

    def format(self, record: logging.LogRecord) -> str:
        return PERSONAL.sub(r"\1…", QUERY.sub("", super().format(record)))


def drop_traceback(record: logging.LogRecord) -> bool:
    """A filter that keeps a request which was refused, such as one for another host, to one line."""
    record.exc_info = None
    return True


def shorten_outage(record: logging.LogRecord) -> bool:
    """A filter that keeps each request of an outage of the database to one line, with what the database says."""
    error = record.exc_info and record.exc_info[1]
    if error and explain_outage(error, is_post=False):
        reason = str(error).strip().partition("\n")[0]
        record.msg, record.args = f"{record.getMessage()} ({type(error).__name__}: {reason})", ()
        record.exc_info = record.exc_text = None
    return True


CONSOLE = {"handlers": ["console"], "level": "INFO", "propagate": False}
FILTERS = {
    name.__name__: {"()": "django.utils.log.CallbackFilter", "callback": name}
    for name in (drop_traceback, shorten_outage)
}
STREAM = {"class": "logging.StreamHandler", "formatter": "redacting", "filters": ["shorten_outage"]}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": FILTERS,
    "formatters": {"redacting": {"()": RedactingFormatter}},
    "handlers": {"console": STREAM, "one_line": {**STREAM, "filters": ["drop_traceback"]}},
    "loggers": {"django": CONSOLE, "django.server": CONSOLE, "django.security": {**CONSOLE, "handlers": ["one_line"]}},
}
