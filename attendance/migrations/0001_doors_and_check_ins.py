"""Entrances, phones that are paired with them, and who went in and out."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("conference", "0008_one_registration_per_address"),
        ("registrations", "0019_ticket_codes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DoorSettings",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="door_settings",
                        serialize=False,
                        to="conference.event",
                    ),
                ),
                (
                    "has_names",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="Then each paired phone keeps the names and organisations of everybody, also without a network, and a lost phone can give them away. Otherwise a phone shows a name only after it has scanned that ticket.",
                        verbose_name="phones can search by name",
                    ),
                ),
                (
                    "exceeds_capacity",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="Helpers can let people in who have not registered, even if no place is left.",
                        verbose_name="walk-ins beyond the places",
                    ),
                ),
                (
                    "checks_out",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="For the hours that somebody attended.",
                        verbose_name="people check out too",
                    ),
                ),
                (
                    "is_practice",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="Check-ins are kept apart and count nowhere, until they are thrown away at its end.",
                        verbose_name="practice",
                    ),
                ),
            ],
            options={
                "verbose_name": "door settings",
                "verbose_name_plural": "door settings",
            },
        ),
        migrations.CreateModel(
            name="Door",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="entrance")),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="doors",
                        to="conference.event",
                        verbose_name="event",
                    ),
                ),
            ],
            options={
                "verbose_name": "entrance",
                "verbose_name_plural": "entrances",
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="DoorDevice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "paired_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="paired"
                    ),
                ),
                ("expires_at", models.DateTimeField(editable=False, verbose_name="works until")),
                ("last_seen_at", models.DateTimeField(editable=False, null=True, verbose_name="last seen")),
                (
                    "unsent",
                    models.PositiveIntegerField(db_default=0, default=0, editable=False, verbose_name="to be sent"),
                ),
                ("revoked_at", models.DateTimeField(editable=False, null=True, verbose_name="locked out")),
                (
                    "door",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="devices",
                        to="attendance.door",
                        verbose_name="entrance",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="door_devices",
                        to="conference.event",
                        verbose_name="event",
                    ),
                ),
            ],
            options={
                "verbose_name": "phone at the door",
                "verbose_name_plural": "phones at the door",
                "ordering": ["-paired_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="CheckIn",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("ticket_key", models.CharField(blank=True, db_default="", default="", editable=False, max_length=32)),
                (
                    "kind",
                    models.CharField(
                        choices=[("in", "in"), ("out", "out"), ("undo", "undone")], max_length=4, verbose_name="kind"
                    ),
                ),
                ("undoes", models.UUIDField(blank=True, null=True)),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("scan", "scanned"),
                            ("search", "found by name"),
                            ("by_hand", "by hand"),
                            ("walk_in", "not registered before"),
                        ],
                        max_length=8,
                        verbose_name="method",
                    ),
                ),
                ("happened_at", models.DateTimeField(verbose_name="when")),
                ("clock_offset", models.IntegerField(db_default=0, default=0)),
                (
                    "received_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="received"),
                ),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("welcome", "had a place"),
                            ("again", "was in already"),
                            ("waitlisted", "on the waiting list"),
                            ("cancelled", "cancelled"),
                            ("pending", "not confirmed yet"),
                            ("other_event", "of another event"),
                            ("unknown", "unknown ticket"),
                            ("over_capacity", "no place was left"),
                        ],
                        db_default="",
                        default="",
                        max_length=13,
                        verbose_name="note",
                    ),
                ),
                (
                    "reason",
                    models.CharField(blank=True, db_default="", default="", max_length=200, verbose_name="reason"),
                ),
                ("is_practice", models.BooleanField(db_default=False, default=False, verbose_name="practice")),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="check_ins",
                        to="conference.event",
                        verbose_name="event",
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="check_ins",
                        to="registrations.registration",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
                (
                    "door",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="check_ins",
                        to="attendance.door",
                        verbose_name="entrance",
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="check_ins",
                        to="attendance.doordevice",
                        verbose_name="phone",
                    ),
                ),
            ],
            options={
                "verbose_name": "check-in",
                "verbose_name_plural": "check-ins",
                "ordering": ["-happened_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="DoorPairing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "device",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pairing",
                        to="attendance.doordevice",
                    ),
                ),
                (
                    "door",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to="attendance.door"
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="door_pairings", to="conference.event"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="door",
            constraint=models.UniqueConstraint(
                models.F("event"), django.db.models.functions.text.Lower("name"), name="door_once_per_event"
            ),
        ),
        migrations.AddIndex(
            model_name="checkin",
            index=models.Index(models.F("undoes"), condition=models.Q(("kind", "undo")), name="check_in_undoes"),
        ),
        migrations.AddIndex(
            model_name="checkin",
            index=models.Index(fields=["event", "happened_at"], name="check_in_by_time"),
        ),
        migrations.AddConstraint(
            model_name="checkin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "undo"), ("undoes__isnull", False)),
                    models.Q(models.Q(("kind", "undo"), _negated=True), ("undoes__isnull", True)),
                    _connector="OR",
                ),
                name="check_in_undo_names_what",
            ),
        ),
    ]
