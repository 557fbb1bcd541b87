"""People without an e-mail address, whom organisers add. A place is never held until they confirm one."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("registrations", "0015_import_sheet_and_encoding"),
    ]

    operations = [
        migrations.AlterField(
            "registration", "email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")
        ),
        migrations.AddConstraint(
            "registration",
            models.CheckConstraint(
                condition=~Q(status="pending", email="") | Q(erased_at__isnull=False),
                name="registration_email_when_pending",
            ),
        ),
    ]
