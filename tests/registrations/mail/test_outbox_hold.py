"""After a restore nothing is sent until somebody agrees."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from registrations.mail import delivery, outbox
from registrations.models import OutgoingEmail
from registrations.permissions import ORGANISERS
from tests.factories import make_event, make_registration, make_user

pytestmark = pytest.mark.django_db

HEALTH = "admin:registrations_outgoingemail_health"
RESUME = "admin:registrations_outgoingemail_resume"


@pytest.fixture
def held():
    """Two e-mails from the backup and one queued after the restore, on hold."""
    event = make_event()
    for kind in ("registered", "changed", "cancelled"):
        status = "cancelled" if kind == "cancelled" else "confirmed"
        outbox.queue(make_registration(event, status), kind)
    outbox.hold_outbox()
    hour_ago = timezone.now() - timedelta(hours=1)
    OutgoingEmail.objects.exclude(kind="cancelled").update(due_since=hour_ago, next_attempt_at=hour_ago)
    OutgoingEmail.objects.filter(kind="cancelled").update(due_since=timezone.now())


@pytest.fixture
def administrator(client):
    client.force_login(make_user(is_superuser=True))
    return client


def test_nothing_is_sent_while_on_hold_and_all_of_it_afterwards(held):
    assert delivery.send_due() == (0, 0)
    assert mail.outbox == []
    assert outbox.resume_outbox() == (0, 3)
    assert delivery.send_due() == (3, 0)


def test_a_hold_during_a_run_stops_it(held):
    outbox.resume_outbox()
    assert delivery.send_due(wait=lambda _seconds: None, is_stopped=lambda: bool(mail.outbox and hold())) == (1, 0)
    assert delivery.send_due() == (0, 0)


def hold() -> bool:
    outbox.hold_outbox()
    return False


def test_a_second_hold_keeps_the_moment_of_the_first(held):
    since = outbox.get_hold()
    outbox.hold_outbox()
    assert outbox.get_hold() == since


def test_what_the_backup_held_is_discarded_and_what_came_later_is_sent(held):
    call_command("resume_emails", "--discard-before")
    assert delivery.send_due() == (1, 0)
    assert mail.outbox[0].subject.startswith("Registration cancelled")
    assert {email.state for email in OutgoingEmail.objects.exclude(kind="cancelled")} == {"out of date, not sent"}


@pytest.mark.parametrize(("hours_until_due", "sent"), [(-5, 0), (5, 1)])
def test_reminders_that_were_due_before_the_restore_may_have_been_sent_and_later_ones_were_not(
    time_machine, hours_until_due, sent
):
    time_machine.move_to("2026-11-23T12:00:00Z", tick=False)
    starts_at = timezone.now() + timedelta(days=3, hours=hours_until_due)
    event = make_event(starts_at=starts_at, reminder_days=3)
    make_registration(event, "confirmed", confirmed_at=timezone.now() - timedelta(days=9))
    outbox.hold_outbox()
    time_machine.shift(timedelta(hours=6))
    outbox.queue_reminders()  # the backup does not say that anybody got it
    assert outbox.resume_outbox(discard_before=outbox.get_hold()) == (1 - sent, sent)
    assert delivery.send_due() == (sent, 0)


def test_a_moment_divides_what_is_discarded(held):
    moment = (timezone.localtime() - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    call_command("resume_emails", "--discard-before", moment)
    assert delivery.send_due() == (3, 0)


def test_the_command_refuses_without_a_hold_and_without_a_date(held):
    with pytest.raises(CommandError, match="A moment is written like"):
        call_command("resume_emails", "--discard-before", "2027-02-31T12:00")
    outbox.resume_outbox()
    with pytest.raises(CommandError, match="E-mail is not on hold"):
        call_command("resume_emails")


def test_the_monitor_is_told(client, held):
    delivery.send_due()
    response = client.get("/healthz/")
    assert response.status_code == 503
    assert response.json()["problems"] == ["E-mail is on hold since the database was restored."]
    outbox.resume_outbox()
    delivery.send_due()
    response = client.get("/healthz/")
    assert response.status_code == 200
    assert response.json()["problems"] == []


def test_an_administrator_sees_what_waits_and_sends_or_discards_it(administrator, held):
    index = administrator.get(reverse("admin:index"), follow=True).content.decode()
    assert "E-mail is on hold, because the database was restored from a backup." in index
    page = administrator.get(reverse(HEALTH)).content.decode()
    assert "<tr><td>registration cancelled</td><td>1</td></tr>" in page
    assert "Is it running?" not in page
    response = administrator.post(reverse(RESUME), {"discard": "on"}, follow=True)
    assert "E-mail is sent again. Discarded: 2, to be sent: 1." in response.content.decode()
    assert delivery.send_due() == (1, 0)


def test_an_administrator_has_all_sent(administrator, held):
    response = administrator.post(reverse(RESUME), {"send": "on"}, follow=True)
    assert "E-mail is sent again. Discarded: 0, to be sent: 3." in response.content.decode()
    assert delivery.send_due() == (3, 0)


def test_organisers_see_the_hold_but_do_not_end_it(client, held):
    client.force_login(make_user(ORGANISERS))
    page = client.get(reverse(HEALTH)).content.decode()
    assert "Ask an administrator to decide what will be sent." in page
    assert reverse(RESUME) not in page
    assert client.post(reverse(RESUME), {"send": "on"}).status_code == 403
    assert delivery.send_due() == (0, 0)
