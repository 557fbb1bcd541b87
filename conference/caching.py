"""Public pages that everybody sees alike are rendered once a second, not once a visitor."""

import secrets
from functools import wraps

from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.utils.cache import add_never_cache_headers

SECONDS = 1

# Pages with a form are rendered with this as their `csrf_token`; each visitor gets a token of their own in its place.
TOKEN_SLOT = f"csrf-token-slot-{secrets.token_hex()}"


def shared_for_a_second(view):
    """Let visitors who are not logged in share one rendering of the page for up to SECONDS.

    Only for pages that depend on nothing but their path, which names the language too, and on the
    CSRF token, which is each visitor's own. Whoever is logged in, such as an organiser who has just
    changed the text, gets a fresh page; so does every POST.
    """

    @wraps(view)
    def cached_view(request, *args, **kwargs):
        shared = request.method in ("GET", "HEAD") and settings.SESSION_COOKIE_NAME not in request.COOKIES
        key = f"page:{request.path}"
        content = cache.get(key) if shared else None
        if content is None:
            response = view(request, *args, **kwargs)
            content = response.content
            if shared and response.status_code == 200:
                cache.set(key, content, SECONDS)
            if not shared:
                add_never_cache_headers(response)  # what somebody typed, or what only organisers may see
        else:
            response = HttpResponse()
        if TOKEN_SLOT.encode() in content:
            content = content.replace(TOKEN_SLOT.encode(), get_token(request).encode())
        response.content = content
        return response

    return cached_view
