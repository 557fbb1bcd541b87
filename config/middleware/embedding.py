"""Lets the sites that an event lists show its sign-up form in a frame."""

from csp.decorators import csp_replace
from django.db import Error
from django.urls import Resolver404, resolve
from django.utils.cache import add_never_cache_headers
from django.views.decorators.clickjacking import xframe_options_exempt

from conference.models import Event


class EmbedMiddleware:
    """Whatever is answered at the form's address, an error too, may be framed by the event's `embed_sites` alone.

    Cookies are neither read nor set there, whoever sends them: this comes before the session. It comes after the
    middleware of both framing policies and of the language, by which the address is found.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        slug = get_embedded_slug(request.path_info)
        if slug is None:
            return self.get_response(request)
        request.COOKIES = {}
        request.base_template = "base_embed.html"  # of errors too: see error.html
        get_response = self.get_response
        if sites := list_frame_ancestors(slug):
            get_response = xframe_options_exempt(csp_replace({"frame-ancestors": sites})(get_response))
        response = get_response(request)
        response.headers.pop("Cache-Control", None)
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex"
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
        return Event.objects.published().filter(slug=slug).values_list("embed_sites", flat=True).first() or []
    except Error:
        return []
