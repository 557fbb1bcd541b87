"""A secret code for each ticket, also for those that are there.

All letters are random: the first six bytes of a random UUID have neither its version nor its variant.
"""

from django.db import migrations, models

import registrations.tickets.ticket_expressions

GENERATE_CODE = """
    CREATE FUNCTION registrations_generate_ticket_code() RETURNS text LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
        SELECT string_agg(
            substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + (get_byte(random.bytes, position) & 31), 1), ''
        )
        FROM (
            SELECT substr(uuid_send(gen_random_uuid()), 1, 6) || substr(uuid_send(gen_random_uuid()), 1, 6)
                || substr(uuid_send(gen_random_uuid()), 1, 6) || substr(uuid_send(gen_random_uuid()), 1, 6) AS bytes
        ) AS random, generate_series(0, 19) AS position
    $$
"""


class Migration(migrations.Migration):
    dependencies = [("registrations", "0018_what_organisers_tell_people")]

    operations = [
        migrations.RunSQL(GENERATE_CODE, "DROP FUNCTION registrations_generate_ticket_code"),
        migrations.AddField(
            model_name="registration",
            name="ticket_code",
            field=models.CharField(
                db_default=registrations.tickets.ticket_expressions.GeneratedTicketCode(), editable=False, max_length=20
            ),
        ),
        migrations.AddField(
            model_name="registration",
            name="ticket_key",
            field=models.GeneratedField(
                db_persist=True,
                expression=registrations.tickets.ticket_expressions.TicketKey("ticket_code"),
                output_field=models.CharField(max_length=32),
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.UniqueConstraint(fields=("ticket_key",), name="registration_ticket_once"),
        ),
    ]
