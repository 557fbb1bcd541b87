"""Headers of every response, unless its view has set them."""

from django.conf import settings
from django.utils.cache import add_never_cache_headers


class ResponseHeadersMiddleware:
    """Denies pages what no page needs, and other sites what is not meant for them; no cache keeps a cookie.

    A view that needs one of DENIED_FEATURES, such as the camera, names it in `response.allowed_features`. A view whose
    response other sites may show, such as a picture, sets Cross-Origin-Resource-Policy.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        allowed = getattr(response, "allowed_features", ())
        features = [f"{name}=(self)" if name in allowed else f"{name}=()" for name in settings.DENIED_FEATURES]
        response.setdefault("Permissions-Policy", ", ".join(features))
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if response.cookies and "private" not in response.get("Cache-Control", ""):
            del response["Cache-Control"]
            add_never_cache_headers(response)
        return response
