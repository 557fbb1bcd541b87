"""Importing the longest list allowed into an event with many registrations: how long its lock is held.

Prints the times of reading and previewing the list, which nobody waits for, and of registering everybody, which
others wait for.

    .venv/bin/python -m bench.imports [registrations before]
"""

import io
import sys
import time

from bench.database import example_site
from bench.load import ROOT
from bench.registrations import insert_plain_registrations

HEADERS = ["Vārds", "Uzvārds", "E-pasts", "Organizācija", "Amats", "Valsts", "Nozare", "Temati"]


def main(number: int) -> None:
    with example_site(ROOT):
        from django.db import connection

        from conference.models import Event
        from registrations.imports import MAX_ROWS

        event = Event.objects.select_related("venue").get()
        insert_plain_registrations(event, number)
        import_file(event, make_workbook(event, MAX_ROWS))
        print(f"registrations now: {event.registrations.count()}")
        connection.close()


def make_workbook(event, number: int) -> bytes:
    """A list of `number` people, each interested in two topics."""
    from openpyxl import Workbook

    topics = ", ".join(str(topic.title) for topic in event.topics.all()[:2])
    book, file = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    sheet.append(HEADERS)
    for n in range(number):
        sheet.append(["Ilze", f"Kalniņa {n}", f"ilze{n}@example.lv", "LNB", "vadītāja", "Latvija", "library", topics])
    book.save(file)
    return file.getvalue()


def import_file(event, content: bytes) -> None:
    from registrations import operations
    from registrations.imports import guess_mapping, preview_rows, read_table

    table = run_timed("read", read_table, content)
    rows = run_timed("preview", preview_rows, table, event, guess_mapping(table.headers, []), [], language="lv")
    people = [(row.registration, row.topics) for row in rows]
    run_timed("register, holding the lock", operations.register_all, event, people, notify=True)


def run_timed(name: str, work, *arguments, **options):
    start = time.perf_counter()
    result = work(*arguments, **options)
    print(f"{name:<28}{time.perf_counter() - start:6.2f} s")
    return result


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
