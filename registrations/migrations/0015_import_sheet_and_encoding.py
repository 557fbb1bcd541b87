"""Which sheet of a list is imported, and in which encoding it is read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registrations", "0014_one_name_is_enough"),
    ]

    operations = [
        migrations.AddField(
            model_name="importdraft",
            name="sheet",
            field=models.CharField(blank=True, db_default="", default="", max_length=100),
        ),
        migrations.AddField(
            model_name="importdraft",
            name="encoding",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
    ]
