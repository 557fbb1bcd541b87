"""Counts kept by triggers, and numbers in the order of the waiting list.

Everything that a trigger does is part of the statement that fires it. Triggers lock an event's row of counts before any
counts of its choices, and a new limit locks the event before both, as operations do: so there is no circle of waiting.
"""

import django.db.models.deletion
from django.db import migrations, models

# Counts change with each registration. Room on the page lets PostgreSQL replace a row without touching an index.
LEAVE_ROOM = """
    ALTER TABLE registrations_eventcounts SET (fillfactor = 20);
    ALTER TABLE registrations_choicecount SET (fillfactor = 50);
"""

NUMBER_WHO_WAITS = """
    UPDATE registrations_registration AS registration SET waiting_number = line.number
    FROM (
        SELECT id, row_number() OVER (PARTITION BY event_id ORDER BY waiting_since, id) AS number
        FROM registrations_registration WHERE status = 'waitlisted'
    ) AS line
    WHERE line.id = registration.id
"""

COUNT_WHO_IS_THERE = """
    INSERT INTO registrations_eventcounts (event_id, pending, confirmed, waitlisted, cancelled, last_waiting_number)
    SELECT event.id,
        count(*) FILTER (WHERE registration.status = 'pending'),
        count(*) FILTER (WHERE registration.status = 'confirmed'),
        count(*) FILTER (WHERE registration.status = 'waitlisted'),
        count(*) FILTER (WHERE registration.status = 'cancelled'),
        count(*) FILTER (WHERE registration.status = 'waitlisted')
    FROM conference_event AS event LEFT JOIN registrations_registration AS registration ON registration.event_id = event.id
    GROUP BY event.id;

    INSERT INTO registrations_choicecount (choice_id, number)
    SELECT choice.id, count(registration.id)
    FROM registrations_choice AS choice
    JOIN registrations_question AS question ON question.id = choice.question_id
    LEFT JOIN registrations_registration AS registration ON registration.event_id = question.event_id
        AND registration.status <> 'cancelled' AND registration.answers -> question.key @> to_jsonb(choice.key)
    WHERE choice."limit" IS NOT NULL
    GROUP BY choice.id;
"""

COUNT_EVENTS = """
    CREATE FUNCTION registrations_add_event_counts() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO registrations_eventcounts (event_id) VALUES (NEW.id);
        RETURN NULL;
    END $$;
    CREATE TRIGGER registrations_add_event_counts AFTER INSERT ON conference_event
        FOR EACH ROW EXECUTE FUNCTION registrations_add_event_counts();
"""

GIVE_WAITING_NUMBERS = """
    CREATE FUNCTION registrations_give_waiting_number() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND OLD.status = 'waitlisted' THEN
            NEW.waiting_number := OLD.waiting_number;  -- saved by somebody who had not read it
            RETURN NEW;
        END IF;
        UPDATE registrations_eventcounts SET last_waiting_number = last_waiting_number + 1
        WHERE event_id = NEW.event_id RETURNING last_waiting_number INTO NEW.waiting_number;
        RETURN NEW;
    END $$;
    CREATE TRIGGER registrations_give_number_to_newcomer BEFORE INSERT ON registrations_registration
        FOR EACH ROW WHEN (NEW.status = 'waitlisted' AND NEW.waiting_number IS NULL)
        EXECUTE FUNCTION registrations_give_waiting_number();
    CREATE TRIGGER registrations_give_number_to_returner BEFORE UPDATE OF status ON registrations_registration
        FOR EACH ROW WHEN (NEW.status = 'waitlisted' AND (OLD.status <> 'waitlisted' OR NEW.waiting_number IS NULL))
        EXECUTE FUNCTION registrations_give_waiting_number();
"""

# One trigger for a whole statement: a COPY of a million rows changes the counts once. The choices with a limit are
# counted as `availability.count_choosers` does: the answer is the choice or a list with it.
COUNT_CHANGES = """
    CREATE FUNCTION registrations_count_{operation}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE registrations_eventcounts AS counts SET
            pending = counts.pending + change.pending,
            confirmed = counts.confirmed + change.confirmed,
            waitlisted = counts.waitlisted + change.waitlisted,
            cancelled = counts.cancelled + change.cancelled,
            last_waiting_number = greatest(counts.last_waiting_number, change.waiting_number)
        FROM (
            SELECT event_id,
                coalesce(sum(sign) FILTER (WHERE status = 'pending'), 0) AS pending,
                coalesce(sum(sign) FILTER (WHERE status = 'confirmed'), 0) AS confirmed,
                coalesce(sum(sign) FILTER (WHERE status = 'waitlisted'), 0) AS waitlisted,
                coalesce(sum(sign) FILTER (WHERE status = 'cancelled'), 0) AS cancelled,
                max(waiting_number) AS waiting_number
            FROM ({changes}) AS changes GROUP BY event_id
        ) AS change
        WHERE counts.event_id = change.event_id AND (
            (change.pending, change.confirmed, change.waitlisted, change.cancelled) <> (0, 0, 0, 0)
            OR change.waiting_number > counts.last_waiting_number
        );
        IF EXISTS (SELECT FROM ({changes}) AS changes WHERE answers <> '{{}}') THEN
            PERFORM FROM registrations_eventcounts
            WHERE event_id IN (SELECT event_id FROM ({changes}) AS changes) ORDER BY event_id FOR NO KEY UPDATE;
            UPDATE registrations_choicecount AS counted SET number = counted.number + change.number
            FROM (
                SELECT choice.id, sum(sign) AS number
                FROM ({changes}) AS changes
                JOIN registrations_question AS question ON question.event_id = changes.event_id
                JOIN registrations_choice AS choice ON choice.question_id = question.id AND choice."limit" IS NOT NULL
                WHERE status <> 'cancelled' AND answers -> question.key @> to_jsonb(choice.key)
                GROUP BY choice.id HAVING sum(sign) <> 0
            ) AS change
            WHERE counted.choice_id = change.id;
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER registrations_count_{operation} AFTER {operation} ON registrations_registration
        REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION registrations_count_{operation}();
"""
COME, GONE = (
    f"SELECT event_id, status, waiting_number, answers, {sign} AS sign FROM {table}"  # noqa: S608 (no value of others)
    for sign, table in ((1, "new_rows"), (-1, "old_rows"))
)
COUNT_REGISTRATIONS = (
    COUNT_CHANGES.format(operation="insert", changes=COME, tables="NEW TABLE AS new_rows")
    + COUNT_CHANGES.format(operation="delete", changes=GONE, tables="OLD TABLE AS old_rows")
    + COUNT_CHANGES.format(
        operation="update",
        changes=f"{COME} UNION ALL {GONE}",
        tables="OLD TABLE AS old_rows NEW TABLE AS new_rows",
    )
)

# Whoever registers meanwhile is waited for, and waits: the next statement sees every registration before the limit.
COUNT_NEW_LIMITS = """
    CREATE FUNCTION registrations_count_choice() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM FROM conference_event AS event
        JOIN registrations_eventcounts AS counts ON counts.event_id = event.id
        JOIN registrations_question AS question ON question.event_id = event.id
        WHERE question.id = NEW.question_id FOR NO KEY UPDATE OF event, counts;
        DELETE FROM registrations_choicecount WHERE choice_id = NEW.id;
        INSERT INTO registrations_choicecount (choice_id, number)
        SELECT NEW.id, count(registration.id)
        FROM registrations_question AS question
        LEFT JOIN registrations_registration AS registration ON registration.event_id = question.event_id
            AND registration.status <> 'cancelled' AND registration.answers -> question.key @> to_jsonb(NEW.key)
        WHERE question.id = NEW.question_id AND NEW."limit" IS NOT NULL
        GROUP BY question.id;
        RETURN NULL;
    END $$;
    CREATE TRIGGER registrations_count_new_choice AFTER INSERT ON registrations_choice
        FOR EACH ROW WHEN (NEW."limit" IS NOT NULL) EXECUTE FUNCTION registrations_count_choice();
    CREATE TRIGGER registrations_count_changed_choice AFTER UPDATE OF "limit" ON registrations_choice
        FOR EACH ROW WHEN ((NEW."limit" IS NULL) <> (OLD."limit" IS NULL))
        EXECUTE FUNCTION registrations_count_choice();
"""
DROP_TRIGGERS = """
    DROP FUNCTION registrations_add_event_counts, registrations_give_waiting_number, registrations_count_insert,
        registrations_count_delete, registrations_count_update, registrations_count_choice CASCADE
"""


class Migration(migrations.Migration):
    dependencies = [
        ("conference", "0005_plainer_labels"),
        ("registrations", "0005_plainer_labels"),
    ]

    operations = [
        migrations.CreateModel(
            name="EventCounts",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="counts",
                        serialize=False,
                        to="conference.event",
                    ),
                ),
                ("pending", models.IntegerField(db_default=0)),
                ("confirmed", models.IntegerField(db_default=0)),
                ("waitlisted", models.IntegerField(db_default=0)),
                ("cancelled", models.IntegerField(db_default=0)),
                ("last_waiting_number", models.IntegerField(db_default=0)),
                ("corrected_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ChoiceCount",
            fields=[
                (
                    "choice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="count",
                        serialize=False,
                        to="registrations.choice",
                    ),
                ),
                ("number", models.IntegerField()),
            ],
        ),
        migrations.RunSQL(LEAVE_ROOM, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="registration",
            name="waiting_number",
            field=models.IntegerField(blank=True, editable=False, null=True, verbose_name="number on the waiting list"),
        ),
        migrations.RunSQL(NUMBER_WHO_WAITS, migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="registration", name="registration_line"),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "waitlisted"), _negated=True),
                    ("waiting_number__isnull", False),
                    _connector="OR",
                ),
                name="registration_waiting_number_when_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "waitlisted")),
                fields=("event", "waiting_number"),
                name="registration_waiting_number_once_per_event",
            ),
        ),
        # The triggers first: creating them keeps others from adding events and choices that would be counted by neither.
        migrations.RunSQL(COUNT_EVENTS + GIVE_WAITING_NUMBERS + COUNT_REGISTRATIONS + COUNT_NEW_LIMITS, DROP_TRIGGERS),
        migrations.RunSQL(COUNT_WHO_IS_THERE, migrations.RunSQL.noop),
    ]
