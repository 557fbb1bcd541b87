"""Factories for events, people and files, with defaults for everything."""

import io
import zlib
from datetime import timedelta
from itertools import count

from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.utils import timezone
from PIL import Image

from conference.models import AccessibilityStatement, Event, LimitedAccess, Picture, Sector, Topic, Venue
from conference.pictures.picture_files import PICTURE_SIDE, read_picture, store_picture
from registrations import rate_limit
from registrations.models import Choice, Question, Registration, RequestCount, generate_reference

numbers = count(1)


def make_event(**values) -> Event:
    """Create a published event in a month, without a limit, with open registration."""
    starts_at = timezone.now() + timedelta(days=30)
    event = Event.objects.create(
        **{
            "slug": f"event-{next(numbers)}",
            "title": {"lv": "Konference", "en": "Conference"},
            "starts_at": starts_at,
            "ends_at": values.get("starts_at", starts_at) + timedelta(hours=7),
            "venue": values.get("venue") or make_venue(),
            "contact_email": "organisers@example.org",
            "is_published": True,
            **values,
        }
    )
    Sector.objects.create_defaults(event)
    event.refresh_from_db()  # translated texts and times as the database gives them
    return event


def make_venue() -> Venue:
    return Venue.objects.create(
        name={"lv": "Latvijas Nacionālā bibliotēka", "en": "National Library of Latvia"},
        street="Mūkusalas iela 3",
        city={"lv": "Rīga", "en": "Riga"},
        latitude="56.9407",
        longitude="24.0969",
    )


def make_statement(**values) -> AccessibilityStatement:
    """Create the accessibility statement, complete and reviewed today."""
    today = timezone.localdate()
    return AccessibilityStatement.objects.create(
        **{
            "owner": {"lv": "Bibliotēka", "en": "The Library"},
            "status": "partial",
            "not_accessible": {"lv": "Vecie **PDF** faili", "en": "Old **PDF** files"},
            "prepared_on": today,
            "reviewed_on": today,
            "feedback_email": "pieklustamiba@lnb.lv",
            "enforcement": {"lv": "[Tiesībsargs](https://www.tiesibsargs.lv/)", "en": "The Ombudsman"},
            **values,
        }
    )


def make_uploaded_picture(size=(64, 36), colour="#8a1c2f", format="PNG", mode="RGB", **options) -> SimpleUploadedFile:
    """Return a picture of one colour as a browser uploads it."""
    content = io.BytesIO()
    Image.new(mode, size, colour).save(content, format, **options)
    return SimpleUploadedFile(f"picture.{format.lower()}", content.getvalue())


def make_picture(**values) -> Picture:
    """Create a picture; another size or colour makes another picture."""
    return store_picture(read_picture(make_uploaded_picture(**values), side=PICTURE_SIDE))


def make_topic(event: Event, title: str = "Libraries", **values) -> Topic:
    return Topic.objects.create(event=event, title=title, **values)


def make_question(event: Event, key: str = "lunch", **values) -> Question:
    return Question.objects.create(event=event, key=key, **{"label": {"lv": "Pusdienas", "en": "Lunch"}, **values})


def make_choice(question: Question, key: str, **values) -> Choice:
    return Choice.objects.create(question=question, key=key, **{"label": key, **values})


def build_registration(event: Event, **values) -> Registration:
    """Return an unsaved registration, like one from a form. Without names, whoever has the same address is the same."""
    email = values.setdefault("email", f"anna{next(numbers)}@example.lv")
    number = zlib.crc32(email.lower().encode())
    return Registration(
        **{"event": event, "first_name": "Anna", "last_name": f"Bērziņa {number}", "language": "en", **values}
    )


def make_registration(event: Event, status: str = Registration.Status.CONFIRMED, **values) -> Registration:
    """Create a registration with this status, even without a free place."""
    now = timezone.now()
    moments = {
        "pending": {"hold_until": now + timedelta(hours=24)},
        "confirmed": {"confirmed_at": now},
        "waitlisted": {"waiting_since": now},
        "cancelled": {"cancelled_at": now},
    }
    stored = {"reference": generate_reference(), "status": status, **moments[status]}
    registration = build_registration(event, **{**stored, **values})
    registration.save()
    return registration


def make_user(group: str | None = None, **values) -> User:
    user = User.objects.create_user(f"user{next(numbers)}", password="correct horse", is_staff=True, **values)
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user


def restrict_to_events(user: User, *events: Event) -> None:
    """Restrict `user` to these events."""
    LimitedAccess.objects.create(user=user).events.set(events)


def make_form_data(event: Event, **values) -> dict:
    """Return the data that a browser posts for a correct form."""
    number = next(numbers)
    return {
        "first_name": "Anna",
        "last_name": "Bērziņa",
        "email": f"anna{number}@example.lv",
        "organisation": "Rīgas Centrālā bibliotēka",
        "job_title": "bibliotekāre",
        "country": "LV",
        "sector": "library",
        "topics": [topic.pk for topic in event.topics.all()],
        "consent": "on",
        "website": "",
        **values,
    }


def use_up(scope: str, origin: str, limit: tuple[int, int]) -> None:
    """Let so many requests of `origin` have been counted in `scope` that it has reached the limit."""
    times, seconds = limit
    RequestCount.objects.create(
        origin=rate_limit.hash_origin(scope, origin),
        expires_at=timezone.now() + timedelta(seconds=seconds),
        weight=times * rate_limit.WHOLE,
    )


def make_counts_older(by: timedelta) -> None:
    """Let everything that rate limits have counted be so much older by the database's clock, which no test can set."""
    for step in (by + timedelta(days=1000), timedelta(days=-1000)):  # so that no two meet on the way
        RequestCount.objects.update(expires_at=F("expires_at") - step)
