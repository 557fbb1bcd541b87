"""The export of many registrations, beside a bare COPY of the same columns in the same run.

Prints the times of both (the median of five each, taken in turn), their ratio, and the peak memory of
this process before and after the exports.

    .venv/bin/python -m bench.export [registrations]
"""

import os
import resource
import statistics
import sys
import tempfile
import time

from bench.database import scratch_database
from bench.load import ROOT

ROUNDS = 5

# What the export shows, as it is stored: codes, not labels; nothing defused; times in UTC.
BARE = """
    COPY (
        SELECT event_id, reference, status, first_name, last_name, email, organisation, job_title, country, sector,
               (SELECT string_agg(topic_id::text, ', ') FROM registrations_registration_topics AS chosen
                WHERE chosen.registration_id = registration.id),
               language, source, created_at, confirmed_at, waiting_since, cancelled_at, consented_at,
               answers ->> 'lunch'
        FROM registrations_registration AS registration ORDER BY created_at DESC, id DESC
    ) TO STDOUT WITH (FORMAT csv, DELIMITER ';')
"""

PEOPLE = """
    INSERT INTO registrations_registration (event_id, reference, first_name, last_name, email, organisation, job_title,
        country, sector, language, status, answers, consented_at, created_at, confirmed_at, source, internal_note)
    SELECT %(event)s, 'R' || n, 'Jānis', 'Bērziņš ' || n, 'person' || n || '@example.lv', 'Rīgas Centrālā bibliotēka',
        'bibliotekārs', (ARRAY['LV', 'EE', 'LT', 'FI'])[n %% 4 + 1], 'library', 'lv', 'confirmed',
        '{"lunch": "zupa"}', now(), now() - n * interval '1 second', now(), 'online', ''
    FROM generate_series(1, %(number)s) AS n
"""

TOPICS = """
    INSERT INTO registrations_registration_topics (registration_id, topic_id)
    SELECT registration.id, topic.id FROM registrations_registration AS registration, conference_topic AS topic
    WHERE topic.position < 2
"""


def main(number: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with scratch_database(ROOT):
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        call_command("load_conference", verbosity=0)
        fill(number)
        before = peak_memory()
        exports, copies = [], []
        for _round in range(ROUNDS):
            copies.append(timed(bare_copy))
            exports.append(timed(lambda: export(number)))
        export_time, copy_time = statistics.median(exports), statistics.median(copies)
        print(f"{number} registrations, the median of {ROUNDS} runs each")
        print(f"export       {export_time:6.2f} s")
        print(f"bare COPY    {copy_time:6.2f} s")
        print(f"ratio: {export_time / copy_time:.2f}")
        print(f"peak memory: {peak_memory():.0f} MB, {peak_memory() - before:.0f} MB more than before the exports")
        connection.close()


def fill(number: int) -> None:
    from django.db import connection

    from conference.models import Event
    from registrations.models import Question

    event = Event.objects.get()
    Question.objects.create(event=event, key="lunch", label={"lv": "Pusdienas", "en": "Lunch"})
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, {"event": event.pk, "number": number})
        cursor.execute(TOPICS)
        cursor.execute("ANALYZE")


def bare_copy() -> None:
    from django.db import connection

    with tempfile.TemporaryFile() as file, connection.cursor() as cursor:
        cursor.copy_expert(BARE, file)


def export(number: int) -> None:
    from registrations.exports import FORMATS, write_csv
    from registrations.models import Registration

    file, count = write_csv(Registration.objects.order_by("-created_at", "-pk"), FORMATS["csv"])
    with file:
        assert count == number


def timed(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def peak_memory() -> float:
    """Of this process, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
