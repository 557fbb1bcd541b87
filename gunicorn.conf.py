"""gunicorn's settings, read by itself when it is started in this folder; options on the command line win."""

import gc

# Three for one or two cores: while one waits for the database the others work. At most two of them make lists for
# export at a time (registrations/exports/access.py), so one is always there for everybody else. No threads: with them
# sign-ups took a third longer when very many came at once.
workers = 3
# Seconds: a large list takes more than the thirty after which gunicorn would end its process.
timeout = 120
preload_app = True


def when_ready(server):
    """Before the processes start: no collection looks at what they share, which would copy it and take 50 ms."""
    gc.collect()
    gc.freeze()
