"""The page where people ask for their personal link by e-mail."""

from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from conference.models import Event
from registrations.forms.attendee import FindForm
from registrations.mail import outbox
from registrations.rate_limit import get_minutes_left, has_too_many_requests

TOO_MANY_SEARCHES = ngettext_lazy(
    "Too many requests have come from your network. Please try again in %(minutes)d minute, or use another "
    "network such as mobile data.",
    "Too many requests have come from your network. Please try again in %(minutes)d minutes, or use another "
    "network such as mobile data.",
    "minutes",
)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def find(request):
    """Send the personal links of an address to it. The response is the same for every address, and so is its time."""
    form, status = FindForm(request.POST if request.method == "POST" else None), 200
    if form.is_submitted and has_too_many_requests(request):
        form.add_error(None, TOO_MANY_SEARCHES % {"minutes": get_minutes_left()})
        status = 429
    elif form.is_valid():
        outbox.queue_links(form.cleaned_data["email"], get_language())
        return redirect("registrations:find-done")
    return render(request, "registrations/find.html", {"form": form}, status=status)


@require_safe
def find_done(request):
    event = Event.objects.current()
    return render(request, "registrations/find_done.html", {"address": event and event.contact_email})
