"""The two groups of people who log in: Organisers and Staff."""

from django.contrib.auth.models import Group, Permission

ORGANISERS = "Organisers"
STAFF = "Staff"

STAFF_PERMISSIONS = {"view_registration", "export_registration"}


def grant_group_permissions(using, **kwargs) -> None:
    """Make the groups where they are missing and give each what it is due.

    Organisers may do everything with conferences and registrations, and nothing with users.
    Staff may view and export registrations, and nothing else. Runs after every migration;
    permissions that somebody added by hand stay.
    """
    ours = Permission.objects.using(using).filter(content_type__app_label__in=["conference", "registrations"])
    for name, permissions in {
        ORGANISERS: ours,
        STAFF: ours.filter(codename__in=STAFF_PERMISSIONS),
    }.items():
        group, _created = Group.objects.using(using).get_or_create(name=name)
        group.permissions.add(*permissions)
