"""What is deleted because nobody needs it any more, once an hour; apps above this one add what they keep."""

from collections.abc import Callable

from registrations.operations.bursts import forget_origins

FORGETTERS: list[Callable[[], object]] = [forget_origins]


def forget_what_is_due() -> None:
    for forget in FORGETTERS:
        forget()
