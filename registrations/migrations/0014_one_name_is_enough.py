"""One name is enough, and the domains of e-mail addresses are kept in ASCII, as they are sent."""

from django.db import IntegrityError, migrations, models, transaction
from django.db.models import Q

NOT_ASCII = r"[^\x01-\x7f]"


def name_the_nameless(apps, schema_editor):
    """Forms have always asked for a name, so a row without one was made by hand."""
    people = apps.get_model("registrations", "Registration").objects.filter(erased_at=None)
    people.filter(first_name="", last_name="").update(last_name="?")


def encode_domain(email: str) -> str:
    """Return the address with its domain in ASCII. It was decoded by the same codec; what it cannot encode stays."""
    local, at, domain = email.rpartition("@")
    try:
        return f"{local}{at}{domain.encode('idna').decode()}"
    except UnicodeError:
        return email


def encode_domains(apps, schema_editor):
    for model, field in (("Registration", "email"), ("Registration", "new_email"), ("OutgoingEmail", "to")):
        rows = apps.get_model("registrations", model).objects
        for pk, email in rows.filter(**{f"{field}__regex": NOT_ASCII}).values_list("pk", field):
            # One that is taken in ASCII stays as it is: both registrations are kept.
            try:
                with transaction.atomic():
                    rows.filter(pk=pk).update(**{field: encode_domain(email)})
            except IntegrityError:
                pass
    drafts = apps.get_model("registrations", "ImportDraft").objects.exclude(addresses=None)
    for draft in drafts.only("addresses"):
        draft.addresses = sorted(set(map(encode_domain, draft.addresses)))
        draft.save(update_fields=["addresses"])


class Migration(migrations.Migration):
    dependencies = [
        ("registrations", "0013_one_registration_per_person"),
    ]

    operations = [
        migrations.AlterField("registration", "first_name", models.CharField("first name", max_length=100, blank=True)),
        migrations.AlterField("registration", "last_name", models.CharField("last name", max_length=100, blank=True)),
        migrations.RunPython(name_the_nameless, migrations.RunPython.noop),
        migrations.AddConstraint(
            "registration",
            models.CheckConstraint(
                condition=~Q(first_name="", last_name="") | Q(erased_at__isnull=False), name="registration_has_a_name"
            ),
        ),
        migrations.RunPython(encode_domains, migrations.RunPython.noop),
    ]
