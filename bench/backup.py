"""Backing up and rehearsing a site on which many people have registered and were each sent an e-mail of 5 KB.

Prints what both commands tell, the time of each, and the most memory that this process used.

    .venv/bin/python -m bench.backup [registrations]
"""

import resource
import sys
import tempfile
from pathlib import Path

from bench.database import example_site
from bench.load import ROOT
from bench.registrations import insert_plain_registrations
from bench.timing import measure_seconds

# Half of each text is the same for everybody, and half is not.
INSERT_EMAILS = """
    INSERT INTO registrations_outgoingemail (registration_id, kind, language, "to", subject, text, html, created_at,
        attempts, sent_at, last_error)
    SELECT id, 'registered', language, email, 'Jūs esat reģistrēts', text, '<p>' || text || text || text || '</p>',
        now(), 1, now(), ''
    FROM registrations_registration, LATERAL (
        SELECT string_agg(md5(id || ' ' || n), ' ') || repeat(' Konference notiek bibliotēkā.', 22) AS text
        FROM generate_series(1, 20) AS n
    ) AS written
"""


def main(number: int) -> None:
    with example_site(ROOT), tempfile.TemporaryDirectory() as folder:
        from django.core.management import call_command
        from django.db import connection

        from conference.models import Event

        insert_plain_registrations(Event.objects.get(), number)
        with connection.cursor() as cursor:
            cursor.execute(INSERT_EMAILS)
        file = Path(folder) / "site.backup"
        seconds = measure_seconds(lambda: call_command("backup", file, "--plain"))
        print(f"backup: {seconds:.1f} s")
        seconds = measure_seconds(lambda: call_command("rehearse", file))
        print(f"rehearse: {seconds:.1f} s")
        print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
        connection.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
