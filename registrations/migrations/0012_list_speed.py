"""Indexes for the list of registrations: for what it offers as filters, and for searching in less than the table."""

from django.db import migrations, models
from django.db.models.functions import Left

from registrations.search import SearchText


class Migration(migrations.Migration):
    dependencies = [
        ("conference", "0005_plainer_labels"),
        ("registrations", "0011_account_emails"),
    ]

    # The table is written anew for the changed column, and all its indexes: so those that change come last.
    operations = [
        migrations.RemoveIndex("registration", "registration_figures"),
        migrations.RemoveIndex("registration", "registration_newest"),
        migrations.RemoveField("registration", "search_text"),
        migrations.AddField(
            "registration",
            "search_text",
            models.GeneratedField(
                db_persist=True,
                expression=Left(SearchText("first_name", "last_name", "organisation", "reference", "email"), 640),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddIndex(
            "registration",
            models.Index(fields=["-created_at", "-id"], include=("event", "search_text"), name="registration_newest"),
        ),
        migrations.AddIndex(
            "registration",
            models.Index(
                fields=["event", "country"],
                include=("status", "created_at", "sector", "language"),
                name="registration_figures",
            ),
        ),
        migrations.AddIndex(
            "registration",
            models.Index(fields=["event"], name="registration_tagged", condition=~models.Q(tags=[])),
        ),
    ]
