from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conference", "0007_cancelled_events_and_old_addresses"),
    ]

    operations = [
        migrations.AddField(
            model_name="event",
            name="one_per_address",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Otherwise several people can register with the same address. Those who have done so stay.",
                verbose_name="one registration per e-mail address",
            ),
        ),
    ]
