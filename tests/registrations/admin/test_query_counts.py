"""A page asks the database no more questions when it shows three hundred rows than when it shows one."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conference.models import Event, Partner, Topic
from registrations.models import Change, Choice, OutgoingEmail, Question, Registration, new_reference
from tests.factories import make_choice, make_event, make_question, make_statement, make_topic, make_venue, person
from tests.registrations.admin.whole_event import OURS, make_whole_event

pytestmark = pytest.mark.django_db

NUMBERS = (1, 3, 300)


def more_people(number: int) -> None:
    """So many more who are registered for our event, each with an e-mail and a change, and a log entry of each."""
    event = Event.objects.get(pk=OURS.number)
    now = timezone.now()
    people = [
        person(
            event,
            reference=new_reference(),
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


def more_events(number: int) -> None:
    for _place in range(number):
        event = make_event(venue=make_venue())
        make_topic(event)
        make_choice(make_question(event, kind="one_of"), "a")


def more_of_one_event(number: int) -> None:
    """So many more topics, partners, questions, choices and paragraphs of our event."""
    event = Event.objects.get(pk=OURS.number)
    Topic.objects.bulk_create(Topic(event=event, title=f"Topic {place}") for place in range(number))
    Partner.objects.bulk_create(Partner(event=event, name=f"Partner {place}") for place in range(number))
    questions = Question.objects.bulk_create(
        Question(event=event, key=f"question_{new_reference().lower()}", label="Question", kind="one_of")
        for _place in range(number)
    )
    Choice.objects.bulk_create(Choice(question=question, key="a", label="A") for question in questions)


def more_e_mails_of_one(number: int) -> None:
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
    ("/admin/", more_people),
    ("/admin/", more_events),
    ("/admin/conference/", more_events),
    ("/admin/registrations/", more_people),
    (REGISTRATIONS, more_people),
    (REGISTRATIONS, more_events),
    (REGISTRATIONS, more_of_one_event),
    (f"{REGISTRATIONS}?event={ROW}", more_people),
    (f"{REGISTRATIONS}?event={ROW}&topic={ROW}&q=library&o=1", more_people),
    (f"{REGISTRATIONS}?all=", more_people),
    (f"{REGISTRATIONS}add/", more_events),
    (f"{REGISTRATIONS}add/?event={ROW}", more_of_one_event),
    (f"{REGISTRATIONS}{ROW}/change/", more_people),
    (f"{REGISTRATIONS}{ROW}/change/", more_of_one_event),
    (f"{REGISTRATIONS}{ROW}/change/", more_e_mails_of_one),
    (f"{REGISTRATIONS}{ROW}/history/", more_e_mails_of_one),
    (f"{REGISTRATIONS}export/", more_people),
    (f"{REGISTRATIONS}export/?event={ROW}", more_of_one_event),
    (EVENTS, more_events),
    (f"{EVENTS}{ROW}/change/", more_events),
    (f"{EVENTS}{ROW}/change/", more_people),
    (f"{EVENTS}{ROW}/change/", more_of_one_event),
    (f"{EVENTS}{ROW}/emails/", more_of_one_event),
    (f"{EVENTS}{ROW}/share/", more_of_one_event),
    (f"{EVENTS}{ROW}/delete/", more_of_one_event),
    ("/admin/conference/venue/", more_events),
    (f"/admin/conference/venue/{ROW}/change/", more_events),
    ("/admin/registrations/outgoingemail/", more_people),
    ("/admin/registrations/outgoingemail/health/", more_people),
    (f"/admin/registrations/outgoingemail/{ROW}/change/", more_people),
    ("/admin/registrations/mailing/", more_people),
    (f"/admin/registrations/mailing/{OURS.uuid}/change/", more_people),
    ("/admin/registrations/mailing/add/", more_people),
    ("/admin/registrations/mailing/add/", more_events),
    ("/admin/admin/logentry/", more_people),
    ("/admin/conference/accessibilitystatement/1/change/", more_events),
    (f"{EVENTS}{ROW}/overview/", more_people),
    (f"{EVENTS}{ROW}/copy/", more_of_one_event),
    (f"{REGISTRATIONS}?event={ROW}&answer_choice=first&tag=tag+0&came=no&address=mistyped", more_people),
    (f"{REGISTRATIONS}export/?event={ROW}", more_people),
    (f"{REGISTRATIONS}print/?event={ROW}", more_people),
    (f"{REGISTRATIONS}doubles/?event={ROW}", more_people),
    (f"{REGISTRATIONS}import/", more_events),
    (f"{REGISTRATIONS}{ROW}/needs/", more_of_one_event),
    (QUESTIONS, more_of_one_event),
    (QUESTIONS, more_events),
    (f"{QUESTIONS}?event={ROW}", more_people),
    (f"{QUESTIONS}add/?event={ROW}", more_of_one_event),
    (f"{QUESTIONS}{ROW}/change/", more_of_one_event),
]


@pytest.mark.parametrize(("address", "grow"), PAGES, ids=lambda value: getattr(value, "__name__", value))
def test_a_page_asks_as_much_of_the_database_for_many_as_for_few(organiser, address, grow):
    make_statement()
    make_whole_event(OURS, organiser.user)
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
    assert max(asked.values()) == asked[NUMBERS[0]], (asked, repeated(queries))


def repeated(queries) -> list[str]:
    """The statements that occur more than twice, for whoever has to mend it."""
    statements = [query["sql"][:200] for query in queries]
    return sorted({one for one in statements if statements.count(one) > 2})
