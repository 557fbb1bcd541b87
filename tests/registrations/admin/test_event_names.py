"""Events of the same title are told apart, and drafts are marked, wherever organisers see or choose an event."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import translation

from tests.factories import make_event, make_question, make_registration
from tests.registrations.admin.requests import get_page

pytestmark = pytest.mark.django_db

NAMES = ["Libraries, 2027-05-01", "Libraries, 2028-05-01 (draft)", "Libraries, 2029-05-01 (cancelled)"]


@pytest.fixture
def events():
    states = [(2027, {}), (2028, {"is_published": False}), (2029, {"cancelled_at": datetime(2026, 1, 1, tzinfo=UTC)})]
    return [
        make_event(title="Libraries", slug=f"in-{year}", starts_at=datetime(year, 5, 1, 7, tzinfo=UTC), **state)
        for year, state in states
    ]


@pytest.mark.parametrize(
    "page",
    [
        "admin:registrations_registration_changelist",
        "admin:registrations_registration_add",
        "admin:registrations_registration_import",
        "admin:registrations_registration_export",
        "admin:registrations_registration_doubles",
        "admin:registrations_mailing_add",
        "admin:registrations_question_changelist",
        "admin:registrations_outgoingemail_changelist",
    ],
)
def test_each_chooser_and_list_names_them(organiser, events, page):
    for event in events:
        make_question(event)
        for email in ("a@example.lv", "b@example.lv"):
            person = make_registration(event, first_name="Anna", last_name="Ozola", email=email)
            person.emails.create(kind="registered", language="en", to=email)
    content = get_page(organiser, reverse(page))
    assert [name for name in NAMES if name not in content] == []


def test_the_limit_to_chosen_events_names_them(admin_client, events):
    content = get_page(
        admin_client, reverse("admin:auth_user_change", args=[admin_client.get("/").wsgi_request.user.pk])
    )
    assert [name for name in NAMES if name not in content] == []


def test_the_list_of_events_and_the_columns_with_addresses_mark_them(organiser, events):
    content = get_page(organiser, reverse("admin:conference_event_changelist"))
    for name in (">Libraries<", ">Libraries (draft)<", ">Libraries (cancelled)<"):
        assert name in content
    make_registration(events[1])
    make_question(events[1])
    for page in ("registration", "question"):
        assert "in-2028 (draft)" in get_page(organiser, reverse(f"admin:registrations_{page}_changelist"))


def test_latvians_read_it_in_latvian(events):
    with translation.override("lv"):
        assert [str(event) for event in events] == [
            "Libraries, 01.05.2027.",
            "Libraries, 01.05.2028. (melnraksts)",
            "Libraries, 01.05.2029. (atcelts)",
        ]
