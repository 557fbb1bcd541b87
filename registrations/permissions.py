"""The groups of users and their permissions: Organisers, Staff and Helpers."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from django.utils.translation import gettext_noop

ORGANISERS = gettext_noop("Organisers")
STAFF = gettext_noop("Staff")
HELPERS = gettext_noop("Helpers")

HELPERS_PERMISSIONS = {"view_registration"}
STAFF_PERMISSIONS = HELPERS_PERMISSIONS | {"export_registration", "view_email"}


def grant_group_permissions(using, **kwargs) -> None:
    """Create missing groups and add their permissions.

    Organisers may do everything with events and registrations and read the log, but not manage users or restrict
    them to events. Staff may view and export registrations. Helpers may view them without e-mail addresses. Runs
    after every migration; permissions that were added by hand stay.
    """
    permissions = Permission.objects.using(using)
    of_conferences = Q(content_type__app_label__in=["conference", "registrations"])
    limits = Q(content_type__app_label="conference", content_type__model="limitedaccess")
    the_log = Q(content_type__app_label="admin", codename="view_logentry")
    for name, due in {
        ORGANISERS: permissions.filter((of_conferences & ~limits) | the_log),
        STAFF: permissions.filter(of_conferences, codename__in=STAFF_PERMISSIONS),
        HELPERS: permissions.filter(of_conferences, codename__in=HELPERS_PERMISSIONS),
    }.items():
        group, _created = Group.objects.using(using).get_or_create(name=name)
        group.permissions.add(*due)
