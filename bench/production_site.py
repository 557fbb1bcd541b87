"""The example site as visitors find it in production, for what opens it in a browser."""

import contextlib
import os
from collections.abc import Iterator

from bench.database import example_site
from bench.load import HOST, PORT, ROOT, environment, server

SLUG = "di-xl"


@contextlib.contextmanager
def production_site() -> Iterator[str]:
    """gunicorn with DEBUG off on a scratch database with the example; yields its address, without the last slash.

    Django is set up in this process too, on the same database and with the same secret key.
    """
    os.environ.update(environment())
    with example_site(ROOT), server("config.wsgi:application", dict(os.environ)):
        yield f"http://{HOST}:{PORT}"
