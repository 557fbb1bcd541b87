import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from conference.models import Event
from config.middleware import page_cache
from registrations import operations
from registrations.models import OutgoingEmail, Registration
from tests.factories import (
    build_registration,
    make_choice,
    make_event,
    make_form_data,
    make_question,
    make_registration,
    make_topic,
    make_user,
)
from tests.reading import drop_time_of_issue

pytestmark = pytest.mark.django_db

SITES = ["https://www.example.org", "https://lnb.lv:8443"]


def get_url(event, language="en") -> str:
    return f"/{language}/{event.slug}/embed/"


def post_form(event, client=None, language="en", headers=None, **values):
    """The answer to a form that a browser, which knows nothing of the visitor, sends from inside the frame."""
    client = client or Client(enforce_csrf_checks=True)
    return client.post(get_url(event, language), make_form_data(event, **values), headers=headers)


def get_frame_ancestors(response) -> str:
    """Whom the response lets show it in a frame: `none`, or the sites, as both of its policies agree on it."""
    policy = dict(part.split(" ", 1) for part in response["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["form-action"] == policy["script-src"] == "'self'"
    sites = policy["frame-ancestors"]
    assert response.get("X-Frame-Options") == ("DENY" if sites == "'none'" else None)
    return sites


@pytest.mark.parametrize(("sites", "allowed"), [([], "'none'"), (SITES[:1], SITES[0]), (SITES, " ".join(SITES))])
def test_exactly_the_listed_sites_may_frame_the_form(client, sites, allowed):
    event = make_event(embed_sites=sites)
    assert get_frame_ancestors(client.get(get_url(event))) == allowed
    assert get_frame_ancestors(post_form(event)) == allowed


def test_a_site_that_is_taken_off_the_list_is_kept_out_a_second_later(client):
    event = make_event(embed_sites=SITES)
    assert get_frame_ancestors(client.get(get_url(event))) == " ".join(SITES)
    Event.objects.update(embed_sites=SITES[1:])
    cache.clear()  # a second later
    response = client.get(get_url(event))
    assert get_frame_ancestors(response) == SITES[1]
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("path", ["", "register/", "registered/", "privacy/", "calendar.ics", "embed/x/"])
def test_no_other_address_of_the_event_may_be_framed(client, path):
    event = make_event(embed_sites=SITES)
    assert get_frame_ancestors(client.get(f"/en/{event.slug}/{path}")) == "'none'"


@pytest.mark.parametrize("path", ["/en/", "/en/find/", "/en/find/embed/", "/en/r/embed/", "/xx/e/embed/"])
def test_nothing_else_of_the_site_may_be_framed(client, path):
    make_event(embed_sites=SITES)
    assert get_frame_ancestors(client.get(path)) == "'none'"


def test_another_events_form_may_not_be_framed(client):
    make_event(embed_sites=SITES)
    assert get_frame_ancestors(client.get(get_url(make_event()))) == "'none'"


def test_a_refused_body_is_not_framed_elsewhere_either(client, settings):
    event = make_event(embed_sites=SITES)
    large = make_form_data(event, organisation="x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    response = client.post(f"/en/{event.slug}/register/", large)
    assert response.status_code == 413
    assert get_frame_ancestors(response) == "'none'"


def raise_busy(*arguments, **options):
    raise operations.Busy


def raise_error(*arguments, **options):
    raise RuntimeError


@pytest.mark.parametrize(
    ("status", "how"),
    [
        (200, {"email": ""}),
        (403, {"headers": {"origin": "https://www.example.org"}}),
        (409, {"closes": True}),
        (413, {"organisation": "x" * 300_000}),
        (400, {"headers": {"cookie": "a=\0"}, "query": "?%00"}),
        (400, {"fields": 2000}),
        (405, {"method": "delete"}),
        (429, {"rate": (1, 3600)}),
        (503, {"register": raise_busy}),
        (500, {"register": raise_error}),
    ],
)
def test_errors_too_are_shown_in_the_frame(status, how, settings, monkeypatch):
    event = make_event(embed_sites=SITES)
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    if "rate" in how:
        settings.SIGNUP_RATE_LIMIT = how.pop("rate")
        assert post_form(event, client).status_code == 200
    if how.pop("closes", False):
        client.get(get_url(event))
        Event.objects.update(registration_closes_at=timezone.now() - timedelta(seconds=1))
    if "register" in how:
        monkeypatch.setattr(operations, "register", how.pop("register"))
    how |= {f"field{number}": "x" for number in range(how.pop("fields", 0))}
    ask = getattr(client, how.pop("method", "post"))
    headers, query = how.pop("headers", None), how.pop("query", "")
    response = ask(get_url(event) + query, make_form_data(event, **how), headers=headers)
    assert response.status_code == status
    assert get_frame_ancestors(response) == " ".join(SITES)
    assert response["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in response.headers
    if status != 500:
        page = response.content.decode()
        assert "<header" not in page
        assert re.findall(r'href="/en/(?![^"]*embed/)[^"]*"(?! target="_blank" rel="noopener")', page) == []
    assert Registration.objects.count() == (1 if status == 429 else 0)


def test_a_place_is_taken_and_the_answer_is_the_thank_you_itself():
    event = make_event(embed_sites=SITES, capacity=1)
    topic = make_topic(event)
    response = post_form(event, language="lv", email="anna@example.lv")
    assert response.status_code == 200
    page = response.content.decode()
    assert '<html lang="lv">' in page
    assert "Jums ir rezervēta vieta." in page
    assert "anna@example.lv" in page
    assert 'role="status"' in page
    assert '<h2 id="answer" tabindex="-1">' in page
    assert f'href="/lv/{event.slug}/embed/"' in page  # register again, in the frame
    registration = event.registrations.get()
    assert (registration.email, registration.language, registration.status) == ("anna@example.lv", "lv", "confirmed")
    assert (registration.source, list(registration.topics.all())) == ("online", [topic])
    assert registration.manage_token not in page
    assert registration.reference not in page
    assert registration.emails.get().kind == "registered"
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_when_all_places_are_taken_the_answer_is_the_waiting_list(client):
    event = make_event(capacity=0)
    assert "Join the waiting list" in client.get(get_url(event)).content.decode()
    assert "New registrations go on the waiting list" in post_form(event).content.decode()
    assert event.registrations.get().status == "waitlisted"


@pytest.mark.parametrize("capacity", [None, 1])
def test_the_answer_is_the_same_to_the_letter_for_a_known_address_and_a_new_one(capacity):
    known, new = make_event(capacity=capacity), make_event(capacity=capacity)
    operations.register(build_registration(known, email="anna@example.lv", last_name="Bērziņa"))
    operations.register(build_registration(new, email="somebody@example.lv"))
    with time_machine.travel(timezone.now(), tick=False):  # a header tells the second
        answers = [post_form(event, email="Anna@Example.lv") for event in (known, new)]
    pages = [
        answer.content.decode().replace(event.slug, "event")
        for answer, event in zip(answers, (known, new), strict=True)
    ]
    assert pages[0] == pages[1]
    of_the_clock_and_the_slug = ("Expires", "Content-Length")
    headers = [{**answer.headers, **dict.fromkeys(of_the_clock_and_the_slug)} for answer in answers]
    assert headers[0] == headers[1]
    assert (known.registrations.count(), new.registrations.count()) == (1, 2)


def test_sending_the_same_form_twice_takes_one_place_and_sends_one_e_mail():
    event = make_event()
    values = make_form_data(event)
    pages = [Client().post(get_url(event), values).content for _time in range(2)]
    assert pages[0] == pages[1]
    assert event.registrations.count() == 1
    assert [email.kind for email in OutgoingEmail.objects.all()] == ["registered"]


def test_the_answer_holds_no_markup_that_was_typed():
    page = post_form(make_event(), email='"<b>x</b>"@example.lv').content.decode()
    assert "&quot;&lt;b&gt;x&lt;/b&gt;&quot;@example.lv" in page
    assert "<b>x" not in page


def test_with_errors_nothing_typed_is_lost_and_nothing_is_stored():
    response = post_form(make_event(), first_name="", last_name="", organisation="O'Brien <x>")
    page = response.content.decode()
    assert response.status_code == 200
    assert 'value="O&#x27;Brien &lt;x&gt;"' in page
    assert 'href="#id_first_name"' in page
    assert '<div id="answer" tabindex="-1">' in page
    assert "autofocus" not in page  # browsers refuse it in a frame, and complain
    assert not Registration.objects.exists()


def test_a_choice_that_becomes_full_meanwhile_is_refused_at_its_field(monkeypatch):
    question = make_question(make_event(), "workshop", kind="one_of", label="Workshop", is_required=True)
    make_choice(question, "weaving", label="Weaving", limit=1)
    make_registration(question.event, answers={"workshop": "weaving"})
    monkeypatch.setattr("registrations.forms.questionnaire.get_full_choice_keys", lambda event: {})
    response = post_form(question.event, question_workshop="weaving")
    assert response.status_code == 409
    assert "“Weaving” (Workshop) is full. Please choose again." in response.content.decode()


def test_a_robot_that_fills_the_trap_is_told_so():
    assert "trap for spam robots" in post_form(make_event(), website="https://spam.example").content.decode()
    assert not Registration.objects.exists()


OWN_ORIGINS = ["https://conference.example.org", "http://testserver"]


@pytest.mark.parametrize(
    "headers", [{}, *({"origin": origin, "sec-fetch-site": "same-origin"} for origin in OWN_ORIGINS)]
)
def test_the_form_is_taken_from_its_own_page(headers, settings):
    settings.SITE_URL = "https://conference.example.org"
    event = make_event(embed_sites=SITES)
    assert post_form(event, headers=headers).status_code == 200
    assert event.registrations.count() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://www.example.org"},  # a listed site shows the form; it does not send one of its own
        {"origin": "null"},
        {"origin": ""},
        {"origin": "https://testserver"},
        {"origin": "http://testserver:8000"},
        {"origin": "http://testserver.example.org"},
        {"origin": "http://testserver", "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_a_form_that_another_page_sends_is_refused_and_nothing_is_stored(headers):
    event = make_event(embed_sites=SITES)
    response = post_form(event, headers=headers, language="lv")
    assert response.status_code == 403
    assert "Veidlapa netika nosūtīta" in response.content.decode()
    assert not Registration.objects.exists()


def test_opening_the_form_from_another_site_is_what_it_is_for(client):
    headers = {"sec-fetch-site": "cross-site", "referer": "https://www.example.org/"}
    assert client.get(get_url(make_event(embed_sites=SITES)), headers=headers).status_code == 200


@pytest.mark.parametrize("cookie", ["", "csrftoken=malformed", "sessionid=unknown", "messages=x; registered=x"])
def test_no_cookie_is_set_and_none_is_read(client, cookie):
    event = make_event(embed_sites=SITES)
    headers = {"cookie": cookie} if cookie else {}
    pages = set()
    for response in (client.get(get_url(event), headers=headers), post_form(event, headers=headers)):
        assert response.cookies == {}
        pages.add(response.status_code)
        assert "csrfmiddlewaretoken" not in response.content.decode()
    assert pages == {200}


def test_an_organiser_is_nobody_in_a_frame_and_stays_logged_in(client):
    client.force_login(make_user(is_superuser=True))
    shown, hidden = make_event(), make_event(is_published=False, embed_sites=SITES)
    pages = [drop_time_of_issue(visitor.get(get_url(shown)).content) for visitor in (client, Client())]
    assert pages[0] == pages[1]
    response = client.get(get_url(hidden))
    assert response.status_code == 404
    assert get_frame_ancestors(response) == "'none'"
    assert client.post(get_url(hidden), make_form_data(hidden)).status_code == 404
    assert not Registration.objects.exists()
    assert client.get("/admin/conference/event/").status_code == 200


def test_an_unknown_event_is_a_page_not_found(client):
    response = client.get("/en/nothing/embed/")
    assert response.status_code == 404
    assert get_frame_ancestors(response) == "'none'"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"registration_closes_at": timezone.now() - timedelta(days=1)}, "Registration is closed."),
        ({"registration_opens_at": timezone.now() + timedelta(days=1)}, "Registration opens:"),
        ({"capacity": 0, "waiting_list_enabled": False}, "All places are taken, and there is no waiting list."),
        ({"starts_at": timezone.now() - timedelta(days=2)}, "The conference is over."),
    ],
)
def test_while_no_sign_ups_are_taken_it_says_why_and_leads_to_the_events_page(client, values, said):
    event = make_event(embed_sites=SITES, **values)
    response = client.get(get_url(event))
    page = response.content.decode()
    assert response.status_code == 200
    assert said in page
    assert "<form" not in page
    assert (
        f'<a href="/en/{event.slug}/" target="_blank" rel="noopener">About the conference (opens in a new tab)</a>'
        in page
    )
    assert get_frame_ancestors(response) == " ".join(SITES)


def test_the_page_stands_by_itself_in_the_snippets_language(client):
    event = make_event(title={"lv": "Grāmatu <b>diena</b>", "en": "Day of books"})
    in_latvian = client.get(get_url(event, "lv")).content.decode()
    assert '<html lang="lv">' in in_latvian
    assert '<h1 class="h4">Grāmatu &lt;b&gt;diena&lt;/b&gt;</h1>' in in_latvian
    page = client.get(get_url(event)).content.decode()
    assert '<html lang="en">' in page
    assert page.count("<h1") == 1
    for left_out in ("<header", "<footer", "<nav"):
        assert left_out not in page
    links = re.findall(r"<a [^>]*>", page)
    assert len(links) == 2
    assert all('target="_blank" rel="noopener"' in link for link in links)
    assert page.count("(opens in a new tab)") == 2


def test_visitors_share_a_form_for_a_second_with_the_sites_that_may_show_it(client, monkeypatch):
    monkeypatch.setattr(page_cache, "FRESH_SECONDS", 60)
    event = make_event(embed_sites=SITES)
    page = client.get(get_url(event)).content
    Event.objects.update(embed_sites=[], title="Another title")
    assert client.get(get_url(event)).content == page
    assert client.head(get_url(event)).status_code == 200
    assert client.get(get_url(event, "lv")).content != page
    response = client.get(get_url(event))
    assert response.content == page
    assert get_frame_ancestors(response) == " ".join(SITES)
    assert post_form(event, email="").content != page
    assert client.get(get_url(event)).content == page
    cache.clear()  # a second later
    response = client.get(get_url(event))
    assert "Another title" in response.content.decode()
    assert get_frame_ancestors(response) == "'none'"


def test_the_form_asks_the_database_little_and_nothing_while_it_is_fresh(
    client, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr(page_cache, "FRESH_SECONDS", 60)
    event = make_event(embed_sites=SITES)
    question = make_question(event, kind="one_of")
    for number in range(3):
        make_topic(event)
        make_choice(question, f"choice{number}", limit=5)
    with django_assert_num_queries(8):
        client.get(get_url(event))
    with django_assert_num_queries(0):
        client.get(get_url(event))
