"""The page about registrations of which too many came from one network: cancel, erase or keep exactly those."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from conference.models import Event
from registrations import operations
from registrations.admin.extra_pages import admin_view, log_change, refusals_as_messages, render_page
from registrations.admin.jobs.job_queue import apply_or_queue
from registrations.admin.selection import group_by_event
from registrations.models import Burst, Registration, RegistrationQuerySet
from registrations.permissions import ERASE


@admin_view(Event, "registrations.change_registration", scoped=True)
def burst_view(request, event, burst: int):
    """Ask what to do with them, and do it if they are still as many as the page said. Erasing is asked about twice."""
    burst = get_object_or_404(event.bursts.with_people(), pk=burst)
    # By their keys, or whoever joins them in this moment would be cancelled or erased, too.
    people = Registration.objects.filter(pk__in=[*burst.people.not_erased().values_list("pk", flat=True)])
    has_changed = request.method == "POST" and request.POST.get("asked") != str(len(people))
    is_erasing = request.POST.get("choice") == "erase" and request.user.has_perm(ERASE)
    asks_again = is_erasing and "is_sure" not in request.POST
    if request.method == "POST" and not (has_changed or asks_again):
        with refusals_as_messages(request):
            if response := settle(request, burst, people):
                return response
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
        asks_again=asks_again and not has_changed,
        people_url=f"{reverse('admin:registrations_registration_changelist')}?event={event.pk}&burst={burst.pk}",
        by_event=group_by_event(people),
    )


def settle(request, burst: Burst, people: RegistrationQuerySet):
    """Do what the pressed button says; return the response that leads to its progress if there are many people."""
    match request.POST.get("choice"):
        case "cancel":
            return apply_or_queue(request, people, "cancel", notify="notify" in request.POST)
        case "erase" if request.user.has_perm(ERASE):
            return apply_or_queue(request, people, "erase", with_same_person=False)
        case "keep":
            text = ngettext(
                "%(number)d registration from one network was kept.",
                "%(number)d registrations from one network were kept.",
                burst.number,
            ) % {"number": burst.number}
            operations.accept_burst(burst)
            log_change(request, burst.event, text)
            messages.success(request, text)
    return None
