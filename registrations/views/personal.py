"""The pages behind the personal link: see, change, confirm, cancel, rejoin, and download or erase one's data.

Opening a page changes nothing, because mail scanners open every link; only the buttons do.
"""

from collections.abc import Mapping
from contextlib import suppress
from copy import copy
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from conference.calendar import CANCEL, PUBLISH
from conference.text.languages import format_with_lang
from conference.views import calendar_response
from registrations import operations, privacy
from registrations.availability import count_places, get_availability_by_places
from registrations.forms.attendee import EditForm
from registrations.models import Choice, Question, Registration, get_chosen_keys, list_details
from registrations.rate_limit import count_refresh, has_too_many_changes
from registrations.tickets import ticket_pdf
from registrations.views.same_site import same_site_form

TOO_MANY_CHANGES = gettext_lazy("You have done that too many times in a short time. Please wait a while and try again.")

TOO_LATE = gettext_lazy("It is too late to change this here. Please write to the organisers.")

require_get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def mark_private(response):
    """Keep the page out of search engines."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def with_registration(view):
    """Pass the view the registration that a personal link opens, in the place of the link's token; else 404.

    The page is kept out of caches and search engines. No other site learns its address: see SECURE_REFERRER_POLICY.
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


def render_status(request, registration: Registration, *, refusal: str = "", status: int = 200):
    """Render the personal page: the status of the registration, and what can be done with it."""
    event = registration.event
    context = {
        "registration": registration,
        "event": event,
        "details": list_details(registration, with_needs=True),
        "position": registration.waiting_list_position,
        "refusal": refusal,
        "rejoin_offer": get_availability_by_places(event, count_places(event)) if registration.can_rejoin else None,
    }
    return render(request, "registrations/show.html", context, status=status)


def render_too_many_changes(request, registration: Registration):
    return render_status(request, registration, refusal=str(TOO_MANY_CHANGES), status=429)


@require_safe
@never_cache
def show(request, signed):
    with suppress(Registration.DoesNotExist):
        return mark_private(render_status(request, Registration.objects.get_by_token(signed)))
    # The link that was sent to a new address becomes the personal link when it is confirmed.
    with suppress(Registration.DoesNotExist):
        Registration.objects.get_by_new_address_token(signed)
        return mark_private(redirect("registrations:new-address", signed))
    raise Http404


@require_get_or_post
@same_site_form
@with_registration
def edit(request, registration):
    # A form writes what was typed to its instance, even if it is invalid; the page's own links must not change with it.
    form = EditForm(request.POST if request.method == "POST" else None, instance=copy(registration))
    status = 200
    if form.is_refresh:
        count_refresh(request)
    if form.is_submitted and has_too_many_changes(request, registration):
        return render_too_many_changes(request, registration)
    if registration.can_be_changed and form.is_valid():
        topics, email = form.cleaned_data.get("topics"), form.cleaned_data["email"]
        try:
            operations.change_details(registration, values=form.values(), topics=topics, email=email)
        except operations.OperationError as refusal:
            form.add_operation_error(refusal)
            status = refusal.status_code
        else:
            messages.success(request, _("Your changes have been saved."))
            return redirect(registration.manage_path)
    if not registration.can_be_changed:
        refusal = "" if registration.event.is_cancelled else TOO_LATE
        return render_status(request, registration, refusal=refusal, status=409 if form.is_submitted else 200)
    context = {"form": form, "registration": registration, "event": registration.event}
    return render(request, "registrations/edit.html", context, status=status)


def run_with_button(request, registration, operation, is_offered: bool, template: str, **context):
    """Show a page whose one button runs `operation`; where that is not offered, redirect to the personal page.

    However often the button is pressed, and whatever has happened since, the personal page tells the outcome.
    """
    if request.method != "POST" and is_offered:
        return render(request, template, {"registration": registration, "event": registration.event, **context})
    if request.method == "POST" and has_too_many_changes(request, registration):
        return render_too_many_changes(request, registration)
    if request.method == "POST" and is_offered:
        try:
            operation(registration)
        except operations.OperationError as refusal:
            return render_status(request, registration, refusal=str(refusal), status=refusal.status_code)
    return redirect(registration.manage_path)


@require_get_or_post
@same_site_form
@with_registration
def cancel(request, registration):
    is_offered = registration.can_be_cancelled
    return run_with_button(request, registration, operations.cancel, is_offered, "registrations/cancel.html")


@require_get_or_post
@same_site_form
@with_registration
def confirm(request, registration):
    is_offered = registration.is_pending and not registration.event.is_cancelled
    return run_with_button(request, registration, operations.confirm_address, is_offered, "registrations/confirm.html")


@require_get_or_post
@same_site_form
@with_registration
def rejoin(request, registration):
    before, event, is_offered = dict(registration.answers), registration.event, registration.can_rejoin
    offered = get_availability_by_places(event, count_places(event))
    response = run_with_button(
        request, registration, operations.rejoin, is_offered, "registrations/rejoin.html", offered=offered
    )
    if registration.answers != before:
        warn_of_lost_choices(request, registration, before)
    return response


def warn_of_lost_choices(request, registration: Registration, before: Mapping[str, object]) -> None:
    """Say which of the choices made `before` the person no longer has."""
    asked = Question.objects.shown_to_attendees().filter(event=registration.event_id)
    for choice in Choice.objects.filter(question__in=asked).select_related("question"):
        now, key = registration.answers, choice.question.key
        if choice.key in get_chosen_keys(before.get(key)) and choice.key not in get_chosen_keys(now.get(key)):
            text = _("“%(choice)s” (%(question)s) is now full, so it has been removed from your answers.")
            messages.warning(request, format_with_lang(text, choice=choice.label, question=choice.question.label))


@require_safe
@with_registration
def calendar(request, registration):
    is_off = registration.is_cancelled or registration.event.is_cancelled
    return calendar_response(registration.event, method=CANCEL if is_off else PUBLISH)


@require_safe
@with_registration
def ticket(request, registration):
    """Send the ticket as a PDF; who has no place reads on the personal page why there is none."""
    if not registration.can_attend:
        return redirect(registration.manage_path)
    disposition = f'attachment; filename="{registration.event.slug}.pdf"'
    pdf = ticket_pdf.write_ticket(registration)
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": disposition})


@require_safe
@with_registration
def data(request, registration):
    """Send all data held about the person, for them to keep or to use elsewhere."""
    held, options = privacy.export_personal_data(registration), {"ensure_ascii": False, "indent": 2}
    disposition = f'attachment; filename="{registration.event.slug}.json"'
    return JsonResponse(held, json_dumps_params=options, headers={"Content-Disposition": disposition})


@require_get_or_post
@same_site_form
@with_registration
def erase(request, registration):
    """Erase the person's data permanently, after one question."""
    if request.method != "POST":
        context = {"registration": registration, "event": registration.event}
        return render(request, "registrations/erase.html", context)
    try:
        privacy.erase_person(registration)
    except operations.Busy as refusal:
        return render_status(request, registration, refusal=str(refusal), status=refusal.status_code)
    except operations.OperationError:
        pass  # erased by another click a moment before
    return redirect("registrations:erase-done")


@require_safe
def erase_done(request):
    return mark_private(render(request, "registrations/erase_done.html"))
