import re
from datetime import timedelta
from functools import partial

import pytest
from django.core.management import call_command
from django.test import RequestFactory
from django.urls import reverse

from registrations import rate_limit, urls
from registrations.models import Registration, RequestCount
from tests.factories import make_counts_older, make_event, make_form_data, make_registration, use_up
from tests.registrations.concurrency.threads import run_at_once

pytestmark = pytest.mark.django_db

WATCHED = rate_limit.Limit("watched", "a", 2, 3600, is_watched=True)


def request(address="203.0.113.7", forwarded=None):
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return RequestFactory().post("/", REMOTE_ADDR=address, headers=headers)


def count_times(number, limit, origin="203.0.113.7", scope="test"):
    return [rate_limit.count(scope, origin, limit) for _number in range(number)]


def is_above(limit):
    """Count a request within the limit; whether it is above another one, which is only watched."""
    one = request()
    assert not rate_limit.is_refused(one, "test", limit, watched=WATCHED)
    return one.is_above_watched


def let_pass(seconds):
    """Let all counts be older by so many seconds of the database's clock, which no test can set."""
    make_counts_older(timedelta(seconds=seconds))


def test_the_limit_is_for_one_origin_and_one_scope():
    assert [wait > 0 for wait in count_times(3, (2, 3600))] == [False, False, True]
    assert count_times(1, (2, 3600), origin="203.0.113.8") == [0]
    assert count_times(1, (2, 3600), scope="another") == [0]


def test_no_period_has_more_requests_than_the_limit_wherever_it_begins():
    limit, counted = (4, 100), []
    for second in range(0, 500, 5):  # whoever never rests
        counted += [second] * count_times(3, limit).count(0)
        let_pass(5)
    assert max(len([one for one in counted if begin <= one < begin + 100]) for begin in range(500)) == 4
    assert len(counted) == 4 * 5  # and refused requests put nothing off


def test_whoever_waits_as_long_as_the_refusal_says_is_let_in_and_no_earlier():
    (*_counted, wait) = count_times(3, (2, 3600))
    assert 3600 < wait <= 3960
    let_pass(wait - 5)
    assert 0 < rate_limit.count("test", "203.0.113.7", (2, 3600)) <= 5
    let_pass(5)
    assert rate_limit.count("test", "203.0.113.7", (2, 3600)) == 0


@pytest.mark.parametrize("clock", ["2020-01-01", "2040-01-01"])
def test_the_clock_of_the_machine_decides_nothing(clock, time_machine):
    assert count_times(2, (2, 3600)) == [0, 0]
    time_machine.move_to(clock, tick=False)
    (wait,) = count_times(1, (2, 3600))
    assert 3600 < wait <= 3960


def test_past_counts_are_deleted_and_no_address_is_kept():
    count_times(1, (2, 3600))
    let_pass(4000)
    count_times(1, (2, 3600), origin="203.0.113.8")
    call_command("send_emails")
    (counted,) = RequestCount.objects.all()
    assert "203.0.113" not in counted.origin


def test_what_must_not_be_refused_counts_however_many_there_were():
    assert [is_above((9, 3600)) for _number in range(4)] == [False, False, True, True]
    let_pass(3000)
    assert is_above((9, 3600))


def test_what_is_refused_counts_for_no_other_limit_either():
    for _number in range(2):
        is_above((2, 3600))
    assert [rate_limit.is_refused(request(), "test", (2, 3600), watched=WATCHED) for _number in range(5)] == [True] * 5
    assert is_above((9, 3600))
    assert RequestCount.objects.get(origin=WATCHED.hashed_origin).weight == 3 * rate_limit.WHOLE


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_exactly_the_limit():
    outcomes = run_at_once(partial(rate_limit.count, "test", "a"), [(5, 3600)] * 12)
    assert sorted(wait > 0 for wait in outcomes) == [False] * 5 + [True] * 7


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


def networks(address):
    return list(rate_limit.get_client_networks(request(address)))


def test_a_household_with_ipv6_counts_as_one_and_its_customer_number_too():
    both = [("2001:db8:1:2::/64", 1), ("2001:db8:1::/48", 10)]
    assert networks("2001:db8:1:2:aaaa::1") == networks("2001:db8:1:2:bbbb::2") == both


def test_an_ipv4_address_written_as_ipv6_counts_as_itself():
    assert networks("::ffff:203.0.113.7") == networks("203.0.113.7") == [("203.0.113.7", 1)]


def test_many_small_networks_of_one_large_one_have_a_limit_together():
    asked = [request(f"2001:db8:1:{number:x}::1") for number in range(12)]
    assert [rate_limit.is_refused(one, "test", (1, 3600)) for one in asked] == [False] * 10 + [True] * 2
    assert asked[-1].retry_after > 3600


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


def test_the_refusal_says_when_to_come_back(client, settings):
    settings.SIGNUP_RATE_LIMIT = (1, 600)
    event = make_event()
    answers = [client.post(f"/en/{event.slug}/register/", make_form_data(event)) for _number in range(2)]
    assert [answer.status_code for answer in answers] == [302, 429]
    assert 600 < int(answers[1]["Retry-After"]) <= 660
    assert "11 minutes" in answers[1].content.decode()


def test_searches_for_links_and_registrations_have_limits_of_their_own(client, settings):
    settings.SIGNUP_RATE_LIMIT, settings.FIND_RATE_LIMIT = (1, 3600), (2, 3600)
    event = make_event()
    signed_up = [client.post(f"/en/{event.slug}/register/", make_form_data(event)).status_code for _number in range(2)]
    found = [client.post("/en/find/", {"email": "anna@example.lv"}).status_code for _number in range(3)]
    assert (signed_up, found) == ([302, 429], [302, 302, 429])


@pytest.mark.parametrize(
    ("path", "setting"),
    [("register", "SIGNUP_RATE_LIMIT"), ("embed", "SIGNUP_RATE_LIMIT"), ("find", "FIND_RATE_LIMIT")],
)
def test_forms_with_mistakes_weigh_a_fifth(client, settings, path, setting):
    setattr(settings, setting, (2, 3600))
    event = make_event()
    url = "/en/find/" if path == "find" else f"/en/{event.slug}/{path}/"
    statuses = [client.post(url, {"email": "anna"}).status_code for _number in range(11)]
    assert statuses == [200] * 10 + [429]


def public_pages(event):
    """Every address of the public site that has to do with registrations, with a link that opens something."""
    registration = make_registration(event, new_email="new@example.lv")
    tokens = {"new-address": registration.manage_path_for("new@example.lv").split("/r/")[1].strip("/")}
    use_up("change", str(registration.pk), (rate_limit.MAX_CHANGES, 3600))
    for pattern in urls.urlpatterns:
        parameters = pattern.pattern.converters
        arguments = {"slug": event.slug, "signed": tokens.get(pattern.name, registration.manage_token)}
        arguments["mangled"] = f"{registration.manage_token}>"
        yield pattern.name, reverse(f"registrations:{pattern.name}", kwargs={one: arguments[one] for one in parameters})


def test_every_page_that_takes_a_form_refuses_it_beyond_a_limit(client, settings):
    for scope in ("sign-up", "find"):
        use_up(scope, "127.0.0.1", (200, 3600))
    answers = {name: client.post(path, {}) for name, path in public_pages(make_event()) if name != "erase"}
    # Whoever has been erased has no link any more, so erasing limits itself, and nothing may keep anybody from it.
    for name, answer in answers.items():
        assert answer.status_code in (405, 429), name
        assert answer.status_code == 405 or int(answer["Retry-After"]) > 0, name
    refused = {name for name, answer in answers.items() if answer.status_code == 429}
    assert refused == {"register", "embed", "find", "edit", "confirm", "cancel", "rejoin", "new-link", "new-address"}


def test_forms_that_are_only_shown_again_have_a_higher_limit_of_their_own(client, settings):
    settings.SIGNUP_RATE_LIMIT = (1, 3600)
    pages = [path for name, path in public_pages(make_event()) if name in ("register", "embed", "find", "edit")]
    again = [client.post(path, {"language_switch": "nothing"}) for path in [*pages, *pages, *pages]]
    assert [answer.status_code for answer in again] == [200] * 10 + [429] * 2
    refusal = r"Too many requests have come from your network. Please try again in 6[1-6] minutes"
    assert re.search(refusal, again[-1].content.decode())
    assert again[-1]["Cache-Control"].startswith("max-age=0, no-cache, no-store")
