import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from registrations.permissions import HELPERS, ORGANISERS, STAFF

pytestmark = pytest.mark.django_db

STAFF_PERMISSIONS = {"view_registration", "view_email", "export_registration", "view_checkin"}


def permissions(name: str) -> set[str]:
    return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))


def test_staff_may_view_and_export_registrations_and_see_who_came_and_nothing_else():
    assert permissions(STAFF) == STAFF_PERMISSIONS


def test_helpers_may_check_people_in_and_view_registrations_without_their_addresses():
    assert permissions(HELPERS) == {"view_registration", "view_checkin", "add_checkin"}


def test_organisers_may_do_everything_except_with_users_and_event_restrictions():
    apps = Permission.objects.filter(content_type__app_label__in=["attendance", "conference", "registrations"])
    own = set(apps.exclude(content_type__model="limitedaccess").values_list("codename", flat=True))
    assert permissions(ORGANISERS) == own | {"view_logentry", "view_colleague", "add_colleague", "change_colleague"}
    assert {"add_event", "change_event", "change_registration", "export_registration"} <= permissions(ORGANISERS)
    assert not any(codename.endswith(("_user", "_group", "_permission")) for codename in permissions(ORGANISERS))


def test_migrating_again_keeps_permissions_added_by_hand():
    extra = Permission.objects.get(codename="view_event")
    Group.objects.get(name=STAFF).permissions.add(extra)
    call_command("migrate", verbosity=0)
    assert permissions(STAFF) == STAFF_PERMISSIONS | {"view_event"}
