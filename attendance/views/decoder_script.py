"""The worker that reads codes, where the service worker answers for it: others do not start without a network."""

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.http import HttpResponse
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
@csp({"default-src": [NONE], "script-src": [SELF]})
def show_decoder(request) -> HttpResponse:
    """Return a script that is the static one; a worker has the policy of its own response."""
    return HttpResponse(f'import "{static("door/decoder.js")}";\n', content_type="text/javascript")
