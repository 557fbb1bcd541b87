"""The page where people ask for their personal link by e-mail."""

from django.conf import settings
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from conference.models import Event
from registrations.forms.attendee import FindForm
from registrations.mail import outbox
from registrations.rate_limit import LITTLE, WHOLE, count_refresh, get_refusal, is_refused
from registrations.views.same_site import same_site_form


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@same_site_form
def find(request):
    """Send the personal links of an address to it. The response is the same for every address, and so is its time."""
    form, status = FindForm(request.POST if request.method == "POST" else None), 200
    if form.is_refresh:
        count_refresh(request)
    is_valid = form.is_valid()
    weight = WHOLE if is_valid else LITTLE
    if form.is_submitted and is_refused(request, "find", settings.FIND_RATE_LIMIT, weight=weight):
        form.add_error(None, get_refusal(request))
        status = 429
    elif is_valid:
        outbox.queue_links(form.cleaned_data["email"], get_language())
        return redirect("registrations:find-done")
    return render(request, "registrations/find.html", {"form": form}, status=status)


@require_safe
def find_done(request):
    event = Event.objects.current()
    return render(request, "registrations/find_done.html", {"address": event and event.contact_email})
