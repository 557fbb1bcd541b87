"""What changes the status of many people at once: how it asks first, and how it reports."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from time import monotonic
from typing import NamedTuple

from django.contrib import messages
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from conference.models import Event
from registrations import operations
from registrations.admin.extra_pages import report_promoted
from registrations.models import OutgoingEmail, Registration, RegistrationQuerySet

Status = Registration.Status

# The most people that one message names.
MAX_NAMES = 10
# Each person takes the event's lock, and the server ends requests that take much longer.
TIME_LIMIT_SECONDS = 20


class BulkAction(NamedTuple):
    """Something done by `operation` to each of many people, whose status it makes one of `target_statuses`.

    `question` asks before and `done` reports afterwards with the number of people.
    """

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
        gettext_lazy("Confirm: give a place"),
        [Status.CONFIRMED],
        ngettext_lazy("Give a place to %d person?", "Give places to %d people?"),
        gettext_lazy("Yes, confirm"),
        gettext_lazy("Confirmed: %(number)d."),
    ),
    "promote_out_of_turn": BulkAction(
        operations.promote_out_of_turn,
        gettext_lazy("Give an available place out of turn"),
        Status.occupying_place(),
        ngettext_lazy(
            "Give an available place to %d person ahead of those who have waited longer?",
            "Give available places to %d people ahead of those who have waited longer?",
        ),
        gettext_lazy("Yes, give places"),
        gettext_lazy("Given a place out of turn: %(number)d."),
    ),
    "promote_beyond_capacity": BulkAction(
        operations.promote_beyond_capacity,
        gettext_lazy("Give a place over the limit"),
        Status.occupying_place(),
        ngettext_lazy(
            "Give a place to %d person even if none is available?",
            "Give places to %d people even if none are available?",
        ),
        gettext_lazy("Yes, go over the limit"),
        gettext_lazy("Given a place out of turn: %(number)d."),
        exceeds_capacity=True,
    ),
    "move_to_waiting_list": BulkAction(
        operations.move_to_waiting_list,
        gettext_lazy("Move to the waiting list"),
        [Status.WAITLISTED],
        ngettext_lazy(
            "Move %d person to the end of the waiting list?", "Move %d people to the end of the waiting list?"
        ),
        gettext_lazy("Yes, move them"),
        gettext_lazy("Moved to the waiting list: %(number)d."),
    ),
    "cancel": BulkAction(
        operations.cancel,
        gettext_lazy("Cancel the registration"),
        [Status.CANCELLED],
        ngettext_lazy("Cancel the registration of %d person?", "Cancel the registrations of %d people?"),
        gettext_lazy("Yes, cancel them"),
        gettext_lazy("Cancelled: %(number)d."),
    ),
}


class EventSelection(NamedTuple):
    """The selected people of one event: how many have which status; `taken` counts the event's places held by all."""

    event: Event
    statuses: list[tuple[str, int]]
    taken: int


def group_by_event(people: RegistrationQuerySet) -> list[EventSelection]:
    """Return the number of selected people by event and status. Three queries."""
    counted = defaultdict(dict)
    for event, status, number in people.order_by().values_list("event", "status").annotate(number=Count("pk")):
        counted[event][status] = number
    held = Registration.objects.occupying_place().filter(event__in=counted).order_by()
    taken = dict(held.values_list("event").annotate(number=Count("pk")))
    return [
        EventSelection(
            event,
            [(label, counted[event.pk][status]) for status, label in Status.choices if status in counted[event.pk]],
            taken.get(event.pk, 0),
        )
        for event in Event.objects.defer_long_texts().filter(pk__in=counted).order_by("-starts_at", "pk")
    ]


class Outcome(NamedTuple):
    """Whose registrations were changed, whose could not be and why, and how many are left for lack of time."""

    done: list[Registration]
    refused: dict[str, list[Registration]]
    remaining: int = 0


def apply(people: Iterable[Registration], operation: Callable, **options) -> Outcome:
    """Call `operation` with each registration in their order, for at most TIME_LIMIT_SECONDS."""
    done, refused, until = [], defaultdict(list), monotonic() + TIME_LIMIT_SECONDS
    people = list(people)
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


def report(request, outcome: Outcome, done: str) -> None:
    """Tell the user how many succeeded, in the sentence `done` with %(number)d, and who did not and why."""
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


def report_unchanged(request, people: RegistrationQuerySet) -> None:
    """Tell the user who needed no change, if anybody."""
    if number := people.count():
        text = _("%(people)s: no change needed.")
        first = people.order_by("created_at", "pk")[:MAX_NAMES]
        messages.info(request, text % {"people": format_names(first, number)})


def format_names(people: Sequence[Registration], number: int) -> str:
    """Return names and references of the first of `number` people, and how many more there are."""
    named = ", ".join(f"{one.full_name} ({one.reference})" for one in people[:MAX_NAMES])
    if number <= MAX_NAMES:
        return named
    return _("%(names)s and %(number)d more") % {"names": named, "number": number - MAX_NAMES}


def report_promoted_since(request, outcome: Outcome, start: datetime) -> None:
    """Tell the user how many others have got a place from the waiting list since `start`."""
    promoted = OutgoingEmail.objects.filter(kind=OutgoingEmail.Kind.PROMOTED, created_at__gte=start)
    events = {one.event_id for one in outcome.done}
    acted_on = [one.pk for one in outcome.done]
    report_promoted(request, promoted.filter(registration__event__in=events).exclude(registration__in=acted_on).count())
