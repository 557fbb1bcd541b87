"""What every figure is made of."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from conference.models import Event
from registrations.models import Registration, RegistrationQuerySet


class Bar(NamedTuple):
    """How many people have something in common, and what the list of registrations is asked for them."""

    label: str
    number: int
    filters: dict[str, str] = {}


class Chart(NamedTuple):
    """`key` names it in the page; `people` is how many are counted, of whom each can stand in several bars.

    `rest` is what would dwarf or blur the bars, such as those who gave nothing.
    """

    key: str
    title: str
    people: int
    bars: list[Bar]
    rest: list[Bar] = []


def get_counted_registrations(event: Event) -> RegistrationQuerySet:
    """Those whom the figures count."""
    return Registration.objects.filter(event=event).live().order_by()


def get_list_url(event: Event, **filters: str) -> str:
    """Where the admin lists those whom the figures count, narrowed by `filters`."""
    status = Registration.Status
    live = ",".join([*status.occupying_place(), status.WAITLISTED])
    query = urlencode({"event": event.pk, "status__in": live, **filters}, safe=",")
    return f"{reverse('admin:registrations_registration_changelist')}?{query}"


def make_not_given_bars(number: int) -> list[Bar]:
    return [Bar(_("not given"), number)] if number > 0 else []  # somebody may sign up meanwhile
