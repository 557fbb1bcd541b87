"""Whether e-mail goes out: for the admin's banner, and for a monitor."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone

from registrations.models import OutgoingEmail, OutgoingEmailQuerySet, Sender

# When no sender has looked for so long while e-mail waits, something is wrong.
MAX_SILENCE = timedelta(minutes=10)


@dataclass(frozen=True)
class OutboxHealth:
    """The outbox and its senders at one moment. Times are UTC.

    `awaited` leaves out the searches for links that were tried already, and `oldest_message_at` all of them: a
    stranger must not learn from these whether their search found any.
    """

    waiting: int
    failed: int
    waiting_since: datetime | None
    expected: int
    oldest_message_at: datetime | None
    last_ran_at: datetime | None

    @property
    def is_stuck(self) -> bool:
        """Whether e-mail waits and nobody has come to send it."""
        quiet_since = self.last_ran_at or self.waiting_since
        return bool(self.expected) and timezone.now() - quiet_since > MAX_SILENCE


def get_health(emails: OutgoingEmailQuerySet | None = None) -> OutboxHealth:
    """How these `emails` stand now, or the whole outbox. Three queries."""
    emails = OutgoingEmail.objects.all() if emails is None else emails
    counted = (
        emails.order_by()
        .waiting()
        .aggregate(
            waiting=Count("pk"),
            waiting_since=Min("due_since"),
            expected=Count("pk", filter=~Q(kind=OutgoingEmail.Kind.LINK) | Q(attempts=0)),
            oldest_message_at=Min("due_since", filter=~Q(kind=OutgoingEmail.Kind.LINK)),
        )
    )
    sender = Sender.objects.filter(pk=Sender.ONLY).first()
    return OutboxHealth(
        **counted,
        failed=emails.given_up().count(),
        last_ran_at=sender and sender.last_ran_at,
    )


def count_failure_reasons(emails: OutgoingEmailQuerySet) -> list[tuple[str, int]]:
    """Why these `emails` were given up, the most frequent reason first."""
    given_up = emails.given_up().order_by().values_list("last_error")
    return list(given_up.annotate(number=Count("pk")).order_by("-number", "last_error")[:20])
