"""The sign-up form in a frame of a partner's page.

In a frame of another site browsers keep no cookies. So nobody is known there, there is no token to know a form by, and
the answer to a form that was sent is the thank-you itself.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import Error
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from conference import caching
from conference.models import Event
from registrations.views.sign_up import answer, attempted, published_event


class FramesForListedSites:
    """Whatever is answered at the form's address, an error too, may be framed by the event's `embed_sites` alone.

    Cookies are neither read nor set there, whoever sends them. Stands inside the middlewares of both policies.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        slug = embedded_event(request.path_info)
        if slug is None:
            return self.get_response(request)
        request.COOKIES, request.session = {}, type(request.session)()
        request.base_template = "embed.html"  # of errors too: see error.html
        sites = sites_that_may_frame(slug)  # before the database may break
        response = self.get_response(request)
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex"
        if sites:
            response._csp_replace = {"frame-ancestors": sites}  # as django-csp's decorator does
            response.xframe_options_exempt = True
        return response


def embedded_event(path: str) -> str | None:
    """The slug of the event whose form for frames is at this path, None at any other path."""
    if not path.endswith("/embed/"):
        return None
    try:
        found = resolve(path)
    except Resolver404:
        return None
    return found.kwargs["slug"] if found.view_name == "registrations:embed" else None


def sites_that_may_frame(slug: str) -> list[str]:
    """The sites that the organisers list, of a published event; none when the database cannot tell."""
    try:
        return published_event(slug).embed_sites
    except (Http404, Error):
        return []


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def embed(request, slug):
    if request.method == "POST":
        return refuse(request) if was_sent_from_elsewhere(request) else take(request, published_event(slug))
    # The page is everybody's, its headers are not kept with it: whom they allow is asked anew.
    page = cache.get_or_set(
        f"embed:{request.path}", lambda: take(request, published_event(slug)).content, caching.SECONDS
    )
    return HttpResponse(page)


def take(request, event: Event):
    """The empty form; or, when it was sent, the thank-you, or the form with what is to be mended."""
    attempt = attempted(request, event)
    if attempt.sign_up:
        context = {"event": event, "email": attempt.email, "has_place": attempt.sign_up.has_place}
        return render(request, "registrations/embedded_thanks.html", context)
    return answer(request, attempt, form="registrations/embedded.html", closed="registrations/embedded_closed.html")


def was_sent_from_elsewhere(request) -> bool:
    """Whether the browser says that another page than this site's own sent the form; old browsers do not say."""
    site = urlsplit(settings.SITE_URL)
    ours = {f"{site.scheme}://{site.netloc}", f"{request.scheme}://{request.get_host()}"}
    origin, relation = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    return (origin is not None and origin not in ours) or relation not in (None, "same-origin", "none")


def refuse(request):
    explanation = _(
        "For your safety the form can be sent only from where it was opened. Nothing was stored. "
        "Please open the page again and send it from there."
    )
    context = {"title": _("The form was not sent"), "explanation": explanation}
    return render(request, "error.html", context, status=403)
