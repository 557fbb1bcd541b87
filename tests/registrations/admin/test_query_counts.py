"""A page asks the database no more questions when it shows thirty rows than when it shows one."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conference.models import Event, Partner, Topic
from registrations.models import Change, Choice, OutgoingEmail, Question, Registration, generate_reference
from tests.factories import (
    build_registration,
    make_choice,
    make_event,
    make_question,
    make_statement,
    make_topic,
    make_venue,
)
from tests.registrations.admin.full_event import OURS, make_full_event

pytestmark = pytest.mark.django_db

NUMBERS = (1, 30)


def add_people(number: int) -> None:
    """So many more who are registered for our event, each with an e-mail and a change, and a log entry of each."""
    event = Event.objects.get(pk=OURS.number)
    now = timezone.now()
    people = [
        build_registration(
            event,
            reference=generate_reference(),
            status="waitlisted",
            waiting_since=now,
            country="LV",
            organisation=f"Library {place}",
            tags=[f"tag {place}"],
            answers={"choice": "first", "several": ["first"], "words": "soup"},
        )
        for place in range(number)
    ]
    Registration.objects.bulk_create(people)
    topic = event.topics.get(pk=OURS.number)
    topic.registrations.add(*people)
    OutgoingEmail.objects.bulk_create(
        OutgoingEmail(
            registration=one, kind="registered", language="en", to=one.email, last_error="550", next_attempt_at=None
        )
        for one in people
    )
    Change.objects.bulk_create(Change(registration=one, actor="person", field="job_title") for one in people)
    user, kind = User.objects.first(), ContentType.objects.get_for_model(Registration)
    LogEntry.objects.bulk_create(
        LogEntry(user=user, content_type=kind, object_id=one.pk, object_repr=one.reference, action_flag=CHANGE)
        for one in people
    )


def add_events(number: int) -> None:
    for _place in range(number):
        event = make_event(venue=make_venue())
        make_topic(event)
        make_choice(make_question(event, kind="one_of"), "a")


def add_event_rows(number: int) -> None:
    """So many more topics, partners, questions, choices and paragraphs of our event."""
    event = Event.objects.get(pk=OURS.number)
    Topic.objects.bulk_create(Topic(event=event, title=f"Topic {place}") for place in range(number))
    Partner.objects.bulk_create(Partner(event=event, name=f"Partner {place}") for place in range(number))
    questions = Question.objects.bulk_create(
        Question(event=event, key=f"question_{generate_reference().lower()}", label="Question", kind="one_of")
        for _place in range(number)
    )
    Choice.objects.bulk_create(Choice(question=question, key="a", label="A") for question in questions)


def add_emails(number: int) -> None:
    """So many more e-mails to one of our people, and changes of theirs."""
    one = Registration.objects.get(pk=OURS.number)
    OutgoingEmail.objects.bulk_create(
        OutgoingEmail(registration=one, kind="registered", language="en", to=one.email) for _place in range(number)
    )
    Change.objects.bulk_create(Change(registration=one, actor="person", field="job_title") for _place in range(number))


ROW = OURS.number
REGISTRATIONS, EVENTS = "/admin/registrations/registration/", "/admin/conference/event/"
QUESTIONS = "/admin/registrations/question/"
# An address, and what there are more and more of.
PAGES = [
    ("/admin/conference/", add_events),
    ("/admin/registrations/", add_people),
    (REGISTRATIONS, add_people),
    (REGISTRATIONS, add_events),
    (REGISTRATIONS, add_event_rows),
    (f"{REGISTRATIONS}?event={ROW}", add_people),
    (f"{REGISTRATIONS}?event={ROW}&topic={ROW}&q=library&o=1", add_people),
    (f"{REGISTRATIONS}?all=", add_people),
    (f"{REGISTRATIONS}add/", add_events),
    (f"{REGISTRATIONS}add/?event={ROW}", add_event_rows),
    (f"{REGISTRATIONS}{ROW}/change/", add_people),
    (f"{REGISTRATIONS}{ROW}/change/", add_event_rows),
    (f"{REGISTRATIONS}{ROW}/change/", add_emails),
    (f"{REGISTRATIONS}{ROW}/history/", add_emails),
    (f"{REGISTRATIONS}export/", add_people),
    (f"{REGISTRATIONS}export/?event={ROW}", add_event_rows),
    (EVENTS, add_events),
    (f"{EVENTS}{ROW}/settings/when/", add_events),
    (f"{EVENTS}{ROW}/settings/registration/", add_people),
    (f"{EVENTS}{ROW}/settings/topics/", add_event_rows),
    (f"{EVENTS}{ROW}/settings/form/", add_event_rows),
    (f"{EVENTS}{ROW}/settings/emails/", add_event_rows),
    (f"{EVENTS}{ROW}/settings/partners/", add_event_rows),
    (f"{EVENTS}{ROW}/publish/", add_event_rows),
    (f"{EVENTS}{ROW}/emails/", add_event_rows),
    (f"{EVENTS}{ROW}/share/", add_event_rows),
    (f"{EVENTS}{ROW}/delete/", add_event_rows),
    ("/admin/conference/venue/", add_events),
    (f"/admin/conference/venue/{ROW}/change/", add_events),
    ("/admin/registrations/outgoingemail/", add_people),
    ("/admin/registrations/outgoingemail/health/", add_people),
    (f"/admin/registrations/outgoingemail/{ROW}/change/", add_people),
    ("/admin/registrations/mailing/", add_people),
    (f"/admin/registrations/mailing/{OURS.uuid}/change/", add_people),
    ("/admin/registrations/mailing/add/", add_people),
    ("/admin/registrations/mailing/add/", add_events),
    (f"/admin/registrations/mailing/add/?event={ROW}", add_people),
    (f"/admin/registrations/mailing/add/?event={ROW}&needs=any", add_people),
    (f"/admin/registrations/mailing/add/?event={ROW}&needs=any", add_event_rows),
    (f"{EVENTS}{ROW}/cancel/", add_people),
    ("/admin/admin/logentry/", add_people),
    ("/admin/conference/accessibilitystatement/1/change/", add_events),
    (f"{EVENTS}{ROW}/overview/", add_people),
    (f"{EVENTS}{ROW}/overview/", add_events),
    (f"{EVENTS}{ROW}/copy/", add_event_rows),
    (f"{REGISTRATIONS}?event={ROW}&answer_choice=first&tag=tag+0&came=no&address=mistyped", add_people),
    (f"{REGISTRATIONS}export/?event={ROW}", add_people),
    (f"{REGISTRATIONS}print/?event={ROW}", add_people),
    (f"{REGISTRATIONS}doubles/?event={ROW}", add_people),
    (f"{REGISTRATIONS}import/", add_events),
    (f"{REGISTRATIONS}{ROW}/needs/", add_event_rows),
    (QUESTIONS, add_event_rows),
    (QUESTIONS, add_events),
    (f"{QUESTIONS}?event={ROW}", add_people),
    (f"{QUESTIONS}add/?event={ROW}", add_event_rows),
    (f"{QUESTIONS}{ROW}/change/", add_event_rows),
]


@pytest.mark.parametrize(("address", "grow"), PAGES, ids=lambda value: getattr(value, "__name__", value))
def test_a_page_asks_as_much_of_the_database_for_many_as_for_few(organiser, address, grow):
    make_statement()
    make_full_event(OURS, organiser.user)
    list(organiser.get(address))  # Django remembers content types from here on
    asked, there = {}, 0
    for number in NUMBERS:
        grow(number - there)
        there = number
        with CaptureQueriesContext(connection) as queries:
            response = organiser.get(address)
            list(response)
        assert response.status_code == 200
        asked[number] = len(queries)
    assert max(asked.values()) == asked[NUMBERS[0]], (asked, find_repeated(queries))


def find_repeated(queries) -> list[str]:
    """The statements that occur more than twice, for whoever has to mend it."""
    statements = [query["sql"][:200] for query in queries]
    return sorted({one for one in statements if statements.count(one) > 2})
