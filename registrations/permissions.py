"""The groups of users and their permissions: Organisers, Staff and Helpers."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from django.utils.translation import gettext_noop

ORGANISERS = gettext_noop("Organisers")
STAFF = gettext_noop("Staff")
HELPERS = gettext_noop("Helpers")

# To erase a person. Registrations themselves are never deleted.
ERASE = "registrations.delete_registration"


def grant_group_permissions(using, **kwargs) -> None:
    """Create missing groups and add their permissions, after every migration; those that were added by hand stay.

    Organisers may do everything with events and registrations and read the log, but not manage users or restrict
    them to events, except as colleagues: accounts/roles.py. Staff may view and export registrations. Helpers may view
    them without e-mail addresses.
    """
    of_conferences = Q(content_type__app_label__in=["conference", "registrations"])
    limits = Q(content_type__app_label="conference", content_type__model="limitedaccess")
    the_log = Q(content_type__app_label="admin", codename="view_logentry")
    for name, allowed in {
        ORGANISERS: (of_conferences & ~limits) | the_log,
        STAFF: of_conferences & Q(codename__in=["view_registration", "export_registration", "view_email"]),
        HELPERS: of_conferences & Q(codename="view_registration"),
    }.items():
        group, _created = Group.objects.using(using).get_or_create(name=name)
        group.permissions.add(*Permission.objects.using(using).filter(allowed))
