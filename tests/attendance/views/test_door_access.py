"""Who gets through to a door, and who does not, at each of its addresses."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone
from django.utils.http import parse_http_date

from accounts.models import SecondFactorGrace
from attendance.models import CheckIn, DoorDevice, DoorPairing
from attendance.models.door_device import KEPT, get_expiry
from attendance.operations import create_pairing, revoke
from attendance.views.door_access import DEVICE_COOKIE, REFUSALS_LIMIT
from attendance.views.pairing import WRONG_CODES_LIMIT
from conference.models import EarlierAddress, Event
from tests.attendance.doors import Phone, make_door
from tests.factories import make_event, make_registration, make_user, restrict_to_events, use_up

pytestmark = pytest.mark.django_db

# The addresses of a door that know people. All of them take POST.
ADDRESSES = ["sync/", "plain/", "plain/check-in/", "plain/walk-in/"]


@pytest.fixture
def event():
    return make_event()


def knock(client, event, address: str, **options):
    """Send to an address of the door what it could be sent, in the form that it takes."""
    data = {"schema": 1, "now": timezone.now().isoformat(), "records": [], "cursor": "", "unsent": 0}
    data |= {} if address == "sync/" else {"id": "x", "kind": "in"}
    content = {"content_type": "application/json"} if address == "sync/" else {}
    return client.post(f"/door/{event.slug}/{address}", data, **content, **options)


def with_token(token: str) -> Client:
    client = Client()
    client.cookies[DEVICE_COOKIE] = token
    return client


@pytest.mark.parametrize("address", ADDRESSES)
class TestEachAddress:
    def test_a_paired_phone_gets_through(self, event, address):
        assert knock(Phone(event).client, event, address).status_code in (200, 400)  # 400: the id

    def test_nobody_else_does(self, event, address):
        make_registration(event, last_name="Secret")
        for client in (Client(), with_token(""), with_token("x" * 43), with_token("é;,")):
            response = knock(client, event, address)
            assert response.status_code == 401
            assert "Secret" not in response.content.decode()
        assert client.get(f"/door/{event.slug}/{address}").status_code in (401, 405)

    def test_a_phone_of_another_event_does_not(self, event, address):
        phone = Phone(make_event())
        assert knock(phone.client, event, address).status_code == 403

    def test_a_phone_that_was_locked_out_is_gone(self, event, address):
        phone = Phone(event)
        assert revoke(phone.device) is True
        assert revoke(phone.device) is False
        response = knock(phone.client, event, address)
        assert response.status_code == 410
        if address == "sync/":
            assert response.json() == {"wipe": True}

    def test_a_phone_works_until_the_end_of_the_day_after(self, event, address):
        token = Phone(event).client.cookies[DEVICE_COOKIE].value  # a browser that ignores when the cookie expires
        with time_machine.travel(get_expiry(event) - timedelta(minutes=1)):
            assert knock(with_token(token), event, address).status_code in (200, 400)
        with time_machine.travel(get_expiry(event)):
            assert knock(with_token(token), event, address).status_code == 410
            Event.objects.filter(pk=event.pk).update(ends_at=event.ends_at + timedelta(days=7))
            assert knock(with_token(token), event, address).status_code in (200, 400)

    @pytest.mark.parametrize(("group", "status"), [(None, 403), ("Staff", 403), ("Helpers", 200), ("Organisers", 200)])
    def test_a_user_needs_the_permission(self, event, address, group, status):
        client = Client()
        client.force_login(make_user(group))
        found = knock(client, event, address).status_code
        assert found == status or (status, found) == (200, 400)

    def test_a_user_to_whom_the_admin_is_closed_does_not(self, event, address, settings):
        settings.REQUIRE_TWO_FACTOR = True
        user, client = make_user("Organisers"), Client()
        client.force_login(user)
        SecondFactorGrace.objects.create(user=user)
        assert knock(client, event, address).status_code in (200, 400)
        SecondFactorGrace.objects.update(began_at=timezone.now() - timedelta(days=8))
        assert knock(client, event, address).status_code == 403
        assert f"/door/{event.slug}/" not in client.get("/door/").content.decode()
        User.objects.filter(pk=user.pk).update(is_staff=False)
        settings.REQUIRE_TWO_FACTOR = False
        assert knock(client, event, address).status_code == 403

    def test_a_user_sees_only_the_events_that_are_theirs(self, event, address):
        user, client = make_user("Organisers"), Client()
        restrict_to_events(user, make_event())
        client.force_login(user)
        assert knock(client, event, address).status_code == 404

    def test_an_event_that_is_not_published_has_no_door(self, event, address):
        phone, user_client = Phone(event), Client()
        user_client.force_login(make_user("Organisers"))
        Event.objects.filter(pk=event.pk).update(is_published=False)
        assert knock(phone.client, event, address).status_code == 403
        assert knock(user_client, event, address).status_code == 404

    def test_another_site_gets_through_with_nobodys_cookie(self, event, address):
        phone = Phone(event)
        for headers in ({"origin": "https://www.example.org"}, {"sec-fetch-site": "cross-site"}):
            assert knock(phone.client, event, address, headers=headers).status_code == 403

    def test_guessing_is_stopped_and_phones_behind_the_same_address_go_on(self, event, address):
        phone = Phone(event)
        use_up("door", "127.0.0.1", REFUSALS_LIMIT)
        refused = knock(with_token("x" * 43), event, address)
        assert refused.status_code == 429
        assert int(refused["Retry-After"]) > 0
        assert knock(phone.client, event, address).status_code in (200, 400)

    def test_an_event_can_have_the_address_pair(self, address):
        event = make_event(slug="pair")
        assert knock(Phone(event).client, event, address).status_code in (200, 400)

    def test_an_address_that_the_event_had_before_leads_to_its_door(self, event, address):
        phone = Phone(event)
        EarlierAddress.objects.keep(event, "before")
        before = Event(slug="before")
        assert knock(phone.client, before, address).status_code in (200, 400)


def test_a_cancelled_event_still_has_a_door(event):
    """What happens there is a fact."""
    phone, person = Phone(event), make_registration(event)
    Event.objects.filter(pk=event.pk).update(cancelled_at=timezone.now())
    assert phone.check_in(person)["verdict"] == "welcome"
    assert "has been cancelled" in phone.client.get(f"/door/{event.slug}/plain/").content.decode()


def test_the_permission_alone_shows_no_names(event):
    user, client = make_user(), Client()
    user.user_permissions.add(Permission.objects.get(codename="add_checkin"))
    client.force_login(user)
    assert knock(client, event, "sync/").json()["names"] is None
    user.user_permissions.add(Permission.objects.get(codename="view_registration"))
    assert knock(client, event, "sync/").json()["names"] == {"full": True, "entries": []}


def test_the_cookie_of_a_phone_is_kept_from_scripts_and_other_sites(event, settings):
    settings.HTTPS = True
    cookie = Phone(event).client.cookies[DEVICE_COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"]) == (True, "Lax", "/", True)
    device = DoorDevice.objects.get()
    assert cookie.value not in (device.token_hash, "")
    assert not DoorDevice.objects.filter(token_hash=cookie.value).exists()


def pair(client, code: str, **data):
    return client.post(f"/door/pair/{code}/", {"name": "Anna’s phone", **data})


def test_a_code_pairs_one_phone_and_a_look_at_it_pairs_none(event, client):
    code = create_pairing(event, make_door(event), make_user())
    for _time in range(2):
        assert client.get(f"/door/pair/{code}/").status_code == 200
    assert not DoorDevice.objects.exists()
    assert pair(client, code, name="").status_code == 200  # asks again
    assert pair(client, code).status_code == 302
    for request in (client.get, lambda path: client.post(path, {"name": "Another"})):
        response = request(f"/door/pair/{code}/")
        assert response.status_code == 410
        assert "This code no longer works" in response.content.decode()
    assert DoorDevice.objects.count() == 1


def test_a_code_works_for_ten_minutes(event, client):
    code = create_pairing(event, None, None)
    DoorPairing.objects.update(created_at=timezone.now() - timedelta(minutes=9, seconds=50))
    assert client.get(f"/door/pair/{code}/").status_code == 200
    DoorPairing.objects.update(created_at=timezone.now() - timedelta(minutes=10, seconds=1))
    assert pair(client, code).status_code == 410


def test_no_phone_is_paired_with_an_event_that_is_over_or_not_published(event, client):
    code = create_pairing(event, None, None)
    Event.objects.update(is_published=False)
    assert pair(client, code).status_code == 410
    Event.objects.update(is_published=True, starts_at=timezone.now() - timedelta(days=9))
    Event.objects.update(ends_at=timezone.now() - timedelta(days=3))
    assert pair(client, code).status_code == 410
    assert not DoorDevice.objects.exists()


def test_codes_cannot_be_guessed(event, client):
    code = create_pairing(event, None, None)
    use_up("pairing", "127.0.0.1", WRONG_CODES_LIMIT)
    assert pair(client, "guess").status_code == 429
    assert pair(client, code).status_code == 302
    assert code not in DoorPairing.objects.get().code_hash


def test_a_phone_stands_at_an_entrance_of_its_own_event(event, client):
    make_door(event)
    strange = make_door(make_event(), "Elsewhere")
    code = create_pairing(event, None, None)
    assert "Elsewhere" not in client.get(f"/door/pair/{code}/").content.decode()
    assert pair(client, code, door=strange.pk).status_code == 200
    assert not DoorDevice.objects.exists()


def test_what_a_phone_still_holds_when_its_time_is_over_is_taken_and_nothing_is_told(event):
    person, phone = make_registration(event), Phone(event)
    record = phone.record(person)
    Event.objects.update(starts_at=timezone.now() - timedelta(days=4), ends_at=timezone.now() - timedelta(days=3))
    for _time in range(2):
        response = phone.post(record)
        assert (response.status_code, response.json()) == (410, {"wipe": True, "stored": [record["id"]], "refused": {}})
    assert CheckIn.objects.get().registration == person
    revoke(phone.device)
    assert phone.post(phone.record(person)).json() == {"wipe": True}
    assert CheckIn.objects.count() == 1


def test_organisers_see_when_a_phone_was_last_there_and_what_it_has_to_send(event):
    phone = Phone(event)
    phone.sync(unsent=7)
    device = DoorDevice.objects.get()
    assert device.unsent == 7
    assert device.last_seen_at is not None
    Event.objects.update(ends_at=event.ends_at + timedelta(days=7))
    event.refresh_from_db()
    phone.sync()
    assert DoorDevice.objects.get().expires_at == get_expiry(event)
    assert parse_http_date(phone.client.cookies[DEVICE_COOKIE]["expires"]) == (get_expiry(event) + KEPT).timestamp()
    assert not CheckIn.objects.exists()
