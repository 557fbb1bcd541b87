from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conference", "0006_what_each_event_asks"),
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
