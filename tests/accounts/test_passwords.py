"""Changing one's password, and a new one by e-mail: only the owner of the mailbox gets in, and nobody learns of it."""

import logging
import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import get_user
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.logging import RedactingFormatter
from registrations.mail import delivery
from registrations.models import OutgoingEmail
from tests.accounts.factors import add_app
from tests.factories import make_user

pytestmark = pytest.mark.django_db

FORGOTTEN = "/account/password/forgotten/"
NEW = {"new_password1": "a-long-new-one", "new_password2": "a-long-new-one"}


@pytest.fixture
def user():
    return make_user(is_superuser=True, email="Organiser@example.lv")


def ask(client, address="organiser@example.lv"):
    return client.post(FORGOTTEN, {"email": address})


def read_links() -> list[str]:
    """Return the links of the last e-mail, as paths."""
    return re.findall(rf"{settings.SITE_URL}(/account/\S+)", mail.outbox[-1].body)


def get_link(client) -> str:
    ask(client)
    delivery.send_due()
    (link,) = read_links()
    return link


def test_the_link_in_the_e_mail_sets_a_new_password_once(client, user):
    link = get_link(client)
    assert mail.outbox[-1].to == ["Organiser@example.lv"]
    form = client.get(link)["Location"]
    assert client.get(form).status_code == 200
    assert client.post(form, NEW)["Location"] == "/account/log-in/"
    assert not get_user(client).is_authenticated
    user.refresh_from_db()
    assert user.check_password("a-long-new-one")
    assert OutgoingEmail.objects.latest("pk").kind == "password_changed"
    page = Client(headers={"accept-language": "en"}).get(link).content.decode()
    assert re.findall(r"<(?:title|h1)>(.*?)[<·]", page) == ["This link does not work ", "This link does not work"]
    assert client.post("/account/log-in/", {"login": user.username, "password": "a-long-new-one"}).status_code == 302


def test_the_second_step_is_asked_for_after_a_new_password_too(client, user):
    add_app(user)
    client.post(client.get(get_link(client))["Location"], NEW)
    response = client.post("/account/log-in/", {"login": user.username, "password": "a-long-new-one"})
    assert response["Location"] == "/account/log-in/code/"


def test_the_answer_and_its_work_are_the_same_for_every_address(client, user):
    make_user(email="inactive@example.lv", is_active=False)
    addresses = ["organiser@example.lv", "nobody@example.lv", "inactive@example.lv", "ORGANISER@example.lv"]
    seen = set()
    for address in addresses:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = ask(client, address)
        seen.add((response.status_code, response["Location"], len(queries)))
    assert len(seen) == 1
    assert OutgoingEmail.objects.count() == 4
    assert delivery.send_due() == (1, 0)
    assert [message.to for message in mail.outbox] == [["Organiser@example.lv"]]
    assert OutgoingEmail.objects.count() == 1  # nothing tells of the others


def test_one_address_gets_one_e_mail_in_ten_minutes(client, user):
    for _time in range(5):
        ask(client)
        delivery.send_due()
    assert len(mail.outbox) == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        ask(client)
        delivery.send_due()
    assert len(mail.outbox) == 2


def test_nobody_who_reads_the_outbox_or_the_log_gets_the_link(client, user):
    link = get_link(client)
    token = link.rpartition(".")[2].strip("/")
    email = OutgoingEmail.objects.get()
    assert (email.text, email.html, email.state) == ("", "", "sent")
    assert token not in str(OutgoingEmail.objects.values().get())
    client.force_login(user)
    assert token not in client.get(f"/admin/registrations/outgoingemail/{email.pk}/change/").content.decode()
    record = logging.makeLogRecord({"msg": f"GET {link} 302"})
    assert token not in RedactingFormatter().format(record)


def test_a_failed_e_mail_stores_no_link_either(client, user, monkeypatch):
    ask(client)
    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", lambda self: 1 / 0)
    assert delivery.send_due() == (0, 1)
    email = OutgoingEmail.objects.get()
    assert (email.text, email.html) == ("", "")
    assert "ZeroDivisionError" in email.last_error


@pytest.mark.parametrize(
    "change",
    [
        lambda user: user.set_password("another one"),
        lambda user: setattr(user, "email", "new@example.lv"),
        lambda user: setattr(user, "last_login", timezone.now()),
        lambda user: setattr(user, "is_active", False),
    ],
)
def test_a_link_dies_with_what_it_was_made_for(client, user, change):
    link = get_link(client)
    change(user)
    user.save()
    response = client.get(link)
    is_form = response.status_code == 302
    if is_form:  # of somebody who is not active: the password is of no use
        client.post(response["Location"], NEW)
        client.post("/account/log-in/", {"login": user.username, "password": "a-long-new-one"})
    assert not get_user(client).is_authenticated
    assert is_form == (not user.is_active)


def test_a_link_works_for_four_hours(client, user):
    link = get_link(client)
    for hours, status in ((3.9, 302), (4.1, 200)):
        with time_machine.travel(timezone.localtime() + timedelta(hours=hours)):  # Django compares local times
            assert Client().get(link).status_code == status


def test_accounts_that_share_an_address_get_a_link_each(client, user):
    other = make_user(email="organiser@example.lv")
    ask(client)
    delivery.send_due()
    assert len(read_links()) == 2
    assert all(name in mail.outbox[-1].body for name in (user.username, other.username))


def test_changing_the_password_needs_the_present_one_and_ends_other_sessions(client, user):
    other = Client()
    for one in (client, other):
        one.post("/account/log-in/", {"login": user.username, "password": "correct horse"})
    assert client.post("/account/password/", {"old_password": "wrong", **NEW}).status_code == 200
    assert get_user(other).is_authenticated
    assert client.post("/account/password/", {"old_password": "correct horse", **NEW})["Location"] == "/account/"
    assert get_user(client).is_authenticated
    assert not get_user(other).is_authenticated
    assert "this device" in client.get("/account/sessions/", headers={"accept-language": "en"}).content.decode()
    assert client.get("/admin/password_change/")["Location"] == "/account/password/"
