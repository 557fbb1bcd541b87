"""Every automatic e-mail of an event, for organisers to look at."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from conference.models import Event
from registrations.mail.content import render_email
from registrations.mail.rendering import RenderedEmail
from registrations.models import OutgoingEmail, Registration

Kind = OutgoingEmail.Kind
Status = Registration.Status

# The status of somebody who gets an e-mail of this kind; all others are confirmed.
EXAMPLE_STATUSES = {Kind.WAITLISTED: Status.WAITLISTED, Kind.CONFIRM: Status.PENDING, Kind.CANCELLED: Status.CANCELLED}


def render_examples(event: Event) -> list[tuple[str, list[RenderedEmail]]]:
    """Render every automatic e-mail of `event`: its name, and what it says in each of the site's languages."""
    return [
        (kind.label, [render_email(make_example(event, kind, language)) for language, _name in settings.LANGUAGES])
        for kind in Kind
        if kind not in (Kind.MESSAGE, Kind.TEST)
    ]


def make_example(event: Event, kind: str, language: str) -> OutgoingEmail:
    """Make an unsaved e-mail of this kind to a made-up person."""
    now = timezone.now()
    registration = Registration(
        pk=0,  # so that its relations can be asked, and are empty
        event=event,
        reference="K7M2PXQ4",
        first_name="Anna",
        last_name="Bērziņa",
        email="anna@example.org",
        new_email="anna.berzina@example.org",
        organisation="Rīgas Centrālā bibliotēka",
        language=language,
        status=EXAMPLE_STATUSES.get(kind, Status.CONFIRMED),
        created_at=now,
        waiting_since=now,
        hold_until=now + timedelta(hours=event.hold_hours),
    )
    return OutgoingEmail(registration=registration, kind=kind, language=language, to=registration.email)
