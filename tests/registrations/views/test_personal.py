import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from registrations import operations, rate_limit
from registrations.mail import delivery
from registrations.models import OutgoingEmail, Registration
from registrations.tickets.ticket_codes import spell_ticket_code
from registrations.tickets.ticket_qr import render_svg
from tests.factories import build_registration, make_choice, make_event, make_question, make_registration, make_topic
from tests.registrations.stored_state import dump_database, list_email_kinds, list_statuses

pytestmark = pytest.mark.django_db

PAGES = [
    "",
    "edit/",
    "cancel/",
    "confirm/",
    "rejoin/",
    "calendar.ics",
    "ticket.pdf",
    "data.json",
    "new-link/",
    "erase/",
]


def get_url(registration, page="", language="en") -> str:
    return f"/{language}/r/{registration.manage_token}/{page}"


def get_text(response) -> str:
    content = response.content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", content[content.index("<main") :]).split())


def form_data(registration, **values) -> dict:
    """What a browser posts from the page where one changes one's registration."""
    return {
        "first_name": registration.first_name,
        "last_name": registration.last_name,
        "email": registration.email,
        "organisation": registration.organisation,
        "job_title": registration.job_title,
        "country": registration.country.code or "",
        "sector": registration.sector,
        "topics": [topic.pk for topic in registration.topics.all()],
        "language": registration.language,
        **values,
    }


@pytest.mark.parametrize("status", Registration.Status.values)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_private_out_of_search_engines_and_changes_nothing_when_opened(client, status, page):
    registration = make_registration(make_event(), status)
    before = dump_database()
    response = client.get(get_url(registration, page))
    assert response.status_code in (200, 302)
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "same-origin"
    assert dump_database() == before


@pytest.mark.parametrize("page", PAGES)
def test_without_the_right_link_every_page_is_missing(client, page):
    mine, theirs = make_registration(make_event()), make_registration(make_event())
    forged = f"{theirs.reference}.{mine.manage_token.partition('.')[2]}"
    for method in (client.get, client.post):
        assert method(f"/en/r/{forged}/{page}").status_code in (404, 405)
    theirs.refresh_from_db()
    assert theirs.status == "confirmed"


def test_the_qr_code_is_the_tickets_and_opens_nothing(client):
    registration = make_registration(make_event())
    page = client.get(get_url(registration)).content.decode()
    assert page.count('class="qr"') == 1
    assert render_svg(f"HTTP://LOCALHOST:8000/D/{registration.ticket_code}") in page
    assert "style=" not in page
    for code in (registration.ticket_code, registration.reference):
        assert client.get(f"/en/r/{code}/").status_code == 404


def test_the_ticket_is_a_pdf_of_ones_own_in_the_language_of_the_page(client):
    registration = make_registration(make_event(slug="libraries"), language="en")
    assert (
        get_url(registration, "ticket.pdf", "lv") in client.get(get_url(registration, language="lv")).content.decode()
    )
    response = client.get(get_url(registration, "ticket.pdf", "lv"))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="libraries.pdf"'
    assert b"/Lang(lv)" in response.content


@pytest.mark.parametrize("status", ["pending", "waitlisted", "cancelled"])
def test_who_has_no_place_gets_no_ticket_and_reads_why(client, status):
    registration = make_registration(make_event(), status)
    assert client.get(get_url(registration, "ticket.pdf"))["Location"] == get_url(registration)
    assert "ticket.pdf" not in client.get(get_url(registration)).content.decode()


@pytest.mark.parametrize("status", ["pending", "waitlisted", "cancelled"])
def test_only_who_has_a_place_is_shown_a_qr_code(client, status):
    registration = make_registration(make_event(), status)
    assert 'class="qr"' not in client.get(get_url(registration)).content.decode()


def test_a_person_changes_what_they_gave(client):
    event = make_event()
    topics = [make_topic(event, "One"), make_topic(event, "Two")]
    make_question(event, "lunch")
    registration = make_registration(event, answers={"lunch": "Soup", "asked_no_more": "kept"})
    registration.topics.set(topics[:1])
    page = client.get(get_url(registration, "edit/")).content.decode()
    assert 'value="Soup"' in page
    values = form_data(
        registration,
        first_name="Ilze",
        organisation="LNB",
        country="EE",
        topics=[topics[1].pk],
        language="lv",
        question_lunch="Salad",
    )
    response = client.post(get_url(registration, "edit/"), values)
    assert response["Location"] == get_url(registration)
    registration.refresh_from_db()
    assert (registration.first_name, registration.organisation, registration.country.code) == ("Ilze", "LNB", "EE")
    assert list(registration.topics.all()) == [topics[1]]
    assert registration.answers == {"lunch": "Salad", "asked_no_more": "kept"}
    assert registration.language == "lv"
    assert list_email_kinds(registration) == ["changed"]


def test_what_is_wrong_in_a_change_is_told_and_nothing_typed_is_lost(client):
    registration = make_registration(make_event())
    response = client.post(get_url(registration, "edit/"), form_data(registration, email="anna@", last_name="Kalniņa"))
    assert response.status_code == 200
    assert 'href="#id_email"' in response.content.decode()
    assert 'value="Kalniņa"' in response.content.decode()
    registration.refresh_from_db()
    assert registration.last_name != "Kalniņa"


def test_neither_status_nor_event_nor_note_can_be_changed_by_a_form(client):
    event, other = make_event(capacity=0), make_event()
    registration = make_registration(event, "waitlisted")
    values = form_data(
        registration, status="confirmed", event=other.pk, internal_note="x", reference="X", organisation="y"
    )
    client.post(get_url(registration, "edit/"), values)
    registration.refresh_from_db()
    assert (registration.status, registration.event, registration.internal_note) == ("waitlisted", event, "")
    assert registration.organisation == "y"


def test_a_changed_address_keeps_the_old_link_until_the_new_one_is_confirmed(client):
    registration = make_registration(make_event(), email="old@example.lv")
    old = get_url(registration)
    client.post(get_url(registration, "edit/"), form_data(registration, email="new@example.lv"))
    assert "We have sent an e-mail to new@example.lv" in get_text(client.get(old))

    registration.refresh_from_db()
    link = registration.manage_path_for(registration.new_email)
    assert client.get(link)["Location"] == f"{link}new-address/"
    page = client.get(f"{link}new-address/")
    assert registration.last_name not in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert client.post(f"{link}new-address/")["Location"] == link
    assert client.get(link).status_code == 200
    assert client.get(old).status_code == 404
    # a second click finds it done
    assert client.post(f"{link}new-address/")["Location"] == link


def test_the_page_after_a_change_to_a_known_address_says_the_same_as_to_a_new_one(client):
    event = make_event()
    make_registration(event, email="known@example.lv")
    pages = []
    for new in ("known@example.lv", "fresh@example.lv"):
        registration = make_registration(event, first_name="Anna", last_name="B", email=f"of-{new}")
        response = client.post(get_url(registration, "edit/"), form_data(registration, email=new), follow=True)
        page = response.content.decode().replace(new, "NEW").replace(registration.reference, "REF")
        page = page.replace(spell_ticket_code(registration.ticket_code), "CODE")
        pages.append(re.sub(r"/r/[^/\"]+/|<svg.*?</svg>|REF\.[\w-]+|of-NEW", "", page, flags=re.DOTALL))
    assert pages[0] == pages[1]


def test_an_address_taken_meanwhile_is_refused_to_its_own_reader(client):
    event = make_event()
    registration = make_registration(event, new_email="taken@example.lv", last_name="Bērziņa")
    make_registration(event, email="taken@example.lv", last_name="Berzina")
    response = client.post(f"{registration.manage_path_for(registration.new_email)}new-address/")
    assert response.status_code == 409
    assert "already registered" in get_text(response)


def test_cancelling_says_what_will_happen_and_asks_once(client):
    event = make_event(capacity=1)
    registration, waiting = make_registration(event), make_registration(event, "waitlisted")
    assert "go to the next person in line" in get_text(client.get(get_url(registration, "cancel/")))
    for _number in range(2):
        assert client.post(get_url(registration, "cancel/"))["Location"] == get_url(registration)
    assert "Cancelled: you do not have a place." in get_text(client.get(get_url(registration)))
    assert list_statuses(event) == ["cancelled", "confirmed"]
    assert (list_email_kinds(registration), list_email_kinds(waiting)) == (["cancelled"], ["promoted"])


def test_who_changed_their_mind_comes_back_by_the_same_link(client):
    event = make_event(capacity=1)
    registration = make_registration(event, "cancelled")
    assert "Register again" in get_text(client.get(get_url(registration)))
    client.post(get_url(registration, "rejoin/"))
    assert "Confirmed: you have a place." in get_text(client.get(get_url(registration)))

    client.post(get_url(registration, "cancel/"))
    operations.register(build_registration(event))
    assert "end of the waiting list" in get_text(client.get(get_url(registration, "rejoin/")))
    client.post(get_url(registration, "rejoin/"))
    assert "You are number 1 on the waiting list" in get_text(client.get(get_url(registration)))


def test_coming_back_to_a_full_event_without_a_waiting_list_is_told(client):
    event = make_event(capacity=1, waiting_list_enabled=False)
    registration = make_registration(event, "cancelled")
    make_registration(event)
    assert "All places are taken." in get_text(client.get(get_url(registration)))
    response = client.post(get_url(registration, "rejoin/"))
    assert response.status_code == 409
    assert "All places are taken." in get_text(response)
    assert list_statuses(event) == ["cancelled", "confirmed"]


def test_the_page_of_a_held_place_has_one_button_that_confirms_it(client):
    registration = make_registration(make_event(confirm_email=True), "pending")
    page = client.get(get_url(registration, "confirm/"))
    assert page.content.decode().count("<button") == 1
    assert "A place is held for you until" in get_text(page)
    client.post(get_url(registration, "confirm/"))
    assert "Confirmed: you have a place." in get_text(client.get(get_url(registration)))
    assert client.get(get_url(registration, "confirm/"))["Location"] == get_url(registration)


def test_a_lapsed_hold_is_told_and_the_same_link_leads_back(client):
    event = make_event(confirm_email=True, capacity=1)
    registration = make_registration(event, "pending", hold_until=timezone.now() - timedelta(minutes=1))
    client.post(get_url(registration, "confirm/"))
    page = get_text(client.get(get_url(registration)))
    assert "so it has been released" in page
    assert "Register again" in page
    client.post(get_url(registration, "rejoin/"))
    assert "Confirmed: you have a place." in get_text(client.get(get_url(registration)))


def test_after_the_event_there_is_the_page_and_the_data_and_nothing_to_change(client):
    event = make_event(starts_at=timezone.now() - timedelta(days=2))
    registration = make_registration(event)
    page = client.get(get_url(registration)).content.decode()
    for left in ("edit/", "cancel/", "rejoin/", "confirm/"):
        assert f"{registration.manage_token}/{left}" not in page
    for offered in ("data.json", "new-link/", "erase/"):
        assert f"{registration.manage_token}/{offered}" in page
    before = Registration.objects.values().get()
    assert client.post(get_url(registration, "edit/"), form_data(registration, last_name="x")).status_code == 409
    for button in ("cancel/", "rejoin/", "confirm/"):
        assert client.post(get_url(registration, button)).status_code == 302
    assert Registration.objects.values().get() == before


def test_the_form_of_changes_that_are_over_says_whom_to_ask(client):
    registration = make_registration(make_event(changes_until=timezone.now() - timedelta(hours=1)))
    response = client.get(get_url(registration, "edit/"))
    assert "It is too late to change this here. Please write to the organisers." in get_text(response)
    assert "organisers@example.org" in get_text(response)


def test_a_busy_site_says_so_and_changes_nothing(client, monkeypatch):
    def busy(*arguments, **options):
        raise operations.Busy

    registration = make_registration(make_event())
    for name in ("cancel", "change_details"):
        monkeypatch.setattr(operations, name, busy)
    for page, values in (("cancel/", {}), ("edit/", form_data(registration, organisation="LNB"))):
        response = client.post(get_url(registration, page), values)
        assert response.status_code == 503
        assert "please send the form again" in get_text(response)


def test_my_data_are_a_file_of_everything_with_the_e_mails(client):
    event = make_event(title="Libraries")
    registration, _has_place = operations.register(
        build_registration(event, internal_note="Phoned twice.", first_name="Anna")
    )
    delivery.send_due()
    response = client.get(get_url(registration, "data.json"))
    assert response["Content-Disposition"] == f'attachment; filename="{event.slug}.json"'
    held = json.loads(response.content)
    assert held["event"]["title"] == "Libraries"
    assert held["registration"]["first_name"] == "Anna"
    assert held["registration"]["internal_note"] == "Phoned twice."
    (email,) = held["emails"]
    assert email["kind"] == "registered"
    assert "Hello Anna," in email["text"]
    assert registration.manage_token not in response.content.decode()


def test_erasing_explains_asks_once_and_ends_the_link(client):
    event = make_event(capacity=1)
    registration, waiting = make_registration(event), make_registration(event, "waitlisted")
    mine = get_url(registration)
    assert "permanently erased from this site" in get_text(client.get(f"{mine}erase/"))
    response = client.post(f"{mine}erase/", follow=True)
    assert response.redirect_chain[-1][0] == "/en/r/erased/"
    assert "Your data has been erased" in get_text(response)
    assert client.get(mine).status_code == 404
    assert client.post(f"{mine}erase/").status_code == 404
    waiting.refresh_from_db()
    assert waiting.status == "confirmed"


def test_the_calendar_file_of_a_cancelled_person_takes_the_entry_out(client):
    registration = make_registration(make_event(), "cancelled")
    calendar = client.get(get_url(registration, "calendar.ics")).content
    assert b"METHOD:CANCEL" in calendar
    assert b"STATUS:CANCELLED" in calendar


def test_other_methods_are_refused(client):
    registration = make_registration(make_event())
    for page in ("", "data.json", "calendar.ics"):
        assert client.post(get_url(registration, page)).status_code == 405
    assert not OutgoingEmail.objects.exists()


def test_a_form_that_fails_shows_no_link_for_the_address_that_was_typed(client):
    registration = make_registration(make_event())
    stolen = registration.manage_path_for("victim@example.lv").split("/")[-2]
    response = client.post(
        get_url(registration, "edit/"), form_data(registration, email="victim@example.lv", country="XX")
    )
    assert 'value="victim@example.lv"' in response.content.decode()
    assert stolen not in response.content.decode()
    assert registration.manage_token in response.content.decode()


def test_one_registration_is_changed_only_so_often_in_a_while_but_can_always_be_erased(client):
    registration = make_registration(make_event())
    answers = {client.post(get_url(registration, "cancel/")).status_code for _number in range(rate_limit.MAX_CHANGES)}
    assert answers == {302}
    response = client.post(get_url(registration, "rejoin/"))
    assert response.status_code == 429
    assert 3600 < int(response["Retry-After"]) <= 3960
    assert "too many times in a short time" in get_text(response)
    assert client.post(get_url(registration, "erase/")).status_code == 302


def test_a_link_that_does_not_work_leads_to_the_page_that_sends_it_again(client):
    response = client.get("/lv/r/K7M2PXQ4.x/edit/")
    assert response.status_code == 404
    assert "Šī saite nedarbojas" in get_text(response)
    assert 'href="/lv/find/"' in response.content.decode()


def test_after_the_event_the_page_does_not_speak_as_if_it_were_to_come(client):
    event = make_event(starts_at=timezone.now() - timedelta(days=2))
    page = client.get(get_url(make_registration(event))).content.decode()
    assert "The conference is over. You had a place." in get_text(client.get(get_url(make_registration(event))))
    assert 'class="qr"' not in page
    assert "calendar.ics" not in page


def test_a_saved_change_is_told_once(client):
    registration = make_registration(make_event())
    values = form_data(registration, organisation="LNB")
    assert "Your changes have been saved." in get_text(client.post(get_url(registration, "edit/"), values, follow=True))
    assert "Your changes have been saved." not in get_text(client.get(get_url(registration)))


def test_what_happens_to_the_place_is_told_as_it_will_be(client):
    choosing = make_registration(make_event(promotes_automatically=False))
    assert "goes to the next" not in get_text(client.get(get_url(choosing, "cancel/")))
    started = make_registration(make_event(starts_at=timezone.now() - timedelta(hours=1)))
    page = get_text(client.get(get_url(started, "cancel/")))
    assert "goes to the next" not in page
    assert "change your mind" not in page


@pytest.fixture
def questions():
    """A removed choice and a removed question, one about needs, and one that only organisers see."""
    event = make_event()
    workshop = make_question(event, "workshop", kind="one_of", label="Workshop")
    make_choice(workshop, "weaving", label="Weaving", removed_at=timezone.now())
    make_choice(workshop, "talking", label="Talking", limit=1)
    make_question(event, "bus", kind="yes_no", label="Bus", removed_at=timezone.now())
    make_question(event, "diet", label="Diet", is_about_needs=True)
    make_question(event, "fee", label="Fee", is_internal=True)
    return event


ANSWERS = {"workshop": "weaving", "bus": True, "diet": "No nuts", "fee": "Waived"}


def test_people_see_their_answers_but_for_what_only_organisers_see(client, questions):
    registration = make_registration(questions, answers=ANSWERS)
    shown = client.get(get_url(registration)).context["details"][-3:]
    said = [(str(label), [str(text) for text in texts]) for label, texts in shown]
    assert said == [("Workshop", ["Weaving"]), ("Bus", ["yes"]), ("Diet", ["No nuts"])]
    assert "Waived" not in client.get(get_url(registration)).content.decode()
    assert "Waived" not in client.get(get_url(registration, "edit/")).content.decode()


def test_the_file_with_their_data_has_every_answer(client, questions):
    registration = make_registration(questions, answers=ANSWERS)
    data = client.get(get_url(registration, "data.json")).json()
    assert data["answers"] == [
        {"question": "Workshop", "answer": "Weaving"},
        {"question": "Bus", "answer": "yes"},
        {"question": "Diet", "answer": "No nuts"},
        {"question": "Fee", "answer": "Waived"},
    ]


def test_e_mails_tell_neither_needs_nor_what_only_organisers_see(questions):
    registration, _has_place = operations.register(
        build_registration(questions, answers=ANSWERS | {"workshop": "talking"})
    )
    delivery.send_due()
    body = registration.emails.get().text
    assert "Talking" in body
    assert "No nuts" not in body
    assert "Waived" not in body


def test_a_change_keeps_what_was_not_on_the_form_and_who_chose_it_may_keep_a_removed_choice(client, questions):
    registration = make_registration(questions, answers=ANSWERS)
    values = form_data(
        registration, question_workshop="weaving", question_diet="", question_fee="Mine", question_bus=""
    )
    assert client.post(get_url(registration, "edit/"), values).status_code == 302
    registration.refresh_from_db()
    assert registration.answers == {"workshop": "weaving", "bus": True, "fee": "Waived"}
    make_registration(questions, answers={"workshop": "talking"})
    refused = client.post(get_url(registration, "edit/"), values | {"question_workshop": "talking"})
    assert refused.context["form"].errors == {"question_workshop": ["“Talking” is full. Please choose again."]}


def test_a_full_choice_refused_under_the_lock_is_told_at_its_field(client, questions, monkeypatch):
    monkeypatch.setattr(
        "registrations.forms.questionnaire.get_full_choice_keys", lambda event: {}
    )  # it was free a moment ago
    make_registration(questions, answers={"workshop": "talking"})
    registration = make_registration(questions)
    response = client.post(get_url(registration, "edit/"), form_data(registration, question_workshop="talking"))
    assert response.status_code == 409
    assert list(response.context["form"].errors) == ["question_workshop"]


def test_who_comes_back_is_told_which_choices_became_full(client, questions):
    registration = make_registration(questions, "cancelled", answers={"workshop": "talking", "diet": "No nuts"})
    make_registration(questions, answers={"workshop": "talking"})
    page = client.post(get_url(registration, "rejoin/"), follow=True).content.decode()
    assert "“Talking” (Workshop) is now full, so it has been removed from your answers." in page
    registration.refresh_from_db()
    assert (registration.status, registration.answers) == ("confirmed", {"diet": "No nuts"})


def test_who_comes_back_and_loses_nothing_is_told_nothing(client, questions):
    registration = make_registration(questions, "cancelled", answers={"workshop": "talking"})
    assert "alert-warning" not in client.post(get_url(registration, "rejoin/"), follow=True).content.decode()
