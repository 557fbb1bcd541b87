"""The pages behind the personal link: see, change, confirm, cancel and rejoin.

Opening a page changes nothing, because mail scanners open every link; only the buttons do.
"""

from collections.abc import Mapping
from copy import copy
from functools import wraps

import segno
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from conference.text.languages import format_with_lang
from registrations import operations
from registrations.availability import count_places, get_availability_by_places
from registrations.forms.attendee import EditForm
from registrations.models import Choice, Question, Registration, get_chosen_keys, list_details
from registrations.rate_limit import has_too_many_changes
from registrations.views.decorators import mark_private, require_get_or_post, with_registration
from registrations.views.status_codes import get_error_status


def limit_changes(view):
    """Limit how often one registration can be changed: each change sends an e-mail."""

    @wraps(view)
    def limited_view(request, registration, *args):
        if request.method == "POST" and has_too_many_changes(registration):
            refusal = _("You have done that too many times in a short time. Please wait a while and try again.")
            return render_status(request, registration, refusal=refusal, status=429)
        return view(request, registration, *args)

    return limited_view


def render_status(request, registration: Registration, *, refusal: str = "", status: int = 200):
    """Render the personal page: the status of the registration, and what can be done with it."""
    event = registration.event
    context = {
        "registration": registration,
        "event": event,
        "details": list_details(registration, with_needs=True),
        "position": registration.waiting_list_position,
        "refusal": refusal,
        "qr_code": render_qr_code(registration) if registration.can_attend else "",
        "rejoin_offer": get_availability_by_places(event, count_places(event)) if registration.can_rejoin else None,
    }
    return render(request, "registrations/show.html", context, status=status)


def render_qr_code(registration: Registration) -> str:
    """Render the reference as a QR code in SVG. Door staff find the registration by it; it opens nothing."""
    code = segno.make(registration.reference, error="m", boost_error=False)
    return mark_safe(code.svg_inline(light="white", omitsize=True, svgclass="qr", lineclass=None))  # noqa: S308


def redirect_to_status(registration: Registration):
    return redirect(registration.manage_path)


@require_safe
@never_cache
def show(request, signed):
    try:
        return mark_private(render_status(request, Registration.objects.get_by_token(signed)))
    except Registration.DoesNotExist:
        pass
    try:  # the link that was sent to a new address becomes the personal link when it is confirmed
        Registration.objects.get_by_new_address_token(signed)
    except Registration.DoesNotExist:
        raise Http404 from None
    return mark_private(redirect("registrations:new-address", signed))


@require_get_or_post
@with_registration
def edit(request, registration):
    # A form writes what was typed to its instance, even if it is invalid; the page's own links must not change with it.
    form = EditForm(request.POST if request.method == "POST" else None, instance=copy(registration))
    if form.is_submitted:
        return save_changes(request, registration, form)
    return render_edit_form(request, registration, form)


@limit_changes
def save_changes(request, registration, form: EditForm):
    status = 200
    if registration.can_be_changed and form.is_valid():
        try:
            operations.change_details(
                registration,
                values=form.values(),
                topics=form.cleaned_data["topics"],
                email=form.cleaned_data["email"],
            )
        except operations.OperationError as refusal:
            form.add_operation_error(refusal)
            status = get_error_status(refusal)
        else:
            messages.success(request, _("Your changes have been saved."))
            return redirect_to_status(registration)
    return render_edit_form(request, registration, form, status=status)


def render_edit_form(request, registration: Registration, form: EditForm, *, status: int = 200):
    """Render the form, or the personal page when the time for changes is over."""
    if not registration.can_be_changed:
        refusal = _("It is too late to change this here. Please write to the organisers.")
        return render_status(request, registration, refusal=refusal, status=409 if form.is_submitted else 200)
    context = {"form": form, "registration": registration, "event": registration.event}
    return render(request, "registrations/edit.html", context, status=status)


@require_get_or_post
@with_registration
@limit_changes
def cancel(request, registration):
    return run_with_button(
        request,
        registration,
        operation=operations.cancel,
        is_offered=registration.can_be_cancelled,
        template="registrations/cancel.html",
    )


@require_get_or_post
@with_registration
@limit_changes
def confirm(request, registration):
    return run_with_button(
        request,
        registration,
        operation=operations.confirm_address,
        is_offered=registration.is_pending,
        template="registrations/confirm.html",
    )


@require_get_or_post
@with_registration
@limit_changes
def rejoin(request, registration):
    event = registration.event
    before = dict(registration.answers)
    response = run_with_button(
        request,
        registration,
        operation=operations.rejoin,
        is_offered=registration.can_rejoin,
        template="registrations/rejoin.html",
        offered=get_availability_by_places(event, count_places(event)),
    )
    if registration.answers != before:
        warn_of_lost_choices(request, registration, before)
    return response


def warn_of_lost_choices(request, registration: Registration, before: Mapping[str, object]) -> None:
    """Say which of the choices made `before` the person no longer has."""
    asked = Question.objects.shown_to_attendees().filter(event=registration.event_id)
    for choice in Choice.objects.filter(question__in=asked).select_related("question"):
        chosen_before, chosen_now = (
            get_chosen_keys(answers.get(choice.question.key)) for answers in (before, registration.answers)
        )
        if choice.key in chosen_before and choice.key not in chosen_now:
            text = _("“%(choice)s” (%(question)s) is now full, so it has been removed from your answers.")
            messages.warning(request, format_with_lang(text, choice=choice.label, question=choice.question.label))


def run_with_button(request, registration, *, operation, is_offered: bool, template: str, **context):
    """Show a page whose one button runs `operation`; where that is not offered, redirect to the personal page.

    However often the button is pressed, and whatever has happened since, the personal page tells the outcome.
    """
    if request.method == "POST" and is_offered:
        try:
            operation(registration)
        except operations.OperationError as refusal:
            return render_status(request, registration, refusal=str(refusal), status=get_error_status(refusal))
    if request.method == "POST" or not is_offered:
        return redirect_to_status(registration)
    return render(request, template, {"registration": registration, "event": registration.event, **context})


@require_get_or_post
@never_cache
def new_address(request, signed):
    """Make the address that got this link the registration's own. Shows nothing about the person before that."""
    try:
        registration = Registration.objects.get_by_new_address_token(signed)
    except Registration.DoesNotExist:
        # Already confirmed, perhaps by the first of two clicks; else there is no such page.
        return mark_private(redirect("registrations:show", signed))
    refusal = ""
    if request.method == "POST":
        try:
            if operations.confirm_new_address(registration, registration.new_email):
                messages.success(request, _("Your e-mail address has been changed."))
            return mark_private(redirect("registrations:show", signed))
        except operations.OperationError as refused:
            refusal = str(refused)
    context = {"event": registration.event, "address": registration.new_email, "refusal": refusal}
    return mark_private(render(request, "registrations/new_address.html", context, status=409 if refusal else 200))
