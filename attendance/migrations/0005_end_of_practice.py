"""When practice at the door ended, for phones that hear of it later."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0004_recording_functions"),
    ]

    operations = [
        migrations.AddField(
            model_name="doorsettings",
            name="practice_ended_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
