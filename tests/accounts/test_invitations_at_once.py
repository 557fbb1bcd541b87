"""Two organisers invite the same person at the same moment, and a link is used twice at once."""

import threading
from functools import partial

import pytest
from django.contrib.auth.models import User
from django.test import Client

from accounts.admin import colleague_forms
from accounts.colleagues import find_account
from registrations.models import OutgoingEmail
from registrations.permissions import ORGANISERS
from tests.accounts.colleague_pages import ADD_URL, PASSWORD, fill_in, invite, log_in, send_link
from tests.registrations.concurrency.threads import run_at_once
from tests.waiting import TIMEOUT

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("crowd"),
    pytest.mark.slow,
    pytest.mark.matrix,
]

NUMBER = 4


def invite_once(client) -> int:
    return client.post(ADD_URL, fill_in()).status_code


def test_one_person_gets_one_account_and_one_e_mail():
    assert sorted(run_at_once(invite_once, log_in_many())) == [200] * (NUMBER - 1) + [302]
    assert (User.objects.filter(username="anna.ozola@example.lv").count(), OutgoingEmail.objects.count()) == (1, 1)


def test_without_the_lock_nobody_would_be_told_of_the_account(monkeypatch):
    everybody = threading.Barrier(NUMBER, timeout=2 * TIMEOUT)

    def find_and_wait(address):
        found = find_account(address)
        everybody.wait()
        return found

    monkeypatch.setattr(colleague_forms, "lock_edits", lambda key: None)
    monkeypatch.setattr(colleague_forms, "find_account", find_and_wait)
    assert sorted(run_at_once(invite_once, log_in_many())) == [302] + [500] * (NUMBER - 1)
    assert (User.objects.filter(username="anna.ozola@example.lv").count(), OutgoingEmail.objects.count()) == (1, 1)


def log_in_many() -> list[Client]:
    clients = [log_in(ORGANISERS) for _number in range(NUMBER)]
    for client in clients:  # otherwise each would raise what happens to any
        client.raise_request_exception = False
    return clients


def test_a_link_that_is_used_twice_at_once_sets_one_password():
    invite(log_in(ORGANISERS))
    link = send_link()
    clients = [Client() for _number in range(NUMBER)]
    forms = [client.get(link)["Location"] for client in clients]
    posts = [partial(client.post, form, PASSWORD) for client, form in zip(clients, forms, strict=True)]
    assert sorted(response.status_code for response in run_at_once(lambda post: post(), posts)) == [200] * 3 + [302]
