"""What organisers do to many people at once: each operation, what is asked before it, and what is told after it."""

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

from registrations import operations, privacy
from registrations.admin.extra_pages import report_promoted
from registrations.models import Registration, RegistrationQuerySet

Status = Registration.Status

# The most people that one message names.
MAX_NAMES = 10
# Each person takes the event's lock, and the server ends requests that take much longer.
TIME_LIMIT_SECONDS = 20


class BulkAction(NamedTuple):
    """What is done to each of many people except those in `unchanged`; `question` asks before it, if there is one.

    `consequences` tell what is permanent about it. `notifies` is whether it can e-mail the people.
    """

    operation: Callable
    title: str
    unchanged: Q
    done: str
    question: str = ""
    button: str = ""
    permission: str = "change"
    exceeds_capacity: bool = False
    consequences: Sequence[str] = ()
    notifies: bool = True


def erase(registration: Registration, by, **options) -> bool:
    """Erase the person like their own link does, unless the erasure of another registration has just included them."""
    registration.refresh_from_db(fields=["erased_at", "reference", "status"])
    if not registration.erased_at:
        privacy.erase_person(registration, **options)
    return True


BULK_ACTIONS = {
    "confirm": BulkAction(
        operations.confirm,
        _("Confirm: give a place"),
        Q(status=Status.CONFIRMED),
        _("Confirmed: %(number)d."),
        ngettext_lazy("Give a place to %d person?", "Give places to %d people?"),
        _("Yes, confirm"),
    ),
    "promote_out_of_turn": BulkAction(
        operations.promote_out_of_turn,
        _("Give an available place out of turn"),
        Q(status__in=Status.occupying_place()),
        _("Given a place out of turn: %(number)d."),
        ngettext_lazy(
            "Give an available place to %d person ahead of those who have waited longer?",
            "Give available places to %d people ahead of those who have waited longer?",
        ),
        _("Yes, give places"),
    ),
    "promote_beyond_capacity": BulkAction(
        operations.promote_beyond_capacity,
        _("Give a place over the limit"),
        Q(status__in=Status.occupying_place()),
        _("Given a place out of turn: %(number)d."),
        ngettext_lazy(
            "Give a place to %d person even if none is available?",
            "Give places to %d people even if none are available?",
        ),
        _("Yes, go over the limit"),
        exceeds_capacity=True,
    ),
    "move_to_waiting_list": BulkAction(
        operations.move_to_waiting_list,
        _("Move to the waiting list"),
        Q(status=Status.WAITLISTED),
        _("Moved to the waiting list: %(number)d."),
        ngettext_lazy(
            "Move %d person to the end of the waiting list?", "Move %d people to the end of the waiting list?"
        ),
        _("Yes, move them"),
    ),
    "cancel": BulkAction(
        operations.cancel,
        _("Cancel the registration"),
        Q(status=Status.CANCELLED),
        _("Cancelled: %(number)d."),
        ngettext_lazy("Cancel the registration of %d person?", "Cancel the registrations of %d people?"),
        _("Yes, cancel them"),
    ),
    "erase": BulkAction(
        erase,
        _("Erase the data"),
        Q(erased_at__isnull=False),
        _("Erased: %(number)d."),
        ngettext_lazy(
            "Permanently erase the data of %d person?",
            "Permanently erase the data of %d people?",
        ),
        _("Yes, erase the data permanently"),
        permission="erase",
        consequences=[
            _(
                "What goes: name, e-mail address, organisation, job title, answers, tags, internal note, all e-mails, "
                "and what the change history and the log say. It cannot be undone."
            ),
            _(
                "What stays: an entry without a name, so that the figures remain right: when somebody registered, in "
                "which language, and which country, sector and topics they chose."
            ),
            _(
                "Registrations of the same person for the same event, such as an earlier cancelled one, are erased "
                "together with it. Registrations for other events stay."
            ),
            _(
                "Registrations with a place or on the waiting list are cancelled. Before the event ends, the places go "
                "to the next people in line."
            ),
            _("The personal link stops working. No e-mail is sent about it."),
            _("Lists that have been exported, and backup copies, are erased by your own rules."),
        ],
        notifies=False,
    ),
    "send_link_again": BulkAction(
        lambda registration, by: operations.resend_link(registration),
        _("E-mail the personal link again"),
        Q(pk__in=[]),
        _("Personal links being e-mailed: %(number)d."),
    ),
}


def apply(people: RegistrationQuerySet, operation: Callable, **options) -> tuple[list, dict[str, list], int]:
    """Call `operation` with each registration in their order, for at most TIME_LIMIT_SECONDS.

    Return who was changed, who could not be and why, and how many are left for lack of time.
    """
    done, refused, until = [], defaultdict(list), monotonic() + TIME_LIMIT_SECONDS
    for place, registration in enumerate(people):
        if monotonic() > until:
            return done, refused, len(people) - place
        try:
            is_changed, reason = attempt(registration, operation, **options)
        except operations.Busy as refusal:
            is_changed, reason = False, str(refusal)
        if is_changed:
            done.append(registration)
        elif reason:
            refused[reason].append(registration)
    return done, refused, 0


def attempt(registration: Registration, operation: Callable, **options) -> tuple[bool, str]:
    """Return whether the operation changed the registration, and why not if it was refused. Raises Busy."""
    try:
        return bool(operation(registration, **options)), ""
    except operations.Busy:
        raise
    except operations.AlreadyRegistered as refusal:
        return False, str(refusal.reason)
    except operations.OperationError as refusal:
        return False, str(refusal)


def apply_and_report(request, queryset, bulk_action: BulkAction, **options) -> None:
    """Do it to everybody who needs it, log it with their status now, and tell the user the outcome."""
    start, queryset = timezone.now(), queryset.order_by("created_at", "pk")
    already = queryset.filter(bulk_action.unchanged)
    if number := already.count():
        names = format_names(already[:MAX_NAMES], number)
        messages.info(request, _("%(people)s: no change needed.") % {"people": names})
    done, refused, remaining = apply(queryset.exclude(bulk_action.unchanged), bulk_action.operation, **options)
    for status, label in Status.choices:
        changed = [one for one in done if one.status == status]
        LogEntry.objects.log_actions(request.user.pk, changed, CHANGE, f"{bulk_action.title}: {label}")
    for reason, people in refused.items():
        messages.warning(request, f"{format_names(people, len(people))}: {reason}")
    if done:
        messages.success(request, bulk_action.done % {"number": len(done)})
    if remaining:
        text = ngettext(
            "%d person could not be handled in time. Please repeat the action.",
            "%d people could not be handled in time. Please repeat the action.",
            remaining,
        )
        messages.warning(request, text % remaining)
    promoted = Registration.objects.promoted_since(start).filter(event__in={one.event_id for one in done})
    report_promoted(request, promoted.exclude(pk__in=[one.pk for one in done]).count())


def format_names(people: Sequence[Registration], number: int) -> str:
    """Return names and references of the first of `number` people, and how many more there are."""
    named = ", ".join(f"{one.full_name} ({one.reference})" for one in people[:MAX_NAMES])
    if number <= MAX_NAMES:
        return named
    return _("%(names)s and %(number)d more") % {"names": named, "number": number - MAX_NAMES}


def describe_tagged(number: int) -> str:
    return ngettext("The tags of %d person were changed.", "The tags of %d people were changed.", number) % number


def describe_unchanged(number: int) -> str:
    return ngettext("%d person needed no change.", "%d people needed no change.", number) % number
