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
from registrations.views.register import get_published_event, process_submission, render_form


class EmbedMiddleware:
    """Whatever is answered at the form's address, an error too, may be framed by the event's `embed_sites` alone.

    Cookies are neither read nor set there, whoever sends them. Stands inside the middlewares of both policies.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        slug = get_embedded_slug(request.path_info)
        if slug is None:
            return self.get_response(request)
        request.COOKIES, request.session = {}, type(request.session)()
        request.base_template = "base_embed.html"  # of errors too: see error.html
        sites = list_frame_ancestors(slug)  # before the database may break
        response = self.get_response(request)
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex"
        if sites:
            response._csp_replace = {"frame-ancestors": sites}  # as django-csp's decorator does
            response.xframe_options_exempt = True
        return response


def get_embedded_slug(path: str) -> str | None:
    """The slug of the event whose form for frames is at this path, None at any other path."""
    if not path.endswith("/embed/"):
        return None
    try:
        found = resolve(path)
    except Resolver404:
        return None
    return found.kwargs["slug"] if found.view_name == "registrations:embed" else None


def list_frame_ancestors(slug: str) -> list[str]:
    """The sites that the organisers list, of a published event; none when the database cannot tell."""
    try:
        return get_published_event(slug).embed_sites
    except (Http404, Error):
        return []


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def embed(request, slug):
    if request.method == "POST":
        return (
            render_cross_site_error(request) if is_cross_site(request) else process(request, get_published_event(slug))
        )
    # The page is everybody's, its headers are not kept with it: whom they allow is asked anew.
    page = cache.get_or_set(
        f"embed:{request.path}", lambda: process(request, get_published_event(slug)).content, caching.SECONDS
    )
    return HttpResponse(page)


def process(request, event: Event):
    """The empty form; or, when it was sent, the thank-you, or the form with what is to be mended."""
    submission = process_submission(request, event)
    if submission.sign_up:
        context = {"event": event, "email": submission.email, "has_place": submission.sign_up.has_place}
        return render(request, "registrations/embed_thanks.html", context)
    return render_form(request, submission, form="registrations/embed.html", closed="registrations/embed_closed.html")


def is_cross_site(request) -> bool:
    """Whether the browser says that another page than this site's own sent the form; old browsers do not say."""
    site = urlsplit(settings.SITE_URL)
    ours = {f"{site.scheme}://{site.netloc}", f"{request.scheme}://{request.get_host()}"}
    origin, relation = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    return (origin is not None and origin not in ours) or relation not in (None, "same-origin", "none")


def render_cross_site_error(request):
    explanation = _(
        "For your safety the form can be sent only from where it was opened. Nothing was stored. "
        "Please open the page again and send it from there."
    )
    context = {"title": _("The form was not sent"), "explanation": explanation}
    return render(request, "error.html", context, status=403)
