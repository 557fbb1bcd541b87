"""A sender whose clock is wrong by a day sends what is due like every other, holds up nobody and does nothing early."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from registrations import operations
from registrations.mail import delivery, outbox
from registrations.models import ImportDraft, OutgoingEmail, Sender
from tests.clocks import wrong_clock
from tests.factories import build_registration, make_event, make_question, make_registration, make_user
from tests.registrations.stored_state import list_email_kinds, list_statuses

pytestmark = pytest.mark.django_db

ERRORS = [timedelta(days=1), timedelta(days=-1)]
HOUR = timedelta(hours=1)


@pytest.fixture(params=ERRORS, ids=["ahead", "behind"])
def error(request, settings):
    settings.EMAIL_RATE = (10, 1)
    return request.param


def run_sender_with(error: timedelta) -> None:
    with wrong_clock(error):
        call_command("send_emails")


def test_what_people_do_after_it_is_sent_at_once_by_the_others(error, client):
    event = make_event()
    operations.register(build_registration(event))
    run_sender_with(error)
    assert len(mail.outbox) == 1
    for _number in range(3):
        operations.register(build_registration(event))
    pauses = []

    def wait(seconds):
        pauses.append(seconds)
        Sender.objects.update(next_slot_at=timezone.now())

    assert delivery.send_due(wait=wait) == (3, 0)
    assert 2 <= len(pauses) <= 3
    assert max(pauses) <= 0.1
    health = client.get("/healthz/")
    assert (health.status_code, health.json()["problems"]) == (200, [])


def test_it_sends_what_others_queue_and_others_send_what_it_queues(error):
    event = make_event(capacity=1, confirm_email=True)
    late, waiting = (operations.register(build_registration(event)).registration for _number in range(2))
    event.registrations.filter(pk=late.pk).update(hold_until=timezone.now() - timedelta(seconds=1))
    with wrong_clock(error):
        operations.release_expired_holds()
        assert delivery.send_due() == (2, 0)  # of the place that lapsed, and of the one that is held now
    assert list_statuses(event) == ["cancelled", "pending"]
    waiting.refresh_from_db()
    assert timedelta(0) <= timezone.now() + event.hold_hours * HOUR - waiting.hold_until < timedelta(minutes=2)
    with wrong_clock(error):
        operations.cancel(waiting)
    assert delivery.send_due() == (1, 0)
    assert not OutgoingEmail.objects.waiting().exists()


def test_it_gives_away_no_place_that_is_still_held(error):
    event = make_event(capacity=1, confirm_email=True, hold_hours=12)
    operations.register(build_registration(event))
    operations.register(build_registration(event))
    run_sender_with(error)
    assert list_statuses(event) == ["pending", "waitlisted"]


def test_it_promotes_up_to_the_start_and_not_after_it(error):
    for starts_in, then in ((HOUR, "confirmed"), (-HOUR, "waitlisted")):
        event = make_event(capacity=1, starts_at=timezone.now() + starts_in)
        make_registration(event, "pending", hold_until=timezone.now() - timedelta(seconds=1))
        make_registration(event, "waitlisted")
        run_sender_with(error)
        assert list_statuses(event) == ["cancelled", then]


def test_it_reminds_of_what_is_ahead_when_it_is_time(error):
    confirmed = {"confirmed_at": timezone.now() - timedelta(days=9)}
    soon = make_registration(make_event(starts_at=timezone.now() + 71 * HOUR, reminder_days=3), **confirmed)
    later = make_registration(make_event(starts_at=timezone.now() + 73 * HOUR, reminder_days=3), **confirmed)
    hours = make_registration(make_event(starts_at=timezone.now() + HOUR, reminder_days=3), **confirmed)
    over = make_registration(make_event(starts_at=timezone.now() - HOUR, reminder_days=3), **confirmed)
    run_sender_with(error)
    assert [list_email_kinds(one) for one in (soon, later, hours, over)] == [["reminder"], [], ["reminder"], []]
    assert sorted(message.to[0] for message in mail.outbox) == sorted([soon.email, hours.email])


def test_it_erases_what_is_due_and_nothing_else(error):
    people = []
    for days in (29.5, 30.5):
        ended = timezone.now() - timedelta(days=days)
        event = make_event(starts_at=ended - HOUR, ends_at=ended, needs_kept_days=30)
        make_question(event, "diet", is_about_needs=True)
        people.append(make_registration(event, answers={"diet": "No nuts"}))
        draft = ImportDraft.objects.create(event=event, created_by=make_user(), file_name="a.csv", content=b"")
        ImportDraft.objects.filter(pk=draft.pk).update(created_at=timezone.now() - timedelta(days=days - 29))
    run_sender_with(error)
    for person in people:
        person.refresh_from_db()
    assert [person.answers for person in people] == [{"diet": "No nuts"}, {}]
    assert list(ImportDraft.objects.values_list("event", flat=True)) == [people[0].event_id]


def test_a_slot_in_the_future_is_brought_back_and_named_until_then(settings, client):
    settings.EMAIL_RATE = (10, 1)
    fault = "A time of the sender is in the future: the database's clock was put back."
    for field in ("last_ran_at", "next_slot_at"):
        Sender.objects.update_or_create(pk=1, defaults={field: timezone.now() + timedelta(days=1)})
        response = client.get("/healthz/")
        assert (response.status_code, response.json()["problems"]) == (503, [fault])
        operations.register(build_registration(make_event()))
        pauses = []

        def wait(seconds, pauses=pauses):
            pauses.append(seconds)
            Sender.objects.update(next_slot_at=timezone.now())

        assert delivery.send_due(wait=wait) == (1, 0)
        assert all(pause <= 0.1 for pause in pauses)
        assert client.get("/healthz/").json()["problems"] == []


@pytest.mark.parametrize(
    ("starts_at", "reminds_at"),
    [
        ("2027-03-30 10:00+03:00", "2027-03-27 10:00+02:00"),  # summer time begins on the 28th
        ("2027-11-02 10:00+02:00", "2027-10-30 10:00+03:00"),  # and ends on the 31st
    ],
    ids=["spring", "autumn"],
)
def test_reminders_go_out_at_the_events_hour_over_a_change_of_the_clocks(starts_at, reminds_at, time_machine):
    reminds_at = datetime.fromisoformat(reminds_at)
    time_machine.move_to(reminds_at - timedelta(seconds=1), tick=False)
    event = make_event(starts_at=datetime.fromisoformat(starts_at), reminder_days=3)
    person = make_registration(event, confirmed_at=reminds_at - timedelta(days=9))
    outbox.queue_reminders()
    assert list_email_kinds(person) == []
    time_machine.shift(1)
    outbox.queue_reminders()
    assert list_email_kinds(person) == ["reminder"]
