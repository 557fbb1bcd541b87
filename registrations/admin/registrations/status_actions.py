"""What changes the status of many people at once: what it asks first, how it is done and reported."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from time import monotonic
from typing import NamedTuple

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from registrations import operations
from registrations.admin.events.event_messages import report_promoted
from registrations.models import OutgoingEmail, Registration, RegistrationQuerySet

Status = Registration.Status

# The most people that one message names.
MAX_NAMES = 10
# Each person takes the event's lock, and the server ends requests that take much longer.
TIME_LIMIT_SECONDS = 20


class BulkAction(NamedTuple):
    """What gives many people one of `target_statuses`; `question` asks before and `done` reports, with the number."""

    operation: Callable
    title: str
    target_statuses: list[str]
    question: str
    button: str
    done: str
    exceeds_capacity: bool = False


BULK_ACTIONS = {
    "confirm": BulkAction(
        operations.confirm,
        _("Confirm: give a place"),
        [Status.CONFIRMED],
        ngettext_lazy("Give a place to %d person?", "Give places to %d people?"),
        _("Yes, confirm"),
        _("Confirmed: %(number)d."),
    ),
    "promote_out_of_turn": BulkAction(
        operations.promote_out_of_turn,
        _("Give an available place out of turn"),
        Status.occupying_place(),
        ngettext_lazy(
            "Give an available place to %d person ahead of those who have waited longer?",
            "Give available places to %d people ahead of those who have waited longer?",
        ),
        _("Yes, give places"),
        _("Given a place out of turn: %(number)d."),
    ),
    "promote_beyond_capacity": BulkAction(
        operations.promote_beyond_capacity,
        _("Give a place over the limit"),
        Status.occupying_place(),
        ngettext_lazy(
            "Give a place to %d person even if none is available?",
            "Give places to %d people even if none are available?",
        ),
        _("Yes, go over the limit"),
        _("Given a place out of turn: %(number)d."),
        exceeds_capacity=True,
    ),
    "move_to_waiting_list": BulkAction(
        operations.move_to_waiting_list,
        _("Move to the waiting list"),
        [Status.WAITLISTED],
        ngettext_lazy(
            "Move %d person to the end of the waiting list?", "Move %d people to the end of the waiting list?"
        ),
        _("Yes, move them"),
        _("Moved to the waiting list: %(number)d."),
    ),
    "cancel": BulkAction(
        operations.cancel,
        _("Cancel the registration"),
        [Status.CANCELLED],
        ngettext_lazy("Cancel the registration of %d person?", "Cancel the registrations of %d people?"),
        _("Yes, cancel them"),
        _("Cancelled: %(number)d."),
    ),
}


class Outcome(NamedTuple):
    """Whose registrations were changed, whose could not be and why, and how many are left for lack of time."""

    done: list[Registration]
    refused: dict[str, list[Registration]]
    remaining: int = 0


def apply(people: RegistrationQuerySet, operation: Callable, **options) -> Outcome:
    """Call `operation` with each registration in their order, for at most TIME_LIMIT_SECONDS."""
    done, refused, until = [], defaultdict(list), monotonic() + TIME_LIMIT_SECONDS
    for place, registration in enumerate(people):
        if monotonic() > until:
            return Outcome(done, refused, len(people) - place)
        try:
            if operation(registration, **options):
                done.append(registration)
        except operations.AlreadyRegistered:
            # Without the other registration's reference, so that all of them share one message.
            reason = _("There is another registration for this event with this e-mail address.")
            refused[reason].append(registration)
        except operations.OperationError as refusal:
            refused[str(refusal)].append(registration)
    return Outcome(done, refused)


def apply_and_report(request, queryset, action, operation: Callable, done: str, unchanged: Q, **options) -> None:
    """Apply `operation` to all but those in `unchanged`, log it, and tell the outcome: `done` with their %(number)d."""
    start, queryset = timezone.now(), queryset.order_by("created_at", "pk")
    already = queryset.filter(unchanged)
    if number := already.count():
        names = format_names(already[:MAX_NAMES], number)
        messages.info(request, _("%(people)s: no change needed.") % {"people": names})
    outcome = apply(queryset.exclude(unchanged), operation, **options)
    log_action(request, outcome.done, action.short_description)
    for reason, people in outcome.refused.items():
        messages.warning(request, f"{format_names(people, len(people))}: {reason}")
    if outcome.done:
        messages.success(request, done % {"number": len(outcome.done)})
    if outcome.remaining:
        text = ngettext(
            "%d person could not be handled in time. Please repeat the action.",
            "%d people could not be handled in time. Please repeat the action.",
            outcome.remaining,
        )
        messages.warning(request, text % outcome.remaining)
    promoted = OutgoingEmail.objects.filter(kind=OutgoingEmail.Kind.PROMOTED, created_at__gte=start)
    of_events = promoted.filter(registration__event__in={one.event_id for one in outcome.done})
    report_promoted(request, of_events.exclude(registration__in=outcome.done).count())


def log_action(request, people: list[Registration], label: str) -> None:
    """Add to the stock history of each registration what was done, and its status now."""
    by_status = defaultdict(list)
    for registration in people:
        by_status[registration.get_status_display()].append(registration)
    for status, group in by_status.items():
        LogEntry.objects.log_actions(request.user.pk, group, CHANGE, f"{label}: {status}")


def format_names(people: Sequence[Registration], number: int) -> str:
    """Return names and references of the first of `number` people, and how many more there are."""
    named = ", ".join(f"{one.full_name} ({one.reference})" for one in people[:MAX_NAMES])
    if number <= MAX_NAMES:
        return named
    return _("%(names)s and %(number)d more") % {"names": named, "number": number - MAX_NAMES}
