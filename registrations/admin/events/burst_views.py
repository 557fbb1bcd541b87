"""The page about registrations of which too many came from one network: cancel, erase or keep exactly those."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from conference.models import Event
from registrations import operations
from registrations.admin.extra_pages import admin_view, log_change, refusals_as_messages, render_page
from registrations.admin.registrations.bulk_actions import BULK_ACTIONS, apply_and_report
from registrations.admin.selection import group_by_event
from registrations.models import Burst, RegistrationQuerySet
from registrations.permissions import ERASE


@admin_view(Event, "registrations.change_registration", scoped=True)
def burst_view(request, event, burst: int):
    """Ask what to do with them, and do it if they are still as many as the page said."""
    burst = get_object_or_404(event.bursts.with_people(), pk=burst)
    people = burst.people.not_erased()
    has_changed = request.method == "POST" and request.POST.get("asked") != str(burst.number)
    if request.method == "POST" and not has_changed:
        with refusals_as_messages(request):
            settle(request, burst, people)
        return redirect(request.path if event.bursts.with_people().filter(pk=burst.pk).exists() else "admin:index")
    return render_page(
        request,
        Event,
        "conference/event/burst.html",
        _("Registrations from one network"),
        subtitle=event.title,
        event=event,
        burst=burst,
        has_changed=has_changed,
        people_url=f"{reverse('admin:registrations_registration_changelist')}?event={event.pk}&burst={burst.pk}",
        by_event=group_by_event(people),
    )


def settle(request, burst: Burst, people: RegistrationQuerySet) -> None:
    """Do what the pressed button says."""
    match request.POST.get("choice"):
        case "cancel":
            options = {"by": request.user, "notify": "notify" in request.POST}
            apply_and_report(request, people, BULK_ACTIONS["cancel"], **options)
        case "erase" if request.user.has_perm(ERASE):
            apply_and_report(request, people, BULK_ACTIONS["erase"], by=request.user, with_same_person=False)
        case "keep":
            text = ngettext(
                "%(number)d registration from one network was kept.",
                "%(number)d registrations from one network were kept.",
                burst.number,
            ) % {"number": burst.number}
            operations.accept_burst(burst)
            log_change(request, burst.event, text)
            messages.success(request, text)
