"""Many registrations, inserted by the database in seconds. `sample_data` makes people who differ more, but slower."""

INSERT_REGISTRATIONS = """
    INSERT INTO registrations_registration (event_id, reference, first_name, last_name, email, organisation, job_title,
        country, sector, language, status, answers, consented_at, created_at, confirmed_at, source, tags, internal_note)
    SELECT %(event)s, 'R' || n, 'Jānis', 'Bērziņš ' || md5(n::text), 'person' || n || '@example.lv',
        'Rīgas Centrālā bibliotēka', 'bibliotekārs', (ARRAY['LV', 'EE', 'LT', 'FI'])[n %% 4 + 1], 'library', 'lv',
        'confirmed',
        '{"lunch": "soup", "days": ["second", "first"], "size": 42}', now(), now() - n * interval '1 second', now(),
        'online', '{speaker}', ''
    FROM generate_series(1, %(number)s) AS n
"""

INSERT_TOPICS = """
    INSERT INTO registrations_registration_topics (registration_id, topic_id)
    SELECT registration.id, topic.id FROM registrations_registration AS registration, conference_topic AS topic
    WHERE topic.position < 2 ON CONFLICT DO NOTHING
"""


def insert_plain_registrations(event, number: int) -> None:
    """Confirmed registrations for `event`, each with two topics, and up-to-date statistics for the query planner."""
    from django.db import connection

    with connection.cursor() as cursor:
        insert_for_event(cursor, event.pk, number)


def insert_for_event(cursor, event: int, number: int) -> None:
    """The same for the event with this primary key, by any cursor that is in no transaction."""
    cursor.execute(INSERT_REGISTRATIONS, {"event": event, "number": number})
    cursor.execute(INSERT_TOPICS)
    cursor.execute("VACUUM ANALYZE")  # as the database does in time
