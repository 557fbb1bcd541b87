"""Guessing is slowed before it costs anything, and shuts nobody out."""

import re

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from accounts import try_limits
from registrations.mail.account_emails import build_reset_url
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
    assert try_limits.get_known_device(request, "password", "a") == ""


def test_a_new_password_by_e_mail_gives_no_more_tries_at_the_codes(user):
    """Or whoever can read a user's mail would get twenty tries with each new password."""
    add_app(user)
    for number in range(10):
        client = Client(REMOTE_ADDR=f"198.51.100.{number}")
        guess(client, user, "correct horse", network=f"198.51.100.{number}")
        client.post(CODE, {"code": "000000"})
    client = Client(REMOTE_ADDR="203.0.113.1")
    form = client.get(build_reset_url(user).removeprefix(settings.SITE_URL))["Location"]
    assert client.post(form, {"new_password1": "a-long-new-one", "new_password2": "a-long-new-one"}).status_code == 302
    for _time in range(20):
        guess(Client(), user, network="198.51.100.77")  # uses up what others can guess
    for number in range(20):
        guess(Client(), user, network=f"192.0.2.{number}")
    assert guess(Client(), user, "a-long-new-one", network="192.0.2.200").status_code == 429
    assert guess(client, user, "a-long-new-one", network="203.0.113.1")["Location"] == CODE
    assert client.post(CODE, {"code": "000000"}).status_code == 429


@pytest.mark.parametrize(("path", "status"), [("log-out/", 302), ("sessions/", 302), ("password/", 429)])
def test_a_thief_keeps_nobody_from_ending_the_thiefs_session(client, user, path, status):
    thief = Client()
    for visitor in (client, thief):
        visitor.force_login(user)
        UserSession.objects.create(user=user, session_key=visitor.session.session_key, ip="192.0.2.1")
    for _time in range(21):
        response = thief.post("/account/confirm/", {"password": "wrong"})
    assert response.status_code == 429
    assert client.post(f"/account/{path}").status_code == status
    assert thief.get("/account/").status_code == (302 if path == "sessions/" else 200)
    assert [Client().post(f"/account/{path}").status_code for _time in range(61)][-1] == 429  # strangers are limited


def read_limit(response) -> tuple[bool, str]:
    """Return whether the page advises another network, and where it leads back to."""
    assert response.status_code == 429
    page = response.content.decode()
    return "use another network" in page, re.search(r'btn btn-primary" href="([^"]*)"', page)[1]


def test_another_network_is_advised_only_where_it_helps(user):
    """At codes and in an account, all networks have one count."""
    add_app(user)
    client = Client(headers={"accept-language": "en"})
    for _time in range(11):
        response = guess(client, user)
    assert read_limit(response) == (True, LOG_IN)
    guess(client, user, "correct horse", network="192.0.2.2")
    for _time in range(11):
        response = client.post(CODE, {"code": "000000"}, REMOTE_ADDR="192.0.2.3")
    assert read_limit(response) == (False, LOG_IN)
    client.force_login(user)
    for _time in range(21):
        response = client.post("/account/confirm/", {"password": "wrong"})
    assert read_limit(response) == (False, "/account/")


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
