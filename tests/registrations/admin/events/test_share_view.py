import re
from html import unescape
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from conference.admin.publication_checks import settings_url
from conference.models import Event
from registrations.admin.events.event_views import BUTTON_STYLE
from registrations.permissions import ORGANISERS, STAFF
from tests.factories import make_event, make_question, make_user, restrict_to_events
from tests.registrations.admin.events.test_event_admin import make_event_form
from tests.registrations.admin.requests import get_page

pytestmark = pytest.mark.django_db

SITE = "https://conference.example.org"


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = SITE


def share_url(event) -> str:
    return reverse("admin:conference_event_share", args=[event.pk])


def change_url(event) -> str:
    return settings_url(event, "sharing")


def get_snippets(content: str) -> dict[str, str]:
    """What can be copied out of the page's text areas, by their ids."""
    areas = re.findall(r'<textarea id="([^"]+)"[^>]* readonly[^>]*>(.*?)</textarea>', content, re.DOTALL)
    return {name: unescape(text) for name, text in areas}


class PastedMarkup(HTMLParser):
    """The tags and texts that a page gets when the snippet is pasted into it."""

    def __init__(self, html: str):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def test_the_events_page_leads_there(organiser):
    event = make_event()
    assert f'<a href="{share_url(event)}">For other sites</a>' in get_page(organiser, change_url(event))


def test_each_language_has_a_button_that_leads_to_its_form(organiser):
    event = make_event(slug="books")
    content = get_page(organiser, share_url(event))
    found = get_snippets(content)
    assert found["button-en"] == (
        f'<a href="{SITE}/en/books/register/" lang="en" hreflang="en" style="{BUTTON_STYLE}">Register</a>'
    )
    assert found["button-lv"] == (
        f'<a href="{SITE}/lv/books/register/" lang="lv" hreflang="lv" style="{BUTTON_STYLE}">Reģistrēties</a>'
    )
    for name in found:
        assert f'<label for="{name}">' in content


def test_the_addresses_are_the_sites_own_and_whole(organiser):
    event = make_event(slug="books", embed_sites=["https://lnb.lv"])
    content = get_page(organiser, share_url(event))
    for language in ("lv", "en"):
        for path in ("", "register/", "calendar.ics"):
            assert f'<a href="{SITE}/{language}/books/{path}">{SITE}/{language}/books/{path}</a>' in content
    assert "testserver" not in "".join(get_snippets(content).values())


def test_the_form_in_a_frame_is_offered_once_a_site_may_show_it(organiser):
    event = make_event(slug="books")
    content = get_page(organiser, share_url(event))
    assert "No site is allowed to show the form itself yet." in content
    assert f'href="{change_url(event)}#id_embed_sites"' in content
    assert "iframe" not in content

    Event.objects.update(embed_sites=["https://lnb.lv", "https://www.example.org"])
    content = get_page(organiser, share_url(event))
    assert "These sites may show the form itself: https://lnb.lv, https://www.example.org." in content
    ((tag, attributes),) = PastedMarkup(get_snippets(content)["frame-lv"]).tags
    assert tag == "iframe"
    assert attributes == {
        "src": f"{SITE}/lv/books/embed/",
        "title": "Reģistrācija: Konference",
        "lang": "lv",
        "width": "100%",
        "height": "1390",
        "style": "border: 0; height: calc(1390px + max(0px, 760px - 85vw));",
        "loading": "lazy",
    }


def test_a_frame_is_taller_the_more_is_asked_of_everyone(organiser):
    event = make_event(embed_sites=["https://lnb.lv"])

    def height() -> int:
        return int(re.search(r'height="(\d+)"', get_snippets(get_page(organiser, share_url(event)))["frame-en"])[1])

    before = height()
    make_question(event)
    make_question(event, "hotel", is_internal=True)
    assert height() == before + 130


@pytest.mark.parametrize("title", ["</textarea><script>alert(1)</script>", "\"'><b onclick=alert(1)>", "a &lt; b & c"])
def test_pasting_is_safe_whatever_the_title_is(organiser, title):
    event = make_event(title={"lv": title, "en": title}, embed_sites=["https://lnb.lv"])
    found = get_snippets(get_page(organiser, share_url(event)))
    assert set(found) == {"button-lv", "button-en", "frame-lv", "frame-en"}
    for language in ("lv", "en"):
        frame = PastedMarkup(found[f"frame-{language}"])
        assert [tag for tag, _attributes in frame.tags] == ["iframe"]
        assert frame.tags[0][1]["title"].endswith(f": {title}")
        assert frame.text == ""
        assert [tag for tag, _attributes in PastedMarkup(found[f"button-{language}"]).tags] == ["a"]


def test_the_preview_looks_like_the_button_that_is_pasted(organiser, settings):
    """The site's own pages have no styles in their markup, so the preview's stand in the style sheet."""
    css = (settings.BASE_DIR / "static" / "css" / "admin.css").read_text(encoding="utf-8")
    assert "background: #1f3a5f; color: #ffffff;" in BUTTON_STYLE
    assert f".share-button {{ {BUTTON_STYLE} }}" in " ".join(css.split())
    assert '<span class="share-button" lang="lv">Reģistrēties</span>' in get_page(organiser, share_url(make_event()))


def compute_luminance(colour: str) -> float:
    """As WCAG 2.2 defines it, of a colour written #rrggbb."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_buttons_text_has_the_contrast_that_wcag_asks_for():
    colours = dict(re.findall(r"(?<![\w-])(background|color): (#[0-9a-f]{6});", BUTTON_STYLE))
    assert set(colours) == {"background", "color"}
    dark, light = sorted(map(compute_luminance, colours.values()))
    assert (light + 0.05) / (dark + 0.05) >= 7


def test_it_says_that_nobody_sees_an_event_that_is_not_published(organiser):
    warning = "The event is not published yet"
    assert warning in get_page(organiser, share_url(make_event(is_published=False)))
    assert warning not in get_page(organiser, share_url(make_event()))


def test_who_sees_the_event_sees_it_and_nobody_else(client):
    event = make_event()
    assert client.get(share_url(event)).status_code == 302
    for group, status in ((ORGANISERS, 200), (STAFF, 403), (None, 403)):
        client.force_login(make_user(group))
        seen = client.get(change_url(event)).status_code
        assert (client.get(share_url(event)).status_code, seen) == (status, status)
    organiser = make_user(ORGANISERS)
    restrict_to_events(organiser, make_event())
    client.force_login(organiser)
    assert client.get(share_url(event)).status_code == 404
    assert client.get("/admin/conference/event/0/share/").status_code == 404


def post_sites(organiser, event, sites: str):
    return organiser.post(change_url(event), make_event_form(event, embed_sites=sites))


def test_the_sites_are_listed_on_the_events_page(organiser):
    event = make_event()
    content = get_page(organiser, change_url(event))
    assert re.search(r'<textarea name="embed_sites"[^>]*>\s*</textarea>', content)
    assert post_sites(organiser, event, "https://LNB.lv/\r\n\r\nhttps://www.example.org").status_code == 302
    assert Event.objects.get().embed_sites == ["https://lnb.lv", "https://www.example.org"]
    content = get_page(organiser, change_url(event))
    assert re.search(r"<textarea[^>]*>\s*https://lnb.lv\nhttps://www.example.org</textarea>", content)
    post_sites(organiser, event, "https://lnb.lv\r\nhttps://www.example.org")
    history = get_page(organiser, reverse("admin:conference_event_history", args=[event.pk]))
    assert history.count("ites that may show the form") == 1  # changed once, in the first of the two
    post_sites(organiser, event, "")
    assert Event.objects.get().embed_sites == []


def test_a_wrong_line_is_told_at_the_field_and_what_was_typed_stays(organiser):
    event = make_event(embed_sites=["https://lnb.lv"])
    response = post_sites(organiser, event, "https://lnb.lv\r\nhttp://*.example.org")
    content = response.content.decode()
    assert response.status_code == 200
    assert "Line 2: “http://*.example.org” is not a website address" in content
    assert "http://*.example.org</textarea>" in content
    assert Event.objects.get().embed_sites == ["https://lnb.lv"]
