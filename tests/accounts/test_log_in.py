"""Logging in: there is one way, it leads nowhere else, and it tells nothing about who has an account."""

import base64
import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import get_user
from django.test import Client
from django.utils import timezone

from registrations.models import RequestCount
from tests.accounts.factors import PASSKEY, add_app, add_codes, add_passkey, confirm, get_code
from tests.factories import make_user

pytestmark = pytest.mark.django_db

LOG_IN, CODE = "/account/log-in/", "/account/log-in/code/"
PASSWORD = "correct horse"


@pytest.fixture
def user():
    return make_user(is_superuser=True, email="organiser@example.lv")


def log_in(client, user, **more):
    return client.post(LOG_IN, {"login": user.username, "password": PASSWORD, **more})


def is_logged_in(client) -> bool:
    return get_user(client).is_authenticated


def test_the_admin_leads_to_the_log_in_and_back(client, user):
    response = client.get("/admin/conference/event/?q=x", follow=True)
    assert response.request["PATH_INFO"] == LOG_IN
    assert response.context["redirect_field_value"] == "/admin/conference/event/?q=x"
    assert log_in(client, user, next="/admin/conference/event/?q=x")["Location"] == "/admin/conference/event/?q=x"
    assert client.get(LOG_IN)["Location"] == "/admin/"


def test_the_admin_takes_no_password_itself(client, user):
    response = client.post("/admin/login/", {"username": user.username, "password": PASSWORD, "next": "/admin/"})
    assert response["Location"].startswith(LOG_IN)
    assert settings.SESSION_COOKIE_NAME not in client.cookies
    assert not is_logged_in(client)


ELSEWHERE = ["https://evil.example/", "//evil.example/", r"/\evil.example", "javascript:alert(1)", "http:evil.example"]
ELSEWHERE += ["///evil.example", "\t//evil.example", "https:///evil.example", "http://testserver/x", "x://y"]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_logging_in_leads_to_no_other_site(client, user, address):
    assert log_in(client, user, next=address)["Location"] == "/admin/"
    for path in ("/admin/login/", LOG_IN):
        assert client.get(path, {"next": address})["Location"] == "/admin/"
    assert client.get("/admin/login/", {"next": address}).status_code == 302


def test_a_session_of_before_is_not_logged_in(client, user):
    """Somebody may have put the cookie into this browser."""
    client.get("/account/log-in/passkey/", headers={"Accept": "application/json"})
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    log_in(client, user)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before
    other = Client()
    other.cookies[settings.SESSION_COOKIE_NAME] = before
    assert not is_logged_in(other)


def read(response) -> str:
    return re.sub(r'(name="csrfmiddlewaretoken" value|name="login" value)="[^"]*"', "", response.content.decode())


def test_a_stranger_cannot_tell_who_has_an_account(client, user, monkeypatch):
    inactive, hashed = make_user(is_active=False), []
    encode = "django.contrib.auth.hashers.MD5PasswordHasher.encode"
    monkeypatch.setattr(encode, lambda self, password, salt: hashed.append(password) or "md5$salt$wrong")
    names = [user.username, user.username.upper(), "nobody", user.email, inactive.username]
    responses = [client.post(LOG_IN, {"login": name, "password": "wrong"}) for name in names]
    assert {response.status_code for response in responses} == {200}
    assert len({read(response) for response in responses}) == 1
    assert hashed == ["wrong"] * len(names)


def test_who_is_no_longer_active_or_no_staff_gets_nowhere(client):
    assert log_in(client, make_user(is_active=False)).status_code == 200
    assert not is_logged_in(client)
    visitor = make_user()
    visitor.is_staff = False
    visitor.save()
    log_in(client, visitor)
    assert client.get("/admin/", follow=True).status_code == 403


def test_the_password_alone_opens_nothing_where_a_second_step_is_set_up(client, user):
    key = add_app(user)
    assert log_in(client, user, next="/admin/conference/")["Location"] == CODE
    assert not is_logged_in(client)
    for path in ("/admin/", "/account/", "/account/password/", "/account/app/", "/account/codes/", "/account/confirm/"):
        response = client.get(path, follow=True)
        assert response.request["PATH_INFO"] in (LOG_IN, CODE), path
    client.post("/account/log-in/passkey/", {"credential": "{}"})
    client.post("/account/confirm/", {"password": PASSWORD})
    client.post("/admin/login/", {"username": user.username, "password": PASSWORD})
    assert not is_logged_in(client)
    assert client.post(CODE, {"code": get_code(key)})["Location"] == "/admin/conference/"
    assert is_logged_in(client)


def test_a_new_password_ends_what_was_begun_with_the_old_one(client, user):
    """Somebody may have entered it, and be about to find the phone."""
    key = add_app(user)
    log_in(client, user, next="/admin/conference/")
    user.set_password("another horse")
    user.save()
    response = client.post(CODE, {"code": get_code(key)}, follow=True, headers={"accept-language": "en"})
    assert response.request["PATH_INFO"] == LOG_IN
    assert "The password has been changed in the meantime. Please log in again." in response.content.decode()
    assert not is_logged_in(client)
    assert client.get(CODE)["Location"] == LOG_IN
    client.post(LOG_IN, {"login": user.username, "password": "another horse"})
    assert client.post(CODE, {"code": add_codes(user)[0]})["Location"] == "/admin/"
    assert is_logged_in(client)
    assert "entered_password" not in client.session


@pytest.mark.parametrize(("add", "is_offered"), [(add_app, False), (add_passkey, True)])
def test_a_passkey_is_offered_as_second_step_to_who_has_one(client, user, add, is_offered):
    add(user)
    log_in(client, user)
    page = client.get(CODE).content.decode()
    assert ('data-passkey="get"' in page, 'id="js_data"' in page) == (is_offered, is_offered)


def test_whoever_was_too_slow_at_the_second_step_is_told_to_begin_again(client, user):
    key = add_app(user)
    log_in(client, user)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        response = client.post(CODE, {"code": get_code(key)}, follow=True, headers={"accept-language": "en"})
    assert response.request["PATH_INFO"] == LOG_IN
    assert "That took too long, so nothing was checked. Please log in again." in response.content.decode()
    assert not is_logged_in(client)
    assert "too long, so" not in client.get(CODE, follow=True, headers={"accept-language": "en"}).content.decode()


def test_only_recovery_codes_are_no_second_step_and_only_the_owners_code_counts(client, user):
    add_app(user)
    other = make_user()
    codes, key = add_codes(other), add_app(other)
    log_in(client, user)
    for code in (get_code(key), codes[0], "", "0" * 6, "x" * 10_000, "\u0660" * 6):
        assert client.post(CODE, {"code": code}).status_code == 200
    assert not is_logged_in(client)


RAW = {"id": "eA", "rawId": "eA", "type": "public-key"}
ANSWERS = [
    *({}, None, [], "x", PASSKEY["response"]),
    {"clientDataJSON": "e30", "authenticatorData": "eA", "signature": "eA", "userHandle": "eA"},
    {"clientDataJSON": "!", "attestationObject": "eA"},
    {"clientDataJSON": "e30", "attestationObject": "o2NmbXQ"},
    PASSKEY["response"] | {"authenticatorData": "A" * 50, "signature": "", "userHandle": "MQ"},
]
MADE_UP = ["", "{}", "[]", "1", "null", '"x"', '{"id": "x"}', '{"id": 1}', '{"response": {"userHandle": "MQ"}}', "x"]
MADE_UP += [json.dumps(RAW | {"response": answer}) for answer in ANSWERS]
# More digits than Python reads, and nested more deeply: as JSON, and in the CBOR of an attestation.
DEEP_CBOR = base64.urlsafe_b64encode(b"\x81" * 3000 + b"\x00").decode()
MADE_UP += [
    "1" * 5000,
    "[" * 3000,
    '{"a":' * 3000,
    json.dumps(RAW | {"response": PASSKEY["response"] | {"attestationObject": DEEP_CBOR}}),
]


def test_a_made_up_passkey_opens_nothing_and_breaks_nothing(user):
    add_passkey(user)
    for number, credential in enumerate(MADE_UP):
        client = Client(REMOTE_ADDR=f"192.0.2.{number}")
        client.get("/account/log-in/passkey/", headers={"Accept": "application/json"})
        assert client.post("/account/log-in/passkey/", {"credential": credential})["Location"] == LOG_IN, credential
        assert not is_logged_in(client)


def test_a_made_up_passkey_is_no_second_step_and_no_confirmation(user):
    add_passkey(user)
    for number, credential in enumerate(MADE_UP):
        RequestCount.objects.all().delete()
        client = Client(REMOTE_ADDR=f"192.0.2.{number}")
        log_in(client, user)
        assert client.post(CODE, {"credential": credential}).status_code == 200, credential
        assert not is_logged_in(client)
        client.force_login(user)
        page = "/account/confirm/passkey/?next=/account/codes/new/"  # where it can be tried again
        assert client.post(page, {"credential": credential})["Location"] == page
        assert client.get("/account/codes/new/")["Location"].startswith("/account/confirm/")


def test_a_made_up_passkey_cannot_be_added(client, user):
    client.force_login(user)
    confirm(client, user)
    for credential in MADE_UP:
        RequestCount.objects.all().delete()
        client.get("/account/passkeys/add/")
        response = client.post("/account/passkeys/add/", {"credential": credential, "name": "x"})
        assert response.status_code == 200, credential
    assert user.authenticator_set.count() == 0


def test_a_code_is_accepted_once(client, user):
    key = add_app(user)
    code = get_code(key)
    for times in range(2):
        client = Client()
        log_in(client, user)
        status = client.post(CODE, {"code": f" {code[:3]} {code[3:]}" if times else code}).status_code
        assert status == (200 if times else 302)


def test_the_last_and_the_next_code_are_valid_and_older_ones_are_not(client, user):
    key = add_app(user)
    for periods_ago, status in ((2, 200), (3, 200), (-2, 200), (-3, 200), (1, 302)):
        client = Client()
        log_in(client, user)
        response = client.post(CODE, {"code": get_code(key, periods_ago=periods_ago)})
        assert response.status_code == status or abs(periods_ago) == 2, periods_ago


def test_a_recovery_code_is_accepted_once(user):
    add_app(user)
    code = add_codes(user)[3]
    statuses = []
    for _time in range(2):
        client = Client()
        log_in(client, user)
        statuses.append(client.post(CODE, {"code": code}).status_code)
    assert statuses == [302, 200]


@pytest.mark.parametrize("path", ["/account/app/remove/", "/account/codes/", "/account/codes/new/", "/account/app/"])
def test_changes_to_the_second_step_need_the_password_again(client, user, path):
    if path != "/account/app/":
        add_app(user)
        add_codes(user)
    client.force_login(user)
    for response in (client.get(path), client.post(path)):
        assert response.status_code == 405 or response["Location"].startswith("/account/confirm/")
    assert user.authenticator_set.count() == (0 if path == "/account/app/" else 2)
    confirm(client, user)
    assert client.get(path).status_code == 200


def test_a_passkey_is_removed_only_by_its_owner_and_with_the_password(client, user):
    other = make_user()
    add_passkey(user)
    path = f"/account/passkeys/{user.authenticator_set.get().pk}/remove/"
    client.force_login(user)
    assert client.post(path)["Location"].startswith("/account/confirm/")
    stranger = Client()
    stranger.force_login(other)
    confirm(stranger, other)
    assert stranger.post(path).status_code == 404
    assert user.authenticator_set.count() == 1
    confirm(client, user)
    assert client.post(path)["Location"] == "/account/"
    assert user.authenticator_set.count() == 0


def test_nobody_can_sign_up_and_no_other_page_of_allauth_exists(client):
    for path in ("signup/", "email/", "login/", "password/set/", "password/reset/", "confirm-email/", "inactive/"):
        assert client.get(f"/account/{path}").status_code == 404
        assert client.post(f"/account/{path}").status_code == 404


def test_no_secret_is_stored_as_it_is(user):
    key, codes = add_app(user), add_codes(user)
    stored = str(list(user.authenticator_set.values_list("data", flat=True)))
    assert key not in stored
    assert not any(code in stored for code in codes)


def test_with_another_key_of_the_site_no_code_is_valid_and_nothing_breaks(client, user, settings):
    key, codes = add_app(user), add_codes(user)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 10
    log_in(client, user)
    assert client.post(CODE, {"code": codes[0]}).status_code == 302
    settings.SECRET_KEY_FALLBACKS = []
    client = Client()
    log_in(client, user)
    for code in (get_code(key), codes[1], get_code(""), "0" * 8):
        assert client.post(CODE, {"code": code}).status_code == 200


def test_pages_of_accounts_are_never_stored_and_need_no_script_of_others(client, user):
    client.force_login(user)
    confirm(client, user)
    for path in ("", "app/", "passkeys/add/", "sessions/", "password/"):
        response = client.get(f"/account/{path}")
        assert "no-store" in response["Cache-Control"]
        assert "script-src 'self'" in response["Content-Security-Policy"].split("; ")
        assert not re.search(r"<script(?![^>]*(src=|application/json))|\sstyle=|\son\w+=", response.content.decode())
