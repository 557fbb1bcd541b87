"""Events that were cancelled, and the addresses that events had before."""

import django.db.models.deletion
import i18nfield.fields
from django.db import migrations, models

import conference.models.validators


class Migration(migrations.Migration):
    dependencies = [
        ("conference", "0006_what_each_event_asks"),
    ]

    operations = [
        migrations.AddField(
            model_name="event",
            name="cancellation_note",
            field=i18nfield.fields.I18nTextField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                help_text="Optional: the reason, a new date, who to ask. It is shown on the event's page and in the e-mail.",
                verbose_name="what people should know",
            ),
        ),
        migrations.AddField(
            model_name="event",
            name="cancelled_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="cancelled"),
        ),
        migrations.AlterField(
            model_name="event",
            name="slug",
            field=models.SlugField(
                help_text="The part of the web address that identifies this event, for example libraries-2027. If you change it once the event is published, the earlier address leads to the new one.",
                unique=True,
                validators=[conference.models.validators.validate_slug_is_free],
                verbose_name="address",
            ),
        ),
        migrations.CreateModel(
            name="EarlierAddress",
            fields=[
                ("slug", models.SlugField(primary_key=True, serialize=False, verbose_name="address")),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="earlier_addresses",
                        to="conference.event",
                        verbose_name="event",
                    ),
                ),
            ],
            options={
                "verbose_name": "earlier address",
                "verbose_name_plural": "earlier addresses",
                "ordering": ["slug"],
                "default_permissions": (),
            },
        ),
    ]
