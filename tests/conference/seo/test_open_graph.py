"""What search engines and other sites are told of each page."""

from datetime import timedelta
from html.parser import HTMLParser
from itertools import product

import pytest
from django.utils import timezone, translation

from conference.seo.og_image import hash_image
from conference.seo.structured_data import DESCRIPTION_LENGTH, get_description
from conference.templatetags.conference import get_og_locale
from tests.factories import make_event, make_picture

pytestmark = pytest.mark.django_db

# What says how a page looks, not what it is.
PRESENTATION = {"viewport", "color-scheme"}
PAYLOAD = """</title>"'><script>alert(1)</script>&amp; {{ 7 }}"""


class Head(HTMLParser):
    """The title of a page, and its meta elements by their name or property."""

    def __init__(self, page: str):
        super().__init__()
        self.title, self.meta, self.is_title = "", {}, False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.is_title = tag == "title" and not self.title
        told = dict(attrs)
        if tag == "meta" and "content" in told and (key := told.get("name") or told.get("property")):
            assert key not in self.meta, key
            self.meta[key] = told["content"]

    def handle_data(self, data):
        if self.is_title:
            self.title += data

    def handle_endtag(self, tag):
        self.is_title = False


def get_head(client, path: str) -> Head:
    response = client.get(path)
    assert response.status_code == 200, path
    return Head(response.content.decode())


def test_an_event_is_shared_with_its_title_summary_and_picture(client, settings):
    settings.SITE_URL = "https://conference.example.org"
    event = make_event(slug="libraries", title={"lv": "Bibliotēkas", "en": "Libraries"}, summary={"en": "All\n of it."})
    with translation.override("en"):
        drawing = hash_image(event)[:16]
    told = {name: text for name, text in get_head(client, "/en/libraries/").meta.items() if name not in PRESENTATION}
    assert told == {
        "description": "All of it.",
        "og:type": "website",
        "og:site_name": "Events",
        "og:title": "Libraries",
        "og:description": "All of it.",
        "og:url": "https://conference.example.org/en/libraries/",
        "og:locale": "en_GB",
        "og:locale:alternate": "lv_LV",
        "og:image": f"https://conference.example.org/en/libraries/picture.png?{drawing}",
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": "Libraries",
        "twitter:card": "summary_large_image",
    }
    latvian = get_head(client, "/lv/libraries/").meta
    assert (latvian["og:title"], latvian["og:locale"], latvian["og:locale:alternate"]) == (
        "Bibliotēkas",
        "lv_LV",
        "en_GB",
    )


def test_the_host_that_a_stranger_names_gets_into_no_address(client, settings):
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://conference.example.org", ["*"]
    event = make_event()
    for path in (f"/en/{event.slug}/", "/sitemap.xml", "/robots.txt"):
        assert "evil.example" not in client.get(path, headers={"Host": "evil.example"}).content.decode()


def test_every_page_that_can_be_found_has_a_title_and_a_description_of_its_own(client):
    events = [make_event(title=name, slug=name.lower(), summary=f"About {name}") for name in ("One", "Two")]
    paths = [
        "",
        "find/",
        "accessibility/",
        *(f"{event.slug}/{page}" for event in events for page in ("", "register/", "privacy/")),
    ]
    heads = [get_head(client, f"/{language}/{path}") for language, path in product(["lv", "en"], paths)]
    titles = [one.title for one in heads]
    by_language = len(paths)
    for shown in (titles[:by_language], titles[by_language:]):
        assert len(set(shown)) == len(shown)
    assert all(one.title and one.meta["description"] for one in heads)
    # The first page is the next event's page too, so they share one.
    descriptions = [one.meta["description"] for one in heads[by_language + 1 :]]
    assert len(set(descriptions)) == len(descriptions)
    assert all(one.meta["og:title"] in one.title for one in heads)


def test_the_first_page_is_shared_as_the_events_own(client, settings):
    settings.SITE_URL = "https://conference.example.org"
    make_event(slug="libraries", title="Libraries")
    shown = get_head(client, "/en/")
    assert shown.title == "Events · Libraries"
    assert shown.meta["og:title"] == "Libraries"
    assert shown.meta["og:url"] == "https://conference.example.org/en/libraries/"


def test_with_no_event_the_first_page_has_them_too(client):
    shown = get_head(client, "/en/")
    assert shown.title == shown.meta["og:title"] == "Events"
    assert shown.meta["description"].startswith("There is no upcoming event")
    assert shown.meta["twitter:card"] == "summary"
    assert "og:image" not in shown.meta


def test_a_closed_form_is_not_to_be_found(client):
    event = make_event(registration_closes_at=timezone.now() - timedelta(days=1))
    shown = get_head(client, f"/en/{event.slug}/register/")
    assert shown.meta["robots"] == "noindex"
    assert "robots" not in get_head(client, f"/en/{make_event().slug}/register/").meta


def test_an_event_without_a_summary_says_when_and_where():
    event = make_event()
    expected = f"{event.when}. National Library of Latvia, Mūkusalas iela 3, Riga"
    assert get_description(event) == expected


def test_a_long_summary_is_cut():
    said = get_description(make_event(summary="Words and " * 100))
    assert len(said) == DESCRIPTION_LENGTH
    assert said.endswith("…")


def test_a_language_without_a_locale_of_its_own_gets_the_likely_one():
    assert [get_og_locale(code) for code in ("lv", "en", "lt")] == ["lv_LV", "en_GB", "lt_LT"]


@pytest.mark.parametrize("page", ["", "register/", "privacy/"])
def test_no_text_leaves_its_attribute(client, page):
    event = make_event(title=PAYLOAD, summary=PAYLOAD, picture_description=PAYLOAD, picture=make_picture())
    shown = get_head(client, f"/en/{event.slug}/{page}")
    assert PAYLOAD in shown.title
    assert PAYLOAD in shown.meta["og:title"]
    assert PAYLOAD in shown.meta["og:description"]
    assert shown.meta["og:image:alt"] == PAYLOAD
