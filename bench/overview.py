"""How long it takes to count what an event's overview shows.

Prints the time of each chart, their sum, the time of all of them together as the page asks for them, and the time of
what the admin's first page counts (the median and the slowest of ROUNDS runs each).

    .venv/bin/python -m bench.overview [registrations]
"""

import statistics
import sys

from bench.database import example_site
from bench.load import ROOT
from bench.timing import measure_seconds

ROUNDS = 15

# Three thousand libraries, a few of them with very many people, some written in capitals; a year of sign-ups.
INSERT_REGISTRATIONS = """
    INSERT INTO registrations_registration (event_id, reference, first_name, last_name, email, organisation, job_title,
        country, sector, language, status, answers, consented_at, created_at, confirmed_at, waiting_since, source,
        internal_note)
    SELECT %(event)s, 'R' || n, 'Jānis', 'Bērziņš ' || n,
        'person' || n || '@' || (ARRAY['gmail.com', 'inbox.lv', 'library' || n %% 2000 || '.lv'])[n %% 3 + 1],
        CASE WHEN n %% 10 = 0 THEN '' WHEN n %% 7 = 0 THEN upper(library) ELSE library END, 'bibliotekārs',
        (ARRAY['LV', 'LV', 'LV', 'EE', 'LT', 'FI', 'SE', ''])[n %% 8 + 1],
        (ARRAY['library', 'library', 'lifelong_learning', 'other', ''])[n %% 5 + 1],
        (ARRAY['lv', 'lv', 'en'])[n %% 3 + 1],
        CASE WHEN n %% 20 = 0 THEN 'cancelled' WHEN n %% 50 = 1 THEN 'waitlisted' ELSE 'confirmed' END,
        jsonb_build_object(
            'lunch', (ARRAY['soup', 'fish', 'none'])[n %% 3 + 1],
            'workshops', (ARRAY['["a", "c"]', '["b", "d", "e"]', '["e"]'])[n %% 7 %% 3 + 1]::jsonb,
            'first_time', n %% 4 = 0,
            'wishes', 'What person number ' || n || ' would like to hear about'
        ),
        now(), now() - n * interval '300 second', now(), now(), 'online', ''
    FROM (
        SELECT n, 'Rīgas ' || (power(random(), 3) * 3000)::int || '. bibliotēka' AS library
        FROM generate_series(1, %(number)s) AS n
    ) AS numbered
"""

INSERT_TOPICS = """
    INSERT INTO registrations_registration_topics (registration_id, topic_id)
    SELECT registration.id, topic.id FROM registrations_registration AS registration, conference_topic AS topic
    WHERE (registration.id + topic.position) % 2 = 0
"""


def main(number: int) -> None:
    with example_site(ROOT):
        from django.db import connection

        fill_event(number)
        print(f"{number} registrations, milliseconds: the median and the slowest of {ROUNDS} runs")
        measure()
        connection.close()


def fill_event(number: int) -> None:
    from django.db import connection

    from conference.models import Event
    from registrations.models import Choice, Question

    event = Event.objects.get()
    for key, kind, choices in [
        ("lunch", "one_of", ["soup", "fish", "none"]),
        ("workshops", "several_of", "abcde"),
        ("first_time", "yes_no", []),
        ("wishes", "long_text", []),
    ]:
        question = Question.objects.create(event=event, key=key, kind=kind, label=key)
        Choice.objects.bulk_create(Choice(question=question, key=choice, label=choice) for choice in choices)
    with connection.cursor() as cursor:
        cursor.execute(INSERT_REGISTRATIONS, {"event": event.pk, "number": number})
        cursor.execute(INSERT_TOPICS)
        cursor.execute("VACUUM ANALYZE")  # as the database does by itself in time


def measure() -> None:
    from conference.models import Event
    from registrations.email_typos import count_typos
    from registrations.statistics import charts, get_overview, summarize

    event = Event.objects.get()
    medians = [
        report("summary, and sign-ups by the day", lambda: summarize(event)),
        report("sector, country, language", lambda: charts.get_profile_charts(event, 1)),
        report("organisation", lambda: charts.get_organisation_chart(event, 1)),
        report("topic of interest", lambda: charts.get_topic_chart(event, 1)),
        report("three questions", lambda: charts.get_answer_charts(event, 1, with_internal=True)),
    ]
    print(f"{'sum':<36}{sum(medians):7.0f}")
    report("all of the overview", lambda: get_overview(event, with_internal=True))
    report("mistyped addresses (first page)", lambda: count_typos(event.registrations.live()))


def report(name: str, work) -> float:
    """The median in milliseconds."""
    times = sorted(1000 * measure_seconds(work) for _round in range(ROUNDS))
    print(f"{name:<36}{statistics.median(times):7.0f}{times[-1]:7.0f}")
    return statistics.median(times)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
