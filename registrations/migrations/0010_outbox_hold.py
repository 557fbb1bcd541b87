from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registrations", "0005_plainer_labels")]

    operations = [
        migrations.AddField(
            model_name="sender",
            name="on_hold_since",
            field=models.DateTimeField(null=True),
        ),
    ]
