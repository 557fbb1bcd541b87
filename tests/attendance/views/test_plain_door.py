"""The door without a script."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from attendance.models import CheckIn, DoorSettings
from attendance.operations import revoke
from registrations.models import Registration
from tests.attendance.doors import Phone, make_door
from tests.factories import make_event, make_registration, make_user, restrict_to_events

pytestmark = pytest.mark.django_db


def press(client, page: str, button: str, **typed):
    """Send the form that has this button, as it is on the page, with what is typed into it."""
    forms = re.findall(r'<form[^>]* action="([^"]+)"[^>]*>(.*?)</form>', page, re.DOTALL)
    (action, form), *_others = [(action, form) for action, form in forms if f">{button}</button>" in form]
    values = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    kind = re.search(rf'name="kind" value="(\w+)"[^>]*>{button}<', form)
    response = client.post(action, {**values, **({"kind": kind[1]} if kind else {}), **typed})
    return response.content.decode()


@pytest.fixture
def event():
    return make_event(starts_at=timezone.now() - timedelta(hours=1))


@pytest.fixture
def phone(event):
    return Phone(event, door=make_door(event, "B"))


def find(phone, text: str) -> str:
    page = phone.client.get(f"/door/{phone.event.slug}/plain/").content.decode()
    return press(phone.client, page, "Find", q=text)


def test_somebody_is_found_by_the_code_checked_in_and_undone(phone, event):
    person = make_registration(event, first_name="Anna", last_name="Ozola")
    person.refresh_from_db()
    page = find(phone, f"https://testserver/d/{person.ticket_code.lower()}")
    assert "Anna Ozola" in page
    assert not CheckIn.objects.exists()
    page = press(phone.client, page, "Check in")
    check_in = CheckIn.objects.get()
    assert (check_in.registration, check_in.verdict, check_in.method) == (person, "welcome", "search")
    assert check_in.door.name == "B"
    person.refresh_from_db()
    assert person.checked_in_at == check_in.happened_at
    shown = person.checked_in_at.astimezone(event.zone)
    assert f"In since {shown:%H:%M}, entrance “B”" in page
    press(phone.client, page, "Undo check-in")
    person.refresh_from_db()
    assert person.checked_in_at is None


def test_a_form_that_is_sent_twice_counts_once(phone, event):
    person = make_registration(event)
    page = find(phone, person.reference)
    for _time in range(2):
        assert "Welcome" in press(phone.client, page, "Check in")
    assert CheckIn.objects.count() == 1


def test_what_was_done_is_said_with_the_name_and_no_warning(phone, event):
    person = make_registration(event, first_name="Anna", last_name="Ozola")
    page = press(phone.client, find(phone, person.reference), "Check in")
    assert re.search(r"Welcome</strong><br>\s*Anna Ozola", page)
    assert "Already in" not in page
    assert ">Let in again</button>" not in page
    assert "Already in" in find(phone, person.reference)
    page = press(phone.client, page, "Undo check-in")
    assert re.search(r"Undone</strong><br>\s*Anna Ozola", page)
    phone.device.refresh_from_db()
    assert phone.device.last_seen_at is not None


@pytest.mark.parametrize("status", ["waitlisted", "cancelled", "pending"])
def test_who_has_no_place_is_let_in_with_a_reason(phone, event, status):
    person = make_registration(event, status)
    page = find(phone, person.reference)
    assert ">Check in</button>" not in page
    press(phone.client, page, "Let in all the same", reason="Speaker’s guest")
    check_in = CheckIn.objects.get()
    assert (check_in.registration, check_in.verdict, check_in.reason) == (person, status, "Speaker’s guest")
    person.refresh_from_db()
    assert person.checked_in_at == check_in.happened_at
    assert person.status == status


def test_a_code_that_nobody_has_can_be_let_in_too(phone):
    page = find(phone, "0" * 20)
    assert "Unknown ticket" in page
    press(phone.client, page, "Let in all the same", reason="No list")
    assert CheckIn.objects.get().verdict == "unknown"


def test_names_are_searched_only_where_the_organisers_allow_it(phone, event):
    make_registration(event, first_name="Anna", last_name="Bērziņa", email="secret@example.lv")
    assert "Bērziņa" not in find(phone, "berzina")
    DoorSettings.objects.create(event=event, has_names=True)
    assert "Bērziņa" in find(phone, "berzina")
    assert "Bērziņa" not in find(phone, "secret@example.lv")
    assert "Bērziņa" not in find(phone, ".")
    make_registration(make_event(), last_name="Bērziņa elsewhere")
    assert "elsewhere" not in find(phone, "berzina")


def test_somebody_who_is_not_registered_gets_a_place(phone, event):
    page = find(phone, "x")
    data = {"first_name": "Ilze", "last_name": "Jauna", "language": "lv"}
    assert "Please tick this box" in press(phone.client, page, "Let in", **data)
    assert not Registration.objects.exists()
    assert "Welcome" in press(phone.client, page, "Let in", **data, consent="on")
    assert "Welcome" in press(phone.client, page, "Let in", **data, consent="on")
    person = Registration.objects.get()
    assert (person.full_name, person.status, person.source) == ("Ilze Jauna", "confirmed", "by_hand")
    assert person.consented_at is not None
    (check_in,) = person.check_ins.all()
    assert (check_in.method, check_in.happened_at) == ("walk_in", person.checked_in_at)


def test_nobody_gets_a_place_beyond_the_limit_unless_the_organisers_allow_it(phone, event):
    type(event).objects.filter(pk=event.pk).update(capacity=0)
    page = find(phone, "x")
    data = {"first_name": "Ilze", "last_name": "Jauna", "language": "lv", "consent": "on"}
    assert "All places are taken." in press(phone.client, page, "Let in", **data)
    assert not Registration.objects.exists()
    assert not CheckIn.objects.exists()
    DoorSettings.objects.create(event=event, exceeds_capacity=True)
    refused = press(phone.client, page, "Let in", **data)
    assert "All places are taken." in refused
    assert "Let in beyond the places" in refused
    assert not CheckIn.objects.exists()
    press(phone.client, page, "Let in", **data, beyond="on")
    assert CheckIn.objects.get().verdict == "over_capacity"
    assert Registration.objects.get().status == "confirmed"


def test_a_user_with_the_permission_needs_no_phone(client, event):
    helper = make_user("Helpers")
    client.force_login(helper)
    person = make_registration(event, last_name="Bērziņa")
    page = client.post(f"/door/{event.slug}/plain/", {"q": "berzina"}).content.decode()
    assert "Bērziņa" in page  # users who see registrations can search by name
    press(client, page, "Check in")
    assert CheckIn.objects.get().user == helper
    person.refresh_from_db()
    assert person.checked_in_at is not None
    restrict_to_events(helper, make_event())
    assert client.get(f"/door/{event.slug}/plain/").status_code == 404


def test_check_out_is_offered_where_people_check_out(phone, event):
    person = make_registration(event)
    page = press(phone.client, find(phone, person.reference), "Check in")
    assert "Check out" not in page
    DoorSettings.objects.create(event=event, checks_out=True)
    page = press(phone.client, find(phone, person.reference), "Check out")
    assert "Goodbye" in page
    assert sorted(CheckIn.objects.values_list("kind", flat=True)) == ["in", "out"]
    assert ">Check in</button>" in page


def test_practice_counts_nowhere(phone, event):
    DoorSettings.objects.create(event=event, is_practice=True)
    person = make_registration(event)
    press(phone.client, find(phone, person.reference), "Check in")
    page = find(phone, person.reference)
    assert "Already in" in page
    data = {"first_name": "Ilze", "last_name": "Jauna", "language": "lv", "consent": "on"}
    press(phone.client, page, "Let in", **data)
    person.refresh_from_db()
    assert person.checked_in_at is None
    assert Registration.objects.count() == 1
    assert set(CheckIn.objects.values_list("is_practice", flat=True)) == {True}


@pytest.mark.parametrize(
    "sent",
    [{}, {"id": "x", "kind": "in"}, {"id": "0" * 32, "kind": "undo"}, {"id": "0" * 32, "kind": "in", "key": "\0"}],
    ids=str,
)
def test_what_the_page_does_not_send_changes_nothing(phone, sent):
    for page in ("check-in", "walk-in"):
        response = phone.client.post(f"/door/{phone.event.slug}/plain/{page}/", sent)
        assert response.status_code in (200, 400)
    assert not CheckIn.objects.exists()


def test_a_paired_phone_that_opens_a_ticket_gets_a_button_and_nobody_else_does(phone, event, client):
    person = make_registration(event, last_name="Ozola")
    person.refresh_from_db()
    path = f"/D/{person.ticket_code}"
    page = phone.client.get(path).content.decode()
    assert "Ozola" not in page
    assert not CheckIn.objects.exists()
    page = press(phone.client, page, "Look up this ticket")
    assert "Ozola" in page
    press(phone.client, page, "Check in")
    assert CheckIn.objects.get().registration == person
    assert "Look up this ticket" not in client.get(path).content.decode()
    revoke(phone.device)
    assert "Look up this ticket" not in phone.client.get(path).content.decode()
