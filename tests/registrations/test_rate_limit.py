from datetime import UTC, datetime

import pytest
import time_machine
from django.test import RequestFactory

from registrations import rate_limit
from registrations.models import Registration, SignUpCount
from tests.factories import make_event, make_form_data

pytestmark = pytest.mark.django_db


def request(address="203.0.113.7", forwarded=None):
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return RequestFactory().post("/", REMOTE_ADDR=address, headers=headers)


def test_the_limit_is_for_one_address_and_one_window(settings, time_machine):
    settings.SIGNUP_RATE_LIMIT = (2, 3600)
    time_machine.move_to("2026-11-23T12:00:00Z", tick=False)
    assert [rate_limit.has_too_many_requests(request()) for _number in range(3)] == [False, False, True]
    assert not rate_limit.has_too_many_requests(request("203.0.113.8"))
    time_machine.shift(3600)
    assert not rate_limit.has_too_many_requests(request())


def test_counts_of_past_windows_are_deleted_and_no_address_is_kept(settings, time_machine):
    settings.SIGNUP_RATE_LIMIT = (2, 3600)
    time_machine.move_to("2026-11-23T12:00:00Z", tick=False)
    rate_limit.has_too_many_requests(request())
    time_machine.shift(3600)
    rate_limit.has_too_many_requests(request("203.0.113.8"))
    (counted,) = SignUpCount.objects.all()
    assert "203.0.113" not in counted.origin


@pytest.mark.parametrize(
    ("hops", "forwarded", "expected"),
    [
        (0, None, "203.0.113.7"),
        (0, "198.51.100.1", "203.0.113.7"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "forged, 198.51.100.1", "198.51.100.1"),
        (2, "forged, 198.51.100.1, 10.0.0.1", "198.51.100.1"),
        (2, "10.0.0.1", "203.0.113.7"),
        (1, None, "203.0.113.7"),
    ],
)
def test_only_configured_hops_are_trusted(settings, hops, forwarded, expected):
    settings.TRUSTED_PROXY_HOPS = hops
    assert rate_limit.get_client_address(request(forwarded=forwarded)) == expected


def test_a_household_with_ipv6_counts_as_one():
    assert rate_limit.get_client_network(request("2001:db8:1:2:aaaa::1")) == "2001:db8:1:2::/64"
    assert rate_limit.get_client_network(request("2001:db8:1:2:bbbb::2")) == "2001:db8:1:2::/64"


def test_an_ipv4_address_written_as_ipv6_counts_as_itself():
    assert rate_limit.get_client_network(request("::ffff:203.0.113.7")) == "203.0.113.7"


def test_over_the_limit_the_form_is_shown_again_filled_in_with_429(client, settings):
    settings.SIGNUP_RATE_LIMIT = (1, 3600)
    event = make_event()
    assert client.post(f"/en/{event.slug}/register/", make_form_data(event)).status_code == 302
    response = client.post(f"/en/{event.slug}/register/", make_form_data(event, last_name="Kalniņa"))
    assert response.status_code == 429
    assert "Too many registrations have come from your network" in response.content.decode()
    assert 'value="Kalniņa"' in response.content.decode()
    assert Registration.objects.count() == 1


def test_forged_headers_do_not_get_around_the_limit(client, settings):
    settings.SIGNUP_RATE_LIMIT = (1, 3600)
    event = make_event()
    statuses = [
        client.post(
            f"/en/{event.slug}/register/", make_form_data(event), headers={"X-Forwarded-For": f"198.51.100.{number}"}
        ).status_code
        for number in range(3)
    ]
    assert statuses == [302, 429, 429]


def test_the_refusal_says_when_the_next_window_begins(client, settings):
    settings.SIGNUP_RATE_LIMIT = (1, 3600)
    event = make_event()
    with time_machine.travel(datetime(2026, 11, 23, 10, 59, 30, tzinfo=UTC), tick=False):
        answers = [client.post(f"/en/{event.slug}/register/", make_form_data(event)) for _number in range(2)]
        found = client.post("/en/find/", {"email": "anna@example.lv"})
    assert [(answer.status_code, answer.get("Retry-After")) for answer in answers] == [(302, None), (429, "30")]
    assert (found.status_code, found["Retry-After"]) == (429, "30")
