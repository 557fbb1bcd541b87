"""An event with at least one row of every model, all with recognisable numbers and words."""

import uuid
from typing import NamedTuple

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from attendance.models import Badge, BadgeRole, CheckIn, Door, DoorDevice, DoorPairing, DoorSettings
from conference.models import Event, Partner, Venue
from registrations.models import (
    BulkJob,
    Burst,
    Change,
    EmailParagraph,
    ImportDraft,
    Mailing,
    OutgoingEmail,
    Registration,
)
from registrations.permissions import HELPERS
from tests.factories import (
    make_choice,
    make_event,
    make_picture,
    make_question,
    make_registration,
    make_topic,
    restrict_to_events,
)

# The host of all e-mail addresses.
HOST = "geheim.example"


class FullEvent(NamedTuple):
    """All its rows have this number or this `uuid` as key. All its texts contain the mark.

    The word stands in names, organisations and tags without the mark, so that they can be asked for.
    """

    number: int
    mark: str
    word: str
    country: str

    @property
    def uuid(self) -> uuid.UUID:
        return uuid.UUID(int=self.number)

    @property
    def numbers(self) -> list[int]:
        return [self.number, self.number + 1]


OURS = FullEvent(111_000_111, "liepajasmark", "Gunnar", "EE")
THEIRS = FullEvent(777_000_777, "zvaigznemark", "Snorri", "IS")


def make_full_event(whole: FullEvent, seen_by: User) -> Event:
    """Store the event. The log has entries by `seen_by` about it."""
    number, mark = whole.number, whole.mark
    venue = Venue.objects.create(pk=number, name=f"Venue {mark}", street=f"Street {mark}", city=f"City {mark}")
    author = make_author(whole)
    event = make_event(
        pk=number,
        slug=mark,
        title={"lv": f"Konference {mark}", "en": f"Conference {mark}"},
        summary=f"Summary {mark}",
        description=f"Description {mark}",
        picture=make_picture(size=(number % 90 + 1, 9)),
        picture_description=f"Picture {mark}",
        contact_email=f"contact.{mark}@example.org",
        privacy_notice=f"Notice {mark}",
        confirmation_note=f"Note {mark}",
        venue=venue,
        is_published=False,
        capacity=1,
    )
    restrict_to_events(author, event)
    topic = make_topic(event, f"Topic {mark}", pk=number)
    Partner.objects.create(pk=number, event=event, name=f"Partner {mark}", funding_statement=f"Funded {mark}")
    make_questions(event, whole)
    burst = Burst.objects.create(pk=number, event=event)
    people = [
        make_registration(
            event,
            status,
            pk=key,
            reference=f"{mark[:8].upper()}{key % 10}",
            first_name=whole.word,
            last_name=f"Name {mark}",
            email=f"person{key}.{mark}@{HOST}",
            organisation=f"{whole.word} {mark}",
            job_title=f"Job {mark}",
            country=whole.country,
            sector="library",
            internal_note=f"Internal {mark}",
            tags=[whole.word],
            burst=burst,
            answers={"words": f"Answer {mark}", "choice": "first", "several": ["first"], "needs": f"Needs {mark}"},
        )
        for key, status in zip(whole.numbers, ["confirmed", "waitlisted"], strict=True)
    ]
    for registration in people:
        registration.topics.add(topic)
    role = BadgeRole.objects.create(pk=number, event=event, word=f"Role {mark}")
    Badge.objects.create(registration=people[0], role=role, printed_at=timezone.now())
    make_e_mail(event, people, whole, author)
    Change.objects.create(
        pk=number, registration=people[0], actor="organiser", changed_by=author, field="job_title", old="", new=mark
    )
    content = f"E-mail;First name;Last name\nimported.{mark}@{HOST};{whole.word};{mark}\n".encode()
    ImportDraft.objects.create(
        pk=whole.uuid, event=event, created_by=seen_by, file_name=f"{mark}.csv", content=content, columns={}
    )
    BulkJob.objects.create(
        pk=number,
        event=event,
        action="add_tag",
        options={"tag": whole.word},
        language="en",
        keys=whole.numbers,
        number=2,
        created_by=author,
        position=1,
        refusals={f"Reason {mark}": [1, [whole.numbers[0]]]},
    )
    make_door_rows(event, people[0], whole)
    make_log(event, people[0], whole, [author, seen_by])
    return event


def make_author(whole: FullEvent) -> User:
    """A colleague who works on this event alone, as a helper."""
    mark = whole.mark
    author = User.objects.create_user(f"author {mark}", pk=whole.number, email=f"author.{mark}@{HOST}", is_staff=True)
    author.groups.add(Group.objects.get(name=HELPERS))
    return author


def make_door_rows(event: Event, registration: Registration, whole: FullEvent) -> None:
    """Its entrance, a phone and how it was paired, and one check-in that organisers should look at."""
    number, mark = whole.number, whole.mark
    DoorSettings.objects.create(event=event)
    door = Door.objects.create(pk=number, event=event, name=f"Entrance {mark}")
    device = DoorDevice.objects.create(
        pk=number, event=event, door=door, name=f"Phone {mark}", token_hash=mark, expires_at=event.ends_at
    )
    DoorPairing.objects.create(pk=number, event=event, door=door, device=device, code_hash=mark)
    CheckIn.objects.create(
        pk=whole.uuid,
        event=event,
        registration=registration,
        kind="in",
        method="scan",
        door=door,
        device=device,
        happened_at=timezone.now(),
        verdict="waitlisted",
        reason=f"Reason {mark}",
    )


def make_questions(event: Event, whole: FullEvent) -> None:
    number, mark = whole.number, whole.mark
    words = make_question(event, "words", pk=number, label=f"Question {mark}", help_text=f"Help {mark}")
    one = make_question(event, "choice", pk=number + 1, kind="one_of", label=f"Question {mark}")
    several = make_question(event, "several", pk=number + 2, kind="several_of", label=f"Question {mark}")
    make_question(event, "needs", pk=number + 3, label=f"Needs {mark}", is_about_needs=True)
    make_question(event, "inner", pk=number + 4, label=f"Inner {mark}", is_internal=True, kind="yes_no")
    for place, question in enumerate([one, several]):
        make_choice(question, "first", pk=number + place, label=f"Choice {mark}", limit=5)
    words.shown_if, words.shown_if_answer = one, "first"
    words.save()


def make_e_mail(event: Event, people: list[Registration], whole: FullEvent, author: User) -> None:
    number, mark = whole.number, whole.mark
    EmailParagraph.objects.create(pk=number, event=event, kind="registered", text=f"Paragraph {mark}")
    mailing = Mailing.objects.create(pk=whole.uuid, subject=f"Subject {mark}", text=f"Text {mark}", created_by=author)
    now = timezone.now()
    failed = {"next_attempt_at": None, "last_error": f"550 {mark}"}
    for registration, values in zip(people, [failed, {"sent_at": now, "next_attempt_at": None}], strict=True):
        OutgoingEmail.objects.create(
            pk=registration.pk,
            registration=registration,
            kind="message",
            mailing=mailing,
            language="en",
            to=registration.email,
            subject=f"Subject {mark}",
            text=f"Text {mark}",
            **values,
        )


def make_log(event: Event, registration: Registration, whole: FullEvent, users: list[User]) -> None:
    for place, user in enumerate(users):
        for offset, row in enumerate([event, registration]):
            LogEntry.objects.create(
                pk=whole.number + 2 * place + offset,
                user=user,
                content_type=ContentType.objects.get_for_model(row),
                object_id=str(row.pk),
                object_repr=str(row),
                action_flag=CHANGE,
                change_message=f"Exported {whole.mark}",
            )
