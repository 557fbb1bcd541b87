"""Leads from an address that an event had before to the same page at the one that it has now."""

from django.http import Http404, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.cache import patch_cache_control

from conference.decorators import MAX_AGE
from conference.models import EarlierAddress

APPS = ("attendance", "conference", "registrations")


class PermanentRedirectWithBody(HttpResponsePermanentRedirect):
    """With this status, browsers send a form again to the new address, and not a mere request for the page."""

    status_code = 308


class EarlierAddressMiddleware:
    """Looks for an earlier address only where there is no such page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        match = request.resolver_match
        if not (isinstance(exception, Http404) and match.app_name in APPS and "slug" in match.kwargs):
            return None
        slug = EarlierAddress.objects.find_address(match.kwargs["slug"])
        if slug is None:
            return None
        query = request.META.get("QUERY_STRING", "")
        address = reverse(match.view_name, kwargs={**match.kwargs, "slug": slug}) + (f"?{query}" if query else "")
        is_read = request.method in ("GET", "HEAD")
        response = (HttpResponsePermanentRedirect if is_read else PermanentRedirectWithBody)(address)
        patch_cache_control(response, max_age=MAX_AGE)  # another event may get the address
        return response
