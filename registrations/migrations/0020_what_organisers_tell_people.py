"""Messages about an event that is cancelled, and mailings with a calendar file."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registrations", "0019_sectors_of_each_event"),
    ]

    operations = [
        migrations.AddField(
            model_name="mailing",
            name="has_calendar",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="For people with a place: opening it moves the entry in their calendar, or adds it.",
                verbose_name="with the calendar file",
            ),
        ),
        migrations.AlterField(
            model_name="outgoingemail",
            name="kind",
            field=models.CharField(
                choices=[
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
                    ("password_reset", "new password"),
                    ("password_changed", "password changed"),
                    ("factor_added", "two-step log-in added"),
                    ("factor_removed", "two-step log-in removed"),
                    ("factor_reset", "two-step log-in reset"),
                    ("recovery_codes", "new recovery codes"),
                ],
                max_length=20,
                verbose_name="message",
            ),
        ),
    ]
