"""What organisers do with many chosen people at once, in an event with many registrations.

Prints how long each deed takes for 100 and for 1,000 people, as the page does it but for its time limit, and how long
it takes to count an event's places.

    .venv/bin/python -m bench.bulk_actions [registrations]
"""

import statistics
import sys

from bench.database import example_site
from bench.export import INSERT_REGISTRATIONS, INSERT_TOPICS, measure_seconds
from bench.load import ROOT

ROUNDS = 15
SIZES = [100, 1000]


def main(number: int) -> None:
    with example_site(ROOT):
        from django.db import connection

        from conference.models import Event
        from registrations.availability import count_places

        Event.objects.update(capacity=2 * number)
        event = Event.objects.get()
        with connection.cursor() as cursor:
            cursor.execute(INSERT_REGISTRATIONS, {"event": event.pk, "number": number})
            cursor.execute(INSERT_TOPICS)
            cursor.execute("VACUUM ANALYZE")
        print(f"{number} registrations")
        time_counting_places(lambda: count_places(event), "at first")
        for size in (size for size in SIZES if size <= number):
            time_actions(event, size)
        time_counting_places(lambda: count_places(event), "after the deeds")
        connection.close()


def time_counting_places(work, when: str) -> None:
    took = statistics.median(measure_seconds(work) for _round in range(ROUNDS))
    print(f"counting the places, {when}: {took * 1000:.1f} ms")


def time_actions(event, size: int) -> None:
    """Cancel so many, confirm them again, tag them, and take the tag off."""
    from django.contrib.auth.models import User

    from registrations import operations
    from registrations.admin.registrations import bulk_actions

    bulk_actions.TIME_LIMIT_SECONDS = 3600
    user, _is_new = User.objects.get_or_create(username="organiser")
    keys = list(event.registrations.order_by("pk").values_list("pk", flat=True)[:size])
    chosen = event.registrations.filter(pk__in=keys)
    for operation in (operations.cancel, operations.confirm):
        how = {"by": user, "notify": True}
        took = measure_seconds(
            lambda operation=operation, how=how: check_all_done(bulk_actions.apply(chosen, operation, **how), size)
        )
        print(f"{operation.__name__} {size}: {took:.2f} s, {took / size * 1000:.1f} ms each")
    for operation in (operations.add_tag, operations.remove_tag):
        took = measure_seconds(
            lambda operation=operation: check_all_done(operation(chosen, "speaker's friend", by=user), size)
        )
        print(f"{operation.__name__} {size}: {took:.2f} s")


def check_all_done(outcome, number: int) -> None:
    assert len(outcome.done) == number, outcome


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
