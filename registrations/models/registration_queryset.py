"""Queries for registrations, and the lookup of personal links."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db import connection, models
from django.db.models import Count, Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Cast, Lower
from django.db.models.lookups import Exact

from conference.models import Event, VisibleQuerySet
from conference.text.search_words import get_search_words
from registrations.search import FoldedWords, PersonKey

MAX_TAGS_LISTED = 100

# An e-mail that has been due for so long is not just waiting for its turn.
OVERDUE = timedelta(minutes=1)

# As in a list of people, or around an address.
SIGNS_BETWEEN_WORDS = re.compile("[,;<>]")
# The e-mail address is the last line of search_text.
SEARCH_TEXT_WITHOUT_EMAIL = Func(
    F("search_text"), Value(r"\n[^\n]*$"), Value(""), function="regexp_replace", output_field=models.TextField()
)

# From each country to the next by the index, instead of through all people.
COUNTRIES_OF_EVENTS = """
    WITH RECURSIVE found (event, country) AS (
        SELECT event, (SELECT min(country) FROM registrations_registration WHERE event_id = event AND country > '')
        FROM unnest(%s::bigint[]) AS event
        UNION ALL
        SELECT event, (SELECT min(registrations_registration.country) FROM registrations_registration
                       WHERE event_id = event AND registrations_registration.country > found.country)
        FROM found WHERE country IS NOT NULL
    )
    SELECT DISTINCT country FROM found WHERE country IS NOT NULL
"""


class RegistrationQuerySet(VisibleQuerySet):
    def live(self):
        """Registrations that are not cancelled."""
        return self.exclude(status=self.model.Status.CANCELLED)

    def not_erased(self):
        """Registrations whose personal data have not been erased."""
        return self.filter(erased_at__isnull=True)

    def without_email(self):
        """Registrations of people without an e-mail address, who have to be told everything in another way."""
        return self.not_erased().filter(email="")

    def promoted_since(self, since):
        """Registrations with a place that the site has given to them since then: a moment (UTC), or an `OuterRef`."""
        changes = apps.get_model("registrations.Change").objects.filter(field="status", actor="site")
        return self.occupying_place().filter(Exists(changes.filter(registration=OuterRef("pk"), changed_at__gte=since)))

    def to_tell_of_place(self):
        """Registrations of people without e-mail who got a place from the waiting list and may not know it.

        Organisers know that they have one if they have done anything with them since, such as printing the ticket.
        """
        of_person = {"content_type__model": "registration", "object_id": Cast(OuterRef("pk"), models.TextField())}
        by_organisers = LogEntry.objects.filter(action_time__gte=OuterRef("confirmed_at"), **of_person)
        return self.without_email().promoted_since(OuterRef("confirmed_at")).filter(~Exists(by_organisers))

    def occupying_place(self):
        """Registrations that take up a place: confirmed, or held until the person confirms the address."""
        return self.filter(status__in=self.model.Status.occupying_place())

    def with_expired_hold(self, now: datetime):
        """Registrations whose address was not confirmed in time at `now` (UTC), and whose place is to be released."""
        return self.filter(status=self.model.Status.PENDING, hold_until__lte=now).exclude(is_overdue_to_be_told(now))

    def with_untold_hold(self, now: datetime):
        """Registrations with a held place whose e-mail about it is overdue at `now` (UTC), as in an outage."""
        return self.filter(is_overdue_to_be_told(now), status=self.model.Status.PENDING)

    def on_waiting_list(self):
        """Registrations on the waiting list, in its order."""
        return self.filter(status=self.model.Status.WAITLISTED).order_by("waiting_number")

    def tags_in_use(self) -> list[str]:
        """Return the tags of these registrations, the most frequent first, at most MAX_TAGS_LISTED."""
        tag = Func(F("tags"), function="unnest", output_field=models.CharField())
        counted = self.order_by().exclude(tags=[]).annotate(tag=tag).values("tag").annotate(number=Count("pk"))
        return [row["tag"] for row in counted.order_by("-number", "tag")[:MAX_TAGS_LISTED]]

    def list_shown_fields(self, events: Iterable[Event]) -> list[str]:
        """Return which of ASKED_FIELDS organisers see: those that one of the events asks, or that somebody filled in.

        No query where everything is asked.
        """
        events = list(events)
        people = self.filter(event__in=events)
        filled_in = {name: ~Q(**{name: ""}) for name in Event.ASKED_FIELDS} | {"topics": Q(topics__isnull=False)}
        return [
            name
            for name in Event.ASKED_FIELDS
            if not events or any(event.is_asked(name) for event in events) or people.filter(filled_in[name]).exists()
        ]

    def with_email(self, email: str):
        """Registrations with this address; upper and lower case are the same. None for an empty one."""
        return self.alias(email_folded=Lower("email")).filter(email_folded=Lower(Value(email))).exclude(email="")

    def with_any_email(self, emails: Iterable[str]):
        """Registrations with one of these addresses; upper and lower case are the same."""
        return self.alias(email_folded=Lower("email")).filter(email_folded__in=[email.lower() for email in emails])

    def of_person(self, email: str, first_name: str, last_name: str):
        """Registrations of the person with this address and name, in any spelling that means the same.

        None without an address, as a name alone says nothing.
        """
        person_key = PersonKey(Value(first_name), Value(last_name))
        return self.with_email(email).filter(person_key=person_key)

    def search(self, text: str, *, with_email: bool = True):
        """Registrations with every word of `text` in name, organisation, reference or address; “berzins” is Bērziņš.

        No more than the first words count: see `get_search_words`. Signs that are folded away find nobody.
        """
        words = get_search_words(SIGNS_BETWEEN_WORDS.sub(" ", text))
        found = self.exclude(Exact(FoldedWords(" ".join(words)), Value(""))) if text.strip() else self
        for word in words:
            folded = FoldedWords(word)
            found = found.filter(search_text__contains=folded)
            if not with_email:  # for users who may not see addresses, and could guess them letter by letter
                found = found.alias(text_shown=SEARCH_TEXT_WITHOUT_EMAIL).filter(text_shown__contains=folded)
        return found

    def get_by_token(self, token: str):
        """Return the registration that the personal link with this `token` opens. Raises DoesNotExist if none does."""
        registration = self.get_by_reference_in(token)
        if registration.erased_at or not registration.has_personal_link(token):
            raise self.model.DoesNotExist
        registration.opened_by = token
        return registration

    def get_by_new_address_token(self, token: str):
        """Return the registration to whose new address, not confirmed yet, the link was sent, like `get_by_token`."""
        registration = self.get_by_reference_in(token)
        if not registration.has_new_address_link(token):
            raise self.model.DoesNotExist
        return registration

    def get_by_reference_in(self, token: str):
        """Return the registration that `token` is about, whether or not it opens anything."""
        reference = token.partition(".")[0]
        if not reference.isalnum():
            raise self.model.DoesNotExist
        return self.select_related("event__venue").get(reference=reference)


def is_overdue_to_be_told(now: datetime) -> Exists:
    """Whether the e-mail that first asks them to confirm a held place should have gone out, and waits.

    Anybody can have the question repeated, so that does not count.
    """
    emails = apps.get_model("registrations.OutgoingEmail").objects.filter(kind__in=["confirm", "promoted"])
    before = emails.filter(registration=OuterRef("registration"), pk__lt=OuterRef("pk"), sent_at__isnull=False)
    overdue = emails.filter(registration=OuterRef("pk"), next_attempt_at__lte=now - OVERDUE)
    return Exists(overdue.filter(models.Q(kind="promoted") | ~Exists(before)))


def find_countries(events: list[Event]) -> list[str]:
    """Return the codes of the countries from which people have registered for these events."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTRIES_OF_EVENTS, [[event.pk for event in events]])
        return [code for (code,) in cursor.fetchall()]
