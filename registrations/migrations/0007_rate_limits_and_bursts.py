import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

# A function, because PostgreSQL keeps its plan: planning the same statements would take four times as long as running
# them. The row of the current slot is locked by the update, so that requests at the same moment see each other.
COUNT_REQUEST = """
CREATE FUNCTION registrations_count_request(
    request_origin text, slot interval, slots integer, request_weight integer, most bigint,
    OUT number bigint, OUT total bigint
) LANGUAGE plpgsql AS $$
DECLARE
    slot_expires_at timestamptz := date_bin(slot, clock_timestamp(), timestamptz 'epoch') + slot * slots;
    earlier bigint;
BEGIN
    SELECT coalesce(sum(weight), 0) INTO earlier FROM registrations_requestcount
    WHERE origin = request_origin AND expires_at > clock_timestamp() AND expires_at < slot_expires_at;
    INSERT INTO registrations_requestcount AS counted (origin, expires_at, weight)
    SELECT request_origin, slot_expires_at, request_weight WHERE earlier < most
    ON CONFLICT (origin, expires_at) DO UPDATE SET weight = counted.weight + excluded.weight
    WHERE counted.weight + earlier < most
    RETURNING id, weight + earlier INTO number, total;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("conference", "0005_plainer_labels"),
        ("registrations", "0006_counts_and_waiting_list_numbers"),
    ]

    operations = [
        # The table of the old counts stays, as processes with the old code count in it until they are restarted.
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="SignUpCount")]),
        migrations.CreateModel(
            name="RequestCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("origin", models.CharField(max_length=64)),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("weight", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("origin", "expires_at"), name="request_count_once_per_slot")
                ],
            },
        ),
        # Counts need not survive a crash, and unlogged they cost no wait for the disk.
        migrations.RunSQL(
            "ALTER TABLE registrations_requestcount SET UNLOGGED",
            "ALTER TABLE registrations_requestcount SET LOGGED",
        ),
        migrations.RunSQL(COUNT_REQUEST, "DROP FUNCTION registrations_count_request"),
        migrations.CreateModel(
            name="Burst",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bursts",
                        to="conference.event",
                        verbose_name="event",
                    ),
                ),
            ],
            options={
                "verbose_name": "registrations from one network",
                "verbose_name_plural": "registrations from one network",
            },
        ),
        migrations.AddField(
            model_name="registration",
            name="origin",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="registration",
            name="burst",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="people",
                to="registrations.burst",
            ),
        ),
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(condition=~Q(origin=""), fields=["origin", "created_at"], name="registration_origin"),
        ),
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(condition=Q(burst__isnull=False), fields=["burst"], name="registration_burst"),
        ),
    ]
