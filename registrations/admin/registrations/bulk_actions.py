"""What changes how many people stand at once: in which words it asks first, and in which it reports."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from time import monotonic
from typing import NamedTuple

from django.contrib import messages
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from conference.models import Event
from registrations import operations
from registrations.admin.events.event_admin import report_promoted
from registrations.models import OutgoingEmail, Registration, RegistrationQuerySet

Status = Registration.Status

# So many people are named with each reason why something could not be done.
MAX_NAMES = 10
# So long one request goes on: each person takes the event's lock, and the server ends what takes much longer.
TIME_LIMIT_SECONDS = 20


class BulkAction(NamedTuple):
    """Something done to each of many people by `operation`, whose status it makes one of `ends_as`."""

    operation: Callable
    title: str
    ends_as: list[str]
    ask: Callable[[int], str]
    button: str
    goes_beyond: bool = False


BULK_ACTIONS = {
    "confirm": BulkAction(
        operations.confirm,
        gettext_lazy("Confirm: give a place"),
        [Status.CONFIRMED],
        lambda number: ngettext("Give a place to %d person?", "Give places to %d people?", number) % number,
        gettext_lazy("Yes, confirm"),
    ),
    "promote_out_of_turn": BulkAction(
        operations.promote_out_of_turn,
        gettext_lazy("Give an available place out of turn"),
        Status.occupying_place(),
        lambda number: (
            ngettext(
                "Give an available place to %d person ahead of those who have waited longer?",
                "Give available places to %d people ahead of those who have waited longer?",
                number,
            )
            % number
        ),
        gettext_lazy("Yes, give places"),
    ),
    "promote_beyond_capacity": BulkAction(
        operations.promote_beyond_capacity,
        gettext_lazy("Give a place over the limit"),
        Status.occupying_place(),
        lambda number: (
            ngettext(
                "Give a place to %d person even if none is available?",
                "Give places to %d people even if none are available?",
                number,
            )
            % number
        ),
        gettext_lazy("Yes, go over the limit"),
        goes_beyond=True,
    ),
    "move_to_waiting_list": BulkAction(
        operations.move_to_waiting_list,
        gettext_lazy("Move to the waiting list"),
        [Status.WAITLISTED],
        lambda number: (
            ngettext(
                "Move %d person to the end of the waiting list?",
                "Move %d people to the end of the waiting list?",
                number,
            )
            % number
        ),
        gettext_lazy("Yes, move them"),
    ),
    "cancel": BulkAction(
        operations.cancel,
        gettext_lazy("Cancel the registration"),
        [Status.CANCELLED],
        lambda number: (
            ngettext("Cancel the registration of %d person?", "Cancel the registrations of %d people?", number) % number
        ),
        gettext_lazy("Yes, cancel them"),
    ),
}


class EventSelection(NamedTuple):
    """Those of one event among the chosen people: how many stand how, and how many places there are and are taken."""

    event: Event
    standings: list[tuple[str, int]]
    taken: int


def group_by_event(people: RegistrationQuerySet) -> list[EventSelection]:
    """How many people of which event and status are chosen. Three queries."""
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
    """Whom it was done to, who could not be and why, and for how many there was no time."""

    done: list[Registration]
    refused: dict[str, list[Registration]]
    left: int


def apply(people: Iterable[Registration], operation: Callable, **how) -> Outcome:
    """Do `operation` with each of them, in their order, for SECONDS at most."""
    done, refused, until = [], defaultdict(list), monotonic() + TIME_LIMIT_SECONDS
    people = list(people)
    for place, registration in enumerate(people):
        if monotonic() > until:
            return Outcome(done, refused, len(people) - place)
        try:
            if operation(registration, **how):
                done.append(registration)
        except operations.AlreadyRegistered:
            # Names no other registration, so that those with the same reason stand together.
            reason = _("There is another registration for this event with this e-mail address.")
            refused[reason].append(registration)
        except operations.OperationError as refusal:
            refused[str(refusal)].append(registration)
    return Outcome(done, refused, 0)


def report(request, outcome: Outcome, done: str) -> None:
    """Say what was done, by the sentence `done` with its number under %(number)d, and what could not be and why."""
    for reason, people in outcome.refused.items():
        messages.warning(request, f"{format_names(people, len(people))}: {reason}")
    if outcome.done:
        messages.success(request, done % {"number": len(outcome.done)})
    if outcome.left:
        text = ngettext(
            "%d person could not be handled in time. Please repeat the action.",
            "%d people could not be handled in time. Please repeat the action.",
            outcome.left,
        )
        messages.warning(request, text % outcome.left)


def report_unchanged(request, people: RegistrationQuerySet) -> None:
    """Say who needs no change, if anybody does not."""
    if number := people.count():
        text = _("%(people)s: no change needed.")
        first = people.order_by("created_at", "pk")[:MAX_NAMES]
        messages.info(request, text % {"people": format_names(first, number)})


def format_names(people: Sequence[Registration], number: int) -> str:
    """The first of `number` people by name and reference, and how many more there are."""
    named = ", ".join(f"{one.full_name} ({one.reference})" for one in people[:MAX_NAMES])
    if number <= MAX_NAMES:
        return named
    return _("%(names)s and %(number)d more") % {"names": named, "number": number - MAX_NAMES}


def report_promoted_since(request, outcome: Outcome, start: datetime) -> None:
    """Say how many others got a place since `start`, as those were freed."""
    promoted = OutgoingEmail.objects.filter(kind=OutgoingEmail.Kind.PROMOTED, created_at__gte=start)
    events = {one.event_id for one in outcome.done}
    acted_on = [one.pk for one in outcome.done]
    report_promoted(request, promoted.filter(registration__event__in=events).exclude(registration__in=acted_on).count())
