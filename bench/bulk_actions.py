"""The admin's bulk actions in an event with many registrations.

Prints how long each action takes for 100 and for 1,000 people, without the page's time limit, and how long it takes to
count an event's places.

    .venv/bin/python -m bench.bulk_actions [registrations]
"""

import statistics
import sys

from bench.database import example_site
from bench.load import ROOT
from bench.registrations import insert_plain_registrations
from bench.timing import measure_seconds

ROUNDS = 15
SIZES = [100, 1000]


def main(number: int) -> None:
    with example_site(ROOT):
        from django.db import connection

        from conference.models import Event

        Event.objects.update(capacity=2 * number)
        event = Event.objects.get()
        insert_plain_registrations(event, number)
        print(f"{number} registrations")
        time_counting_places(event, "before")
        for size in (size for size in SIZES if size <= number):
            time_actions(event, size)
        time_counting_places(event, "after")
        connection.close()


def time_counting_places(event, when: str) -> None:
    from registrations.availability import count_places

    seconds = statistics.median(measure_seconds(lambda: count_places(event)) for _round in range(ROUNDS))
    print(f"counting the places, {when}: {seconds * 1000:.1f} ms")


def time_actions(event, size: int) -> None:
    """Cancel `size` people, confirm them again, add a tag and remove it."""
    from django.contrib.auth.models import User

    from registrations import operations
    from registrations.admin.registrations import bulk_actions

    bulk_actions.TIME_LIMIT_SECONDS = 3600
    user, _is_new = User.objects.get_or_create(username="organiser")
    keys = list(event.registrations.order_by("pk").values_list("pk", flat=True)[:size])
    chosen = event.registrations.filter(pk__in=keys)
    for operation in (operations.cancel, operations.confirm):
        seconds = time_action(lambda op=operation: bulk_actions.apply(chosen, op, by=user, notify=True)[0], size)
        print(f"{operation.__name__} {size}: {seconds:.2f} s, {seconds / size * 1000:.1f} ms each")
    for operation in (operations.add_tag, operations.remove_tag):
        seconds = time_action(lambda op=operation: op(chosen, "speaker's friend", by=user).done, size)
        print(f"{operation.__name__} {size}: {seconds:.2f} s")


def time_action(act, number: int) -> float:
    """How many seconds it takes, once it has been done to all of them."""

    def act_and_check() -> None:
        done = act()
        assert len(done) == number, done

    return measure_seconds(act_and_check)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
