import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from registrations import operations
from registrations.models import OutgoingEmail, Registration, list_answers
from tests.factories import (
    build_registration,
    make_choice,
    make_event,
    make_form_data,
    make_question,
    make_registration,
    make_topic,
)
from tests.reading import drop_time_of_issue

pytestmark = pytest.mark.django_db


def post_form(client, event, language="en", **values):
    return client.post(f"/{language}/{event.slug}/register/", make_form_data(event, **values))


def get_thanks(client, event, language="en", **values) -> str:
    response = post_form(client, event, language, **values)
    assert response.status_code == 302
    assert response["Location"] == f"/{language}/{event.slug}/registered/"
    page = client.get(response["Location"])
    assert page.status_code == 200
    return page.content.decode()


def get_text(content: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", content[content.index("<main") :]).split())


def test_a_visitor_signs_up_and_everything_typed_is_stored(client):
    event = make_event()
    topics = [make_topic(event), make_topic(event, "Lifelong learning")]
    page = get_thanks(client, event, "lv", email="Anna@Example.LV", topics=[topics[1].pk])
    assert "Anna@example.lv" in page
    registration = event.registrations.get()
    stored = {name: getattr(registration, name) for name in ("first_name", "last_name", "email", "organisation")}
    assert stored == {
        "first_name": "Anna",
        "last_name": "Bērziņa",
        "email": "Anna@example.lv",
        "organisation": "Rīgas Centrālā bibliotēka",
    }
    assert (registration.job_title, registration.country.code, registration.sector) == (
        "bibliotekāre",
        "LV",
        "library",
    )
    assert list(registration.topics.all()) == [topics[1]]
    assert (registration.language, registration.source, registration.status) == ("lv", "online", "confirmed")
    assert registration.consented_at
    email = registration.emails.get()
    assert (email.kind, email.language, email.to) == ("registered", "lv", "Anna@example.lv")


def test_only_the_names_the_address_and_consent_are_required(client):
    event = make_event()
    response = client.post(f"/en/{event.slug}/register/", {})
    assert list(response.context["form"].errors) == ["first_name", "last_name", "email", "consent"]
    least = {"first_name": "Anna", "last_name": "Bērziņa", "email": "anna@example.lv", "consent": "on"}
    assert client.post(f"/en/{event.slug}/register/", least).status_code == 302


def test_the_thank_you_page_tells_the_place_and_what_to_do_when_no_e_mail_comes(client):
    page = get_text(get_thanks(client, make_event(capacity=1)))
    assert "You have a place." in page
    assert "Check your spam or junk folder." in page


def test_the_thank_you_page_tells_the_waiting_list_without_a_position(client):
    event = make_event(capacity=0)
    page = get_text(get_thanks(client, event))
    assert "New registrations go on the waiting list" in page
    assert "number" not in page


@pytest.mark.parametrize("capacity", [None, 1])
def test_the_page_is_the_same_to_the_letter_for_a_known_person_a_colleague_and_a_new_address(client, capacity):
    known, colleague, new = events = [make_event(capacity=capacity) for _number in range(3)]
    operations.register(build_registration(known, email="anna@example.lv", last_name="Bērziņa"))
    operations.register(build_registration(colleague, email="anna@example.lv", first_name="Ilze"))
    operations.register(build_registration(new, email="somebody@example.lv"))
    pages = [get_thanks(Client(), event, email="anna@example.lv").replace(event.slug, "event") for event in events]
    assert pages[0] == pages[1] == pages[2]
    assert [event.registrations.count() for event in events] == [1, 2, 2]


def test_the_thank_you_page_shows_no_link_and_no_reference(client):
    event = make_event()
    page = get_thanks(client, event)
    registration = event.registrations.get()
    assert registration.manage_token not in page
    assert registration.reference not in page


def test_the_thank_you_page_is_only_for_who_has_just_signed_up(client):
    event, other = make_event(), make_event()
    assert client.get(f"/en/{event.slug}/registered/")["Location"] == f"/en/{event.slug}/"
    get_thanks(client, event)
    assert client.get(f"/en/{other.slug}/registered/")["Location"] == f"/en/{other.slug}/"
    client.cookies["registered"] = client.cookies["registered"].value + "x"
    assert client.get(f"/en/{event.slug}/registered/")["Location"] == f"/en/{event.slug}/"


def test_two_visitors_see_their_own_address_only(client):
    event, other = make_event(), Client()
    post_form(client, event, email="anna@example.lv")
    post_form(other, event, email="janis@example.lv")
    for visitor, mine, theirs in ((client, "anna", "janis"), (other, "janis", "anna")):
        page = visitor.get(f"/en/{event.slug}/registered/")
        assert f"{mine}@example.lv" in page.content.decode()
        assert f"{theirs}@example.lv" not in page.content.decode()
        assert "no-store" in page["Cache-Control"]
        assert "private" in page["Cache-Control"]


def test_an_address_cannot_become_markup_on_the_thank_you_page(client):
    page = get_thanks(client, make_event(), email='"<b>x</b>"@example.lv')
    assert "&quot;&lt;b&gt;x&lt;/b&gt;&quot;@example.lv" in page
    assert "<b>x" not in page


def test_with_errors_nothing_typed_is_lost_and_every_error_is_linked(client):
    event = make_event()
    topic = make_topic(event)
    response = post_form(client, event, email="anna@", first_name="", consent="", last_name="O'Brien <x>")
    page = response.content.decode()
    assert response.status_code == 200
    assert "<title>Error: Registration" in page
    assert 'value="O&#x27;Brien &lt;x&gt;"' in page
    assert 'value="anna@"' in page
    assert '<option value="LV" selected>' in page
    assert re.search(rf'<input type="checkbox"[^>]*value="{topic.pk}"[^>]*checked', page)
    summary = page[page.index('id="errors"') : page.index("<form")]
    assert "autofocus" in summary
    for field in ("id_first_name", "id_email", "id_consent"):
        assert f'href="#{field}"' in summary
        assert f'id="{field}"' in page
        assert f'id="{field}_error"' in page
    assert not Registration.objects.exists()


def test_each_field_helps_the_browser_to_fill_it_in(client):
    page = client.get(f"/en/{make_event().slug}/register/").content.decode()
    for name, hints in {
        "first_name": ['autocomplete="given-name"', "required", 'type="text"'],
        "last_name": ['autocomplete="family-name"', "required"],
        "email": ['autocomplete="email"', 'inputmode="email"', 'type="email"', "required"],
        "organisation": ['autocomplete="organization"'],
        "job_title": ['autocomplete="organization-title"'],
        "country": ['autocomplete="country"'],
    }.items():
        (tag,) = re.findall(rf'<(?:input|select)[^>]*name="{name}"[^>]*>', page)
        assert [hint for hint in hints if hint not in tag] == [], name
    assert "First name (required)" in page
    assert "Organisation (" not in page


def test_the_country_of_the_event_comes_first_and_in_the_pages_language(client):
    event = make_event()
    for language, latvia, estonia in (("lv", "Latvija", "Igaunija"), ("en", "Latvia", "Estonia")):
        page = client.get(f"/{language}/{event.slug}/register/").content.decode()
        options = re.findall(r'<option value="([A-Z]*)"[^>]*>([^<]+)</option>', page)
        assert (
            options[1] == ("", "Choose…" if language == "en" else "Izvēlieties…")
            if options[0][0]
            else options[1] == ("LV", latvia)
        )
        assert ("EE", estonia) in options


def test_topics_of_another_event_cannot_be_chosen(client):
    event, other = make_event(), make_event()
    make_topic(event)
    foreign = make_topic(other, "Of the other")
    assert "Of the other" not in client.get(f"/en/{event.slug}/register/").content.decode()
    response = post_form(client, event, topics=[foreign.pk])
    assert list(response.context["form"].errors) == ["topics"]


def test_the_events_own_questions_are_asked_and_answered(client):
    event, other = make_event(), make_event()
    make_question(event, "lunch", label="What do you eat?", is_required=True)
    make_question(event, "bus", kind="yes_no", label="Do you need the bus?")
    make_question(other, "secret", label="Of the other event")
    page = client.get(f"/en/{event.slug}/register/").content.decode()
    assert "What do you eat? (required)" in page
    assert "Of the other event" not in page
    assert list(post_form(client, event).context["form"].errors) == ["question_lunch"]
    assert post_form(client, event, question_lunch="Soup", question_bus="on").status_code == 302
    registration = event.registrations.get()
    assert registration.answers == {"lunch": "Soup", "bus": True}
    assert list_answers(registration) == [("What do you eat?", "Soup"), ("Do you need the bus?", "yes")]


def test_a_robot_that_fills_the_trap_is_told_so_and_nothing_is_stored(client):
    event = make_event()
    response = post_form(client, event, website="https://spam.example")
    assert response.status_code == 200
    assert "trap for spam robots" in response.content.decode()
    assert not Registration.objects.exists()


def test_registration_that_closes_while_the_form_is_open_stores_nothing_and_says_so(client):
    event = make_event()
    assert client.get(f"/en/{event.slug}/register/").status_code == 200
    event.registration_closes_at = timezone.now() - timedelta(seconds=1)
    event.save()
    response = post_form(client, event)
    assert response.status_code == 409
    assert (
        "Your form arrived after registration had closed or the last place was taken, so it was not saved."
        in response.content.decode()
    )
    assert "Registration is closed." in response.content.decode()
    assert not Registration.objects.exists()


def test_the_form_of_a_closed_event_is_the_closed_page(client):
    event = make_event(registration_closes_at=timezone.now() - timedelta(seconds=1))
    response = client.get(f"/en/{event.slug}/register/")
    assert response.status_code == 200
    assert "Registration is closed." in response.content.decode()
    assert "<form" not in response.content.decode()


def test_a_busy_site_keeps_what_was_typed(client, monkeypatch):
    def busy(*arguments, **options):
        raise operations.Busy

    monkeypatch.setattr(operations, "register", busy)
    response = post_form(client, make_event(), last_name="Kalniņa")
    assert response.status_code == 503
    assert 'value="Kalniņa"' in response.content.decode()
    assert "please send the form again" in response.content.decode()


def test_a_body_over_the_limit_is_answered_with_413(client, settings):
    event = make_event()
    response = post_form(client, event, organisation="x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    assert response.status_code == 413
    assert "too large for this site" in response.content.decode()


def test_more_fields_than_a_form_has_are_a_bad_request(client):
    response = client.post(f"/en/{make_event().slug}/register/", {f"field{n}": "x" for n in range(2000)})
    assert response.status_code == 400
    assert "could not be understood" in response.content.decode()


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused_with_a_page(client, method):
    response = getattr(client, method)(f"/en/{make_event().slug}/register/")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, POST"
    assert "cannot be opened like that" in response.content.decode()


@pytest.mark.parametrize("path", ["/en/nothing/", "/en/nothing/register/", "/en/nothing/registered/", "/en/r/x/"])
def test_an_unknown_address_is_a_404_with_a_way_on(client, path):
    response = client.get(path, follow=True)
    assert response.status_code == 404
    assert 'href="/en/"' in response.content.decode()


def test_the_personal_link_shows_what_was_given_and_how_it_stands(client):
    event = make_event(title="Libraries", confirmation_note="Bring a coat.")
    make_question(event, "lunch", label="Lunch")
    registration = make_registration(
        event, organisation="LNB", country="LV", sector="library", answers={"lunch": "Soup"}
    )
    registration.topics.add(make_topic(event, "The role of libraries"))
    response = client.get(f"/en/r/{registration.manage_token}/")
    page = get_text(response.content.decode())
    for expected in (
        "Confirmed: you have a place.",
        f"Reference {registration.reference}",
        f"Last name {registration.last_name}",
        f"E-mail {registration.email}",
        "Organisation LNB",
        "Country Latvia",
        "Sector libraries",
        "Topics of interest The role of libraries",
        "Lunch Soup",
        "Bring a coat.",
    ):
        assert expected in page
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_the_personal_link_tells_the_place_in_line(client):
    event = make_event(capacity=0)
    make_registration(event, "waitlisted")
    second = make_registration(event, "waitlisted")
    page = client.get(f"/en/r/{second.manage_token}/").content.decode()
    assert "You are number 2 on the waiting list." in page


def test_the_personal_link_tells_a_cancellation(client):
    registration = make_registration(make_event(), "cancelled")
    assert "Cancelled: you do not have a place." in client.get(f"/en/r/{registration.manage_token}/").content.decode()


def test_opening_the_personal_link_changes_nothing(client):
    registration = make_registration(make_event())
    before = Registration.objects.values().get()
    client.get(f"/en/r/{registration.manage_token}/")
    assert client.post(f"/en/r/{registration.manage_token}/").status_code == 405
    assert Registration.objects.values().get() == before
    assert not OutgoingEmail.objects.exists()


def test_the_calendar_file_of_the_personal_link_is_private(client):
    registration = make_registration(event := make_event(slug="libraries"))
    response = client.get(f"/en/r/{registration.manage_token}/calendar.ics")
    assert f"UID:{event.calendar_uid}".encode() in response.content
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_forged_cut_and_exchanged_links_open_nothing(client):
    event = make_event()
    mine, theirs = make_registration(event), make_registration(make_event())
    signature = mine.manage_token.partition(".")[2]
    for forged in (
        mine.reference,
        f"{mine.reference}.",
        mine.manage_token[:-1],
        mine.manage_token + "x",
        f"{theirs.reference}.{signature}",
        f"{mine.reference}.{signature}.{signature}",
        mine.manage_token.lower(),
        f"\x00{mine.manage_token}",
        str(mine.pk),
    ):
        response = client.get(f"/en/r/{forged}/")
        assert response.status_code == 404, forged
        assert mine.last_name not in response.content.decode()


def test_the_old_link_dies_with_the_old_address(client):
    registration = make_registration(make_event())
    old = registration.manage_token
    registration.email = "new@example.lv"
    registration.save()
    assert client.get(f"/en/r/{old}/").status_code == 404
    assert client.get(f"/en/r/{registration.manage_token}/").status_code == 200


def test_every_page_forbids_scripts_and_styles_from_elsewhere(client):
    event = make_event()
    for path in ("", "register/", "privacy/"):
        policy = client.get(f"/en/{event.slug}/{path}")["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy


def test_a_visitor_gets_no_cookie_but_the_thanks(client):
    event = make_event()
    client.get(f"/en/{event.slug}/")
    assert dict(client.cookies) == {}
    get_thanks(client, event)
    assert set(client.cookies) == {"registered"}
    assert client.cookies["registered"]["httponly"]
    assert client.cookies["registered"]["samesite"] == "Lax"


@pytest.fixture
def workshop():
    question = make_question(make_event(), "workshop", kind="one_of", label="Workshop", is_required=True)
    make_choice(question, "weaving", label="Weaving", limit=1)
    make_choice(question, "talking", label="Talking")
    return question


def test_every_kind_is_answered(client):
    event = make_event()
    for key, kind in {"n": "number", "d": "date", "y": "yes_no", "t": "short_text"}.items():
        make_question(event, key, kind=kind, label=key)
    several = make_question(event, "s", kind="several_of")
    for key in ("a", "b", "c"):
        make_choice(several, key)
    given = {"n": "2,5", "d": "2027-09-19", "y": "on", "t": "Text", "s": ["c", "a"]}
    assert post_form(client, event, **{f"question_{key}": value for key, value in given.items()}).status_code == 302
    answers = {"n": 2.5, "d": "2027-09-19", "y": True, "t": "Text", "s": ["c", "a"]}
    assert event.registrations.get().answers == answers


def test_a_choice_that_has_become_full_is_shown_as_full_at_once(client, workshop):
    event = workshop.event
    address = f"/en/{event.slug}/register/"
    assert "Weaving (full)" not in client.get(address).content.decode()
    assert post_form(client, event, question_workshop="weaving").status_code == 302
    cache.delete(f"page:{address}")  # a second later
    assert "Weaving (full)" in client.get(address).content.decode()
    assert post_form(client, event, question_workshop="talking").status_code == 302


def test_a_full_choice_is_refused_at_its_field(client, workshop):
    make_registration(workshop.event, answers={"workshop": "weaving"})
    response = post_form(client, workshop.event, question_workshop="weaving")
    assert response.context["form"].errors == {"question_workshop": ["“Weaving” is full. Please choose again."]}
    assert workshop.event.registrations.count() == 1


def test_a_choice_that_becomes_full_meanwhile_is_refused_at_its_field(client, workshop, monkeypatch):
    """The form still took it for free; the operation, under its lock, does not."""
    make_registration(workshop.event, answers={"workshop": "weaving"})
    monkeypatch.setattr("registrations.forms.questionnaire.get_full_choice_keys", lambda event: {})
    response = post_form(client, workshop.event, question_workshop="weaving")
    assert response.status_code == 409
    assert response.context["form"].errors == {
        "question_workshop": ["“Weaving” (Workshop) is full. Please choose again."]
    }


def test_a_known_address_learns_no_more_of_a_full_choice_than_a_new_one(client, workshop):
    known = make_registration(workshop.event, answers={"workshop": "weaving"})
    pages = [
        post_form(client, workshop.event, email=email, question_workshop="weaving").content.decode().replace(email, "…")
        for email in (known.email, "new@example.lv")
    ]
    assert drop_time_of_issue(pages[0]) == drop_time_of_issue(pages[1])


def test_only_pages_with_conditions_load_the_script(client, workshop):
    address = f"/en/{workshop.event.slug}/register/"
    assert "conditions.js" not in client.get(address).content.decode()
    make_question(workshop.event, "loom", shown_if=workshop, shown_if_answer="weaving", position=1)
    cache.clear()
    shown = client.get(address).content.decode()
    assert "conditions.js" in shown
    assert 'data-shown-if="question_workshop"' in shown
    assert 'data-answer="weaving"' in shown
