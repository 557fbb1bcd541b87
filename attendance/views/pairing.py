"""Where a phone is paired: the address that an organiser shows as a code, once."""

from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from attendance.forms import PairingForm
from attendance.operations import CannotPair, find_pairing, pair
from attendance.views.door_access import render_refusal, set_device_cookie
from registrations.rate_limit import TooManyRequests, is_refused
from registrations.views.same_site import same_site_form

# How many codes that pair nothing come from one network before it has to wait.
WRONG_CODES_LIMIT = (100, 3600)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@same_site_form
def pair_phone(request, code):
    """Ask what the phone is called; then pair it, and lead it to the door."""
    try:
        pairing = find_pairing(code)
        initial = {"door": pairing.door_id}
        form = PairingForm(request.POST if request.method == "POST" else None, event=pairing.event, initial=initial)
        if form.is_valid():
            door = form.cleaned_data.get("door")
            device, token = pair(code, name=form.cleaned_data["name"], door=door)
            response = redirect("attendance:door", device.event.slug)
            set_device_cookie(response, token, device.event)
            return response
    except CannotPair as refusal:
        if is_refused(request, "pairing", WRONG_CODES_LIMIT):
            raise TooManyRequests from refusal
        return render_refusal(request, refusal.status_code, refusal.title, str(refusal))
    return render(request, "attendance/pair.html", {"form": form, "event": pairing.event})
