"""How much memory a block of a test takes."""

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

MEGABYTE = 1024**2


@contextmanager
def at_most_megabytes(most: int) -> Iterator[None]:
    """Assert that the block takes no more memory than this at any moment."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most * MEGABYTE
    finally:
        tracemalloc.stop()
