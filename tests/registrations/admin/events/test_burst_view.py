"""The page about the registrations that came from one network."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from registrations.admin.events import burst_views
from registrations.admin.events.issues import find_issues
from registrations.admin.jobs.job_queue import apply_or_queue
from registrations.models import Burst
from registrations.permissions import HELPERS, ORGANISERS, STAFF
from registrations.statistics import summarize
from tests.factories import make_event, make_registration, make_user, restrict_to_events
from tests.registrations.admin.requests import LIST_URL, get_page

pytestmark = pytest.mark.django_db


def make_burst(event=None, number=3, **values) -> Burst:
    burst = Burst.objects.create(event=event or make_event())
    for _number in range(number):
        make_registration(burst.event, burst=burst, **values)
    return burst


def get_url(burst) -> str:
    return reverse("admin:conference_event_burst", args=[burst.event_id, burst.pk])


def choose(client, burst, choice, asked=3, **values):
    return client.post(get_url(burst), {"asked": asked, "choice": choice, **values})


def list_statuses(event) -> list[str]:
    return list(event.registrations.order_by("pk").values_list("status", flat=True))


def told(event, group=ORGANISERS) -> list[tuple[str, str]]:
    return [tuple(issue) for issue in find_issues(event, summarize(event), make_user(group)) if "network" in issue.text]


def test_it_is_an_issue_until_nobody_is_left_in_it():
    burst = make_burst()
    expected = "3 registrations came from one network within a short time."
    assert told(burst.event) == [(expected, get_url(burst))]
    assert told(burst.event, STAFF) == told(burst.event, HELPERS) == []
    assert told(make_event()) == []
    burst.people.update(status="cancelled")
    assert told(burst.event) == []


def test_the_page_leads_to_exactly_those_people(organiser):
    burst = make_burst(last_name="Ozola")
    make_registration(burst.event, last_name="Kalniņa")
    make_burst(burst.event, last_name="Bērziņa")
    page = get_page(organiser, get_url(burst))
    assert "3 registrations came from one network within a short time." in page
    assert f'href="{LIST_URL}?event={burst.event_id}&amp;burst={burst.pk}"' in page
    listed = organiser.get(f"{LIST_URL}?event={burst.event_id}&burst={burst.pk}").context["cl"].result_list
    assert {person.last_name for person in listed} == {"Ozola"}


@pytest.mark.parametrize("key", ["0", "x", "9" * 30, ""])
def test_a_burst_that_is_gone_does_not_list_everybody(organiser, key):
    make_registration(make_event())
    response = organiser.get(f"{LIST_URL}?burst={key}")
    assert (response.status_code, response["Location"]) == (302, f"{LIST_URL}?e=1")


@pytest.mark.parametrize("notify", [True, False])
def test_exactly_those_are_cancelled_with_or_without_an_e_mail(organiser, notify):
    burst = make_burst()
    other, _waiting = make_registration(burst.event), make_registration(burst.event, "waitlisted")
    response = choose(organiser, burst, "cancel", **({"notify": "on"} if notify else {}))
    assert response["Location"] == get_url(burst)
    assert list_statuses(burst.event) == ["cancelled"] * 3 + ["confirmed"] * 2  # and who waited has a place
    assert other.emails.count() == 0
    assert [person.emails.filter(kind="cancelled").count() for person in burst.people.all()] == [notify] * 3
    assert [person.changes.get(field="status").changed_by for person in burst.people.all()]
    logged = LogEntry.objects.filter(object_id__in=[str(person.pk) for person in burst.people.all()])
    assert [entry.change_message for entry in logged] == ["Cancel the registration: cancelled"] * 3


def test_exactly_those_are_erased(organiser):
    burst = make_burst()
    one = burst.people.first()
    earlier = make_registration(burst.event, "cancelled", email=one.email)
    other = make_registration(burst.event)
    response = choose(organiser, burst, "erase", is_sure="on")
    assert response["Location"] == reverse("admin:index")
    assert burst.event.registrations.not_erased().count() == 2
    assert {*burst.event.registrations.not_erased()} == {earlier, other}
    assert told(burst.event) == []
    logged = LogEntry.objects.filter(object_id=str(one.pk)).get()
    one.refresh_from_db()
    assert (logged.change_message, logged.object_repr) == ("Erase the data: cancelled", one.reference)


def test_a_slip_erases_nobody(organiser):
    burst = make_burst()
    page = choose(organiser, burst, "erase").content.decode()
    assert "The data of 3 people will be erased. This cannot be undone." in page
    assert re.findall(r'<button [^>]*name="choice" value="(\w+)"', page) == ["erase"]
    assert f'href="{get_url(burst)}"' in page
    assert burst.event.registrations.not_erased().count() == 3


def test_who_was_cancelled_can_still_be_erased(organiser):
    burst = make_burst()
    choose(organiser, burst, "cancel")
    choose(organiser, burst, "erase", is_sure="on")
    assert not burst.event.registrations.not_erased().exists()


def test_those_who_are_fine_are_left_as_they_are_and_named_no_more(organiser):
    burst = make_burst()
    assert choose(organiser, burst, "keep")["Location"] == reverse("admin:index")
    assert list_statuses(burst.event) == ["confirmed"] * 3
    assert told(burst.event) == []
    entry = LogEntry.objects.get(object_id=str(burst.event_id))
    assert entry.get_change_message() == "3 registrations from one network were kept."


def test_if_others_have_joined_meanwhile_nothing_is_done_and_the_page_asks_again(organiser):
    burst = make_burst()
    make_registration(burst.event, burst=burst)
    page = choose(organiser, burst, "erase", is_sure="on").content.decode()
    assert "The list has changed in the meantime." in page
    assert 'name="asked" value="4"' in page
    assert list_statuses(burst.event) == ["confirmed"] * 4


@pytest.mark.parametrize("choice", ["cancel", "erase"])
def test_who_joins_while_the_button_is_pressed_is_left_alone(organiser, monkeypatch, choice):
    burst, joined = make_burst(), []

    def join_and_apply(*args, **options):
        joined.append(make_registration(burst.event, burst=burst))
        return apply_or_queue(*args, **options)

    monkeypatch.setattr(burst_views, "apply_or_queue", join_and_apply)
    choose(organiser, burst, choice, is_sure="on")
    (late,) = joined
    late.refresh_from_db()
    assert (late.status, late.erased_at) == ("confirmed", None)
    assert list_statuses(burst.event) == ["cancelled"] * 3 + ["confirmed"]


@pytest.mark.parametrize("choice", ["", "burn"])
def test_another_choice_does_nothing(organiser, choice):
    burst = make_burst()
    choose(organiser, burst, choice)
    assert list_statuses(burst.event) == ["confirmed"] * 3


@pytest.mark.parametrize("group", [STAFF, HELPERS])
def test_only_those_who_may_change_registrations_come_here(client, group):
    burst = make_burst()
    client.force_login(make_user(group))
    assert client.get(get_url(burst)).status_code == 403
    assert choose(client, burst, "erase").status_code == 403


def test_who_is_restricted_to_other_events_finds_nothing(client):
    burst, own = make_burst(), make_burst()
    user = make_user(ORGANISERS)
    restrict_to_events(user, own.event)
    client.force_login(user)
    assert get_page(client, get_url(own))
    assert choose(client, burst, "erase").status_code == 404
    crossed = reverse("admin:conference_event_burst", args=[own.event_id, burst.pk])
    assert client.post(crossed, {"asked": 3, "choice": "erase"}).status_code == 404
    assert client.get(f"{LIST_URL}?burst={burst.pk}").status_code == 302
    assert list_statuses(burst.event) == ["confirmed"] * 3
