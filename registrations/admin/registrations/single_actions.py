"""What organisers do to one person, from their page: what is possible now, the page that asks, and doing it."""

from collections.abc import Callable, Iterator, Sequence
from enum import IntEnum
from typing import NamedTuple

from django.contrib import admin, messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from registrations.admin.extra_pages import (
    admin_view,
    check_permissions,
    has_permissions,
    log_change,
    refusals_as_messages,
    render_page,
    report_promoted,
)
from registrations.admin.registrations.bulk_actions import BULK_ACTIONS
from registrations.admin.registrations.consequences import (
    describe_excess,
    describe_link,
    describe_move,
    describe_places,
    describe_release,
)
from registrations.admin.registrations.person_state import PersonState
from registrations.models import Registration


class Prominence(IntEnum):
    """Where the page of a person has a button: before all others, beside them, or in the fold below."""

    FIRST, BESIDE, FOLDED = range(3)


class SingleAction(NamedTuple):
    """How one of BULK_ACTIONS is offered for one person. It is done at once if there is no `question` to ask before.

    One that `is_final` takes something from the person, and has a button in another colour.
    """

    label: Promise
    is_possible: Callable[[PersonState], bool]
    done: Promise
    question: Promise | str = ""
    permission: str = "change"
    is_final: bool = False
    get_prominence: Callable[[PersonState], Prominence] = lambda state: Prominence.FOLDED
    list_consequences: Callable[[PersonState], Sequence[str]] = lambda state: ()


class Button(NamedTuple):
    label: str
    url: str
    prominence: Prominence
    is_post: bool = False
    is_final: bool = False

    @property
    def is_main(self) -> bool:
        return self.prominence == Prominence.FIRST


def gives_by(name: str) -> Callable[[PersonState], bool]:
    return lambda state: state.giving == name


GIVEN, GIVE = gettext_lazy("The person has a place now."), gettext_lazy("Give a place")
# Apps above this one add theirs. The names are those of BULK_ACTIONS.
SINGLE_ACTIONS = {
    "confirm": SingleAction(
        *(GIVE, gives_by("confirm"), GIVEN, gettext_lazy("Give this person a place?")),
        get_prominence=lambda state: Prominence.FIRST,
        list_consequences=describe_places,
    ),
    "promote_out_of_turn": SingleAction(
        *(GIVE, gives_by("promote_out_of_turn"), GIVEN),
        gettext_lazy("Give this person an available place ahead of those who have waited longer?"),
        get_prominence=lambda state: Prominence.FIRST,
        list_consequences=describe_places,
    ),
    "promote_beyond_capacity": SingleAction(
        *(gettext_lazy("Give a place over the limit"), gives_by("promote_beyond_capacity"), GIVEN),
        gettext_lazy("Give this person a place although none is available?"),
        get_prominence=lambda state: Prominence.BESIDE,
        list_consequences=describe_excess,
    ),
    "send_link_again": SingleAction(
        gettext_lazy("Send the link again"),
        lambda state: bool(state.registration.email) and not state.registration.erased_at,
        gettext_lazy("The e-mail with the personal link is being sent."),
        gettext_lazy("E-mail the personal link to this person again?"),
        get_prominence=lambda state: Prominence.BESIDE,
        list_consequences=describe_link,
    ),
    "cancel": SingleAction(
        gettext_lazy("Cancel the registration"),
        lambda state: not state.registration.is_cancelled,
        gettext_lazy("The registration was cancelled."),
        gettext_lazy("Cancel the registration of this person?"),
        is_final=True,
        get_prominence=lambda state: Prominence.BESIDE,
        list_consequences=describe_release,
    ),
    "move_to_waiting_list": SingleAction(
        gettext_lazy("Move to the waiting list"),
        lambda state: state.can_wait,
        gettext_lazy("The person is on the waiting list now."),
        gettext_lazy("Move this person to the end of the waiting list?"),
        list_consequences=describe_move,
    ),
    "erase": SingleAction(
        gettext_lazy("Erase the data"),
        lambda state: not state.registration.erased_at,
        gettext_lazy("The data was erased."),
        gettext_lazy("Permanently erase the data of this person?"),
        permission="erase",
        is_final=True,
        get_prominence=lambda state: Prominence.BESIDE,
        list_consequences=lambda state: BULK_ACTIONS["erase"].consequences,
    ),
}


def list_buttons(request, state: PersonState) -> list[Button]:
    """Return what this user can do about this person now, the most important first."""
    buttons = [*build_action_buttons(request, state), *build_page_buttons(request, state)]
    if buttons and all(button.prominence == Prominence.FOLDED for button in buttons):
        buttons[0] = buttons[0]._replace(prominence=Prominence.FIRST)  # who can do little sees that at once
    return sorted(buttons, key=get_rank)


def get_rank(button: Button) -> tuple[Prominence, bool]:
    return button.prominence, button.is_final


def build_action_buttons(request, state: PersonState) -> Iterator[Button]:
    person, model_admin = state.registration, admin.site.get_model_admin(Registration)
    for name, action in SINGLE_ACTIONS.items():
        if has_permissions(request, model_admin, [action.permission], person) and action.is_possible(state):
            url = reverse("admin:registrations_registration_action", args=[person.pk, name])
            yield Button(action.label, url, action.get_prominence(state), not action.question, action.is_final)


def build_page_buttons(request, state: PersonState) -> Iterator[Button]:
    """The pages about this person that the user may open."""
    person, model_admin = state.registration, admin.site.get_model_admin(Registration)

    def can(*permissions: str) -> bool:
        return has_permissions(request, model_admin, permissions, person)

    selected = f"?selected={person.pk}"
    if person.email and not person.erased_at and can("send"):
        yield Button(_("Write an e-mail"), f"{reverse('admin:registrations_mailing_add')}{selected}", Prominence.BESIDE)
    if can("change", "export"):
        url = reverse("admin:registrations_registration_ticket", args=[person.pk])
        if person.email:
            yield Button(_("Print ticket"), url, Prominence.FOLDED)
        else:
            yield Button(_("Print ticket and link"), url, Prominence.BESIDE)
        yield Button(_("Print badge"), f"{reverse('admin:attendance_badges')}{selected}", Prominence.FOLDED)
    if can("registrations.view_needs") and person.event.questions.about_needs().exists():
        url = reverse("admin:registrations_registration_needs", args=[person.pk])
        yield Button(_("Dietary and access needs"), url, Prominence.FOLDED)


@admin_view(Registration, "view", scoped=True)
@require_http_methods(["GET", "HEAD", "POST"])
def action_view(request, registration, action):
    """Ask whether to do this to the person, and with a POST do it; then lead back to their page."""
    single, model_admin = SINGLE_ACTIONS.get(action), admin.site.get_model_admin(Registration)
    if single is None:
        raise Http404
    check_permissions(request, model_admin, [single.permission], registration)
    state = PersonState(registration)
    if request.method != "POST" and single.is_possible(state):
        return render_question(request, action, state)
    if request.method == "POST" and not registration.erased_at:
        apply_to_one(request, registration, action)
    else:
        messages.info(request, _("“%(action)s” is no longer possible or needed.") % {"action": single.label})
    return redirect("admin:registrations_registration_change", registration.pk)


def is_told(action: str, registration: Registration) -> bool:
    """Whether the person can be told of it by an e-mail, which the user can leave out."""
    bulk_action = BULK_ACTIONS[action]
    return bool(bulk_action.question and bulk_action.notifies and registration.email)


def render_question(request, action: str, state: PersonState):
    return render_page(
        request,
        Registration,
        "registrations/registration/ask.html",
        SINGLE_ACTIONS[action].label,
        registration=state.registration,
        event=state.registration.event,
        single_action=SINGLE_ACTIONS[action],
        consequences=SINGLE_ACTIONS[action].list_consequences(state),
        standing=state.standing,
        is_told=is_told(action, state.registration),
        tells_nobody=bool(BULK_ACTIONS[action].question and BULK_ACTIONS[action].notifies),
    )


def apply_to_one(request, registration: Registration, action: str) -> None:
    """Do it, log it with the status now, and tell the user the outcome, also if it is refused."""
    bulk_action, start, options = BULK_ACTIONS[action], timezone.now(), {}
    if can_notify := is_told(action, registration):
        options["notify"] = "notify" in request.POST
    with refusals_as_messages(request):
        if not bulk_action.operation(registration, by=request.user, **options):
            messages.info(request, _("Nothing had to be changed."))
            return
        log_change(request, registration, f"{bulk_action.title}: {registration.get_status_display()}")
        messages.success(request, SINGLE_ACTIONS[action].done)
        if can_notify:
            text = _("The e-mail is being sent to %(address)s.") if options["notify"] else _("No e-mail is sent.")
            messages.info(request, text % {"address": registration.email})
        others = Registration.objects.promoted_since(start).filter(event=registration.event_id)
        report_promoted(request, others.exclude(pk=registration.pk).count())
