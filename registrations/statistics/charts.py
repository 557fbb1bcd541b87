"""Bar charts: what a chart is made of, and which registrations are counted."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from conference.models import Event
from registrations.models import Registration, RegistrationQuerySet


class Bar(NamedTuple):
    """How many people have something in common, and the filters of the admin's list that show them."""

    label: str
    number: int
    filters: dict[str, str] = {}


class Chart(NamedTuple):
    """`key` names it in the page; `people` is how many are counted, each perhaps in several bars.

    `rest` is shown in the table but not drawn, such as those who gave no answer.
    """

    key: str
    title: str
    people: int
    bars: list[Bar]
    rest: list[Bar] = []


def get_counted_registrations(event: Event) -> RegistrationQuerySet:
    """The registrations that charts count."""
    return Registration.objects.filter(event=event).live().order_by()


def get_list_url(event: Event, **filters: str) -> str:
    """The admin's list of the registrations that charts count, narrowed by `filters`."""
    status = Registration.Status
    live = ",".join([*status.occupying_place(), status.WAITLISTED])
    query = urlencode({"event": event.pk, "status__in": live, **filters}, safe=",")
    return f"{reverse('admin:registrations_registration_changelist')}?{query}"


def make_not_given_bars(number: int) -> list[Bar]:
    return [Bar(_("not given"), number)] if number > 0 else []  # less than 0 when somebody registers meanwhile
