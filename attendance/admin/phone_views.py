"""The phones at the door: showing the code that pairs one, and locking one out."""

from datetime import timedelta
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendance.admin.day_views import list_phones
from attendance.models import CheckIn, Door
from attendance.models.door_device import PAIRING_MINUTES, get_expiry
from attendance.operations import create_pairing, revoke
from conference.database_clock import read_database_clock
from conference.models import Event
from conference.site_urls import absolute_url
from registrations.admin.extra_pages import admin_view, log_change, render_page

# Addresses to which browsers give a camera also without HTTPS; no phone can open them.
OWN_MACHINE = {"localhost", "127.0.0.1", "::1"}


class ShowCodeForm(forms.Form):
    door = forms.ModelChoiceField(
        Door.objects.none(),
        label=gettext_lazy("Entrance"),
        required=False,
        empty_label=gettext_lazy("the helper chooses"),
    )

    def __init__(self, *args, event: Event, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["door"].queryset = event.doors.all()


@admin_view(Event, "attendance.add_doorpairing", scoped=True)
def pair_view(request, event):
    """Ask for the entrance; the button shows a new code, once, since only its hash is stored."""
    form = ShowCodeForm(request.POST if request.method == "POST" else None, event=event)
    site, now, code = urlsplit(absolute_url("/")), read_database_clock(), None
    can_pair = event.is_published and now < get_expiry(event)
    if request.method == "POST" and form.is_valid() and can_pair:
        code = create_pairing(event, form.cleaned_data["door"], request.user)
        log_change(request, event, _("Showed a code that pairs a phone"))
    return render_page(
        request,
        CheckIn,
        "attendance/pair.html",
        _("Pair a phone"),
        subtitle=event.title,
        event=event,
        form=form,
        url=code and absolute_url(reverse("attendance:pair", args=[code])),
        until=now + timedelta(minutes=PAIRING_MINUTES),
        seconds=PAIRING_MINUTES * 60,
        works_until=get_expiry(event),
        phones=list_phones(event, now),
        can_pair=can_pair,
        is_own_machine=site.hostname in OWN_MACHINE,
        has_cameras=site.scheme == "https",
    )


@admin_view(Event, "attendance.delete_doordevice", scoped=True)
def lock_out_view(request, event, phone: int):
    """Ask, and then lock the phone out, which wipes itself when it next has a network."""
    device = get_object_or_404(event.door_devices, pk=phone)
    if request.method == "POST":
        if revoke(device):
            log_change(request, event, _("Locked out the phone “%(name)s”") % {"name": device})
        messages.success(request, _("The phone “%(name)s” is locked out.") % {"name": device})
        return redirect("admin:attendance_door", event.pk)
    return render_page(
        request,
        CheckIn,
        "attendance/lock_out.html",
        _("Lock out a phone"),
        subtitle=event.title,
        event=event,
        device=device,
    )
