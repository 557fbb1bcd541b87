"""Waiting for what happens in another thread, process or browser."""

import time
from collections.abc import Callable

TIMEOUT = 60  # seconds until something will never happen; a busy machine may need many


def wait_for(condition: Callable[[], object]) -> None:
    end = time.monotonic() + TIMEOUT
    while not condition():
        assert time.monotonic() < end, f"It did not happen within {TIMEOUT} seconds."
        time.sleep(0.01)
