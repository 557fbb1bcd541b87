"""The registration form in a frame of a partner's page.

Browsers keep no cookies in a frame of another site. So nobody is logged in there, the form has no CSRF token, and the
response to a valid form is the thank-you message itself.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from conference.decorators import public_page
from conference.models import Event
from registrations.views.register import FORM_EVENTS, process_submission, render_form


def get_published_event(slug: str) -> Event:
    """Return the published event with its questions; else raise Http404."""
    return get_object_or_404(FORM_EVENTS.published(), slug=slug)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def embed(request, slug):
    if request.method == "POST" and is_cross_site(request):
        return render_cross_site_error(request)
    return process(request, get_published_event(slug))


def process(request, event: Event):
    """Render the form, or the thank-you message once somebody was registered."""
    submission = process_submission(request, event)
    if submission.result:
        context = {"event": event, "email": submission.email, "has_place": submission.result.has_place}
        return render(request, "registrations/embed_thanks.html", context)
    return render_form(request, submission, form="registrations/embed.html", closed="registrations/embed_closed.html")


def is_cross_site(request) -> bool:
    """Whether the browser says that a page of another site sent the form; old browsers do not say."""
    site = urlsplit(settings.SITE_URL)
    own_origins = {f"{site.scheme}://{site.netloc}", f"{request.scheme}://{request.get_host()}"}
    origin, relation = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    return (origin is not None and origin not in own_origins) or relation not in (None, "same-origin", "none")


def render_cross_site_error(request):
    explanation = _(
        "For security, the form can be sent only from the page where it was opened. Nothing was saved. "
        "Please open the page again and send it from there."
    )
    context = {"title": _("The form was not sent"), "explanation": explanation}
    return render(request, "error.html", context, status=403)
