"""Recording at the doors, as functions whose plans a connection keeps: planning takes longer than running."""

from django.db import migrations

# A record is stored once. The verdict is what the person was when it arrived. Who is undone is known by what is undone,
# a walk-in by the registration, and everybody else by the ticket. The time is put right by how much the device's clock
# differs; one in the future counts as now, and one long ago as thirty days ago.
RECORD = """
CREATE FUNCTION attendance_record(
    new_id uuid, new_event bigint, new_registration bigint, new_key text, new_kind text, new_undoes uuid,
    new_door bigint, new_own_door bigint, new_device bigint, new_user integer, new_method text, new_at
    timestamptz, new_device_now timestamptz, new_verdict text, new_reason text, new_is_practice boolean,
    new_now timestamptz
)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO attendance_checkin (id, event_id, registration_id, ticket_key, kind, undoes, door_id, device_id,
        user_id, method, happened_at, clock_offset, received_at, verdict, reason, is_practice)
    SELECT new_id, new_event, person.id, CASE WHEN person.id IS NULL THEN new_key ELSE '' END, new_kind, new_undoes,
        (SELECT id FROM attendance_door WHERE event_id = new_event AND id IN (new_door, new_own_door)
         ORDER BY id = new_own_door LIMIT 1),
        new_device, new_user, new_method, clock.happened_at,
        least(greatest(extract(epoch FROM clock.happened_at - new_at), -2147483647), 2147483647)::integer,
        clock.now,
        CASE WHEN new_kind <> 'in' THEN ''
            WHEN new_verdict <> '' THEN new_verdict
            WHEN person.id IS NULL AND EXISTS (SELECT FROM registrations_registration WHERE ticket_key = new_key)
                THEN 'other_event'
            WHEN person.id IS NULL THEN 'unknown'
            WHEN EXISTS (
        SELECT entry.id, entry.happened_at, door.name
        FROM attendance_checkin AS entry LEFT JOIN attendance_door AS door ON door.id = entry.door_id
        WHERE entry.registration_id = person.id AND entry.kind = 'in' AND entry.is_practice = new_is_practice
            AND NOT EXISTS (
                SELECT FROM attendance_checkin AS undo WHERE undo.kind = 'undo' AND undo.undoes = entry.id
                    AND undo.event_id = entry.event_id AND undo.is_practice = entry.is_practice
            )
            AND entry.happened_at > coalesce((
                SELECT max(exit.happened_at) FROM attendance_checkin AS exit
                WHERE exit.registration_id = person.id AND exit.kind = 'out' AND exit.is_practice = new_is_practice
                    AND NOT EXISTS (
                    SELECT FROM attendance_checkin AS undo WHERE undo.kind = 'undo' AND undo.undoes = exit.id
                        AND undo.event_id = exit.event_id AND undo.is_practice = exit.is_practice
                )
            ), '-infinity')
        ORDER BY entry.happened_at, entry.id LIMIT 1
    ) THEN 'again'
            WHEN person.status = 'confirmed' THEN 'welcome'
            ELSE person.status
        END,
        new_reason, new_is_practice
    FROM (
        SELECT now, now - least(greatest(coalesce(new_device_now, now) - new_at, interval '0'), interval '30 days')
        FROM (SELECT new_now) AS clock (now)
    ) AS clock (now, happened_at)
    LEFT JOIN registrations_registration AS person ON person.event_id = new_event AND person.id = coalesce(
        (SELECT registration_id FROM attendance_checkin WHERE id = new_undoes AND event_id = new_event),
        new_registration,
        (SELECT id FROM registrations_registration WHERE ticket_key = new_key)
    )
    ON CONFLICT (id) DO NOTHING;
END
$$
"""
# An undo that came before what it undoes is about the same person. Whoever came counts from the earliest entry that was
# not undone. Returns what is stored now, and since when somebody is in who came again.
CONCLUDE = """
CREATE FUNCTION attendance_conclude(of_event bigint, recorded uuid[])
RETURNS TABLE (record uuid, its_event bigint, its_kind varchar, its_verdict varchar, since timestamptz, its_door varchar)
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE attendance_checkin AS undo SET registration_id = entry.registration_id, ticket_key = ''
    FROM attendance_checkin AS entry
    WHERE entry.id = ANY(recorded) AND undo.kind = 'undo' AND undo.undoes = entry.id
        AND undo.event_id = entry.event_id AND undo.registration_id IS NULL AND entry.registration_id IS NOT NULL;
    UPDATE registrations_registration AS registration SET checked_in_at = came.at
    FROM (
        SELECT person.id, (
            SELECT min(entry.happened_at) FROM attendance_checkin AS entry
            WHERE entry.registration_id = person.id AND entry.kind = 'in' AND NOT entry.is_practice
                AND NOT EXISTS (
                    SELECT FROM attendance_checkin AS undo WHERE undo.kind = 'undo' AND undo.undoes = entry.id
                        AND undo.event_id = entry.event_id AND undo.is_practice = entry.is_practice
                )
        ) AS at
        FROM (SELECT DISTINCT registration_id FROM attendance_checkin
              WHERE id = ANY(recorded) AND event_id = of_event) AS person (id)
    ) AS came
    WHERE registration.id = came.id AND registration.checked_in_at IS DISTINCT FROM came.at;
    RETURN QUERY
    SELECT stored.id, stored.event_id, stored.kind, stored.verdict, entry.happened_at, coalesce(entry.name, '')
    FROM attendance_checkin AS stored
    LEFT JOIN LATERAL (
        SELECT entry.id, entry.happened_at, door.name
        FROM attendance_checkin AS entry LEFT JOIN attendance_door AS door ON door.id = entry.door_id
        WHERE entry.registration_id = stored.registration_id AND entry.kind = 'in' AND entry.is_practice = stored.is_practice
            AND entry.id IS DISTINCT FROM stored.id::uuid AND NOT EXISTS (
                    SELECT FROM attendance_checkin AS undo WHERE undo.kind = 'undo' AND undo.undoes = entry.id
                        AND undo.event_id = entry.event_id AND undo.is_practice = entry.is_practice
                )
            AND entry.happened_at > coalesce((
                SELECT max(exit.happened_at) FROM attendance_checkin AS exit
                WHERE exit.registration_id = stored.registration_id AND exit.kind = 'out' AND exit.is_practice = stored.is_practice
                    AND NOT EXISTS (
                    SELECT FROM attendance_checkin AS undo WHERE undo.kind = 'undo' AND undo.undoes = exit.id
                        AND undo.event_id = exit.event_id AND undo.is_practice = exit.is_practice
                )
            ), '-infinity')
        ORDER BY entry.happened_at, entry.id LIMIT 1
    ) AS entry ON stored.verdict = 'again'
    WHERE stored.id = ANY(recorded);
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("attendance", "0003_badges")]

    operations = [
        migrations.RunSQL(RECORD, "DROP FUNCTION attendance_record"),
        migrations.RunSQL(CONCLUDE, "DROP FUNCTION attendance_conclude"),
    ]
