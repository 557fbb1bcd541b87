"""The size of badges that are printed at the door."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0005_end_of_practice"),
    ]

    operations = [
        migrations.AddField(
            model_name="doorsettings",
            name="badge_layout",
            field=models.CharField(
                db_default="a7",
                default="a7",
                help_text="The size in which a helper's browser prints the badge of somebody who has just been let in.",
                max_length=10,
                verbose_name="badges printed at the door",
            ),
        ),
    ]
