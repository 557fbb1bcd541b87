"""Guessing is slowed before it costs anything, and shuts nobody out."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from accounts import try_limits
from tests.accounts.factors import add_app, confirm, get_code
from tests.factories import make_user

pytestmark = pytest.mark.django_db

LOG_IN, CODE = "/account/log-in/", "/account/log-in/code/"


@pytest.fixture
def user():
    return make_user(is_superuser=True)


@pytest.fixture
def checked(monkeypatch):
    """The passwords that were hashed."""
    passwords = []
    hash_password = "django.contrib.auth.hashers.MD5PasswordHasher.encode"
    monkeypatch.setattr(hash_password, lambda self, password, salt: passwords.append(password) or "wrong")
    return passwords


def guess(client, user, password="wrong", network="192.0.2.1"):  # noqa: S107 (a wrong one)
    return client.post(LOG_IN, {"login": user.username, "password": password}, REMOTE_ADDR=network)


def test_guessing_from_one_network_soon_costs_nothing(client, user, checked):
    statuses = [guess(client, user, f"wrong {number}").status_code for number in range(12)]
    assert statuses == [200] * 10 + [429] * 2
    assert len(checked) == 10
    assert {response.status_code for response in [guess(client, user, network="192.0.2.2")]} == {200}


def test_whoever_guesses_too_often_reads_when_to_try_again(client, user):
    for _time in range(10):
        guess(client, user)
    response = guess(client, user)
    assert response.status_code == 429
    assert 540 < int(response["Retry-After"]) <= 660
    assert "Too many attempts" in response.content.decode()
    assert "again in 1" in response.content.decode()


def test_many_names_from_one_network_are_counted_together(client, checked):
    statuses = [client.post(LOG_IN, {"login": f"name{number}", "password": "x"}).status_code for number in range(62)]
    assert statuses == [200] * 60 + [429] * 2
    assert len(checked) == 60


def test_guessing_from_many_networks_is_slowed_but_leaves_the_user_in(client, user):
    known = Client()
    assert guess(known, user, "correct horse", network="203.0.113.1").status_code == 302
    known.post("/account/log-out/")
    statuses = {guess(client, user, network=f"198.51.100.{number}").status_code for number in range(19)}
    assert statuses == {200}
    assert guess(client, user, network="198.51.100.200").status_code == 429
    assert guess(known, user, "correct horse", network="198.51.100.201").status_code == 302  # its own count


def test_a_device_is_known_only_for_who_logged_in_there(client, user):
    guess(client, user, "correct horse")
    client.post("/account/log-out/")
    other = make_user()
    for number in range(20):
        guess(Client(), other, network=f"198.51.100.{number}")
    assert guess(client, other, "correct horse").status_code == 429


@pytest.mark.parametrize("cookie", ["", "x", "a:b", "a:b:1xY1Bt:5ScqGJblK9TEMpWyov4kpugjzpulRsyggFBtOSAnqGA"])
def test_a_made_up_device_is_unknown(rf, cookie):
    request = rf.get(LOG_IN)
    request.COOKIES[try_limits.DEVICE_COOKIE] = cookie
    assert try_limits.get_known_device(request, "a") == ""


def test_capital_letters_and_spaces_make_no_new_name(client, user):
    for number in range(20):
        typed = f" {user.username.upper() if number % 2 else user.username} "
        client.post(LOG_IN, {"login": typed, "password": "x"}, REMOTE_ADDR=f"198.51.100.{number}")
    assert guess(client, user).status_code == 429


def test_codes_are_guessed_even_more_slowly(user):
    key = add_app(user)
    statuses = []
    for number in range(11):
        client = Client()
        assert guess(client, user, "correct horse", network=f"198.51.100.{number}").status_code == 302
        wrong = client.post(CODE, {"code": "000000"}, REMOTE_ADDR=f"203.0.113.{number}")
        statuses.append(wrong.status_code)
    assert statuses == [200] * 10 + [429]
    right = client.post(CODE, {"code": get_code(key)}, REMOTE_ADDR="203.0.113.77")
    assert right.status_code == 429


def test_a_name_sent_along_does_not_hide_whose_code_is_guessed(client, user):
    """The name of nobody, and that of somebody else with the device on which that person has logged in."""
    add_app(user)
    other = make_user()
    own = Client()
    guess(own, other, "correct horse")
    assert guess(client, user, "correct horse").status_code == 302
    client.cookies["known_device"] = own.cookies["known_device"].value
    names = [f"x{number}" for number in range(6)] + [other.username] * 6
    statuses = [client.post(CODE, {"code": "000000", "login": name}).status_code for name in names]
    assert statuses == [200] * 10 + [429] * 2


def test_a_stolen_session_is_no_place_to_guess_the_password(client, user, checked):
    client.force_login(user)
    statuses = [client.post("/account/confirm/", {"password": "wrong"}).status_code for _time in range(22)]
    assert statuses == [200] * 20 + [429] * 2
    assert len(checked) == 20


def test_a_challenge_for_a_passkey_is_counted_as_it_stores_a_session(client):
    statuses = [
        client.get("/account/log-in/passkey/", headers={"Accept": "application/json"}).status_code
        for _time in range(61)
    ]
    assert statuses == [200] * 60 + [429]


@pytest.mark.parametrize("headers", [{}, {"x-requested-with": "XMLHttpRequest"}, {"content-type": "application/json"}])
def test_strangers_store_nothing(client, headers):
    for path in ("", "app/", "codes/new/", "passkeys/add/", "passkeys/1/remove/", "confirm/", "confirm/passkey/"):
        client.get(f"/account/{path}", headers=headers)
        response = client.post(f"/account/{path}", {"much": "x" * 100_000}, headers=headers)
        assert response["Location"].startswith(LOG_IN), path
    client.get("/account/log-in/passkey/", headers=headers)
    assert not Session.objects.exists()


def test_confirming_with_a_code_is_limited_too(client, user):
    add_app(user)
    client.force_login(user)
    confirm(client, user)
    statuses = [client.post("/account/confirm/code/", {"code": "000000"}).status_code for _time in range(21)]
    assert statuses == [200] * 20 + [429]
