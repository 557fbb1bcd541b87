"""Messages about an event that is cancelled; mailings with a calendar file; what the caterer needs: needs, as so far."""

from django.db import migrations, models


def mark_needs(apps, schema_editor):
    # Not what people wrote: they did so when the caterer got only numbers.
    counted = apps.get_model("registrations", "Question").objects.filter(kind__in=["yes_no", "one_of", "several_of"])
    counted.filter(is_about_needs=True).update(is_for_catering=True)


class Migration(migrations.Migration):
    dependencies = [
        ("registrations", "0017_sectors_of_each_event"),
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
        migrations.AddField(
            model_name="mailing",
            name="is_about_needs",
            field=models.BooleanField(db_default=False, default=False, verbose_name="to people who told a need"),
        ),
        migrations.AddField(
            model_name="question",
            name="is_for_catering",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="For example lunch, or dietary needs. The caterer's list has the numbers of those with a place, and what people wrote, but no names.",
                verbose_name="the caterer needs it",
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
        migrations.AlterField(
            model_name="question",
            name="is_about_needs",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Only people with permission can see the answers, and each viewing is logged. They are left out of e-mails and exports, and they are erased after the event.",
                verbose_name="dietary or access needs",
            ),
        ),
        migrations.RunPython(mark_needs, migrations.RunPython.noop),
    ]
