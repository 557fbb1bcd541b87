"""Indexes for what the list of registrations offers as filters: the countries and tags that occur."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conference", "0005_plainer_labels"),
        ("registrations", "0005_plainer_labels"),
    ]

    operations = [
        migrations.RemoveIndex("registration", "registration_figures"),
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
