import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from registrations.admin.events.issues import find_issues
from registrations.models import EventCounts, OutgoingEmail
from registrations.permissions import HELPERS, ORGANISERS, STAFF
from registrations.statistics import summarize
from tests.conference.admin.test_publication_checks import make_ready_event
from tests.factories import make_event, make_registration, make_statement, make_user, restrict_to_events

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def statement():
    return make_statement()


def told(event, group=ORGANISERS) -> list[str]:
    return [matter.text for matter in find_issues(event, summarize(event), make_user(group))]


def fail(registration):
    OutgoingEmail.objects.create(registration=registration, kind="registered", next_attempt_at=None, last_error="550")


def test_nothing_is_told_where_all_is_well():
    event = make_ready_event(capacity=1)
    make_registration(event)
    assert told(event) == []


def test_each_matter_leads_to_where_it_is_mended():
    event = make_ready_event(capacity=1)
    fail(make_registration(event, email="anna@gmial.com"))
    make_registration(event)
    matters = find_issues(event, summarize(event), make_user(ORGANISERS))
    list_of_event = f"/admin/registrations/registration/?event={event.pk}&status__in=pending,confirmed,waitlisted"
    assert [tuple(matter) for matter in matters] == [
        ("1 place too many is taken.", f"/admin/conference/event/{event.pk}/settings/registration/#id_capacity"),
        (
            "1 e-mail could not be delivered.",
            f"/admin/registrations/outgoingemail/?event={event.pk}&state=given_up",
        ),
        ("1 e-mail address looks like a typo.", f"{list_of_event}&address=mistyped"),
    ]


def test_counts_that_were_corrected_are_told_of_for_a_week(time_machine):
    event = make_ready_event(capacity=1)
    make_registration(event)
    EventCounts.objects.filter(event=event).update(confirmed=0)
    assert told(event) == []
    call_command("send_emails", stdout=io.StringIO())
    (text,) = told(event)
    assert text.startswith("The stored numbers of places did not match the registrations and were corrected on ")
    assert told(event, STAFF) == []
    time_machine.move_to(timezone.now() + timedelta(days=8))
    assert told(event) == []
    assert EventCounts.objects.get(event=event).confirmed == 1


def test_other_events_matters_are_not_told():
    event, other = make_ready_event(), make_event(capacity=0)
    fail(make_registration(other, email="anna@gmial.com"))
    assert told(event) == []


def test_the_cancelled_need_no_attention_to_their_address():
    event = make_ready_event()
    make_registration(event, "cancelled", email="anna@gmial.com")
    assert told(event) == []


def test_everybody_is_told_what_they_may_see():
    event = make_ready_event(privacy_notice="")
    fail(make_registration(event, email="anna@gmial.com"))
    assert told(event) == [
        "Privacy notice: still empty.",
        "1 e-mail could not be delivered.",
        "1 e-mail address looks like a typo.",
    ]
    assert told(event, STAFF) == ["1 e-mail address looks like a typo."]
    assert told(event, HELPERS) == []


def test_nothing_is_told_of_an_event_that_is_over():
    starts_at = timezone.now() - timedelta(days=3)
    assert told(make_event(starts_at=starts_at, capacity=0)) == []


def test_what_the_accessibility_statement_lacks_is_told_to_who_can_mend_it(statement):
    event = make_ready_event()
    statement.delete()
    matters = find_issues(event, summarize(event), make_user(ORGANISERS))
    text = "There is no accessibility statement; the law requires one."
    assert [tuple(matter) for matter in matters] == [(text, "/admin/conference/accessibilitystatement/add/")]
    assert told(event, STAFF) == []
    limited = make_user(ORGANISERS)
    restrict_to_events(limited, event)
    assert find_issues(event, summarize(event), limited) == []
