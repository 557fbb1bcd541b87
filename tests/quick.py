"""What `make test` leaves to CI, so that it stays quick."""

from collections.abc import Sequence

import pytest


def first(values: Sequence, number: int = 1) -> list:
    """Return the values of a parameter, of which `make test` takes the first ones, and CI all."""
    return [*values[:number], *(pytest.param(value, marks=pytest.mark.proof) for value in values[number:])]
