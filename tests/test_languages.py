"""Every page exists in each language: its texts say in which they are, and its addresses lead to the others."""

import re

import pytest
from django.conf import settings
from django.utils import timezone

from conference.models import AccessibilityStatement
from registrations.mail import outbox
from registrations.models.outgoing_email import PARAGRAPH_KINDS
from tests.factories import make_event, make_form_data, make_picture, make_registration
from tests.latvian import latvian, latvian_event
from tests.reading import read
from tests.registrations.mail.mailbox import get_bodies, queue_email, send_and_get_last

pytestmark = pytest.mark.django_db

OF_THE_EVENT = [
    *("Lasītprieks", "Īsumā par lasīšanu.", "Plašāk par", "lasīšanu", "latviešu", "Gaismas pils", "Pārdaugava"),
    *("Grāmatu klubi", "Kā sākt.", "Pāri", "Akmens", "Ieeja bez sliekšņa.", "Lasītāju biedrība", "Atbalsta lasītāji."),
]
OF_THE_FORM = ["Grāmatu klubi", "Pusdienas", "Bez maksas.", "Zupa", "Zivs", "Kāda zupa?"]
OF_THE_PERSON = ["Ņemiet līdzi grāmatu.", "Gaismas pils", "Pārdaugava", "Grāmatu klubi", "Pusdienas", "Zupa", "Zivs"]


def languages_of(text: str, html: str) -> set[str]:
    """The languages in which the page reads `text`, its title apart, which can hold no element."""
    title = re.search(r"<title>.*?</title>", html, re.DOTALL)[0]
    return {found.language for found in read(html.replace(title, "")) if found.text == text}


def somebody(event):
    answers = {"lunch": ["soup", "fish"], "which": "Skābeņu"}
    registration = make_registration(event, answers=answers, organisation="Bibliotēka")
    registration.topics.set(event.topics.all())
    return registration


def paths(event) -> dict[str, list[str]]:
    """What follows the language in the address of each page, with the organisers' texts on it."""
    mine = f"r/{somebody(event).manage_token}/"
    return {
        "": [*OF_THE_EVENT],
        f"{event.slug}/": [*OF_THE_EVENT],
        f"{event.slug}/privacy/": ["Lasītprieks", "Datus neglabājam."],
        f"{event.slug}/register/": ["Lasītprieks", "Gaismas pils", *OF_THE_FORM],
        f"{event.slug}/embed/": ["Lasītprieks", "Gaismas pils", *OF_THE_FORM],
        mine: ["Lasītprieks", *OF_THE_PERSON],
        f"{mine}edit/": OF_THE_FORM,
        f"{mine}cancel/": ["Lasītprieks"],
        f"{mine}new-link/": ["Lasītprieks"],
        f"{mine}erase/": [],
    }


def test_organisers_text_is_read_in_the_language_it_is_written_in(client):
    for path, texts in paths(latvian_event()).items():
        html = client.get(f"/en/{path}").content.decode()
        assert [(text, languages_of(text, html)) for text in texts] == [(text, {"lv"}) for text in texts], path


def test_the_pages_own_language_is_not_said_again(client):
    for path in paths(latvian_event()):
        html = client.get(f"/lv/{path}").content.decode()
        switch = [] if "embed" in path else ["a"]
        assert re.findall(r'<(\w+)[^>]* lang="lv"', html) == ["html", *switch], path


def test_what_visitors_typed_has_no_language_of_its_own(client):
    html = client.get(somebody(latvian_event()).manage_path).content.decode()
    assert languages_of("Skābeņu", html) == languages_of("Bibliotēka", html) == {"en"}


def test_what_is_written_in_both_languages_is_shown_in_the_pages(client):
    event = make_event()
    assert languages_of("Conference", client.get(f"/en/{event.slug}/").content.decode()) == {"en"}
    assert languages_of("Konference", client.get(f"/lv/{event.slug}/").content.decode()) == {"lv"}


def test_the_words_in_place_of_a_picture_name_their_language(client):
    event = latvian_event(picture=make_picture(), picture_description=latvian("Grāmatu kaudze."))
    html = client.get(f"/en/{event.slug}/").content.decode()
    assert languages_of("Grāmatu kaudze.", html) == {"lv"}


def test_the_accessibility_statement_names_the_language_of_the_owners_texts(client):
    texts = {"owner": "Bibliotēka", "not_accessible": "Video bez subtitriem.", "enforcement": "Rakstiet tiesībsargam."}
    day = timezone.localdate()
    AccessibilityStatement.objects.create(
        **{name: latvian(text) for name, text in texts.items()},
        **{"status": "partial", "prepared_on": day, "reviewed_on": day, "feedback_email": "help@example.lv"},
    )
    html = client.get("/en/accessibility/").content.decode()
    assert [languages_of(text, html) for text in texts.values()] == [{"lv"}] * 3


def test_a_full_choice_and_a_condition_mix_two_languages(client):
    event = latvian_event()
    make_registration(event, answers={"lunch": ["fish"]})
    html = client.get(f"/en/{event.slug}/register/").content.decode()
    assert '<span lang="lv">Zivs</span> (full)' in html
    assert 'you answered “<span lang="lv">Zupa</span>” to “<span lang="lv">Pusdienas</span>”.' in html
    assert re.search(r'<label for="\w+" class="form-check-label">\s*<span lang="lv">Zupa</span>\s*</label>', html)


def test_a_choice_that_was_lost_is_named_in_its_language(client):
    event = latvian_event()
    registration = make_registration(event, "cancelled", answers={"lunch": ["fish"]})
    make_registration(event, answers={"lunch": ["fish"]})
    html = client.post(f"{registration.manage_path}rejoin/", follow=True).content.decode()
    assert '“<span lang="lv">Zivs</span>” (<span lang="lv">Pusdienas</span>) is now full' in html


@pytest.mark.parametrize("kind", [kind for kind, _label in PARAGRAPH_KINDS])
def test_messages_name_the_language_of_the_organisers_texts(kind):
    event = latvian_event()
    queue_email(kind, event=event, answers={"lunch": ["soup"]}, language="en")
    plain, html = get_bodies(send_and_get_last())
    texts = ["Lasītprieks", "Gaismas pils", "Pārdaugava", "Pusdienas", "Zupa", "Uz drīzu lasīšanu!"]
    texts += [] if kind == "cancelled" else ["Ņemiet līdzi grāmatu."]
    assert [(text, languages_of(text, html)) for text in texts] == [(text, {"lv"}) for text in texts]
    assert [text for text in texts if text not in plain] == []
    assert "<" not in plain


def test_the_message_with_the_links_names_the_titles_language():
    registration = make_registration(latvian_event())
    outbox.queue_links(registration.email, "en")
    _plain, html = get_bodies(send_and_get_last())
    assert languages_of("Lasītprieks", html) == {"lv"}


# The language switch


def switch(html: str) -> dict[str, str]:
    """Where the switch of languages leads, by language."""
    return {code: url for url, code in re.findall(r'<li><a href="([^"]*)" lang="(\w\w)" hreflang="\2"', html)}


OPEN = [
    "",
    *["accessibility/", "find/", "find/sent/", "r/erased/", "{event}/", "{event}/privacy/", "{event}/register/"],
]
MISSING = ["no-such-event/", "no-such-event/register/", "no/such/page", "r/K7M2PXQ4.cut-short/", "a%3Fb%20c%25/"]
PERSONAL = ["{mine}", "{mine}edit/", "{mine}cancel/", "{mine}new-link/", "{mine}erase/"]


@pytest.mark.parametrize("language", ["lv", "en"])
@pytest.mark.parametrize("path", [*OPEN, *MISSING, *PERSONAL])
def test_the_language_switch_leads_to_the_same_page(client, path, language):
    event = make_event()
    path = path.format(event=event.slug, mine=f"r/{make_registration(event).manage_token}/")
    html = client.get(f"/{language}/{path}").content.decode()
    assert switch(html) == {"lv": f"/lv/{path}", "en": f"/en/{path}"}
    assert re.findall(r'hreflang="(\w\w)" aria-current="true"', html) == [language]


def test_after_an_error_the_switch_leads_to_the_page_itself(client):
    event = make_event()
    registration = make_registration(event)
    for path in (f"{event.slug}/register/", "find/", f"r/{registration.manage_token}/edit/"):
        response = client.post(f"/en/{path}", {})
        assert response.context["form"].errors
        assert switch(response.content.decode()) == {"lv": f"/lv/{path}", "en": f"/en/{path}"}
        assert client.get(f"/lv/{path}").status_code == 200


def test_the_thanks_can_be_read_in_the_other_language(client):
    event = make_event()
    html = client.post(f"/en/{event.slug}/register/", make_form_data(event), follow=True).content.decode()
    assert switch(html)["lv"] == f"/lv/{event.slug}/registered/"
    assert "Paldies" in client.get(switch(html)["lv"]).content.decode()


@pytest.mark.parametrize(
    ("method", "path", "status", "headers"),
    [
        ("GET", "/en/?q=%00", 400, {}),
        ("POST", "/en/", 405, {}),
        ("POST", "/en/find/", 413, {"CONTENT_LENGTH": "1000000000"}),
    ],
)
def test_a_refused_request_leads_to_the_page_in_the_other_language(client, method, path, status, headers):
    response = client.generic(method, path, **headers)
    assert response.status_code == status
    assert switch(response.content.decode())["lv"] == path.partition("?")[0].replace("/en/", "/lv/")


@pytest.mark.parametrize("path", ["/no/such/page", "/%2Fevil.example/en/", "/healthz/lv/"])
def test_where_the_address_has_no_language_the_switch_leads_to_the_conference(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert switch(response.content.decode()) == {"lv": "/lv/", "en": "/en/"}


def test_what_a_stranger_adds_to_the_address_reaches_nobody_elses_page(client):
    event = make_event()
    assert "stranger" not in client.get(f"/en/{event.slug}/?from=stranger").content.decode()
    assert "stranger" not in client.get(f"/en/{event.slug}/").content.decode()


# What search engines are told


def told(html: str) -> dict[str, str]:
    """The page's one address as “canonical”, and that in each language by its code."""
    head = html.partition("</head>")[0]
    links = re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]*)">', head)
    canonical = re.findall(r'<link rel="(canonical)" href="([^"]*)">', head)
    assert len(canonical) <= 1
    return dict(links + canonical)


@pytest.mark.parametrize("language", ["lv", "en"])
@pytest.mark.parametrize("page", ["{event}/", "{event}/privacy/", "{event}/register/", "find/", "accessibility/"])
def test_a_page_names_its_address_in_each_language(client, settings, page, language):
    settings.SITE_URL = "https://conference.example.org"
    settings.ALLOWED_HOSTS = ["evil.example"]
    path = page.format(event=make_event().slug)
    html = client.get(f"/{language}/{path}?utm_source=x", headers={"Host": "evil.example"}).content.decode()
    assert told(html) == {
        "canonical": f"https://conference.example.org/{language}/{path}",
        "lv": f"https://conference.example.org/lv/{path}",
        "en": f"https://conference.example.org/en/{path}",
        "x-default": f"https://conference.example.org/{path}",
    }


def test_the_address_without_a_language_leads_to_the_browsers(client):
    event = make_event()
    for path in (f"/{event.slug}/", f"/{event.slug}/register/", "/find/"):
        for language in ("lv", "en"):
            response = client.get(path, headers={"Accept-Language": language})
            assert response["Location"] == f"/{language}{path}"
            assert "Accept-Language" in response["Vary"]


def test_the_first_page_is_known_as_the_event_that_it_shows(client):
    make_event(slug="next")
    html = client.get("/lv/").content.decode()
    assert told(html)["canonical"] == f"{settings.SITE_URL}/lv/next/"
    assert told(html)["x-default"] == f"{settings.SITE_URL}/next/"


def test_without_an_event_the_first_page_is_known_as_itself(client):
    html = client.get("/lv/").content.decode()
    assert told(html)["canonical"] == f"{settings.SITE_URL}/lv/"
    assert told(html)["x-default"] == f"{settings.SITE_URL}/"


def test_a_form_that_is_closed_is_told_to_no_search_engine(client):
    event = make_event(registration_opens_at=make_event().starts_at)
    assert told(client.get(f"/en/{event.slug}/register/").content.decode()) == {}


@pytest.mark.parametrize("path", [*MISSING, *PERSONAL, "{event}/registered/", "find/sent/", "r/erased/"])
def test_secret_and_missing_pages_are_told_to_no_search_engine(client, path):
    event = make_event()
    client.post(f"/en/{event.slug}/register/", make_form_data(event))
    path = path.format(event=event.slug, mine=f"r/{make_registration(event).manage_token}/")
    assert told(client.get(f"/en/{path}").content.decode()) == {}


def test_a_page_that_only_organisers_see_is_told_to_no_search_engine(admin_client):
    event = make_event(is_published=False)
    for page in ("", "register/", "privacy/"):
        response = admin_client.get(f"/en/{event.slug}/{page}")
        assert response.status_code == 200
        assert told(response.content.decode()) == {}
