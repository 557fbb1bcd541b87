"""Checking people in from the list of registrations: two more of its actions."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from attendance import operations
from registrations.admin.registrations.bulk_actions import BULK_ACTIONS, BulkAction
from registrations.admin.registrations.list_actions import ACTIONS, ask_or_apply, make_action

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
