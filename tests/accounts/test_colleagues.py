"""Organisers see and change colleagues within their own rights and events, and nobody gets more than the giver has."""

from html.parser import HTMLParser

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Colleague
from accounts.roles import ABILITIES, ROLES, get_role, list_abilities
from attendance.door_permissions import DOOR
from attendance.models import DoorPairing
from conference.models import LimitedAccess, get_limited_access
from registrations.exports.access import log_export
from registrations.permissions import HELPERS, ORGANISERS, STAFF
from tests.accounts.colleague_pages import ADD_URL, LIST_URL, change_url, do, fill_in, invite, log_in
from tests.attendance.check_ins import make_device
from tests.factories import make_event, make_registration, make_user, restrict_to_events

pytestmark = pytest.mark.django_db

DEEDS = ["invite", "deactivate", "reactivate"]


def read(client, url: str) -> str:
    return client.get(url).content.decode()


def dump_account(user) -> tuple:
    """Everything that gives the account rights."""
    access = LimitedAccess.objects.filter(user=user.pk).first()
    return (
        User.objects.filter(pk=user.pk).values().get(),
        sorted(group.name for group in user.groups.all()),
        sorted(access.events.values_list("pk", flat=True)) if access else None,
    )


def change(client, user, **values):
    data = fill_in(**values)
    return client.post(change_url(user), {name: value for name, value in data.items() if name != "email"})


@pytest.mark.parametrize("group", [STAFF, HELPERS, DOOR, None])
def test_only_organisers_see_colleagues_and_invite(group):
    client, colleague = log_in(group), make_user(DOOR)
    urls = [LIST_URL, ADD_URL, change_url(colleague), *(f"{LIST_URL}{colleague.pk}/{deed}/" for deed in DEEDS)]
    assert {client.get(url).status_code for url in urls} == {403}
    assert client.post(ADD_URL, fill_in()).status_code == 403
    assert User.objects.count() == 2


def test_an_organiser_changes_role_and_events_and_the_log_says_from_what_to_what():
    organiser, event = log_in(ORGANISERS), make_event()
    colleague = make_user(HELPERS)
    assert change(organiser, colleague, role=STAFF, has_all_events="", events=[event.pk]).status_code == 302
    colleague = Colleague.objects.get(pk=colleague.pk)
    assert (get_role(colleague), [*get_limited_access(colleague).events.all()]) == (STAFF, [event])
    told = LogEntry.objects.get().get_change_message()
    assert "Role: Helper → Staff" in told
    assert f"Conferences: (empty) → {event}" in told
    assert change(organiser, colleague, role=DOOR).status_code == 302
    colleague = Colleague.objects.get(pk=colleague.pk)
    assert (get_role(colleague), get_limited_access(colleague)) == (DOOR, None)


@pytest.mark.parametrize(
    "values",
    [
        {"role": "superuser"},
        {"role": "Administrators"},
        {"is_superuser": "on", "role": ""},
        {"has_all_events": "", "events": []},
        {"has_all_events": "", "events": [999_999]},
        {"email": "no address"},
        {"email": f"{'a' * 60}@{'b' * 60}.{'c' * 60}.lv"},
    ],
)
def test_what_the_form_does_not_offer_is_refused(values):
    organiser = log_in(ORGANISERS)
    assert organiser.post(ADD_URL, fill_in(**values)).status_code == 200
    assert User.objects.count() == 1


def test_fields_that_no_page_has_are_left_alone():
    organiser, colleague = log_in(ORGANISERS), make_user(HELPERS, email="anna@example.lv")
    more = {"is_superuser": "on", "is_active": "", "username": "root", "email": "thief@example.lv", "password": "x"}
    data = fill_in(**more) | {"user_permissions": [Permission.objects.first().pk], "groups": [1]}
    before = dump_account(colleague)
    assert organiser.post(change_url(colleague), {**data, "first_name": "Ilze", "role": ""}).status_code == 200
    assert dump_account(colleague) == before
    assert organiser.post(change_url(colleague), data).status_code == 302
    after = dump_account(colleague)
    assert after[0] == before[0] | {"first_name": "Anna", "last_name": "Ozola"}
    assert (after[1:], colleague.user_permissions.count()) == (before[1:], 0)


def make_superuser(event):
    return make_user(is_superuser=True)


def make_special(event):
    """Somebody with a permission that organisers have not."""
    user = make_user(STAFF)
    user.user_permissions.add(Permission.objects.get(codename="change_user"))
    return user


@pytest.mark.parametrize("make", [make_superuser, make_special])
def test_who_may_do_more_is_seen_and_not_changed(make):
    organiser = log_in(ORGANISERS)
    colleague = make(None)
    before = dump_account(colleague)
    assert "An administrator can change the account." in read(organiser, change_url(colleague))
    assert change(organiser, colleague, role=DOOR).status_code == 403
    assert {do(organiser, colleague, deed).status_code for deed in DEEDS} == {403}
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    assert do(organiser, colleague, "reactivate").status_code == 403
    User.objects.filter(pk=colleague.pk).update(is_active=True)
    assert dump_account(colleague) == before


@pytest.mark.parametrize("group", [ORGANISERS, None])
def test_nobody_changes_their_own_account_here(group):
    client = log_in(group, is_superuser=not group)
    before = dump_account(client.user)
    assert "This is your own account." in read(client, change_url(client.user))
    assert change(client, client.user, role=ORGANISERS).status_code == 403
    assert {do(client, client.user, deed).status_code for deed in DEEDS} == {403}
    assert dump_account(client.user) == before


class TestLimitedOrganiser:
    @pytest.fixture
    def ours(self):
        return make_event(title="Ours")

    @pytest.fixture
    def theirs(self):
        return make_event(title="Theirs")

    @pytest.fixture
    def limited(self, ours):
        return log_in(ORGANISERS, ours)

    def test_gives_no_more_events_than_their_own(self, limited, ours, theirs):
        for values in (fill_in(), fill_in(theirs), fill_in(ours, theirs), fill_in(has_all_events="on", events="")):
            assert limited.post(ADD_URL, values).status_code == 200
        colleague = invite(limited, ours, has_all_events="on")
        assert [*get_limited_access(colleague).events.all()] == [ours]
        assert "Theirs" not in read(limited, ADD_URL)

    def test_does_not_see_colleagues_of_other_events(self, limited, theirs):
        unseen = [make_user(DOOR, first_name="Unseen"), make_user(ORGANISERS, first_name="Unseen")]
        restrict_to_events(unseen[0], theirs)
        before = [dump_account(user) for user in unseen]
        assert "Unseen" not in read(limited, LIST_URL)
        for user in unseen:
            assert "Unseen" not in limited.get(change_url(user), follow=True).content.decode()
            change(limited, user, has_all_events="", events=[theirs.pk])
            assert {do(limited, user, deed).status_code for deed in DEEDS} == {404}
        assert [dump_account(user) for user in unseen] == before

    def test_sees_who_has_further_events_without_their_names_and_cannot_change_them(self, limited, ours, theirs):
        both = make_user(HELPERS, first_name="Both")
        restrict_to_events(both, ours, theirs)
        before = dump_account(both)
        for url in (LIST_URL, change_url(both)):
            page = read(limited, url)
            assert "and others" in page
            assert "Theirs" not in page
        assert change(limited, both, has_all_events="", events=[ours.pk]).status_code == 403
        assert {do(limited, both, deed).status_code for deed in DEEDS} == {403}
        assert dump_account(both) == before

    def test_learns_nothing_of_other_events_from_the_history_and_what_was_taken(self, limited, ours, theirs):
        colleague = invite(log_in(ORGANISERS), ours, theirs)
        log_export(colleague, kind="CSV", events=[ours], count=12, filters=[], columns=["E-mail"])
        log_export(colleague, kind="CSV", events=[theirs], count=34, filters=[], columns=["E-mail"])
        DoorPairing.objects.create(event=theirs, created_by_id=colleague.pk, device=make_device(theirs, name="Far"))
        LimitedAccess.objects.get(user=colleague.pk).events.set([ours])
        assert limited.get(f"{LIST_URL}{colleague.pk}/history/").status_code == 403
        assert "/history/" not in read(limited, change_url(colleague))
        page = read(limited, f"{LIST_URL}{colleague.pk}/deactivate/")
        assert "Rows: 12." in page
        assert "Rows: 34." not in page
        assert theirs.slug not in page
        assert "Far" not in page

    def test_learns_no_name_from_an_address_that_they_may_not_see(self, limited, ours):
        make_user(ORGANISERS, email="hidden@example.lv", first_name="Hidden")
        response = limited.post(ADD_URL, fill_in(ours, email="hidden@example.lv"))
        page = response.content.decode()
        assert "Please ask an administrator to change it." in page
        assert "Hidden" not in page


class TestLeaving:
    def test_ends_sessions_and_says_what_was_taken(self):
        organiser, event = log_in(ORGANISERS), make_event()
        colleague = log_in(STAFF)
        UserSession.objects.create(
            user=colleague.user, session_key=colleague.session.session_key, ip="192.0.2.1", user_agent=""
        )
        log_export(colleague.user, kind="CSV", events=[event], count=12, filters=[], columns=["E-mail"])
        assert "Rows: 12." in read(organiser, f"{LIST_URL}{colleague.user.pk}/deactivate/")
        assert do(organiser, colleague.user, "deactivate")["Location"] == change_url(colleague.user)
        assert not get_user(colleague).is_authenticated
        assert not UserSession.objects.exists()
        out = Client()
        out.post("/account/log-in/", log_in_data(colleague.user))
        assert not get_user(out).is_authenticated
        assert do(organiser, colleague.user, "reactivate").status_code == 302
        again = Client()
        again.post("/account/log-in/", log_in_data(colleague.user))
        assert get_user(again).is_authenticated
        told = [entry.get_change_message() for entry in LogEntry.objects.filter(user=organiser.user).order_by("pk")]
        assert told == ["The account was deactivated.", "The account was activated again."]

    def test_what_is_no_longer_possible_is_not_done_twice(self):
        organiser, colleague = log_in(ORGANISERS), make_user(STAFF)
        for deed in ("invite", "deactivate", "deactivate"):
            do(organiser, colleague, deed)
        assert LogEntry.objects.count() == 1
        colleague.refresh_from_db()
        assert (colleague.is_active, colleague.has_usable_password()) == (False, True)


def log_in_data(user) -> dict:
    return {"login": user.username, "password": "correct horse"}


def test_the_list_takes_the_same_queries_for_many_colleagues():
    organiser = log_in(ORGANISERS)
    events = [make_event() for _number in range(3)]
    organiser.get(LIST_URL)  # what processes remember is asked for once
    numbers = []
    for _time in range(2):
        for group in ROLES:
            restrict_to_events(make_user(group), *events)
        with CaptureQueriesContext(connection) as queries:
            assert organiser.get(LIST_URL).status_code == 200
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


class TestRoles:
    def test_the_table_says_what_the_pages_do(self):
        """For each ability, a page that only those who have it get."""
        event = make_event()
        person = make_registration(event, email="person@example.lv")
        people = "/admin/registrations/registration/"
        one = f"{people}{person.pk}/"
        listed = f"{people}?event={event.pk}"
        proofs = {
            "attendance.add_checkin": shows("/door/", f"/door/{event.slug}/"),
            "registrations.view_registration": shows(listed, person.last_name),
            "registrations.view_email": shows(listed, "person@example.lv"),
            "registrations.export_registration": opens(f"{people}export/?event={event.pk}"),
            "registrations.change_registration": asks_to(listed, "cancel", person),
            "registrations.view_needs": opens(f"{one}needs/"),
            "registrations.add_mailing": opens("/admin/registrations/mailing/add/"),
            "registrations.delete_registration": asks_to(listed, "erase", person),
            "conference.change_event": opens(f"/admin/conference/event/{event.pk}/cancel/"),
            "admin.view_logentry": opens("/admin/admin/logentry/"),
            "accounts.add_colleague": opens(ADD_URL),
        }
        assert set(proofs) == set(ABILITIES)
        clients = [log_in(role) for role in ROLES]
        told = {str(ability.sentence): ability.is_of for ability in list_abilities()}
        seen = {str(ABILITIES[name]): [proof(client) for client in clients] for name, proof in proofs.items()}
        assert told == seen

    def test_the_door_is_all_that_door_may_do(self):
        client = log_in(DOOR)
        assert client.user.get_all_permissions() == {"attendance.add_checkin"}
        assert client.get("/admin/")["Location"] == "/door/"
        for path in ("registrations/registration/", "attendance/checkin/", "conference/event/", "accounts/colleague/"):
            assert client.get(f"/admin/{path}?event=").status_code == 403

    def test_a_role_that_may_do_more_than_the_inviter_is_not_offered(self):
        client = log_in(HELPERS)
        client.user.user_permissions.add(*Permission.objects.filter(content_type__model="colleague"))
        offered = Radios(read(client, ADD_URL)).values
        assert offered == [HELPERS, DOOR]
        assert client.post(ADD_URL, fill_in(role=STAFF)).status_code == 200
        assert User.objects.count() == 1


def opens(url: str):
    return lambda client: client.get(url).status_code == 200


def shows(url: str, text: str):
    return lambda client: text in read(client, url)


def asks_to(url: str, action: str, person):
    """Whether the confirmation of a bulk action comes."""
    data = {"action": action, "_selected_action": person.pk}
    return lambda client: 'type="hidden" name="action"' in client.post(url, data).content.decode()


class Radios(HTMLParser):
    def __init__(self, page: str):
        super().__init__()
        self.values = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if values.get("type") == "radio" and values.get("name") == "role":
            self.values.append(values["value"])
