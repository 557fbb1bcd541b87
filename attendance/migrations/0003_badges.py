"""What people are at an event, and whose badge has been printed."""

import django.core.validators
import django.db.models.deletion
import i18nfield.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0002_rosters_and_earlier_check_ins"),
        ("conference", "0008_one_registration_per_address"),
        ("registrations", "0019_ticket_codes"),
    ]

    operations = [
        migrations.CreateModel(
            name="BadgeRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", i18nfield.fields.I18nCharField(verbose_name="role")),
                (
                    "colour",
                    models.CharField(
                        default="#2f4858",
                        help_text="Of the band with the word. The word is black or white, whichever is easier to read on it.",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator("^#[0-9a-f]{6}\\Z", "Enter a colour such as #8a1c2f.")
                        ],
                        verbose_name="colour",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Whoever has no other role has the first one.", verbose_name="position"
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="badge_roles",
                        to="conference.event",
                        verbose_name="event",
                    ),
                ),
            ],
            options={
                "verbose_name": "badge role",
                "verbose_name_plural": "badge roles",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Badge",
            fields=[
                (
                    "registration",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="badge",
                        serialize=False,
                        to="registrations.registration",
                        verbose_name="person",
                    ),
                ),
                ("printed_at", models.DateTimeField(blank=True, null=True, verbose_name="badge printed")),
                (
                    "role",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="badges",
                        to="attendance.badgerole",
                        verbose_name="role",
                    ),
                ),
            ],
            options={
                "verbose_name": "badge",
                "verbose_name_plural": "badges",
            },
        ),
        migrations.AddConstraint(
            model_name="badgerole",
            constraint=models.UniqueConstraint(fields=("event", "word"), name="badge_role_once_per_event"),
        ),
    ]
