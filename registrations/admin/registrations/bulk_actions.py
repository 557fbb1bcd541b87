"""The actions of the list of registrations. Those that change a status ask once, on a page of their own."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from time import monotonic
from typing import NamedTuple

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import Q
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from registrations import operations
from registrations.admin.extra_pages import render_page, report_promoted
from registrations.admin.selection import get_selection_query, group_by_event
from registrations.forms.organiser import TagForm
from registrations.models import Registration, RegistrationQuerySet

Status = Registration.Status

# The most people that one message names.
MAX_NAMES = 10
# Each person takes the event's lock, and the server ends requests that take much longer.
TIME_LIMIT_SECONDS = 20


class BulkAction(NamedTuple):
    """What is done to each of many people except those in `unchanged`; `question` asks before it, if there is one."""

    operation: Callable
    title: str
    unchanged: Q
    done: str
    question: str = ""
    button: str = ""
    exceeds_capacity: bool = False


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
    "check_in": BulkAction(
        operations.check_in, _("Check in"), Q(checked_in_at__isnull=False), _("Checked in: %(number)d.")
    ),
    "undo_check_in": BulkAction(
        operations.undo_check_in, _("Undo check-in"), Q(checked_in_at=None), _("Check-in undone: %(number)d.")
    ),
    "send_link_again": BulkAction(
        lambda registration, by: operations.resend_link(registration),
        _("E-mail the personal link again"),
        Q(pk__in=[]),
        _("Personal links being e-mailed: %(number)d."),
    ),
}


def ask_or_apply(request, queryset, action):
    """Apply the bulk action; if it has a question, only when confirmed on a page that says how many are selected."""
    bulk_action, options = BULK_ACTIONS[action.__name__], {"by": request.user}
    if bulk_action.question:
        number = queryset.count()
        if request.POST.get("asked") != str(number):
            unchanged = queryset.filter(bulk_action.unchanged).count()
            context = {"bulk_action": bulk_action, "question": bulk_action.question % number, "unchanged": unchanged}
            return render_confirmation(request, queryset, action, number, bulk_action.button, **context)
        options["notify"] = "notify" in request.POST
    return apply_and_report(request, queryset, bulk_action, **options)


def ask_for_tag(request, queryset, action, operation: Callable, button: str):
    """Ask for the tag; once it is valid, add or remove it."""
    number = queryset.count()
    form = TagForm(request.POST if request.POST.get("asked") == str(number) else None)
    form.fields["tag"].widget.suggest = queryset.tags_in_use
    if not form.is_valid():
        return render_confirmation(request, queryset, action, number, button, form=form)
    result = operation(queryset, form.cleaned_data["tag"], by=request.user)
    text = ngettext("The tags of %d person were changed.", "The tags of %d people were changed.", len(result.done))
    messages.success(request, text % len(result.done))
    if result.already:
        text = ngettext("%d person needed no change.", "%d people needed no change.", result.already)
        messages.info(request, text % result.already)
    if result.full:
        reason = _("They already have %(most)d tags, the most allowed.") % {"most": operations.MAX_TAGS}
        messages.warning(request, f"{format_names(result.full, len(result.full))}: {reason}")


def render_confirmation(request, queryset, action, number: int, button: str, **context):
    """The page that asks; its form calls the action again with the same selection."""
    is_everybody = request.POST.get("select_across") == "1"
    selected = request.POST.getlist(ACTION_CHECKBOX_NAME)
    return render_page(
        request,
        Registration,
        "registrations/registration/confirm_action.html",
        action.short_description,
        action=action.__name__,
        is_everybody=is_everybody,
        selected=selected[:1] if is_everybody else selected,  # one at least, as for every action of the list
        number=number,
        has_selection_changed="asked" in request.POST and request.POST["asked"] != str(number),
        by_event=group_by_event(queryset),
        button=button,
        **context,
    )


def apply(people: RegistrationQuerySet, operation: Callable, **options) -> tuple[list, dict[str, list], int]:
    """Call `operation` with each registration in their order, for at most TIME_LIMIT_SECONDS.

    Return who was changed, who could not be and why, and how many are left for lack of time.
    """
    done, refused, until = [], defaultdict(list), monotonic() + TIME_LIMIT_SECONDS
    for place, registration in enumerate(people):
        if monotonic() > until:
            return done, refused, len(people) - place
        try:
            if operation(registration, **options):
                done.append(registration)
        except operations.AlreadyRegistered:
            # Without the other registration's reference, so that all of them share one message.
            reason = _("There is another registration of this person for this event with this e-mail address.")
            refused[reason].append(registration)
        except operations.OperationError as refusal:
            refused[str(refusal)].append(registration)
    return done, refused, 0


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


def open_page(request, queryset, action, page: str):
    """Redirect to the page with this URL name, for the selected people or for all that the list shows."""
    is_everybody = request.POST.get("select_across") == "1"
    selected = () if is_everybody else request.POST.getlist(ACTION_CHECKBOX_NAME)
    return redirect(f"{reverse(page)}?{get_selection_query(request.GET, selected)}")


def make_action(name: str, permission: str, description: str, act: Callable, *args):
    """Make an action of the list: it calls `act` with the request, the selected people, itself and `args`."""

    @admin.action(permissions=[permission], description=description)
    def action(model_admin, request, queryset):
        return act(request, queryset, action, *args)

    action.__name__ = name
    return action


*others, send_link_again = (
    make_action(name, "change", bulk_action.title, ask_or_apply) for name, bulk_action in BULK_ACTIONS.items()
)
ACTIONS = [
    *others,
    make_action("add_tag", "change", _("Add a tag"), ask_for_tag, operations.add_tag, _("Add")),
    make_action("remove_tag", "change", _("Remove a tag"), ask_for_tag, operations.remove_tag, _("Remove")),
    send_link_again,
    make_action("send_email", "send", _("Send e-mail"), open_page, "admin:registrations_mailing_add"),
    make_action("export_chosen", "export", _("Export"), open_page, "admin:registrations_registration_export"),
    make_action("print_list", "export", _("Print list"), open_page, "admin:registrations_registration_print"),
]
