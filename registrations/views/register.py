"""The registration form and the thank-you page."""

from typing import NamedTuple

from django.core import signing
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from conference.decorators import public_page
from conference.models import Event
from conference.views import get_visible_event
from registrations import operations
from registrations.availability import count_places, get_availability, get_availability_by_places
from registrations.forms.attendee import SignUpForm
from registrations.rate_limit import get_minutes_left, has_too_many_requests
from registrations.views.status_codes import get_error_status

# The signed cookie, valid for minutes, that tells the thank-you page what to say: nothing personal is in its address.
THANKS_COOKIE = "registered"
THANKS_SECONDS = 15 * 60

FORM_EVENTS = (
    Event.objects.defer_long_texts()
    .select_related("venue")
    .defer("venue__directions", "venue__accessibility")
    .prefetch_related("questions__choices")
)


@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def register(request, slug):
    event = get_visible_event(request, slug, FORM_EVENTS)
    if not event.is_published:
        return render_preview(request, event)
    submission = process_submission(request, event)
    if submission.result:
        return redirect_to_thanks(request, event, email=submission.email, has_place=submission.result.has_place)
    return render_form(request, submission, form="registrations/register.html", closed="registrations/closed.html")


class Submission(NamedTuple):
    """The form of a request, empty or filled in, and the result if somebody was registered."""

    event: Event
    form: SignUpForm
    status: int = 200
    result: operations.RegistrationResult | None = None

    @property
    def email(self) -> str:
        """The address that was entered and is written to; the same for a known address and a new one."""
        return self.form.instance.email


def process_submission(request, event: Event) -> Submission:
    """Read the form from the request and, if it was sent and is valid, register; else `form` says what is wrong.

    `status` is for the response: 429 beyond SIGNUP_RATE_LIMIT, 503 when the site is busy, 409 for any other refusal.
    """
    form = SignUpForm(request.POST if request.method == "POST" else None, event=event)
    if form.is_submitted and has_too_many_requests(request):
        form.add_error(None, describe_registration_limit())
        return Submission(event, form, status=429)
    if not form.is_valid():
        return Submission(event, form)
    try:
        registration = form.build_registration(language=get_language())
        return Submission(event, form, result=operations.register(registration, topics=form.cleaned_data["topics"]))
    except operations.OperationError as refusal:
        event = get_visible_event(request, event.slug, FORM_EVENTS)
        form.add_operation_error(refusal)
        return Submission(event, form, status=get_error_status(refusal))


def describe_registration_limit() -> str:
    """Why a registration was refused by the rate limit, when the next one is accepted, and what else can be done."""
    minutes = get_minutes_left()
    text = ngettext(
        "Too many registrations have come from your network, perhaps from everybody in your library. Your answers are "
        "still in the form: send it again in %(minutes)d minute, use another network such as mobile data, or write to "
        "the organisers.",
        "Too many registrations have come from your network, perhaps from everybody in your library. Your answers are "
        "still in the form: send it again in %(minutes)d minutes, use another network such as mobile data, or write to "
        "the organisers.",
        minutes,
    )
    return text % {"minutes": minutes}


def render_form(request, submission: Submission, *, form: str, closed: str):
    """Render the template `form` with its errors, or `closed` while the event accepts no registrations."""
    context = {"event": submission.event, "offered": get_availability(submission.event), "form": submission.form}
    if not (submission.event.is_published and context["offered"].accepts_registrations):
        return render(request, closed, context, status=409 if submission.form.is_submitted else 200)
    return render(request, form, context, status=submission.status)


def render_preview(request, event: Event):
    """Render the form of an unpublished event for organisers. What they send is validated and never saved."""
    form = SignUpForm(request.POST if request.method == "POST" else None, event=event)
    context = {
        "event": event,
        "offered": get_availability_by_places(event, count_places(event)),
        "form": form,
        "is_valid_preview": form.is_valid(),
    }
    return render(request, "registrations/register.html", context)


def redirect_to_thanks(request, event, *, email: str, has_place: bool):
    response = redirect("registrations:thanks", event.slug)
    response.set_cookie(
        THANKS_COOKIE,
        signing.dumps([event.slug, email, has_place], salt=THANKS_COOKIE),
        max_age=THANKS_SECONDS,
        httponly=True,
        secure=request.is_secure(),
        samesite="Lax",
    )
    return response


@require_safe
@never_cache
def thanks(request, slug):
    """Thank whoever registered in this browser a moment ago; the same page for a known address and a new one."""
    try:
        cookie_slug, email, has_place = signing.loads(
            request.COOKIES.get(THANKS_COOKIE, ""), salt=THANKS_COOKIE, max_age=THANKS_SECONDS
        )
    except signing.BadSignature:
        return redirect("conference:event", slug)
    if cookie_slug != slug:
        return redirect("conference:event", slug)
    context = {"event": get_visible_event(request, slug), "email": email, "has_place": has_place}
    return render(request, "registrations/thanks.html", context)
