"""What the pages behind the personal link share."""

from functools import wraps

from django.http import Http404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from registrations.models import Registration

require_get_or_post = require_http_methods(["GET", "HEAD", "POST"])


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


def mark_private(response):
    """Keep the page out of search engines."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
