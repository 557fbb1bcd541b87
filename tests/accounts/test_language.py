"""Every page of an account and every error on it is in Latvian for who reads Latvian, politely, and in English else."""

import re
from functools import cache
from html import unescape
from pathlib import Path

import allauth
import polib
import pytest
from django.test import Client

from registrations.mail import delivery
from tests.accounts.factors import add_app, add_codes, add_passkey, confirm
from tests.catalogue import LATVIAN, english_words_on
from tests.factories import make_user
from tests.latvian import latvian_event

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse"
# How friends would be addressed, as Django does.
FAMILIAR = re.compile(r"\b(tu|tev|tevi|tavs|tava|tavu|ievadi|vari|vēlies)\b", re.IGNORECASE)
NEW = {"new_password1": "12345", "new_password2": "123"}
STRANGERS = [
    ("log-in/", None),
    ("log-in/", {}),
    ("log-in/", {"login": "x" * 200, "password": "wrong"}),
    ("log-in/passkey/", {"credential": "{}"}),
    ("password/forgotten/", {"email": "anna@"}),
    ("password/forgotten/", {}),
    ("password/forgotten/sent/", None),
    ("password/r/x.y/", None),
]
OWN = [
    ("", None),
    ("confirm/", {"password": "wrong"}),
    ("confirm/code/", {"code": "wrong"}),
    ("confirm/passkey/", {"credential": "{}"}),
    ("app/remove/", None),
    ("codes/", None),
    ("codes/new/", None),
    ("passkeys/add/", {"credential": "{}", "name": "x" * 70}),
    ("passkeys/add/", {}),
    ("password/", {}),
    ("password/", {"old_password": "wrong", **NEW}),
    ("password/", {"old_password": "wrong", "new_password1": "user", "new_password2": "user"}),
    ("sessions/", {}),
]


def read(client, path, form=None) -> str:
    response = client.get(path, follow=True) if form is None else client.post(path, form, follow=True)
    assert response.status_code in (200, 404)
    return response.content.decode()


@cache
def list_texts_of_allauth() -> list[str]:
    catalogue = polib.pofile(str(Path(allauth.__file__).parent / LATVIAN))
    texts = [entry.msgid for entry in catalogue if " " in entry.msgid and "%" not in entry.msgid]
    assert len(texts) > 100
    return texts


def find_faults(html: str) -> set[str]:
    texts = {text for text in list_texts_of_allauth() if text in unescape(html)}
    return english_words_on(html) | {found[0] for found in FAMILIAR.finditer(html)} | texts


@pytest.fixture
def latvian():
    latvian_event()
    return Client(headers={"accept-language": "lv"})


@pytest.fixture
def user():
    return make_user(is_superuser=True, email="anna@example.lv")


@pytest.mark.parametrize(("path", "form"), STRANGERS)
def test_who_is_not_logged_in(latvian, path, form):
    assert find_faults(read(latvian, f"/account/{path}", form)) == set()


@pytest.mark.parametrize(("path", "form"), OWN)
def test_who_is_logged_in(latvian, user, path, form):
    for add in (add_app, add_codes, add_passkey):
        add(user)
    latvian.force_login(user)
    confirm(latvian, user)
    assert find_faults(read(latvian, f"/account/{path}", form)) - {"iphone"} == set()


def test_the_way_through_both_steps_and_out(latvian, user):
    add_app(user)
    form = {"login": user.username, "password": PASSWORD}
    assert find_faults(read(latvian, "/account/log-in/", form)) == set()
    for answer in ({}, {"code": "000000"}, {"credential": "{}"}):
        assert find_faults(read(latvian, "/account/log-in/code/", answer)) == set()
    latvian.force_login(user)
    assert find_faults(read(latvian, "/account/log-out/", {})) == set()


def test_what_is_said_after_a_change(latvian, user, django_capture_on_commit_callbacks):
    add_passkey(user)
    latvian.force_login(user)
    confirm(latvian, user)
    for path in (f"passkeys/{user.authenticator_set.get().pk}/remove/", "sessions/"):
        with django_capture_on_commit_callbacks(execute=True):
            assert find_faults(read(latvian, f"/account/{path}", {})) == set()


def test_recovery_codes_without_a_second_step(latvian, user):
    latvian.force_login(user)
    confirm(latvian, user)
    html = read(latvian, "/account/codes/new/", {})
    assert find_faults(html) == set()
    assert "alert-danger" in html


def test_a_new_password(latvian, user, mailoutbox):
    latvian.post("/account/password/forgotten/", {"email": user.email})
    delivery.send_due()
    link = re.search(r"/account/password/r/\S+", mailoutbox[0].body)[0]
    form = latvian.get(link)["Location"]
    assert find_faults(read(latvian, form)) == set()
    for password in ("", "12345", "password", "anna@example"):
        answers = {"new_password1": password, "new_password2": password + "?" * (password == "12345")}
        assert find_faults(read(latvian, form, answers)) == set()


def test_such_faults_would_be_found():
    assert find_faults('<html lang="lv"><p>Tava parole: please enter your password</p></html>') >= {"Tava", "enter"}
