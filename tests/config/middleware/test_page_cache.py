"""Pages that all visitors share: what is kept of them, for how long, and for whom never."""

import gzip
from datetime import timedelta
from email.utils import parsedate_to_datetime

import brotli
import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from conference import decorators
from config.middleware import page_cache
from registrations.permissions import ORGANISERS
from tests.factories import make_event, make_form_data, make_question, make_registration, make_user

PUBLIC = "public, max-age=25, s-maxage=5, stale-while-revalidate=10"


@pytest.fixture
def event(db):
    return make_event(slug="libraries", title={"lv": "Bibliotēkas", "en": "Libraries"})


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now().replace(microsecond=0), tick=False) as clock:
        yield clock


@pytest.fixture
def organiser(client, event):
    client.force_login(make_user(ORGANISERS))
    return client


PAGE = "/en/libraries/"


@pytest.mark.parametrize("path", ["/en/", PAGE, "/lv/libraries/", "/en/libraries/privacy/"])
@pytest.mark.parametrize("visit", ["first", "second"])
def test_a_public_page_says_that_everybody_may_keep_it_a_moment(client, event, clock, path, visit):
    response = client.get(path)
    if visit == "second":
        response = client.get(path)
    assert response["Cache-Control"] == PUBLIC
    assert response["Vary"] == "Cookie, Accept-Encoding"
    assert parsedate_to_datetime(response["Last-Modified"]) == timezone.now()
    assert response["ETag"].startswith('W/"')
    assert not response.cookies


def test_a_change_reaches_everybody_within_a_minute_even_through_a_proxy():
    in_a_proxy = decorators.PROXY_MAX_AGE + decorators.STALE_AGE
    in_a_browser = decorators.MAX_AGE + decorators.STALE_AGE
    assert page_cache.FRESH_SECONDS + in_a_proxy + in_a_browser < 60


def test_the_page_that_nothing_is_announced_is_shared_too(client, db):
    assert client.get("/en/")["Cache-Control"] == PUBLIC


def test_the_page_of_a_closed_registration_is_shared_and_the_form_is_not(client, event):
    assert client.get("/en/libraries/register/")["Cache-Control"] == "private, no-cache"
    closed = make_event(registration_closes_at=timezone.now() - timedelta(days=1))
    assert client.get(f"/en/{closed.slug}/register/")["Cache-Control"] == PUBLIC


def test_a_fresh_page_has_every_header_that_it_was_rendered_with(client, event, django_assert_num_queries):
    first = client.get(PAGE)
    with django_assert_num_queries(0):
        second = client.get(PAGE)
    assert dict(second.items()) == dict(first.items())
    assert second.content == first.content
    assert {
        "Content-Security-Policy",
        "X-Frame-Options",
        "X-Content-Type-Options",
        "Referrer-Policy",
        "Permissions-Policy",
        "Cross-Origin-Resource-Policy",
        "Content-Language",
        "Content-Type",
        "Content-Length",
    } <= set(second.headers)


def test_each_language_has_its_own_page(client, event):
    for _visit in range(2):
        english, latvian = client.get(PAGE), client.get("/lv/libraries/", headers={"Accept-Language": "en"})
        assert "<h1>Libraries</h1>" in english.content.decode()
        assert "<h1>Bibliotēkas</h1>" in latvian.content.decode()
        assert (english["Content-Language"], latvian["Content-Language"]) == ("en", "lv")
        assert english["ETag"] != latvian["ETag"]


def test_only_where_the_browsers_language_chooses_the_answer_varies_by_it(client, event):
    assert client.get("/")["Vary"] == "Accept-Language, Cookie"
    assert "Accept-Language" not in client.get(PAGE)["Vary"]


@pytest.mark.parametrize("visit", ["first", "second"])
@pytest.mark.parametrize("accepted", ["br", "gzip", ""])
def test_the_page_is_the_same_in_each_encoding(client, event, visit, accepted):
    plain = client.get(PAGE, headers={"Accept-Encoding": "identity"})
    if visit == "first":
        cache.clear()
    response = client.get(PAGE, headers={"Accept-Encoding": accepted})
    decompress = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[accepted]
    assert response.get("Content-Encoding", "") == accepted
    assert response["Content-Length"] == str(len(response.content))
    assert decompress(response.content) == plain.content
    assert response["ETag"] == plain["ETag"]
    assert response["Vary"] == "Cookie, Accept-Encoding"


# Conditional requests


def test_who_has_the_page_already_is_told_so(client, event):
    page = client.get(PAGE, headers={"Accept-Encoding": "br"})
    response = client.get(PAGE, headers={"If-None-Match": page["ETag"], "Accept-Encoding": "br"})
    assert response.status_code == 304
    assert response.content == b""
    for header in ("ETag", "Last-Modified", "Cache-Control", "Vary"):
        assert response[header] == page[header]
    assert not {"Content-Type", "Content-Encoding", "Set-Cookie"} & set(response.headers)


def test_who_has_it_is_told_so_by_its_date_too_and_after_it_is_rendered_anew(client, event, clock):
    page = client.get(PAGE)
    clock.shift(60)
    assert client.get(PAGE, headers={"If-Modified-Since": page["Last-Modified"]}).status_code == 304
    clock.shift(60)
    assert client.get(PAGE, headers={"If-None-Match": page["ETag"]}).status_code == 304


def test_who_has_an_older_page_gets_the_new_one(client, event, clock):
    before = client.get(PAGE)
    event.title = "Archives"
    event.save()
    clock.shift(2)
    for has in ({"If-None-Match": before["ETag"]}, {"If-Modified-Since": before["Last-Modified"]}):
        response = client.get(PAGE, headers=has)
        assert response.status_code == 200
        assert "<h1>Archives</h1>" in response.content.decode()
        assert response["ETag"] != before["ETag"]
        assert parsedate_to_datetime(response["Last-Modified"]) == timezone.now()


def test_a_page_with_other_headers_is_another_one():
    def respond(policy):
        response = HttpResponse(b"page", headers={"Content-Security-Policy": policy})
        return page_cache.Page.build(response, None)

    assert respond("default-src 'none'").etag == respond("default-src 'none'").etag
    assert respond("default-src 'none'").etag != respond("default-src 'self'").etag


def test_asking_for_the_head_alone_serves_and_keeps_the_same_page(client, event, django_assert_num_queries):
    head = client.head(PAGE)
    with django_assert_num_queries(0):
        page, again = client.get(PAGE), client.head(PAGE)
    assert page.content.endswith(b"</html>\n")
    assert head.content == again.content == b""
    assert dict(head.items()) == dict(page.items()) == dict(again.items())
    assert page["Content-Length"] == str(len(page.content))


# Never shared


def test_what_an_organiser_sees_reaches_no_other_visitor(organiser, event):
    event.is_published = False
    event.save()
    preview = organiser.get(PAGE)
    assert "Preview: not published yet" in preview.content.decode()
    assert {"private", "no-store"} <= set(preview["Cache-Control"].split(", "))
    assert "Cookie" in preview["Vary"]
    assert "ETag" not in preview
    assert Client().get(PAGE).status_code == 404


def test_an_organiser_never_gets_the_shared_page_and_never_changes_it(organiser, event, clock):
    Client().get(PAGE)
    event.title = "Archives"
    event.save()
    response = organiser.get(PAGE, headers={"If-None-Match": Client().get(PAGE)["ETag"]})
    assert response.status_code == 200
    assert "<h1>Archives</h1>" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert "<h1>Libraries</h1>" in Client().get(PAGE).content.decode()


@pytest.mark.parametrize("path", ["/en/", PAGE, "/en/libraries/privacy/", "/en/libraries/register/"])
def test_whoever_has_a_session_gets_a_page_that_no_cache_keeps(event, path):
    visitor = Client()
    session = SessionStore()
    session["seen"] = True
    session.create()
    visitor.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    Client().get(path)
    response = visitor.get(path)
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert "ETag" not in response


@pytest.mark.parametrize("cookie", ["sessionid=x", "sessionid=", f"sessionid={'A' * 32}", f"sessionid={'a' * 33}"])
def test_a_session_that_cannot_be_one_gets_the_shared_page(event, django_assert_num_queries, cookie):
    shared = Client().get(PAGE)
    with django_assert_num_queries(0):
        response = Client().get(PAGE, headers={"Cookie": cookie})
    assert response.content == shared.content
    assert dict(response.items()) == dict(shared.items())
    assert not response.cookies


@pytest.mark.parametrize("cookie", ["sessionid=x", "csrftoken=broken", "csrftoken="])
def test_a_page_that_is_made_for_a_stray_cookie_is_shared(event, django_assert_num_queries, cookie):
    first = Client().get(PAGE, headers={"Cookie": cookie})
    assert first["Cache-Control"] == PUBLIC
    assert not first.cookies
    with django_assert_num_queries(0):
        assert Client().get(PAGE).content == first.content


def test_a_form_that_is_sent_is_answered_by_no_cache_and_kept_by_none(client, event):
    make_question(event)
    address = "/en/libraries/register/"
    client.get(address)
    response = client.post(address, make_form_data(event, email="wrong"))
    assert 'value="wrong"' in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert 'value="wrong"' not in client.get(address).content.decode()
    assert client.get(PAGE)["Cache-Control"] == PUBLIC
    assert client.post(PAGE).status_code == 405


@pytest.mark.parametrize("path", ["/en/libraries/register/", "/en/libraries/embed/"])
def test_a_form_is_shared_for_a_second_and_kept_by_no_other_cache(event, path):
    one, other = Client(), Client()
    pages = [visitor.get(path) for visitor in (one, other)]
    assert pages[0].content == pages[1].content
    for page, visitor in zip(pages, (one, other), strict=True):
        assert {"private", "no-cache"} <= set(page["Cache-Control"].split(", "))
        assert not visitor.cookies


@pytest.mark.parametrize("path", ["/en/nothing/", "/en/r/nobody/", "/en/a/b/c/"])
def test_an_error_is_kept_by_no_cache(client, db, path):
    response = client.get(path)
    assert response.status_code == 404
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))


def test_a_personal_page_is_kept_by_no_cache(client, event):
    response = client.get(make_registration(event).manage_path)
    assert response.status_code == 200
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert "ETag" not in response


def test_the_query_and_the_cookies_of_one_visitor_show_on_no_page(client, event):
    client.cookies["messages"] = "from-a-cookie"
    first = client.get(f"{PAGE}?utm_source=from-the-query")
    assert "from-" not in first.content.decode()
    assert not first.cookies
    assert Client().get(PAGE).content == first.content


def test_no_page_shows_the_host_that_it_was_asked_by(event):
    site = settings.SITE_URL.partition("://")[2]
    for path in ("/en/", PAGE, "/en/libraries/privacy/"):
        cache.clear()
        content = Client().get(path, headers={"Host": "127.0.0.1:4711"}).content.decode()
        assert "127.0.0.1" not in content.replace(site, "")
        assert Client().get(path, headers={"Host": "localhost"}).content.decode() == content


def test_a_foreign_host_is_refused_while_the_page_is_fresh_too(client, event):
    client.get(PAGE)
    assert client.get(PAGE, headers={"Host": "evil.example"}).status_code == 400
