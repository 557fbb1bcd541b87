"""Exports of many registrations: CSV compared with a bare COPY of the same columns, XLSX, and the site meanwhile.

Prints the times of CSV and COPY and their ratio, ordered by time and by name (medians of five runs each, alternating);
the time of XLSX; the peak memory of this process; and how long the list of registrations takes to open, alone and
while somebody exports everybody as XLSX.

    .venv/bin/python -m bench.export [registrations]
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from urllib.parse import urlencode

from bench.database import example_site
from bench.load import ROOT, environment, get_csrf_token, log_in, request, server
from bench.registrations import insert_plain_registrations
from bench.timing import measure_seconds

ROUNDS = 5

# The columns of the export, as they are stored: codes, not labels; nothing escaped; times in UTC.
BARE_COPY = """
    COPY (
        SELECT event_id, reference, status, first_name, last_name, email, organisation, job_title, country, sector,
               (SELECT string_agg(topic_id::text, ', ') FROM registrations_registration_topics AS chosen
                WHERE chosen.registration_id = registration.id),
               language, source, tags, internal_note, created_at, confirmed_at, waiting_since, cancelled_at,
               checked_in_at, consented_at, answers ->> 'lunch', answers ->> 'days', answers ->> 'size'
        FROM registrations_registration AS registration ORDER BY {order}
    ) TO STDOUT WITH (FORMAT csv, DELIMITER ';')
"""
# A name, what the export is ordered by, and the same in SQL.
ORDERS = [
    ("by time of registration", ["created_at", "pk"], "created_at, id"),
    ("by name", ["sort_name", "pk"], "sort_name, id"),
]


def main(number: int) -> None:
    with example_site(ROOT):
        from django.db import connection

        fill_event(number)
        print(f"{number} registrations, the median of {ROUNDS} runs each")
        for name, order, sql in ORDERS:
            compare_with_copy(name, order, sql, number)
        start = time.process_time()
        xlsx = measure_seconds(lambda: export("xlsx", ["sort_name", "pk"], number))
        print(f"by name: XLSX {xlsx:.2f} s, of which this process {time.process_time() - start:.2f} s (once)")
        print(f"peak memory: {get_peak_memory():.0f} MB")
        connection.close()
        measure_list_during_export()


def fill_event(number: int) -> None:
    """Three questions, and people who answered them."""
    from conference.models import Event
    from registrations.models import Choice, Question

    event = Event.objects.get()
    lunch, days, _size = (
        Question.objects.create(event=event, key=key, label={"lv": key, "en": key}, kind=kind, position=position)
        for position, (key, kind) in enumerate([("lunch", "one_of"), ("days", "several_of"), ("size", "number")])
    )
    for question, keys in ((lunch, ["soup", "salad"]), (days, ["first", "second", "third"])):
        for key in keys:
            Choice.objects.create(question=question, key=key, label=key)
    insert_plain_registrations(event, number)


def compare_with_copy(name: str, order: list[str], sql: str, number: int) -> None:
    """Print how long the CSV takes, and a bare COPY in the same order."""
    exports, copies = [], []
    for _round in range(ROUNDS):
        copies.append(measure_seconds(lambda: run_bare_copy(sql)))
        exports.append(measure_seconds(lambda: export("csv", order, number)))
    export_time, copy_time = statistics.median(exports), statistics.median(copies)
    print(f"{name}: CSV {export_time:.2f} s, bare COPY {copy_time:.2f} s, ratio {export_time / copy_time:.2f}")


def run_bare_copy(order: str) -> None:
    from django.db import connection

    with tempfile.TemporaryFile() as file, connection.cursor() as cursor:
        cursor.copy_expert(BARE_COPY.format(order=order), file)


def export(format: str, order: list[str], number: int) -> None:
    from registrations.exports.access import OPERATOR_ACCESS
    from registrations.exports.lists import write_registrations
    from registrations.models import Registration

    file, count, _columns = write_registrations(
        Registration.objects.order_by(*order), format, OPERATOR_ACCESS, title="Everybody"
    )
    with file:
        assert count == number


def measure_list_during_export() -> None:
    """Print how long the list takes to open, alone and while somebody exports an XLSX."""
    from django.contrib.auth.models import User

    User.objects.create_superuser("organiser", password="correct horse")
    env = environment()
    subprocess.run([sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], cwd=ROOT, env=env, check=True)
    with server("config.wsgi:application", env):
        cookie = log_in("organiser", "correct horse")
        form = {
            "csrfmiddlewaretoken": get_csrf_token(cookie),
            "export": "1",
            "format": "xlsx",
            "order": "name",
            "columns": COLUMNS,
        }
        body = urlencode(form, doseq=True).encode()
        for _visit in range(3):
            open_list(cookie)  # warm up
        alone = [open_list(cookie) for _visit in range(20)]
        took: list[float] = []
        exporting = threading.Thread(target=lambda: took.append(measure_seconds(lambda: download(cookie, body))))
        exporting.start()
        meanwhile = []
        while exporting.is_alive():
            meanwhile.append(open_list(cookie))
    print(f"the list, alone:         {describe_times(alone)}")
    print(f"the list, beside XLSX:   {describe_times(meanwhile)}; the XLSX took {took[0]:.1f} s over HTTP")


LIST = "/admin/registrations/registration/"
COLUMNS = [
    *("event", "reference", "status", "first_name", "last_name", "email", "organisation", "job_title", "country"),
    *("sector", "topics", "language", "source", "tags", "internal_note", "created_at", "confirmed_at"),
    *("waiting_since", "cancelled_at", "checked_in_at", "consented_at"),
    *("answers.lunch", "answers.days", "answers.size"),
]


def open_list(cookie: str) -> float:
    return measure_seconds(lambda: check_ok(request("GET", LIST, cookie=cookie)))


def download(cookie: str, body: bytes) -> None:
    check_ok(request("POST", f"{LIST}export/", cookie=cookie, body=body))


def check_ok(answer: tuple[int, bytes, bytes]) -> None:
    assert answer[0] == 200, answer[:2]


def describe_times(times: list[float]) -> str:
    p95 = statistics.quantiles(times, n=20)[-1]
    return f"{len(times)} visits, median {statistics.median(times) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms"


def get_peak_memory() -> float:
    """Of this process, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
