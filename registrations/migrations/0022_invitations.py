from django.db import migrations, models

KINDS = [
    ("registered", "registration confirmed"),
    ("waitlisted", "on the waiting list"),
    ("already_registered", "already registered"),
    ("confirm", "confirm the place"),
    ("promoted", "place from the waiting list"),
    ("changed", "registration changed"),
    ("new_address", "confirm the new address"),
    ("address_notice", "change of address"),
    ("cancelled", "registration cancelled"),
    ("link", "personal links"),
    ("reminder", "reminder"),
    ("event_cancelled", "event cancelled"),
    ("event_restored", "event takes place after all"),
    ("message", "message from the organisers"),
    ("test", "test"),
    ("invitation", "invitation of a colleague"),
    ("password_reset", "new password"),
    ("password_changed", "password changed"),
    ("factor_added", "two-step log-in added"),
    ("factor_removed", "two-step log-in removed"),
    ("factor_reset", "two-step log-in reset"),
    ("recovery_codes", "new recovery codes"),
]
WITHOUT_REGISTRATION = [
    *("link", "test", "invitation", "password_reset", "password_changed"),
    *("factor_added", "factor_removed", "factor_reset", "recovery_codes"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("registrations", "0021_bulk_jobs"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="outgoingemail", name="email_has_a_registration"),
        migrations.AlterField(
            model_name="outgoingemail",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=20, verbose_name="message"),
        ),
        migrations.AddConstraint(
            model_name="outgoingemail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("registration__isnull", False), ("kind__in", WITHOUT_REGISTRATION), _connector="OR"
                ),
                name="email_has_a_registration",
            ),
        ),
    ]
