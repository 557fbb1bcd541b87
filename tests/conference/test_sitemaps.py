from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from django.utils import timezone

from conference.models import Event
from tests.factories import make_event, make_statement

pytestmark = pytest.mark.django_db

SITE = "https://conference.example.org"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture(autouse=True)
def _the_site_has_an_address(settings):
    settings.SITE_URL = SITE


def read_sitemap(client) -> dict[str, tuple[str | None, dict]]:
    """Each address of the site map, with its last change and its addresses in every language."""
    response = client.get("/sitemap.xml")
    assert (response.status_code, response["Content-Type"]) == (200, "application/xml")
    found = {}
    for url in ElementTree.fromstring(response.content).findall("s:url", NAMES):  # noqa: S314 (our own)
        alternates = {link.get("hreflang"): link.get("href") for link in url.findall("x:link", NAMES)}
        found[url.findtext("s:loc", namespaces=NAMES)] = (url.findtext("s:lastmod", None, NAMES), alternates)
    return found


def test_every_page_for_everybody_is_listed_in_each_language(client):
    event = make_event(slug="libraries")
    pages = read_sitemap(client)
    expected = ["libraries/", "libraries/privacy/", "libraries/register/"]
    assert set(pages) == {f"{SITE}/{language}/{path}" for language in ("lv", "en") for path in expected}
    lastmod, alternates = pages[f"{SITE}/lv/libraries/"]
    assert lastmod == timezone.localdate(event.updated_at).isoformat()
    assert alternates == {"lv": f"{SITE}/lv/libraries/", "en": f"{SITE}/en/libraries/"}
    assert all(client.get(address.removeprefix(SITE)).status_code == 200 for address in pages)


def test_a_page_that_is_known_under_another_address_is_not_listed(client):
    make_event(), make_event(), make_statement()
    for address in read_sitemap(client):
        shown = client.get(address.removeprefix(SITE)).content.decode()
        assert f'<link rel="canonical" href="{address}">' in shown


@pytest.mark.parametrize(
    "values",
    [
        {"registration_closes_at": timezone.now() - timedelta(days=1)},
        {"registration_opens_at": timezone.now() + timedelta(days=1)},
        {"starts_at": timezone.now() - timedelta(days=9)},
    ],
)
def test_a_form_that_takes_nobody_is_not_listed_and_its_event_is(client, values):
    event = make_event(**values)
    pages = read_sitemap(client)
    assert f"{SITE}/en/{event.slug}/" in pages
    assert not any("register" in address for address in pages)


def test_the_accessibility_statement_is_listed_once_there_is_one(client):
    assert not any("accessibility" in address for address in read_sitemap(client))
    make_statement()
    pages = read_sitemap(client)
    assert {f"{SITE}/lv/accessibility/", f"{SITE}/en/accessibility/"} <= set(pages)


def test_an_unpublished_event_is_listed_nowhere(client):
    make_event(slug="secret", is_published=False)
    assert set(read_sitemap(client)) == {f"{SITE}/lv/", f"{SITE}/en/"}


@pytest.mark.parametrize("number", [1, 9])
def test_the_queries_do_not_grow(client, django_assert_num_queries, number):
    for _number in range(number):
        make_event()
    with django_assert_num_queries(4):
        read_sitemap(client)
    assert Event.objects.count() == number


def test_search_engines_are_told_what_to_leave_alone(client):
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == (
        "User-agent: *\nDisallow: /admin/\nDisallow: /account/\nDisallow: /*/r/\nDisallow: /D/\nDisallow: /d/\n\n"
        f"Sitemap: {SITE}/sitemap.xml\n"
    )


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ("security@example.org", "mailto:security@example.org"),
        ("https://example.org/report", "https://example.org/report"),
    ],
)
@time_machine.travel(datetime(2027, 1, 31, 12, 30, tzinfo=UTC), tick=False)
def test_whoever_finds_a_security_problem_is_told_whom_to_write_to(client, settings, contact, expected):
    settings.SECURITY_CONTACT = contact
    response = client.get("/.well-known/security.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == (
        f"Contact: {expected}\nExpires: 2027-07-30T12:30:00Z\nPreferred-Languages: lv, en\n"
        f"Canonical: {SITE}/.well-known/security.txt\n"
    )


@pytest.mark.parametrize("path", ["/robots.txt", "/sitemap.xml", "/.well-known/security.txt"])
def test_they_are_only_read(client, path):
    assert client.post(path).status_code == 405
    assert client.head(path).status_code == 200
    assert not client.get(path).cookies
