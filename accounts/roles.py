"""The roles that colleagues have: groups of users, what each may do, and who may give which."""

from typing import NamedTuple

from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Colleague
from attendance.door_permissions import DOOR
from registrations.permissions import HELPERS, ORGANISERS, STAFF

# By the names of their groups, the one that may do most first.
ROLES = {
    ORGANISERS: pgettext_lazy("role", "Organiser"),
    STAFF: pgettext_lazy("role", "Staff"),
    HELPERS: pgettext_lazy("role", "Helper"),
    DOOR: pgettext_lazy("role", "Door"),
}
# What colleagues read of a permission before they give a role that has it.
ABILITIES = {
    "attendance.add_checkin": _("Check people in at the entrance"),
    "registrations.view_registration": _("Find people and see who has a place"),
    "registrations.view_email": _("See the e-mail addresses of people"),
    "registrations.export_registration": _("Take lists of people away as files"),
    "registrations.change_registration": _("Register people, correct registrations and cancel them"),
    "registrations.view_needs": _("See dietary and access needs"),
    "registrations.add_mailing": _("Write e-mails to people"),
    "registrations.delete_registration": _("Erase the data of people"),
    "conference.change_event": _("Set up conferences and their forms"),
    "admin.view_logentry": _("See in the log who did what"),
    "accounts.add_colleague": _("Invite colleagues and change what colleagues may do"),
}


class Ability(NamedTuple):
    """A row of the table of roles: what can be done, and for each role whether its colleagues can."""

    sentence: Promise
    is_of: list[bool]


def grant_colleague_permissions(using, **kwargs) -> None:
    """Let organisers invite colleagues, after every migration; permissions that were added by hand stay."""
    group, _created = Group.objects.using(using).get_or_create(name=ORGANISERS)
    allowed = Q(content_type__app_label="accounts", content_type__model="colleague")
    group.permissions.add(*Permission.objects.using(using).filter(allowed))


def find_role_permissions() -> dict[str, set[str]]:
    """Return the permissions of each role's group. One query."""
    found = {name: set() for name in ROLES}
    permissions = Permission.objects.filter(group__name__in=ROLES)
    for name, app, codename in permissions.values_list("group__name", "content_type__app_label", "codename"):
        found[name].add(f"{app}.{codename}")
    return found


def list_offered_roles(user) -> list[str]:
    """Return the roles that `user` may give: those that may do nothing that the user may not."""
    own = user.get_all_permissions()
    return [name for name, permissions in find_role_permissions().items() if user.is_superuser or permissions <= own]


def list_abilities() -> list[Ability]:
    """Return what the roles may do, as it is now."""
    found = find_role_permissions()
    return [
        Ability(sentence, [permission in found[name] for name in ROLES]) for permission, sentence in ABILITIES.items()
    ]


def get_role(user) -> str:
    """Return the name of the user's role, of several the first; empty for none. No query if groups are prefetched."""
    names = {group.name for group in user.groups.all()}
    return next((name for name in ROLES if name in names), "")


def set_role(user: Colleague, name: str) -> None:
    """Give the user this role in the place of any other; further groups stay."""
    user.groups.remove(*Group.objects.filter(name__in=ROLES).exclude(name=name))
    user.groups.add(Group.objects.get(name=name))
