"""What the groups of users may do at the door."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from django.utils.translation import gettext_noop

from registrations.permissions import HELPERS, ORGANISERS, STAFF

DOOR = gettext_noop("Door")

# To check people in, in a browser and without pairing it.
CHECK_IN = "attendance.add_checkin"


def grant_door_permissions(using, **kwargs) -> None:
    """Add the permissions, after every migration; those that were added by hand stay.

    Organisers may do everything. Helpers may check people in, and staff may see who came. Door is a group that may
    check people in and nothing else: its users see no registrations outside the pages of the door.
    """
    of_the_door = Q(content_type__app_label="attendance")
    for name, allowed in {
        ORGANISERS: of_the_door,
        STAFF: of_the_door & Q(codename__in=["view_checkin"]),
        HELPERS: of_the_door & Q(codename__in=["view_checkin", "add_checkin"]),
        DOOR: of_the_door & Q(codename="add_checkin"),
    }.items():
        group, _created = Group.objects.using(using).get_or_create(name=name)
        group.permissions.add(*Permission.objects.using(using).filter(allowed))
