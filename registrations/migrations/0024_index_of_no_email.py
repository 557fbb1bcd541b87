from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registrations", "0023_index_of_who_came")]

    operations = [
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(
                condition=models.Q(("email", ""), ("erased_at__isnull", True)),
                fields=["event", "-created_at", "-id"],
                name="registration_no_email",
            ),
        ),
    ]
