"""What is written to the log: nothing that opens somebody's registration."""

import logging
import re

PERSONAL_LINK = re.compile(r"(/r/)[^/\s?]+")


class HidePersonalLinks(logging.Filter):
    """Takes the secret part out of personal links; Django and its server log the paths of requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = hidden(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(hidden(argument) for argument in record.args)
        return True


def hidden(value):
    return PERSONAL_LINK.sub(r"\1…", value) if isinstance(value, str) else value


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"hide_personal_links": {"()": HidePersonalLinks}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["hide_personal_links"]}},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
