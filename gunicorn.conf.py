"""gunicorn's settings, read by itself when it is started in this folder; options on the command line win."""

import gc
import sys

from gunicorn.glogging import Logger

from config.logging import RedactingFormatter


class RedactingLogger(Logger):
    """Logs what cannot be read or answered as the site does: without personal data."""

    def setup(self, cfg):
        super().setup(cfg)
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(RedactingFormatter(handler.formatter._fmt, handler.formatter.datefmt))


logger_class = RedactingLogger
# Three for one or two cores: while one waits for the database the others work. At most two of them make lists for
# export at a time (registrations/exports/access.py), so one is always there for everybody else. No threads: with them
# sign-ups took a third longer when very many came at once.
workers = 3
# Seconds: a large list takes more than the thirty after which gunicorn would end its process.
timeout = 120
# Not with --reload: workers would start again with the code that was loaded before.
preload_app = "--reload" not in sys.argv
# It would be a file in this folder, where the site may not write.
control_socket_disable = True


def on_starting(_server):
    if preload_app:  # otherwise the settings would be loaded before the workers reload them
        from conference.checks import exit_if_unusable

        exit_if_unusable()


def when_ready(server):
    """Before the processes start: no collection looks at what they share, which would copy it and take 50 ms."""
    gc.collect()
    gc.freeze()
