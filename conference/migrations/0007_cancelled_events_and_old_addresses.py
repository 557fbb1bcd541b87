"""Events that were cancelled."""

import i18nfield.fields
from django.db import migrations, models


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
    ]
