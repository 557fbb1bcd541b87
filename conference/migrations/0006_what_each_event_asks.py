"""What each event asks, calls itself and costs; its sectors: those that all events had get rows."""

import django.db.models.deletion
import i18nfield.fields
from django.db import migrations, models
from i18nfield.strings import LazyI18nString

import conference.models.event

SECTORS = {
    "library": {"lv": "bibliotēkas", "en": "libraries"},
    "lifelong_learning": {"lv": "mūžizglītība", "en": "lifelong learning"},
    "other": {"lv": "cita", "en": "other"},
}


def create_sectors(apps, schema_editor):
    events = apps.get_model("conference", "Event").objects.values_list("pk", flat=True)
    sector = apps.get_model("conference", "Sector")
    sector.objects.bulk_create(
        sector(event_id=event, key=key, label=LazyI18nString(label), position=position)
        for event in events
        for position, (key, label) in enumerate(SECTORS.items())
    )


class Migration(migrations.Migration):
    dependencies = [
        ("conference", "0005_plainer_labels"),
    ]

    operations = [
        migrations.AddField(
            model_name="event",
            name="asks_country",
            field=models.CharField(
                choices=[("no", "not asked"), ("optional", "optional"), ("required", "required")],
                db_default="optional",
                default="optional",
                max_length=8,
                verbose_name="country",
            ),
        ),
        migrations.AddField(
            model_name="event",
            name="asks_job_title",
            field=models.CharField(
                choices=[("no", "not asked"), ("optional", "optional"), ("required", "required")],
                db_default="optional",
                default="optional",
                max_length=8,
                verbose_name="job title",
            ),
        ),
        migrations.AddField(
            model_name="event",
            name="asks_organisation",
            field=models.CharField(
                choices=[("no", "not asked"), ("optional", "optional"), ("required", "required")],
                db_default="optional",
                default="optional",
                max_length=8,
                verbose_name="organisation",
            ),
        ),
        migrations.AddField(
            model_name="event",
            name="asks_sector",
            field=models.CharField(
                choices=[("no", "not asked"), ("optional", "optional"), ("required", "required")],
                db_default="optional",
                default="optional",
                max_length=8,
                verbose_name="sector",
            ),
        ),
        migrations.AddField(
            model_name="event",
            name="asks_topics",
            field=models.CharField(
                choices=[("no", "not asked"), ("optional", "optional"), ("required", "required")],
                db_default="optional",
                default="optional",
                max_length=8,
                verbose_name="topics of interest",
            ),
        ),
        migrations.AddField(
            model_name="event",
            name="fee",
            field=i18nfield.fields.I18nCharField(
                blank=True,
                default=conference.models.event.get_default_fee,
                db_default='{"lv": "Bez maksas", "en": "Free of charge"}',
                help_text="A few words without a full stop, for example “Free of charge”. If empty, nothing about it is shown.",
                verbose_name="fee",
            ),
        ),
        migrations.AddField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("conference", "conference"),
                    ("seminar", "seminar"),
                    ("workshop", "workshop"),
                    ("lecture", "lecture"),
                    ("course", "course"),
                    ("summer_school", "summer school"),
                    ("event", "event"),
                ],
                db_default="conference",
                default="conference",
                help_text="What pages and e-mails call it.",
                max_length=20,
                verbose_name="type of event",
            ),
        ),
        migrations.CreateModel(
            name="Sector",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(editable=False, max_length=40)),
                ("label", i18nfield.fields.I18nCharField(verbose_name="sector")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                (
                    "is_offered",
                    models.BooleanField(
                        db_default=True,
                        default=True,
                        help_text="Otherwise nobody can choose it any more; those who chose it before keep it.",
                        verbose_name="offered",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sectors",
                        to="conference.event",
                        verbose_name="event",
                    ),
                ),
            ],
            options={
                "verbose_name": "sector",
                "verbose_name_plural": "sectors",
                "ordering": ["position", "pk"],
                "constraints": [models.UniqueConstraint(fields=("event", "key"), name="sector_key_once_per_event")],
            },
        ),
        migrations.RunPython(create_sectors, migrations.RunPython.noop, elidable=True),
    ]
