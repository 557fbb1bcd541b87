"""Whatever strangers press, a mailbox gets a few messages an hour, nothing that matters is lost, and no page tells."""

import re
import threading
from contextlib import suppress
from datetime import timedelta
from itertools import count

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone

from registrations import operations
from registrations.mail import delivery, mailbox_limit, outbox
from registrations.mail.staleness import STATUS_TELLING_KINDS, VALID_STATUSES
from registrations.models import Mailing, OutgoingEmail, Registration
from tests.factories import build_registration, make_counts_older, make_event, make_form_data, make_registration, use_up
from tests.registrations.concurrency.threads import run_at_once
from tests.waiting import TIMEOUT

pytestmark = pytest.mark.django_db

VICTIM = "victim@example.lv"
ALIASES = [VICTIM, "Victim@Example.lv", *(f"victim+{number}@example.lv" for number in range(4))]
# What differs from one page to the next in any case: times of issue, links, references, codes of tickets, times of day.
CHANGING = re.compile(
    r'name="issued" value="[^"]+"|/r/[^/"]+|<path [^>]*>|\b[2-9A-Z]{8}\b|\b(?:[0-9A-Z]{4} ){4}[0-9A-Z]{4}\b|\d\d:\d\d'
)


def let_an_hour_pass():
    """Let all that happened be an hour older."""
    hour = timedelta(hours=1, minutes=6)
    make_counts_older(hour)
    OutgoingEmail.objects.waiting().update(next_attempt_at=F("next_attempt_at") - hour)
    OutgoingEmail.objects.update(created_at=F("created_at") - hour, due_since=F("due_since") - hour)


def send_and_count() -> int:
    """Send what is due, and return how much of it arrived at the victim's mailbox."""
    mail.outbox.clear()
    delivery.send_due()
    return sum(mailbox_limit.fold_address(message.to[0]) == VICTIM for message in mail.outbox)


class Attack:
    """One script with any number of networks, own registrations, and addresses that all reach one mailbox."""

    def __init__(self, starts_at):
        cache.clear()  # of events of the same names
        self.numbers, self.answers = count(1), []
        self.open = make_event(slug="open", starts_at=starts_at)
        self.held = make_event(slug="held", starts_at=starts_at, confirm_email=True)
        self.full = make_event(slug="full", starts_at=starts_at, capacity=2)
        self.own = [self.register(self.full, f"own{number}@example.org") for number in range(2)]

    def post(self, path: str, data: dict | None = None) -> None:
        client = Client(REMOTE_ADDR=f"198.51.100.{next(self.numbers) % 250}")
        response = client.post(path, data or {})
        page = client.get(response["Location"]) if response.status_code == 302 else response
        self.answers.append([response.status_code, *CHANGING.sub("…", page.content.decode()).splitlines()])

    def register(self, event, email: str) -> Registration:
        self.post(f"/en/{event.slug}/register/", make_form_data(event, email=email))
        return event.registrations.live().with_email(email).get(first_name="Anna")

    def press(self, registration: Registration, page: str, **data) -> None:
        registration.refresh_from_db()
        self.post(f"/en/r/{registration.manage_token}/{page}/", data)

    def change_address(self, registration: Registration, email: str) -> None:
        self.press(registration, "edit", **make_form_data(registration.event, email=email), language="en")

    def run(self, send) -> None:
        for event in (self.open, self.held, self.full):
            for email in [*ALIASES, *ALIASES[:3]]:  # some of them again
                self.register(event, email)
            for name in ("Ilze", "Juris"):
                path, names = f"/en/{event.slug}/register/", {"first_name": name, "organisation": name}
                for email in ALIASES[:2]:  # and again with something else
                    self.post(path, make_form_data(event, email=email, **names, job_title=email))
            send()
        for email in ALIASES:
            for language in ("en", "lv"):
                self.post(f"/{language}/find/", {"email": email})
        send()
        for number in range(4):
            own = self.register(self.open, f"decoy{number}@example.org")
            for email in (VICTIM, f"decoy@example{number}.org", f"victim+{number}@example.lv"):
                self.change_address(own, email)
        send()
        for registration in self.own:  # and people on the waiting list are promoted
            self.press(registration, "cancel")
        send()


def test_all_that_strangers_can_press_together_sends_one_mailbox_six_messages_an_hour_and_loses_none(settings):
    settings.MAILBOX_RATE_LIMIT, unlimited, starts_at = (10**6, 3600), [], timezone.now() + timedelta(days=30)
    with transaction.atomic():
        bomb = Attack(starts_at)
        bomb.run(lambda: unlimited.append(send_and_count()))
        transaction.set_rollback(True)
    assert sum(unlimited) > 25

    settings.MAILBOX_RATE_LIMIT, attack, received = (6, 3600), Attack(starts_at), []
    attack.run(lambda: received.append(send_and_count()))
    for with_limit, without in zip(attack.answers, bomb.answers, strict=True):
        assert with_limit == without
    assert sum(received) == 6
    while OutgoingEmail.objects.waiting().exists():
        let_an_hour_pass()
        received.append(send_and_count())
        assert received[-1] <= 6
        assert len(received) < 20
    for registration in Registration.objects.all():
        told = registration.emails.filter(sent_at__isnull=False, kind__in=STATUS_TELLING_KINDS).latest("sent_at").kind
        assert registration.status in VALID_STATUSES[told]


def test_who_has_the_links_of_one_mailbox_sends_it_no_more():
    event, received = make_event(), []
    registrations = [make_registration(event, email=f"victim+{number}@example.lv") for number in range(5)]
    client = Client()
    for registration in registrations:
        for page in ("cancel", "rejoin", "cancel"):
            client.post(f"/en/r/{registration.manage_token}/{page}/")
            received.append(send_and_count())
    assert sum(received) == 3  # spellings of an address share a half, so that they cannot keep its owner waiting
    let_an_hour_pass()
    assert 0 < send_and_count() <= 3
    let_an_hour_pass()
    assert 0 < send_and_count() <= 3  # each is told once what is so now, and not every step
    assert {one.emails.filter(sent_at__isnull=False).last().kind for one in registrations} == {"cancelled"}


def test_spellings_of_an_address_do_not_keep_its_owner_waiting():
    for number in range(14):
        operations.register(build_registration(make_event(), email=f"anna+{number}@example.lv"))
    operations.register(build_registration(make_event(), email="anna@example.lv"))
    delivery.send_due()
    assert len(mail.outbox) == 4
    assert mail.outbox[-1].to == ["anna@example.lv"]


def test_dots_that_google_ignores_give_no_further_messages_and_their_owner_no_fewer():
    for place in range(1, 9):
        email = f"{'annaozola'[:place]}.{'annaozola'[place:]}@gmail.com"
        operations.register(build_registration(make_event(), email=email))
    delivery.send_due()
    assert len(mail.outbox) == 6
    assert OutgoingEmail.objects.waiting().count() == 2
    for _event in range(7):
        operations.register(build_registration(make_event(), email="liga.ozola@gmail.com"))
    delivery.send_due()
    assert len(mail.outbox) == 12


def test_made_up_people_do_not_keep_the_first_ones_of_an_address_waiting():
    event, address = make_event(), "library@example.lv"
    names = ["Anna", "Ilze", "Juris", *(f"Zane {letter}" for letter in "abcdefghi")]
    people = [
        operations.register(build_registration(event, email=address, first_name=name)).registration for name in names
    ]
    delivery.send_due()
    assert len(mail.outbox) == 6  # a library of six hears at once
    let_an_hour_pass()
    operations.cancel(people[0])
    mail.outbox.clear()
    delivery.send_due()
    assert len(mail.outbox) == 4
    assert [message.subject for message in mail.outbox].count("Registration cancelled: Conference") == 1


def test_a_new_link_that_confirms_a_place_is_never_dropped():
    """The old link is dead by then."""
    person = operations.register(
        build_registration(make_event(confirm_email=True), email="anna@example.lv")
    ).registration
    delivery.send_due()
    use_up("notices", "anna@example.lv", (3, 3600))
    mail.outbox.clear()
    operations.replace_link(person)
    delivery.send_due()
    assert mail.outbox == []
    let_an_hour_pass()
    delivery.send_due()
    assert person.manage_path in mail.outbox[-1].body


def test_notices_do_not_keep_a_registration_waiting(client):
    event, mailbox = make_event(), "anna@example.lv"
    make_registration(event, email=mailbox)
    for number in range(8):
        own = make_registration(event, new_email=f"anna+{number}@example.lv")
        outbox.queue(own, "new_address", to=own.new_email)
    delivery.send_due()
    assert len(mail.outbox) == 3
    assert not OutgoingEmail.objects.waiting().exists()  # the others are dropped: nobody needs them later
    operations.register(build_registration(make_event(), email=mailbox))
    delivery.send_due()
    assert mail.outbox[-1].subject == "Registration confirmed: Conference"


def test_what_strangers_entered_goes_with_a_notice_that_is_dropped():
    event = make_event()
    known, _has_place = operations.register(build_registration(event, email="anna@example.lv"))
    for _number in range(8):
        outbox.queue(known, "already_registered", entered={"first_name": "Ilze"})
        delivery.send_due()
    operations.cancel(known)
    outbox.queue(known, "already_registered", entered={"first_name": "Maija"})
    delivery.send_due()
    dropped = OutgoingEmail.objects.filter(kind="already_registered", sent_at=None, next_attempt_at=None)
    assert dropped.count() > 1
    assert not OutgoingEmail.objects.filter(entered__isnull=False).exists()


def test_a_search_for_links_beyond_the_limit_waits_and_is_sent_once(client, settings):
    settings.MAILBOX_RATE_LIMIT = (2, 3600)
    make_registration(make_event(), email="anna@example.lv")
    make_registration(make_event(), email="anna+1@example.lv")
    for email in ("anna@example.lv", "anna+1@example.lv", "anna+1@example.lv"):
        client.post("/en/find/", {"email": email})
    delivery.send_due()
    assert [message.to for message in mail.outbox] == [["anna@example.lv"]]
    client.post("/en/find/", {"email": "anna+1@example.lv"})
    let_an_hour_pass()
    delivery.send_due()
    assert [message.to for message in mail.outbox] == [["anna@example.lv"], ["anna+1@example.lv"]]
    assert not OutgoingEmail.objects.waiting().exists()


def test_what_organisers_send_waits_for_nothing(settings):
    settings.MAILBOX_RATE_LIMIT = (1, 3600)
    registration = make_registration(make_event(), email="anna@example.lv")
    mailing = Mailing.objects.create(subject="News", text="News")
    outbox.queue(registration, "registered")
    outbox.queue_all([registration], "message", mailing=mailing, is_bulk=True)
    outbox.queue_all([registration], "reminder", is_bulk=True)
    outbox.queue_test("anna@example.lv", "en")
    delivery.send_due()
    assert len(mail.outbox) == 4
    sent_again = registration.emails.get(kind="registered")
    sent_again.mark_for_resend(timezone.now() + timedelta(seconds=2))
    sent_again.next_attempt_at = timezone.now()
    sent_again.save()
    delivery.send_due()
    assert len(mail.outbox) == 5


def test_a_message_that_the_mail_server_refuses_does_not_count(settings, monkeypatch):
    settings.MAILBOX_RATE_LIMIT = (1, 3600)
    registration = make_registration(make_event(), email="anna@example.lv")
    outbox.queue(registration, "registered")
    with monkeypatch.context() as patch:
        patch.setattr(EmailMultiAlternatives, "send", lambda message: 1 / 0)
        assert delivery.send_due() == (0, 1)
    OutgoingEmail.objects.update(next_attempt_at=timezone.now())
    assert delivery.send_due() == (1, 0)


def test_a_message_that_waits_for_its_mailbox_is_no_fault_that_a_stranger_sees(client, settings):
    settings.MAILBOX_RATE_LIMIT = (1, 3600)
    for number in range(2):
        operations.register(build_registration(make_event(), email=f"anna+{number}@example.lv"))
    delivery.send_due()
    assert OutgoingEmail.objects.waiting().count() == 1
    OutgoingEmail.objects.update(due_since=F("due_since") - timedelta(hours=1))
    assert client.get("/healthz/").json()["oldest_unsent_seconds"] is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("is_locked", "expected"), [(True, 1), (False, 2)])  # without the lock both would go
def test_senders_at_the_same_moment_keep_the_limit(settings, monkeypatch, is_locked, expected):
    settings.MAILBOX_RATE_LIMIT = (1, 3600)
    if not is_locked:
        monkeypatch.setattr(mailbox_limit, "lock_mailbox", lambda mailbox: True)
    for number in range(2):
        operations.register(build_registration(make_event(), email=f"anna+{number}@example.lv"))
    both_there, send = threading.Barrier(2, timeout=TIMEOUT), EmailMultiAlternatives.send

    def send_with_the_other(message):
        with suppress(threading.BrokenBarrierError):
            both_there.wait()
        return send(message)

    def send_due(_number):
        delivery.send_due()
        both_there.abort()  # nobody need wait for this one any longer

    monkeypatch.setattr(EmailMultiAlternatives, "send", send_with_the_other)
    run_at_once(send_due, range(2))
    assert len(mail.outbox) == expected


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("Anna+Event@Example.LV", "anna@example.lv"),
        ('"Anna+1"@x.lv', "anna@x.lv"),
        (r'"a\n\na"@x.lv', "anna@x.lv"),
        ("a.b@x.lv", "a.b@x.lv"),
        ("+a@x.lv", "+a@x.lv"),
        ("a@x.lv", "a@x.lv"),
        ("A.n.na+1@gmail.com", "anna@gmail.com"),
        ('"a.nna"@GoogleMail.com', "anna@gmail.com"),
        ("a.nna@gmail.com.lv", "a.nna@gmail.com.lv"),
    ],
)
def test_endings_after_a_plus_capitals_and_dots_at_google_make_no_other_mailbox(address, mailbox):
    assert mailbox_limit.fold_address(address) == mailbox
