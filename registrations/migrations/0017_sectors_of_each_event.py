"""A registration's sector is one of its event's, by its key."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conference", "0006_what_each_event_asks"),
        ("registrations", "0016_people_without_email"),
    ]

    operations = [
        migrations.AlterField(
            model_name="registration",
            name="sector",
            field=models.CharField(blank=True, max_length=40, verbose_name="sector"),
        ),
    ]
