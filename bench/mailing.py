"""Queueing a message to many people, compared with a bare INSERT of the same rows in the same run.

Measures what happens between the button “Send to 5,000 people” and the next page: filters, fingerprint,
one transaction. Prints the median of five runs of each, alternating.

    .venv/bin/python -m bench.mailing [people]
"""

import re
import statistics
import sys

from bench.database import example_site
from bench.load import ROOT
from bench.registrations import insert_plain_registrations
from bench.timing import measure_seconds

ROUNDS = 5

BARE_INSERT = """
    INSERT INTO registrations_outgoingemail (registration_id, kind, language, "to", subject, text, html, created_at,
        attempts, next_attempt_at, last_error, is_bulk)
    SELECT id, 'message', language, email, '', '', '', now(), 0, now(), '', true FROM registrations_registration
"""
MESSAGE = {
    "subject_0": "Ziņa",
    "subject_1": "News",
    "text_0": "Sveiki, {first_name}!",
    "text_1": "Hello, {first_name}!",
}


def main(number: int) -> None:
    with example_site(ROOT):
        from django.contrib.auth.models import User
        from django.db import connection
        from django.test import Client

        from conference.models import Event
        from registrations.models import OutgoingEmail

        event = Event.objects.get()
        address = f"/admin/registrations/mailing/add/?event={event.pk}"
        insert_plain_registrations(event, number)
        organiser = Client(headers={"host": "localhost"})
        organiser.force_login(User.objects.create_superuser("organiser"))

        sent, bare = [], []
        for _round in range(ROUNDS):
            form = preview(organiser, address)
            sent.append(measure_seconds(lambda form=form: send(organiser, address, form)))
            assert OutgoingEmail.objects.count() == number
            OutgoingEmail.objects.all().delete()
            bare.append(measure_seconds(run_bare_insert))
            OutgoingEmail.objects.all().delete()
        ours, theirs = statistics.median(sent), statistics.median(bare)
        print(f"{number} people, the median of {ROUNDS} runs each")
        print(f"queued       {ours:6.2f} s")
        print(f"bare INSERT  {theirs:6.2f} s")
        print(f"ratio: {ours / theirs:.1f}")
        connection.close()


def preview(organiser, address: str) -> dict:
    """The data that the preview's button sends."""
    page = organiser.post(address, {**MESSAGE, "preview": "1"}).content.decode()
    return {**MESSAGE, **dict(re.findall(r'name="(id|previewed)" value="([^"]*)"', page)), "send": "1"}


def send(organiser, address: str, form: dict) -> None:
    assert organiser.post(address, form).status_code == 302


def run_bare_insert() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(BARE_INSERT)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
