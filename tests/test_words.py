"""A Latvian page says nothing in English, whatever state it is in; nor does an e-mail."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone, translation

from conference.models import AccessibilityStatement, Event
from registrations import rate_limit
from registrations.mail import content
from registrations.mail.content import make_example
from registrations.models import OutgoingEmail
from tests.catalogue import english_words, english_words_on
from tests.factories import make_choice, make_form_data, make_question, make_registration, make_user, use_up
from tests.latvian import latvian, latvian_event

pytestmark = pytest.mark.django_db
Kind = OutgoingEmail.Kind


@pytest.fixture
def visit():
    """Opens a page of the Latvian site, or sends it a form, and returns what comes of it, redirects followed."""
    client = Client(headers={"Accept-Language": "lv"})

    def visit(path: str, form: dict | None = None, **options) -> str:
        path = f"/lv/{path}" if not path.startswith("/") else path
        send = client.get if form is None else client.post
        response = send(path, form, follow=True, **options)
        html = response.content.decode()
        assert '<html lang="lv">' in html, path
        return html

    visit.client = client
    return visit


def now(**later):
    return timezone.now() + timedelta(**later)


STATES = {
    "open": {},
    "closes": {"registration_closes_at": now(days=2)},
    "scarce": {"capacity": 11, "taken": 10},
    "waiting list": {"capacity": 1, "taken": 1},
    "organisers choose": {"capacity": 1, "taken": 1, "promotes_automatically": False},
    "full": {"capacity": 1, "taken": 1, "waiting_list_enabled": False},
    "not yet open": {"registration_opens_at": now(days=3)},
    "closed": {"registration_closes_at": now(days=-1)},
    "over": {"starts_at": now(days=-9), "ends_at": now(days=-8)},
    "two days": {"ends_at": now(days=31)},
    "nothing optional": {"summary": {}, "privacy_notice": {}},
}


def event_in(state: str) -> Event:
    values = {"starts_at": now(days=30), "ends_at": now(days=30, hours=7), **STATES[state]}
    taken = values.pop("taken", 0)
    event = latvian_event()
    for name, value in values.items():
        setattr(event, name, value)
    event.save()
    for _number in range(taken):
        make_registration(event)
    return Event.objects.get(pk=event.pk)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("page", ["", "privacy/", "register/", "embed/"])
def test_an_events_pages(visit, state, page):
    html = visit(f"{event_in(state).slug}/{page}")
    assert "Lasītprieks" in html
    assert english_words_on(html) == set()


def test_the_first_page(visit):
    assert english_words_on(visit("")) == set()
    latvian_event()
    latvian_event(starts_at=now(days=90), ends_at=now(days=91))
    assert english_words_on(visit("")) == set()


def test_the_example(visit):
    call_command("load_conference", verbosity=0)
    event = Event.objects.get()
    for page in ("", "register/", "privacy/"):
        # The names of the project and its partners are theirs in every language.
        assert english_words_on(visit(f"{event.slug}/{page}")) - {"di", "xl", "bright", "baltic"} == set()


@pytest.mark.parametrize("status", ["", *AccessibilityStatement.Status.values])
def test_the_accessibility_statement(visit, status):
    latvian_event()
    if status:
        AccessibilityStatement.objects.create(
            owner=latvian("Bibliotēka"),
            status=status,
            not_accessible=latvian("Video bez subtitriem."),
            prepared_on=now().date(),
            reviewed_on=now().date(),
            feedback_email="help@example.lv",
            enforcement=latvian("Rakstiet tiesībsargam."),
        )
    assert english_words_on(visit("accessibility/")) == set()


@pytest.mark.parametrize("state", ["open", "waiting list", "organisers choose"])
@pytest.mark.parametrize("confirm_email", [True, False])
def test_the_thanks(visit, state, confirm_email):
    event = event_in(state)
    Event.objects.update(confirm_email=confirm_email)
    html = visit(f"{event.slug}/register/", make_form_data(event))
    assert "Paldies" in html
    assert english_words_on(html) == set()
    html = visit(f"{event.slug}/embed/", make_form_data(event))
    assert "Paldies" in html
    assert english_words_on(html) == set()


def ask_one_of_each_kind(event: Event) -> None:
    for kind in ("short_text", "long_text", "number", "yes_no", "date"):
        make_question(event, kind, kind=kind, label=latvian("Jautājums"), is_required=True)
    workshop = make_question(event, "workshop", kind="one_of", label=latvian("Darbnīca"))
    make_choice(workshop, "weaving", label=latvian("Aušana"), limit=1)
    make_registration(event, answers={"workshop": "weaving"})


WRONG = {
    **{"email": "anna@", "first_name": "x" * 101, "last_name": "\u202e", "country": "XX", "sector": "x", "topics": "0"},
    **{"question_number": "daudz", "question_date": "1066-10-14", "question_workshop": "weaving", "website": "x"},
    **{"question_short_text": "x" * 401, "question_yes_no": "x", "question_long_text": "\x07"},
}


@pytest.mark.parametrize(
    "form",
    [
        {},
        WRONG,
        {"question_date": "rīt", "question_number": "1" * 16, "topics": "x"},
        {"question_date": "2101-01-01", "question_number": "0.12345"},
    ],
)
def test_what_the_form_refuses(visit, form):
    event = latvian_event()
    ask_one_of_each_kind(event)
    html = visit(f"{event.slug}/register/", form)
    assert "Vēl nav saglabāts – lūdzu, izlabojiet:" in html
    assert english_words_on(html) == set()
    registration = make_registration(event)
    html = visit(f"r/{registration.manage_token}/edit/", form)
    assert "Vēl nav saglabāts – lūdzu, izlabojiet:" in html
    assert english_words_on(html) == set()


def test_a_form_that_comes_too_late(visit):
    event = latvian_event(registration_closes_at=now(days=-1))
    html = visit(f"{event.slug}/register/", make_form_data(event))
    assert "vietas bija aizņemtas" in html
    assert english_words_on(html) == set()
    assert english_words_on(visit(f"{event.slug}/embed/", make_form_data(event))) == set()


def test_the_preview(visit):
    visit.client.force_login(make_user(is_superuser=True))
    event = latvian_event(is_published=False)
    for html in (visit(f"{event.slug}/"), visit(f"{event.slug}/register/", make_form_data(event))):
        assert "Priekšskatījums" in html
        assert english_words_on(html) == set()


PEOPLE = {
    "confirmed": {},
    "waiting": {"status": "waitlisted"},
    "pending": {"status": "pending"},
    "cancelled": {"status": "cancelled"},
    "lapsed": {"status": "cancelled", "hold_until": now(hours=-1)},
    "moving": {"new_email": "new@example.lv"},
    "answering": {
        "answers": {"lunch": ["soup"], "day": "2027-09-18", "bus": True, "much": 2.5},
        "country": "EE",
    },
}


@pytest.mark.parametrize("state", ["open", "closes", "full", "waiting list", "over"])
@pytest.mark.parametrize("person", PEOPLE)
def test_a_persons_pages(visit, state, person):
    event = event_in(state)
    for key, kind in (("day", "date"), ("bus", "yes_no"), ("much", "number")):
        make_question(event, key, kind=kind, label=latvian("Jautājums"))
    registration = make_registration(event, sector="lifelong_learning", **PEOPLE[person])
    registration.topics.set(event.topics.all())
    for page in ("", "edit/", "cancel/", "confirm/", "rejoin/", "new-link/", "erase/"):
        assert english_words_on(visit(f"r/{registration.manage_token}/{page}")) == set(), page


def test_what_becomes_of_a_persons_deeds(visit):
    event = latvian_event(capacity=1, waiting_list_enabled=False)
    registration = make_registration(event)
    mine = f"r/{registration.manage_token}/"
    edited = {**make_form_data(event), "email": registration.email, "language": "lv"}
    said = {
        "saglabātas": visit(f"{mine}edit/", edited),
        "Atcelta": visit(f"{mine}cancel/", {}),
        "aizņemtas": make_registration(event) and visit(f"{mine}rejoin/", {}),
        "dzēsti": visit(f"{mine}erase/", {}),
        "Ieskatieties": visit("find/", {"email": registration.email}),
        "Lūdzu, pārbaudiet e-pasta adresi": visit("find/", {"email": "anna@"}),
    }
    for word, html in said.items():
        assert word in html
        assert english_words_on(html) == set(), word


def test_a_new_address(visit):
    registration = make_registration(latvian_event(), new_email="new@example.lv")
    with translation.override("lv"):
        path = registration.manage_path_for("new@example.lv")
    for html in (visit(path), visit(f"{path}new-address/", {})):
        assert english_words_on(html) == set()


def test_when_the_time_for_changes_is_over(visit):
    registration = make_registration(latvian_event(changes_until=now(days=-1)))
    html = visit(f"r/{registration.manage_token}/edit/")
    assert "Datus šeit vairs nevar mainīt" in html
    assert english_words_on(html) == set()


def test_refusals(visit):
    event = latvian_event()
    strict = Client(enforce_csrf_checks=True, headers={"Accept-Language": "lv"})
    elsewhere = {"origin": "https://www.example.org"}
    refused = [
        (400, visit.client.get("/lv/?q=%00")),
        (403, strict.post("/account/log-in/", {})),
        (403, strict.post(f"/lv/{event.slug}/register/", {}, headers=elsewhere)),
        (404, visit.client.get("/lv/nav/tadas/")),
        (404, visit.client.get("/lv/r/K7M2PXQ4.x/")),
        (405, visit.client.post(f"/lv/{event.slug}/", {})),
        (413, visit.client.generic("POST", "/lv/find/", CONTENT_LENGTH="1000000000")),
    ]
    visit.client.force_login(make_user())
    refused.append((403, visit.client.get("/admin/registrations/registration/")))
    for status, response in refused:
        assert response.status_code == status
        assert english_words_on(response.content.decode()) == set(), status


def test_too_many_requests(visit):
    event = latvian_event()
    registration = make_registration(event)
    use_up("sign-up", "127.0.0.1", settings.SIGNUP_RATE_LIMIT)
    use_up("find", "127.0.0.1", settings.FIND_RATE_LIMIT)
    use_up("change", str(registration.pk), (rate_limit.MAX_CHANGES, 3600))
    use_up("refresh", "127.0.0.1", (settings.SIGNUP_RATE_LIMIT[0] * rate_limit.REFRESHES_PER_SIGN_UP, 3600))
    for path, advice in (
        (f"{event.slug}/register/", "izmantojiet citu tīklu"),
        ("find/", "izmantojiet citu tīklu"),
        (f"r/{registration.manage_token}/cancel/", "Lūdzu, brīdi uzgaidiet"),
    ):
        html = visit(path, make_form_data(event))
        assert advice in html
        assert english_words_on(html) == set()
    html = visit("find/", {"language_switch": "nothing"})
    assert "Pārāk daudz pieprasījumu" in html
    assert english_words_on(html) == set()


def test_when_the_site_fails():
    # It is in both languages at once, and the title, which holds no element, cannot say in which it is.
    assert english_words_on(render_to_string("500.html").replace("· Error</title>", "</title>")) == set()


STATUS = {Kind.WAITLISTED: "waitlisted", Kind.CONFIRM: "pending", Kind.CANCELLED: "cancelled"}


@pytest.mark.parametrize("kind", [kind for kind in Kind.values if kind != Kind.MESSAGE])
@pytest.mark.parametrize("status", ["", "pending", "waitlisted", "cancelled"])
@pytest.mark.parametrize("promotes_automatically", [True, False])
def test_e_mail(kind, status, promotes_automatically):
    event = latvian_event(promotes_automatically=promotes_automatically)
    email = make_example(event, kind, "lv")
    email.registration = make_registration(event, status or STATUS.get(kind, "confirmed"), answers={"lunch": ["soup"]})
    words = content.render_email(email)
    assert english_words(words.subject) == set()
    assert english_words(words.text) == set()
    assert english_words_on(words.html) == set()
