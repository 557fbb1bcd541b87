"""The pages behind the personal link: see, change, confirm, cancel and take up a registration, take and erase its data.

Opening a page changes nothing, for mail scanners open every link; only the buttons do.
"""

from collections.abc import Mapping
from copy import copy
from functools import wraps

import segno
from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from conference.calendar import CANCEL, PUBLISH
from conference.text.languages import format_with_lang
from conference.views import calendar_response
from registrations import operations, privacy
from registrations.availability import count_places, get_availability_by_places
from registrations.forms import EditForm
from registrations.models import Choice, Question, Registration, get_chosen_keys, list_details
from registrations.rate_limit import has_too_many_changes

require_get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def with_registration(view):
    """Give the view the registration that its link opens instead of the link; else 404.

    The page is kept out of caches and search engines. Its address goes to nobody: see SECURE_REFERRER_POLICY.
    """

    @wraps(view)
    @never_cache
    def view_with_registration(request, signed):
        try:
            registration = Registration.objects.get_by_token(signed)
        except Registration.DoesNotExist:
            raise Http404 from None
        return mark_private(view(request, registration))

    return view_with_registration


def limit_changes(view):
    """Let one registration be changed only so often in a while: each change sends an e-mail."""

    @wraps(view)
    def view_with_limit(request, registration, *given):
        if request.method == "POST" and has_too_many_changes(registration):
            refusal = _("You have done that too many times in a short time. Please wait a while and try again.")
            return render_status(request, registration, refusal=refusal, status=429)
        return view(request, registration, *given)

    return view_with_limit


def mark_private(response):
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def render_status(request, registration: Registration, *, refusal: str = "", status: int = 200):
    """How the registration stands, and what can be done with it."""
    event = registration.event
    context = {
        "registration": registration,
        "event": event,
        "given": list_details(registration, with_needs=True),
        "position": registration.waiting_list_position,
        "refusal": refusal,
        "qr_code": render_qr_code(registration) if registration.can_attend else "",
        "rejoin_offer": get_availability_by_places(event, count_places(event))
        if registration.is_cancelled and not event.has_started
        else None,
    }
    return render(request, "registrations/show.html", context, status=status)


def render_qr_code(registration: Registration) -> str:
    """The reference as a QR code in SVG. It names the registration to door staff and opens nothing."""
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
    try:  # the link that a new address was sent becomes the personal link when it is confirmed
        Registration.objects.get_by_new_address_token(signed)
    except Registration.DoesNotExist:
        raise Http404 from None
    return mark_private(redirect("registrations:new-address", signed))


@require_get_or_post
@with_registration
def edit(request, registration):
    # A form writes what was typed onto its instance, even what is wrong; the page's own links must not follow it.
    form = EditForm(request.POST if request.method == "POST" else None, instance=copy(registration))
    return (
        save_changes(request, registration, form)
        if form.is_submitted
        else render_edit_form(request, registration, form)
    )


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
            status = 503 if isinstance(refusal, operations.Busy) else 409
        else:
            messages.success(request, _("Your changes have been saved."))
            return redirect_to_status(registration)
    return render_edit_form(request, registration, form, status=status)


def render_edit_form(request, registration: Registration, form: EditForm, *, status: int = 200):
    """The form as it stands, or the personal page when the time for changes is over."""
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
        is_offered=registration.is_cancelled and not event.has_started,
        template="registrations/rejoin.html",
        offered=get_availability_by_places(event, count_places(event)),
    )
    if registration.answers != before:
        warn_of_lost_choices(request, registration, before)
    return response


def warn_of_lost_choices(request, registration: Registration, before: Mapping[str, object]) -> None:
    """Say which choices of those `before` are not the person's any more."""
    asked = Question.objects.shown_to_attendees().filter(event=registration.event_id)
    for choice in Choice.objects.filter(question__in=asked).select_related("question"):
        key = choice.question.key
        if choice.key in get_chosen_keys(before.get(key)) and choice.key not in get_chosen_keys(
            registration.answers.get(key)
        ):
            text = _("“%(choice)s” (%(question)s) is now full, so it has been removed from your answers.")
            messages.warning(request, format_with_lang(text, choice=choice.label, question=choice.question.label))


def run_with_button(request, registration, *, operation, is_offered: bool, template: str, **context):
    """A page whose one button does `operation` with the registration; where that is not on offer, the personal page.

    However often the button is pressed, and whatever has happened since, the personal page tells the outcome.
    """
    if request.method == "POST" and is_offered:
        try:
            operation(registration)
        except operations.OperationError as refusal:
            status = 503 if isinstance(refusal, operations.Busy) else 409
            return render_status(request, registration, refusal=str(refusal), status=status)
    if request.method == "POST" or not is_offered:
        return redirect_to_status(registration)
    return render(request, template, {"registration": registration, "event": registration.event, **context})


@require_get_or_post
@never_cache
def new_address(request, signed):
    """Makes the address that got this link the registration's own. Shows nothing of the person before that."""
    try:
        registration = Registration.objects.get_by_new_address_token(signed)
    except Registration.DoesNotExist:
        # Confirmed already, perhaps by a first click of two; else there is no such page.
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


@require_safe
@with_registration
def calendar(request, registration):
    method = CANCEL if registration.is_cancelled else PUBLISH
    return calendar_response(registration.event, method=method)


@require_safe
@with_registration
def data(request, registration):
    """Everything that is held about the person, for them to keep or to take elsewhere."""
    response = JsonResponse(
        privacy.export_personal_data(registration), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    response["Content-Disposition"] = f'attachment; filename="{registration.event.slug}.json"'
    return response


@require_get_or_post
@with_registration
def erase(request, registration):
    """Erases the person for good; asks once."""
    if request.method == "POST":
        try:
            privacy.erase_person(registration)
        except operations.Busy as refusal:
            return render_status(request, registration, refusal=str(refusal), status=503)
        except operations.OperationError:
            pass  # by another click, a moment before
        return redirect("registrations:erased")
    context = {"registration": registration, "event": registration.event}
    return render(request, "registrations/erase.html", context)


@require_safe
def erase_done(request):
    return mark_private(render(request, "registrations/erase_done.html"))
