"""Pages where people act: sign up, and see their registration."""

from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from conference.calendar import CONTENT_TYPE, event_calendar
from conference.views import visible_event
from registrations import operations
from registrations.availability import availability
from registrations.forms import SignUpForm
from registrations.models import Registration
from registrations.throttle import too_many_sign_ups

# What the thank-you page says travels in a signed cookie of that page alone: nothing personal in addresses.
THANKS_COOKIE = "registered"
THANKS_SECONDS = 15 * 60


@require_http_methods(["GET", "HEAD", "POST"])
def register(request, slug):
    event = visible_event(request, slug)
    offered = availability(event)
    if not (event.is_published and offered.accepts_sign_ups):
        return closed(request, event, offered, status=409 if request.method == "POST" else 200)
    if request.method != "POST":
        return sign_up_page(request, event, offered, SignUpForm(event=event))

    form = SignUpForm(request.POST, event=event)
    if too_many_sign_ups(request):
        form.add_error(
            None, _("Very many sign-ups have come from your network. Please wait a while and send it again.")
        )
        return sign_up_page(request, event, offered, form, status=429)
    if not form.is_valid():
        return sign_up_page(request, event, offered, form)
    try:
        sign_up = operations.register(
            form.filled_in(language=get_language()), topics=form.cleaned_data.get("topics", ())
        )
    except operations.RegistrationClosed as refusal:
        return closed(request, event, refusal.availability, status=409)
    except operations.Refused as refusal:
        form.add_error(None, str(refusal))
        return sign_up_page(request, event, offered, form, status=503)
    return thank(request, event, email=form.cleaned_data["email"], has_place=sign_up.has_place)


def sign_up_page(request, event, offered, form, status=200):
    context = {"event": event, "offered": offered, "form": form}
    return render(request, "registrations/register.html", context, status=status)


def closed(request, event, offered, status):
    return render(request, "registrations/closed.html", {"event": event, "offered": offered}, status=status)


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
    event = visible_event(request, slug)
    try:
        signed_up_for, email, has_place = signing.loads(
            request.COOKIES.get(THANKS_COOKIE, ""), salt=THANKS_COOKIE, max_age=THANKS_SECONDS
        )
    except signing.BadSignature:
        return redirect(event)
    if signed_up_for != event.slug:
        return redirect(event)
    return render(request, "registrations/registered.html", {"event": event, "email": email, "has_place": has_place})


@require_safe
@never_cache
def show(request, signed):
    registration = opened_by(signed)
    context = {
        "registration": registration,
        "event": registration.event,
        "topics": registration.topics.all(),
        "position": registration.place_in_line,
        "answers": registration.answered_questions(),
    }
    return private(render(request, "registrations/show.html", context))


@require_safe
@never_cache
def calendar(request, signed):
    event = opened_by(signed).event
    content = event_calendar(event, url=request.build_absolute_uri(event.get_absolute_url()))
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{event.slug}.ics"'
    return private(response)


def opened_by(signed: str) -> Registration:
    """The registration that this personal link opens; else Http404."""
    try:
        return Registration.objects.opened_by(signed)
    except Registration.DoesNotExist:
        raise Http404 from None


def private(response):
    """Keep the page behind a personal link out of search engines; `never_cache` keeps it out of caches."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
