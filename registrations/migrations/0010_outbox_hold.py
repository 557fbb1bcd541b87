from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registrations", "0009_sender_outages")]

    operations = [
        migrations.AddField(
            model_name="sender",
            name="on_hold_since",
            field=models.DateTimeField(null=True),
        ),
    ]
