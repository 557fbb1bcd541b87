import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from registrations.groups import ORGANISERS, STAFF

pytestmark = pytest.mark.django_db


def permissions(name: str) -> set[str]:
    return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))


def test_staff_may_view_and_export_registrations_and_nothing_else():
    assert permissions(STAFF) == {"view_registration", "export_registration"}


def test_organisers_may_do_everything_but_with_users():
    apps = Permission.objects.filter(content_type__app_label__in=["conference", "registrations"])
    assert permissions(ORGANISERS) == set(apps.values_list("codename", flat=True))
    assert {"add_event", "change_event", "change_registration", "export_registration"} <= permissions(ORGANISERS)
    assert not any(codename.endswith(("_user", "_group", "_permission")) for codename in permissions(ORGANISERS))


def test_migrating_again_keeps_what_was_given_by_hand():
    extra = Permission.objects.get(codename="view_event")
    Group.objects.get(name=STAFF).permissions.add(extra)
    call_command("migrate", verbosity=0)
    assert permissions(STAFF) == {"view_registration", "export_registration", "view_event"}
