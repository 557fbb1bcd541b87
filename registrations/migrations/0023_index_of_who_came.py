from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conference", "0008_one_registration_per_address"),
        ("registrations", "0022_invitations"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(
                condition=models.Q(("checked_in_at__isnull", False)), fields=["event"], name="registration_came"
            ),
        ),
    ]
