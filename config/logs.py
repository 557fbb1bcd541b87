"""What is written to the log: no name, and nothing that opens somebody's registration."""

import logging
import re

# The secret part of a personal link, and what an organiser searched for, which may be somebody's name.
PERSONAL = re.compile(r"(/r/|[?&]q=)[^/\s?&]+")


class HideWhatIsPersonal(logging.Filter):
    """Takes what is personal out of addresses; Django and its server log the addresses of requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = hidden(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(hidden(argument) for argument in record.args)
        return True


def hidden(value):
    return PERSONAL.sub(r"\1…", value) if isinstance(value, str) else value


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"hide_what_is_personal": {"()": HideWhatIsPersonal}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["hide_what_is_personal"]}},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
