"""The sign-up form and the page that thanks for it."""

import secrets
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from conference import caching
from conference.models import Event
from conference.views import visible_event
from registrations import operations
from registrations.availability import availability, offer, places
from registrations.forms import SignUpForm
from registrations.throttle import too_many_requests

# What the thank-you page says travels in a signed cookie that lives for minutes: nothing personal in addresses.
THANKS_COOKIE = "registered"
THANKS_SECONDS = 15 * 60
ADDRESS_SLOT = f"address-slot-{secrets.token_hex()}"

FORM_EVENTS = (
    Event.objects.without_long_texts()
    .select_related("venue")
    .defer("venue__directions", "venue__accessibility")
    .prefetch_related("questions__choices")
)


@require_http_methods(["GET", "HEAD", "POST"])
@caching.shared_for_a_second
def register(request, slug):
    event = recent_event(request, slug)
    if not event.is_published:
        return preview(request, event)
    attempt = attempted(request, event)
    if attempt.sign_up:
        return thank(request, event, email=attempt.email, has_place=attempt.sign_up.has_place)
    return answer(request, attempt, form="registrations/register.html", closed="registrations/closed.html")


class Attempt(NamedTuple):
    """The form as a request asks for it: empty, or shown as typed, or sent, and then with what came of it."""

    event: Event
    form: SignUpForm
    status: int = 200
    sign_up: operations.SignUp | None = None

    @property
    def email(self) -> str:
        """The address that was typed, as it is written to; the same for a known address and a new one."""
        return self.form.instance.email


def attempted(request, event: Event) -> Attempt:
    """Reads the form from this request and, if it was sent and is right, signs up; else `form` says what is wrong.

    `status` is for the answer: 429 beyond SIGNUP_RATE_LIMIT, 503 when the site is busy, 409 for any other refusal.
    """
    form = SignUpForm(request.POST if request.method == "POST" else None, event=event)
    if form.was_sent and too_many_requests(request):
        form.add_error(
            None, _("Very many sign-ups have come from your network. Please wait a while and send it again.")
        )
        return Attempt(event, form, status=429)
    if not form.is_valid():
        return Attempt(event, form)
    try:
        registration = form.filled_in(language=get_language())
        return Attempt(event, form, sign_up=operations.register(registration, topics=form.cleaned_data["topics"]))
    except operations.Refused as refusal:
        event = visible_event(request, event.slug, FORM_EVENTS)
        form.add_refusal(refusal)
        return Attempt(event, form, status=503 if isinstance(refusal, operations.Busy) else 409)


def answer(request, attempt: Attempt, *, form: str, closed: str):
    """The template `form` with what has to be mended, or `closed` while the event takes no sign-ups."""
    context = {"event": attempt.event, "offered": availability(attempt.event), "form": attempt.form}
    if not (attempt.event.is_published and context["offered"].accepts_sign_ups):
        return render(request, closed, context, status=409 if attempt.form.was_sent else 200)
    return render(request, form, {**context, "csrf_token": caching.TOKEN_SLOT}, status=attempt.status)


def preview(request, event: Event):
    """The form as visitors will see it, for who may see the event before. What is sent is checked and never stored."""
    form = SignUpForm(request.POST if request.method == "POST" else None, event=event)
    context = {
        "event": event,
        "offered": offer(event, places(event)),
        "form": form,
        "was_tried": form.is_valid(),
        "csrf_token": caching.TOKEN_SLOT,
    }
    return render(request, "registrations/register.html", context)


def recent_event(request, slug) -> Event:
    """The event with its questions as they were at most a second ago: enough to read a form with.

    Whether it takes sign-ups now, operations decides on the event as it is under its lock.
    """
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        return visible_event(request, slug, FORM_EVENTS)
    return published_event(slug)


def published_event(slug: str) -> Event:
    """The published event at this address as it was at most a second ago, with its questions; else Http404."""
    return cache.get_or_set(
        f"event:{slug}", lambda: get_object_or_404(FORM_EVENTS.published(), slug=slug), caching.SECONDS
    )


def thank(request, event, *, email: str, has_place: bool):
    response = redirect("registrations:registered", event.slug)
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
def registered(request, slug):
    """Thanks whoever signed up in this browser a moment ago; the same page for a known address and a new one."""
    try:
        signed_up_for, email, has_place = signing.loads(
            request.COOKIES.get(THANKS_COOKIE, ""), salt=THANKS_COOKIE, max_age=THANKS_SECONDS
        )
    except signing.BadSignature:
        return redirect("conference:event", slug)
    if signed_up_for != slug:
        return redirect("conference:event", slug)
    # Everybody's page is the same but for the address, so one rendering serves them all for a moment.
    page = cache.get_or_set(
        f"thanks:{request.path}:{has_place}", lambda: thanks_page(request, slug, has_place), caching.SECONDS
    )
    return HttpResponse(page.replace(ADDRESS_SLOT, escape(email)))


def thanks_page(request, slug, has_place: bool) -> str:
    context = {"event": visible_event(request, slug), "email": ADDRESS_SLOT, "has_place": has_place}
    return render_to_string("registrations/registered.html", context, request)
