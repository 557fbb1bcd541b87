"""Lets the sites that an event lists embed its registration form."""

from contextlib import suppress

from csp.decorators import csp_replace
from django.db import Error
from django.urls import Resolver404, resolve
from django.utils.cache import add_never_cache_headers
from django.views.decorators.clickjacking import xframe_options_exempt

from conference.models import Event


class EmbedMiddleware:
    """Any response at the form's path, even an error, may be framed only by the event's `embed_sites`.

    Cookies are neither read nor set there: this comes before the session, and after both framing policies.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        slug = get_embedded_slug(request.path_info)
        if slug is None:
            return self.get_response(request)
        request.COOKIES = {}
        request.base_template = "base_embed.html"  # of errors too: see error.html
        get_response, sites = self.get_response, None
        with suppress(Error):  # without the database no site may
            sites = Event.objects.published().filter(slug=slug).values_list("embed_sites", flat=True).first()
        if sites:
            get_response = xframe_options_exempt(csp_replace({"frame-ancestors": sites})(get_response))
        response = get_response(request)
        response.headers.pop("Cache-Control", None)
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex"
        return response


def get_embedded_slug(path: str) -> str | None:
    """Return the slug of the event if this is the path of its embedded form, else None."""
    try:
        found = resolve(path) if path.endswith("/embed/") else None
    except Resolver404:
        return None
    return found.kwargs["slug"] if found and found.view_name == "registrations:embed" else None
