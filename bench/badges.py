"""Badges for the people of an event who have a place, in each layout: how long typst takes, and this project's Python.

.venv/bin/python -m bench.badges [registrations]
"""

import multiprocessing
import sys
import time
from functools import partial

from bench.database import example_site
from bench.load import ROOT
from bench.timing import measure_seconds


def main(number: int) -> None:
    with example_site(ROOT):
        from django.core.management import call_command
        from django.db import connection

        from attendance.badges.badge_layouts import LAYOUTS
        from conference.models import Event

        event = Event.objects.get()
        event.capacity = None
        event.save()
        call_command("make_registrations", event.slug, str(number), verbosity=0)
        event.registrations.update(status="confirmed")
        for layout in LAYOUTS:
            print(describe(event, layout))
        connection.close()


def describe(event, layout: str) -> str:
    from attendance.badges.badge_sheets import BadgeOptions, collect_badges, list_people
    from registrations.models import Registration

    options, made = BadgeOptions(layout=layout), {}
    people = partial(list_people, event, Registration.objects.all())
    python = measure(lambda: made.update(sheet=collect_badges(event, people(), options)))
    # In a process that has typeset nothing yet: typst remembers what it has measured.
    with multiprocessing.get_context("fork").Pool(1) as pool:
        size, typst = pool.apply(measure_typst, [made["sheet"]])
    return (
        f"{layout:8} {len(made['sheet']['badges'])} badges, {size / 1e6:.1f} MB: typst {describe_times(*typst)}, "
        f"Python with the QR codes {describe_times(*python)}, "
        f"{python[1] / (python[1] + typst[1]):.0%} of the processor's time"
    )


def measure_typst(sheet: dict) -> tuple[int, tuple[float, float]]:
    from attendance.badges.badge_sheets import typeset

    made = []
    times = measure(lambda: made.append(typeset(sheet)))
    return len(made[0]), times


def measure(work) -> tuple[float, float]:
    """Return the seconds that it takes, and those of the processor."""
    start = time.process_time()
    return measure_seconds(work), time.process_time() - start


def describe_times(seconds: float, of_processor: float) -> str:
    return f"{seconds:.2f} s (processor: {of_processor:.2f} s)"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
