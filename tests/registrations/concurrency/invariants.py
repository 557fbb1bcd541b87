"""What must be true of an event after any operations."""

from collections import Counter

from django.db.models.functions import Lower
from django.utils import timezone

from registrations.mail.staleness import STATUS_TELLING_KINDS, VALID_STATUSES
from registrations.models import OutgoingEmail, Registration

Kind = OutgoingEmail.Kind
Status = Registration.Status

STATUS_TIMES = ["hold_until", "confirmed_at", "waiting_since", "cancelled_at"]
JOINING_OPERATIONS = ["register", "rejoin", "move_to_waiting_list"]


def assert_one_live_registration_per_person(event):
    people = Counter(event.registrations.live().exclude(email="").values_list(Lower("email"), "person_key"))
    assert set(people.values()) <= {1}


def assert_times_fit_status(registration):
    moments = {name for name in STATUS_TIMES if getattr(registration, name)}
    match registration.status:
        case Status.PENDING:
            assert moments == {"hold_until"}
            assert registration.hold_until > timezone.now()
        case Status.CONFIRMED:
            assert moments == {"confirmed_at"}
        case Status.WAITLISTED:
            assert moments == {"waiting_since"}
        case Status.CANCELLED:
            assert "cancelled_at" in moments


def assert_last_email_is_true(registration):
    outbox = registration.emails.order_by("pk")
    if registration.erased_at:
        assert registration.is_cancelled
        assert not registration.email
        left = set(outbox.values_list("to", "subject", "text", "html", "next_attempt_at"))
        assert left == {("", "", "", "", None)}
        return
    last = outbox.filter(kind__in=STATUS_TELLING_KINDS).last()
    if registration.has_expired_hold:  # nobody is e-mailed about that
        assert last.kind in (Kind.CONFIRM, Kind.PROMOTED)
    else:
        assert registration.status in VALID_STATUSES[last.kind]
    assert set(outbox.values_list("to", flat=True)) == {registration.email}


def assert_one_email_per_operation(run):
    queued = Counter(OutgoingEmail.objects.filter(registration__event=run.event).values_list("kind", flat=True))
    steps = Counter(verb for verb, _registration in run.done)
    joined = [
        registration for verb, registration in run.done if verb in JOINING_OPERATIONS and registration.is_waitlisted
    ]
    assert run.event.registrations.count() == steps["register"]
    assert queued[Kind.CANCELLED] == steps["cancel"]
    assert queued[Kind.WAITLISTED] == len(joined)


def assert_nobody_overtook(run):
    """Follow the line through the e-mails, whose order is the order of the steps, for they are queued under the lock.

    Whoever got a place was first in line then, or came when nobody was in it, unless the organisers chose otherwise.
    Of those who were erased no e-mail tells when they left the line, so nobody has to wait for them here.
    """
    choosing = {"promote_out_of_turn"} if run.event.promotes_automatically else {"promote_out_of_turn", "confirm"}
    chosen = {registration.pk for verb, registration in run.done if verb in choosing}
    erased = set(run.event.registrations.exclude(erased_at=None).values_list("pk", flat=True))
    line, inside = [], set()
    outbox = OutgoingEmail.objects.filter(registration__event=run.event).order_by("pk")
    for pk, kind in outbox.values_list("registration", "kind"):
        if kind == Kind.WAITLISTED:
            assert pk not in line
            inside.discard(pk)
            line.append(pk)
        elif kind == Kind.CANCELLED:
            assert pk in inside or pk in line
            inside.discard(pk)
            line = [other for other in line if other != pk]
        elif kind in (Kind.REGISTERED, Kind.CONFIRM, Kind.PROMOTED) and pk not in inside:
            assert (pk in line) == (kind == Kind.PROMOTED)
            before = line[: line.index(pk)] if pk in line else line
            assert pk in chosen or set(before) <= erased
            assert pk in chosen or kind != Kind.PROMOTED or run.event.promotes_automatically
            inside.add(pk)
            line = [other for other in line if other != pk]
    waiting = list(run.event.registrations.on_waiting_list())
    assert [registration.pk for registration in waiting] == [pk for pk in line if pk not in erased]
    assert [registration.waiting_list_position for registration in waiting] == list(range(1, len(waiting) + 1))
