"""One live registration per event, address and person; people are found and sorted whatever the punctuation."""

from django.db import migrations, models
from django.db.models import Q, Value
from django.db.models.functions import Concat, Left, Lower

from registrations.search import CREATE_FUNCTIONS, LatvianOrder, PersonKey, SearchText


def generate(name: str, expression, **collation) -> list:
    """Generate the field anew for all rows; PostgreSQL before version 17 cannot change the expression of one."""
    output_field = models.TextField(**collation)
    field = models.GeneratedField(db_persist=True, expression=expression, output_field=output_field)
    return [migrations.RemoveField("registration", name), migrations.AddField("registration", name, field)]


class Migration(migrations.Migration):
    dependencies = [
        ("conference", "0005_plainer_labels"),
        ("registrations", "0012_list_speed"),
    ]

    # The table is written anew for each field, and all its indexes: so those that change come last.
    operations = [
        migrations.RunSQL(CREATE_FUNCTIONS, "DROP FUNCTION registrations_person_key, registrations_fold"),
        migrations.RemoveConstraint("registration", "registration_one_live_per_event_and_email"),
        migrations.RemoveIndex("registration", "registration_newest"),
        migrations.RemoveIndex("registration", "registration_by_name"),
        *generate(
            "search_text", Left(SearchText("first_name", "last_name", "organisation", "reference", "email"), 640)
        ),
        *generate("sort_name", LatvianOrder(Concat("last_name", Value(" "), "first_name")), db_collation="C"),
        generate("person_key", PersonKey("first_name", "last_name"))[1],
        migrations.AddIndex(
            "registration",
            models.Index(fields=["-created_at", "-id"], include=("event", "search_text"), name="registration_newest"),
        ),
        migrations.AddIndex("registration", models.Index(fields=["sort_name", "id"], name="registration_by_name")),
        migrations.AddConstraint(
            "registration",
            models.UniqueConstraint(
                "event",
                Lower("email"),
                "person_key",
                condition=~Q(status="cancelled") & Q(erased_at__isnull=True) & ~Q(email=""),
                name="registration_one_live_per_person",
            ),
        ),
        migrations.AddField(
            "outgoingemail",
            "entered",
            models.JSONField(blank=True, editable=False, null=True, verbose_name="entered again"),
        ),
    ]
