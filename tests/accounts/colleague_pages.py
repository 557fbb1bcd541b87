"""Colleagues for tests: clients of users with a role, and what the pages about colleagues send."""

import re

from django.conf import settings
from django.core import mail
from django.test import Client

from accounts.models import Colleague
from conference.models import Event
from registrations.mail import delivery
from registrations.permissions import HELPERS
from tests.factories import make_user, restrict_to_events

LIST_URL = "/admin/accounts/colleague/"
ADD_URL = f"{LIST_URL}add/"
PASSWORD = {"new_password1": "a-long-new-one", "new_password2": "a-long-new-one"}


def log_in(group: str | None = None, *events: Event, **values) -> Client:
    """Return a client in which a user with this role has logged in, restricted to `events` if there are any."""
    client = Client(headers={"accept-language": "en"})
    client.user = make_user(group, **values)
    if events:
        restrict_to_events(client.user, *events)
    client.force_login(client.user)
    return client


def fill_in(*events: Event, **values) -> dict:
    """Return what a browser posts to invite a helper for these events; for all if there are none."""
    names = {"first_name": "Anna", "last_name": "Ozola", "email": "Anna.Ozola@example.lv"}
    access = {"events": [event.pk for event in events]} if events else {"has_all_events": "on"}
    return {**names, "role": HELPERS, "language": "en", **access, **values}


def invite(client: Client, *events: Event, **values) -> Colleague:
    response = client.post(ADD_URL, fill_in(*events, **values))
    assert response.status_code == 302, response.context["adminform"].form.errors
    return Colleague.objects.latest("pk")


def send_link() -> str:
    """Send what is queued; return the path of the link in the last e-mail."""
    delivery.send_due()
    (link,) = re.findall(rf"{settings.SITE_URL}(/account/invitation/\S+)", mail.outbox[-1].body)
    return link


def accept(client: Client, link: str, **values):
    """Open the link, and send its form if there is one."""
    response = client.get(link)
    return client.post(response["Location"], PASSWORD | values) if response.status_code == 302 else response


def change_url(user) -> str:
    return f"{LIST_URL}{user.pk}/change/"


def do(client: Client, user, deed: str):
    return client.post(f"{LIST_URL}{user.pk}/{deed}/")
