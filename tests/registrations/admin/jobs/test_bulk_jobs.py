"""Actions on many people, done by the processes that send e-mail."""

import os
import subprocess
import sys
from datetime import timedelta
from threading import Event as Signal
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from registrations import operations, privacy
from registrations.admin.jobs import job_queue, job_runner
from registrations.admin.registrations import list_actions
from registrations.mail import outbox
from registrations.models import BulkJob, Registration, Sender
from registrations.permissions import ORGANISERS
from tests.factories import make_event, make_registration, make_user
from tests.registrations.admin.requests import LIST_URL, get_page
from tests.registrations.concurrency.threads import run_at_once
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _few(monkeypatch):
    monkeypatch.setattr(job_queue, "MOST_AT_ONCE", 2)
    monkeypatch.setattr(list_actions, "MOST_TAGGED_AT_ONCE", 2)


def request_action(client, action, people, **values):
    data = {"action": action, "_selected_action": [one.pk for one in people], "asked": len(people), **values}
    return client.post(LIST_URL, data)


def make_people(event, number=3, *args, **values):
    return [make_registration(event, *args, **values) for _number in range(number)]


def make_job(event, people, action="cancel", user=None, **options) -> BulkJob:
    return BulkJob.objects.create(
        event=event,
        action=action,
        options=options,
        language="en",
        keys=[one.pk for one in people],
        number=len(people),
        created_by=user or make_user(ORGANISERS),
    )


def get_statuses(people) -> list[str]:
    return [Registration.objects.get(pk=one.pk).status for one in people]


def test_few_are_done_at_once_and_many_by_the_sender(organiser):
    people = make_people(make_event())
    request_action(organiser, "cancel", people[:2], notify="on")
    assert get_statuses(people) == ["cancelled", "cancelled", "confirmed"]
    more = make_people(people[0].event, 2) + people[2:]
    response = request_action(organiser, "cancel", more, notify="on")
    job = BulkJob.objects.get()
    assert response["Location"] == reverse("admin:registrations_bulkjob_change", args=[job.pk])
    assert get_statuses(more) == ["confirmed"] * 3
    assert '<progress id="job-bar" max="3" value="0">' in organiser.get(response["Location"]).content.decode()
    call_command("send_emails")
    assert get_statuses(more) == ["cancelled"] * 3
    page = organiser.get(response["Location"]).content.decode()
    assert "Finished: 3 of 3 people" in page
    assert "Cancelled: 3." in page
    assert len(mail.outbox) == 5  # in the same run as the last of the people
    assert (
        LogEntry.objects.filter(user=organiser.user, change_message="Cancel the registration: cancelled").count() == 5
    )


def test_pressing_twice_queues_once(organiser):
    people = make_people(make_event())
    addresses = [request_action(organiser, "send_link_again", people)["Location"] for _press in range(2)]
    assert addresses[0] == addresses[1]
    assert BulkJob.objects.count() == 1


def test_a_tag_is_put_on_many(organiser):
    people = make_people(make_event()) + make_people(make_event(), tags=["VIP"])
    request_action(organiser, "add_tag", people, tag="vip")
    assert job_runner.work_on_jobs(60)
    job = BulkJob.objects.get()
    assert (job.event, job.done, job.unchanged, job.keys) == (None, 3, 3, [])
    assert not Registration.objects.filter(tags=[]).exists()


def test_everybody_as_they_were_chosen_and_nobody_else():
    event = make_event()
    people = make_people(event)
    make_job(event, people, notify=False)
    late = make_registration(event)
    privacy.erase_person(people[0])
    operations.cancel(people[1])
    job_runner.work_on_jobs(60)
    job = BulkJob.objects.get()
    assert (job.done, job.unchanged, job.position) == (1, 1, 3)
    assert job.refusals == {"This person's data has been erased.": [1, [people[0].pk]]}
    assert get_statuses([late]) == ["confirmed"]


def test_one_persons_trouble_stops_nobody_else(monkeypatch):
    event = make_event()
    people = make_people(event)
    actions = job_runner.BULK_ACTIONS

    def fail_for_the_first(registration, **options):
        if registration == people[0]:
            raise ZeroDivisionError
        return operations.cancel(registration, **options)

    monkeypatch.setitem(actions, "cancel", actions["cancel"]._replace(operation=fail_for_the_first))
    make_job(event, people)
    job_runner.work_on_jobs(60)
    assert get_statuses(people) == ["confirmed", "cancelled", "cancelled"]
    assert list(BulkJob.objects.get().refusals) == ["Something went wrong. Please try it for this person alone."]


def test_a_permission_that_was_withdrawn_stops_the_rest(organiser):
    event = make_event()
    people = make_people(event)
    job = make_job(event, people, user=organiser.user)
    job_runner.take_step()
    organiser.user.groups.set(Group.objects.none())
    job_runner.work_on_jobs(60)
    assert get_statuses(people) == ["cancelled", "confirmed", "confirmed"]
    job.refresh_from_db()
    assert job.stop_reason.startswith("Whoever requested it no longer has the permission")


def test_an_organiser_stops_the_rest(organiser):
    event = make_event()
    people = make_people(event)
    job = make_job(event, people)
    job_runner.take_step()
    organiser.post(reverse("admin:registrations_bulkjob_stop", args=[job.pk]))
    assert not job_runner.take_step()
    assert get_statuses(people) == ["cancelled", "confirmed", "confirmed"]


def test_who_may_not_do_the_action_does_not_stop_it_either(client):
    event = make_event()
    job = make_job(event, make_people(event), action="erase")
    user = make_user(ORGANISERS)
    user.groups.clear()
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_registration", "change_registration"]))
    client.force_login(user)
    page = get_page(client, reverse("admin:registrations_bulkjob_change", args=[job.pk]))
    assert "/stop/" not in page
    assert client.post(reverse("admin:registrations_bulkjob_stop", args=[job.pk])).status_code == 403
    job.refresh_from_db()
    assert job.finished_at is None


def test_a_later_job_of_an_event_waits_for_the_earlier_one_and_other_events_do_not():
    events = [make_event(), make_event()]
    jobs = [make_job(event, make_people(event)).pk for event in [events[0], events[0], events[1]]]
    assert BulkJob.objects.list_next() == [jobs[0], jobs[2]]
    for_all = make_job(None, make_people(events[0]))
    assert BulkJob.objects.list_next() == [jobs[0], jobs[2]]
    BulkJob.objects.exclude(pk=for_all.pk).update(finished_at=timezone.now())
    make_job(events[1], make_people(events[1]))
    assert BulkJob.objects.list_next() == [for_all.pk]


def test_nothing_is_done_while_e_mail_is_on_hold(organiser):
    event = make_event()
    job = make_job(event, make_people(event))
    outbox.hold_outbox()
    assert not job_runner.work_on_jobs(60)
    address = reverse("admin:registrations_bulkjob_change", args=[job.pk])
    assert "E-mail is on hold" in organiser.get(address).content.decode()


def test_the_page_says_that_the_sender_does_not_run(organiser):
    event = make_event()
    job = make_job(event, make_people(event))
    address, told = reverse("admin:registrations_bulkjob_change", args=[job.pk]), "must be running"
    assert told not in organiser.get(address).content.decode()
    BulkJob.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    assert told in organiser.get(address).content.decode()
    Sender.objects.create(last_ran_at=timezone.now())
    assert told not in organiser.get(address).content.decode()


def test_finished_jobs_are_forgotten_after_a_month():
    event = make_event()
    jobs = [make_job(event, []) for _number in range(3)]
    for job, days in zip(jobs[:2], [31, 29], strict=True):
        BulkJob.objects.filter(pk=job.pk).update(finished_at=timezone.now() - timedelta(days=days))
    operations.forget_what_is_due()
    assert set(BulkJob.objects.values_list("pk", flat=True)) == {jobs[1].pk, jobs[2].pk}


def test_e_mail_goes_out_between_the_people(monkeypatch):
    """A message that is due after the first person is out before the last person's turn."""
    from registrations.management.commands import send_emails

    monkeypatch.setattr(send_emails, "SECONDS_OF_JOBS", 0)
    event = make_event()
    make_job(event, make_people(event), notify=True)
    sent = []
    step = job_runner.take_step

    def note_sent_and_step():
        sent.append(len(mail.outbox))
        return step()

    monkeypatch.setattr(job_runner, "take_step", note_sent_and_step)
    send_emails.Command().send_and_work(Signal(), float("inf"))
    assert sent[:4] == [0, 1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_two_processes_take_jobs_of_different_events():
    events = [make_event(), make_event()]
    people = [make_people(event) for event in events]
    jobs = [make_job(event, some, notify=False) for event, some in zip(events, people, strict=True)]
    with transaction.atomic():
        BulkJob.objects.select_for_update().get(pk=jobs[0].pk)  # as who is at work on it
        run_at_once(lambda _number: job_runner.work_on_jobs(60), range(1))
        assert get_statuses(people[0]) == ["confirmed"] * 3
        assert get_statuses(people[1]) == ["cancelled"] * 3
    run_at_once(lambda _number: job_runner.work_on_jobs(60), range(2))
    assert get_statuses(people[0]) == ["cancelled"] * 3
    assert [job.done for job in BulkJob.objects.all()] == [3, 3]


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
@pytest.mark.matrix
@pytest.mark.xdist_group("crowd")
def test_a_killed_process_leaves_nobody_out_and_does_nothing_twice():
    event = make_event()
    people = make_people(event, 60)
    job = make_job(event, people, "send_link_again")
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = {**os.environ, "DATABASE_URL": urlunsplit(database), "EMAIL_URL": "smtp://127.0.0.1:9"}
    command = [sys.executable, "manage.py", "send_emails", "--watch", "--pause", "0.01"]
    for enough in (5, 20, 40):
        with subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment) as process:
            wait_for(lambda enough=enough: BulkJob.objects.get(pk=job.pk).position >= enough)
            process.kill()
    while job_runner.take_step():
        pass
    job.refresh_from_db()
    assert (job.done, job.position) == (60, 60)
    assert [one.emails.count() for one in people] == [1] * 60
