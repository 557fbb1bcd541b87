"""Sessions end when nobody uses them, can be ended everywhere, and cost visitors nothing."""

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import make_event, make_user

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Mobile/15E148 Safari/604.1"


@pytest.fixture
def user():
    return make_user(is_superuser=True)


def log_in(user, agent="") -> Client:
    client = Client(headers={"accept-language": "en", "user-agent": agent})
    assert client.post("/account/log-in/", {"login": user.username, "password": "correct horse"}).status_code == 302
    return client


def test_a_session_ends_after_twelve_idle_hours_and_lasts_while_it_is_used(user):
    client, start = log_in(user), timezone.now()
    for hours in (10, 20, 30, 41.9):
        with time_machine.travel(start + timedelta(hours=hours)):
            assert client.get("/admin/").status_code == 200
    with time_machine.travel(start + timedelta(hours=54)):
        assert client.get("/admin/").status_code == 302
        assert not Session.objects.get().expire_date > timezone.now()


def test_a_session_is_saved_every_five_minutes_at_most(user):
    client, start = log_in(user), timezone.now()
    client.get("/admin/")
    for minutes, is_saved in ((1, False), (4, False), (6, True), (7, False), (12, True)):
        with time_machine.travel(start + timedelta(minutes=minutes)), CaptureQueriesContext(connection) as queries:
            client.get("/account/")
        assert any('UPDATE "django_session"' in query["sql"] for query in queries) == is_saved, minutes


def test_one_can_log_out_everywhere_else(user):
    here, there, other = log_in(user, FIREFOX), log_in(user, SAFARI), log_in(make_user())
    page = here.get("/account/sessions/").content.decode()
    assert "Firefox, Windows" in page
    assert "Safari, iPhone" in page
    assert page.count("this device") == 1
    assert here.post("/account/sessions/")["Location"] == "/account/sessions/"
    assert get_user(here).is_authenticated
    assert not get_user(there).is_authenticated
    assert get_user(other).is_authenticated
    assert "Safari, iPhone" not in here.get("/account/sessions/").content.decode()


def test_of_sessions_that_have_ended_nothing_is_kept(user):
    log_in(user, FIREFOX)
    log_in(make_user(), SAFARI)
    with time_machine.travel(timezone.now() + timedelta(hours=13)):
        log_in(user)
        assert Session.objects.count() == UserSession.objects.count() == 1


def test_logging_out_ends_the_session_on_the_server(user):
    client = log_in(user)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post("/account/log-out/")
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    assert not get_user(client).is_authenticated
    assert client.get("/account/log-out/").status_code == 405


@pytest.mark.parametrize("path", ["/en/{}/", "/en/{}/register/", "/en/find/", "/account/log-in/"])
def test_a_visitor_has_no_session(client, path):
    path = path.format(make_event().slug)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    assert response.status_code == 200
    assert settings.SESSION_COOKIE_NAME not in response.cookies
    assert not [query["sql"] for query in queries if "session" in query["sql"] or "auth_user" in query["sql"]]


def test_a_session_that_has_ended_breaks_no_page(client):
    event = make_event()
    for path in (
        f"/en/{event.slug}/",
        f"/en/{event.slug}/register/",
        "/account/log-in/",
        "/account/password/forgotten/",
    ):
        client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
        assert client.get(path).status_code == 200
    assert not Session.objects.exists()
