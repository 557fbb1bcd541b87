"""The registration form, on its own page and in a frame of a partner's page, and the thank-you page."""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control
from django.utils.html import escape
from django.utils.translation import get_language, ngettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from conference.decorators import public_page
from conference.models import Event
from conference.text.email_addresses import decode_domain
from conference.views import get_visible_event
from registrations import operations
from registrations.availability import count_places, get_availability, get_availability_by_places
from registrations.forms.attendee import SignUpForm
from registrations.rate_limit import count_refresh, get_minutes_left, get_origin, has_too_many_sign_ups
from registrations.views.same_site import same_site_form

# The signed cookie, valid for minutes, that tells the thank-you page what to say: nothing personal is in its address.
THANKS_COOKIE = "registered"
THANKS_SECONDS = 15 * 60
OUTCOME = ["has_place", "is_held"]
# What was entered: colleagues can be registered with the same.
ENTERED = ["email", "organisation", "country"]

FORM_EVENTS = (
    Event.objects.defer_long_texts()
    .select_related("venue")
    .defer("venue__directions", "venue__accessibility")
    .prefetch_related("questions__choices", "topics", "sectors")
)
# For so long, forms are read with the same event, and its page of thanks is rendered once for all.
FRESH_SECONDS = 2
# What stands for what was entered on that page. Nobody can guess it, so nothing else is mistaken for it.
MARKS = {name: secrets.token_hex() for name in ENTERED}
TOO_MANY_REGISTRATIONS = ngettext_lazy(
    "Too many registrations have come from your network, perhaps from everybody at your workplace. Your answers are "
    "still in the form: send it again in %(minutes)d minute, use another network such as mobile data, or write to "
    "the organisers.",
    "Too many registrations have come from your network, perhaps from everybody at your workplace. Your answers are "
    "still in the form: send it again in %(minutes)d minutes, use another network such as mobile data, or write to "
    "the organisers.",
    "minutes",
)


@require_http_methods(["GET", "HEAD", "POST"])
@public_page
@same_site_form
def register(request, slug):
    event = get_form_event(request, slug)
    form = SignUpForm(request.POST if request.method == "POST" else None, event=event)
    form.take_focus()
    if not event.is_published:  # a preview for organisers: what they send is validated and never saved
        offered = get_availability_by_places(event, count_places(event))
        context = {"event": event, "offered": offered, "form": form, "is_valid_preview": form.is_valid()}
        return render_form(request, "registrations/register.html", context)
    return process_form(request, form, redirect_to_thanks, "registrations/register.html", "registrations/closed.html")


def get_form_event(request, slug: str) -> Event:
    """Return the event as it was at most two seconds ago; organisers get it as it is, and before it is published too.

    That is enough to read a form with: operations decide on the event as it is under the lock.
    """
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        return get_visible_event(request, slug, FORM_EVENTS)
    return get_published_event(slug)


def get_published_event(slug: str) -> Event:
    def read_event():
        return get_object_or_404(FORM_EVENTS.published(), slug=slug)

    return cache.get_or_set(f"form-event:{slug[:60]}", read_event, FRESH_SECONDS)


@require_http_methods(["GET", "HEAD", "POST"])
@public_page
@same_site_form
def embed(request, slug):
    """Show the form in a frame of another site, where browsers keep no cookies.

    So nobody is logged in there, and the response to a valid form is the thank-you message.
    """
    form = SignUpForm(request.POST if request.method == "POST" else None, event=get_published_event(slug))
    return process_form(request, form, render_thanks, "registrations/embed.html", "registrations/embed_closed.html")


def process_form(request, form: SignUpForm, thank: Callable[..., HttpResponse], template: str, closed_template: str):
    """Register whoever sent a valid form and `thank` them; else render the form with what is wrong.

    While the event accepts no registrations, `closed_template` replaces the form. The status is 429 beyond
    SIGNUP_RATE_LIMIT, 503 when the site is busy, and 409 for any other refusal.
    """
    event, status = form.event, 200
    if form.is_refresh:
        count_refresh(request)
    is_valid = form.is_valid()
    if form.is_submitted and has_too_many_sign_ups(request, is_valid=is_valid):
        form.add_error(None, TOO_MANY_REGISTRATIONS % {"minutes": get_minutes_left(request)})
        status = 429
    elif is_valid:
        try:
            registration = form.build_registration(language=get_language(), origin=get_origin(request))
            topics = form.cleaned_data.get("topics", ())
            result = operations.register(registration, topics=topics, is_in_burst=request.is_in_burst)
        except Event.DoesNotExist:  # deleted a moment ago
            raise Http404 from None
        except operations.OperationError as refusal:
            event = get_visible_event(request, event.slug, FORM_EVENTS)
            form.add_operation_error(refusal)
            status = refusal.status_code
        else:
            # What was entered: the same response for a known address and a new one.
            entered = {name: form.cleaned_data.get(name, "") for name in ENTERED}
            entered["email"] = decode_domain(entered["email"])
            is_held = result.has_place and (event.confirm_email or request.is_in_burst)
            return thank(request, {"event": event, "has_place": result.has_place, "is_held": is_held, **entered})
    context = {"event": event, "offered": get_availability(event), "form": form}
    if event.is_published and context["offered"].accepts_registrations:
        return render_form(request, template, context, status)
    return render(request, closed_template, context, status=409 if form.is_submitted else 200)


def render_form(request, template: str, context: dict, status: int = 200):
    """Render the form, which other caches do not keep: it says when it was issued."""
    response = render(request, template, context, status=status)
    patch_cache_control(response, private=True, no_cache=True)
    return response


def render_thanks(request, context: dict):
    return render(request, "registrations/embed_thanks.html", context)


def redirect_to_thanks(request, context: dict):
    slug = context["event"].slug
    response = redirect("registrations:thanks", slug)
    response.set_cookie(
        THANKS_COOKIE,
        signing.dumps({name: context[name] for name in OUTCOME + ENTERED}, salt=f"thanks:{slug}", compress=True),
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
    cookie = request.COOKIES.get(THANKS_COOKIE, "")
    try:
        facts = signing.loads(cookie, salt=f"thanks:{slug}", max_age=THANKS_SECONDS)
    except signing.BadSignature:
        return redirect("conference:event", slug)
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        return HttpResponse(render_thanks_page(request, slug, facts))
    key = f"thanks:{request.path[:100]}:{'-'.join(str(facts[name]) for name in OUTCOME)}"
    page = cache.get_or_set(key, lambda: render_thanks_page(request, slug, {**facts, **MARKS}), FRESH_SECONDS)
    for name, mark in MARKS.items():
        page = page.replace(mark, escape(facts[name]))
    return HttpResponse(page)


def render_thanks_page(request, slug: str, facts: dict) -> str:
    return render_to_string("registrations/thanks.html", {"event": get_visible_event(request, slug), **facts}, request)
