"""Which entries of a phone's list have changed, and a check-in for everybody who was marked as attended before."""

import django.db.models.deletion
from django.db import migrations, models

import attendance.models.roster_entry

# What a phone keeps about a person.
KEEP_ROSTER = """
    CREATE FUNCTION attendance_keep_roster() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO attendance_rosterentry (registration_id, event_id, changed_in, is_erased)
        VALUES (NEW.id, NEW.event_id, pg_current_xact_id()::text::bigint, NEW.erased_at IS NOT NULL)
        ON CONFLICT (registration_id) DO UPDATE
        SET event_id = excluded.event_id, changed_in = excluded.changed_in, is_erased = excluded.is_erased;
        RETURN NULL;
    END
    $$;
    CREATE TRIGGER attendance_roster_addition AFTER INSERT ON registrations_registration
    FOR EACH ROW EXECUTE FUNCTION attendance_keep_roster();
    CREATE TRIGGER attendance_roster_change AFTER UPDATE ON registrations_registration
    FOR EACH ROW WHEN (
        (OLD.event_id, OLD.first_name, OLD.last_name, OLD.organisation, OLD.status, OLD.reference, OLD.language,
         OLD.ticket_code, OLD.erased_at)
        IS DISTINCT FROM
        (NEW.event_id, NEW.first_name, NEW.last_name, NEW.organisation, NEW.status, NEW.reference, NEW.language,
         NEW.ticket_code, NEW.erased_at)
    ) EXECUTE FUNCTION attendance_keep_roster();
    CREATE FUNCTION attendance_leave_roster() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM attendance_rosterentry WHERE registration_id = OLD.id;
        RETURN NULL;
    END
    $$;
    CREATE TRIGGER attendance_roster_removal AFTER DELETE ON registrations_registration
    FOR EACH ROW EXECUTE FUNCTION attendance_leave_roster();
    INSERT INTO attendance_rosterentry (registration_id, event_id, changed_in, is_erased)
    SELECT id, event_id, pg_current_xact_id()::text::bigint, erased_at IS NOT NULL FROM registrations_registration
"""
LEAVE_ROSTER = """
    DROP TRIGGER attendance_roster_removal ON registrations_registration;
    DROP TRIGGER attendance_roster_change ON registrations_registration;
    DROP TRIGGER attendance_roster_addition ON registrations_registration;
    DROP FUNCTION attendance_leave_roster;
    DROP FUNCTION attendance_keep_roster;
"""
EARLIER_CHECK_INS = """
    INSERT INTO attendance_checkin (id, event_id, registration_id, ticket_key, kind, method, happened_at, received_at)
    SELECT gen_random_uuid(), event_id, id, ticket_key, 'in', 'by_hand', checked_in_at, statement_timestamp()
    FROM registrations_registration
    WHERE checked_in_at IS NOT NULL
        AND NOT EXISTS (SELECT FROM attendance_checkin WHERE registration_id = registrations_registration.id)
"""

# Room on each page for the time when somebody came, so that writing it changes no index: a fifth of what is written.
LEAVE_ROOM = "ALTER TABLE registrations_registration SET (fillfactor = 85)"
LEAVE_NO_ROOM = "ALTER TABLE registrations_registration RESET (fillfactor)"


class Migration(migrations.Migration):
    dependencies = [("attendance", "0001_doors_and_check_ins")]

    operations = [
        migrations.AddField(
            model_name="checkin",
            name="recorded_in",
            field=models.BigIntegerField(db_default=attendance.models.roster_entry.TransactionNumber(), editable=False),
        ),
        migrations.AddIndex(
            model_name="checkin",
            index=models.Index(fields=["event", "recorded_in"], name="check_in_changes"),
        ),
        migrations.CreateModel(
            name="RosterEntry",
            fields=[
                (
                    "registration",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="registrations.registration",
                    ),
                ),
                ("changed_in", models.BigIntegerField()),
                ("is_erased", models.BooleanField(db_default=False, default=False)),
                (
                    "event",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="conference.event",
                    ),
                ),
            ],
            options={"default_permissions": ()},
        ),
        migrations.AddIndex(
            model_name="rosterentry",
            index=models.Index(fields=["event", "changed_in"], name="roster_entry_changes"),
        ),
        migrations.AddIndex(
            model_name="rosterentry",
            index=models.Index(condition=models.Q(("is_erased", True)), fields=["event"], name="roster_entry_erased"),
        ),
        migrations.RunSQL(KEEP_ROSTER, LEAVE_ROSTER),
        migrations.RunSQL(LEAVE_ROOM, LEAVE_NO_ROOM),
        migrations.RunSQL(EARLIER_CHECK_INS, migrations.RunSQL.noop),
    ]
