"""What needs an organiser's attention at an event, with the place where each is mended."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import ngettext

from conference.checklist import Matter, accessibility, address
from conference.models import Event, limited_access
from registrations.checklist import missing
from registrations.mistyped import number_mistyped
from registrations.models import OutgoingEmail
from registrations.statistics import Standing, list_address


def attention(event: Event, standing: Standing, user) -> list[Matter]:
    """What `user` can mend at `event`: only what their permissions let them see. Nothing once it is over.

    A number of queries that does not depend on how many people there are.
    """
    if event.has_ended:
        return []
    found = []
    if user.has_perm("conference.change_event"):
        found += [*missing(event), *overbooked(event, standing)]
    if user.has_perm("conference.change_accessibilitystatement") and not limited_access(user):
        found += accessibility()
    if user.has_perm("registrations.view_outgoingemail"):
        found += failed(event)
    if user.has_perms(["registrations.view_registration", "registrations.view_email"]):
        found += mistyped(event)
    return found


def overbooked(event: Event, standing: Standing) -> Iterator[Matter]:
    if event.capacity is not None and (number := standing.taken - event.capacity) > 0:
        text = ngettext(
            "%(number)d more place is taken than there are.", "%(number)d more places are taken than there are.", number
        )
        yield Matter(text % {"number": number}, address(event, "#id_capacity"))


def failed(event: Event) -> Iterator[Matter]:
    if number := OutgoingEmail.objects.filter(registration__event=event).given_up().count():
        text = ngettext(
            "%(number)s e-mail could not be delivered.", "%(number)s e-mails could not be delivered.", number
        )
        emails = reverse("admin:registrations_outgoingemail_changelist")
        yield Matter(text % {"number": number}, f"{emails}?{urlencode({'event': event.pk, 'state': 'given_up'})}")


def mistyped(event: Event) -> Iterator[Matter]:
    if number := number_mistyped(event.registrations.live()):
        text = ngettext(
            "%(number)d e-mail address looks mistyped.", "%(number)d e-mail addresses look mistyped.", number
        )
        yield Matter(text % {"number": number}, list_address(event, address="mistyped"))
