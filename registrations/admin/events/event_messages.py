"""What organisers are told when they save an event."""

from django.contrib import messages
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.models import Event
from registrations.admin.events.event_checks import find_event_errors
from registrations.availability import count_places


def format_overbooking(event: Event, taken: int) -> str:
    """Return a sentence if more places are taken than there are, else an empty string."""
    if event.capacity is None or taken <= event.capacity:
        return ""
    return ngettext(
        "%(number)d place too many is taken. Nobody loses theirs; released places are not given out "
        "until the number is within the limit again.",
        "%(number)d places too many are taken. Nobody loses theirs; released places are not given out "
        "until the number is within the limit again.",
        taken - event.capacity,
    ) % {"number": taken - event.capacity}


def report_promoted(request, number: int) -> None:
    """Tell the user how many people got a place from the waiting list, if any."""
    if number:
        text = ngettext(
            "%d person got a place from the waiting list.", "%d people got places from the waiting list.", number
        )
        messages.info(request, text % number)


def warn_after_saving(request, event: Event, *, has_moved: bool) -> None:
    """Warn of too many people, of people who do not know the new time or place, and of free places."""
    taken, places = event.registrations.occupying_place().count(), count_places(event)
    if warning := format_overbooking(event, taken):
        messages.warning(request, warning)
    if has_moved and taken:
        text = ngettext(
            "%(number)d person has a place and has not been told about the new time or venue. Write to them "
            "from the list of registrations.",
            "%(number)d people have a place and have not been told about the new time or venue. Write to "
            "them from the list of registrations.",
            taken,
        )
        messages.warning(request, text % {"number": taken})
    if not event.promotes_automatically and places.waiting and places.free != 0:
        messages.warning(
            request,
            _("There are places available and people waiting. Choose who gets one in the list of registrations."),
        )


def warn_of_errors(request, event: Event) -> None:
    """Warn of what the published event lacks, with links to where it is entered."""
    if errors := find_event_errors(event):
        items = format_html_join(" ", '<a href="{}">{}</a>', ((error.url, error.text) for error in errors))
        text = _("The event is published, but something is still missing:")
        messages.warning(request, format_html("{} {}", text, items))
