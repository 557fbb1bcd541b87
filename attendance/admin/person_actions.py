"""Checking people in from the list of registrations and from the page of each: two more actions."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attendance import operations
from attendance.door_permissions import CHECK_IN
from registrations.admin.registrations.bulk_actions import BULK_ACTIONS, BulkAction
from registrations.admin.registrations.list_actions import ACTIONS, ask_or_apply, make_action
from registrations.admin.registrations.person_state import PersonState
from registrations.admin.registrations.single_actions import SINGLE_ACTIONS, Prominence, SingleAction

# People come from about then on.
BEFORE_START = timedelta(days=1)

CHECK_IN_ACTIONS = {
    "check_in": BulkAction(
        operations.check_in, _("Check in"), Q(checked_in_at__isnull=False), _("Checked in: %(number)d.")
    ),
    "undo_check_in": BulkAction(
        operations.undo_check_in, _("Undo check-in"), Q(checked_in_at=None), _("Check-in undone: %(number)d.")
    ),
}
BULK_ACTIONS.update(CHECK_IN_ACTIONS)
# After the frequent ones.
place = [action.__name__ for action in ACTIONS].index("remove_tag")
ACTIONS[place:place] = [
    make_action(name, "change", action.title, ask_or_apply) for name, action in CHECK_IN_ACTIONS.items()
]


def can_check_in(state: PersonState) -> bool:
    person = state.registration
    return person.is_confirmed and not (person.checked_in_at or person.erased_at or person.event.is_cancelled)


def get_check_in_prominence(state: PersonState) -> Prominence:
    event = state.registration.event
    is_near = event.starts_at - BEFORE_START <= timezone.now() and not event.has_ended
    return Prominence.FIRST if is_near else Prominence.FOLDED


SINGLE_ACTIONS.update(
    check_in=SingleAction(
        *(_("Check in"), can_check_in, _("Checked in.")),
        permission=CHECK_IN,
        get_prominence=get_check_in_prominence,
    ),
    undo_check_in=SingleAction(
        _("Undo check-in"),
        lambda state: bool(state.registration.checked_in_at and not state.registration.erased_at),
        _("The check-in was undone."),
        permission=CHECK_IN,
    ),
)
