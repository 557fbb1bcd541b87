"""Queries for registrations, and the lookup of personal links."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, F, Func, Value
from django.db.models.functions import Lower

from conference.models import VisibleQuerySet
from registrations.models.answer_queries import has_answer, has_chosen
from registrations.search import FoldedText

if TYPE_CHECKING:
    from registrations.models.registration import Registration

MAX_TAGS_LISTED = 100


class RegistrationQuerySet(VisibleQuerySet):
    def live(self):
        """Registrations that are not cancelled."""
        return self.exclude(status=self.model.Status.CANCELLED)

    def not_erased(self):
        """Registrations whose personal data have not been erased."""
        return self.filter(erased_at__isnull=True)

    def occupying_place(self):
        """Registrations that take up a place: confirmed, or held until the person confirms the address."""
        return self.filter(status__in=self.model.Status.occupying_place())

    def with_expired_hold(self, now: datetime):
        """Registrations whose address was not confirmed in time at `now` (UTC), and whose place is to be released."""
        return self.filter(status=self.model.Status.PENDING, hold_until__lte=now)

    def on_waiting_list(self):
        """Registrations on the waiting list, in its order."""
        return self.filter(status=self.model.Status.WAITLISTED).order_by("waiting_since", "pk")

    def tags_in_use(self) -> list[str]:
        """Return the tags of these registrations, the most frequent first, at most MAX_TAGS_LISTED."""
        tag = Func(F("tags"), function="unnest", output_field=models.CharField())
        counted = self.order_by().annotate(tag=tag).values("tag").annotate(number=Count("pk"))
        return [row["tag"] for row in counted.order_by("-number", "tag")[:MAX_TAGS_LISTED]]

    def with_email(self, email: str):
        """Registrations with this address; upper and lower case are the same."""
        return self.alias(email_folded=Lower("email")).filter(email_folded=Lower(Value(email)))

    def with_answer_to(self, question):
        return self.filter(has_answer(question))

    def with_choice(self, question, answer: str):
        """Registrations with `answer`, a choice's key or “yes” or “no”."""
        return self.filter(has_chosen(question, answer))

    def with_any_email(self, emails: Iterable[str]):
        """Registrations with one of these addresses; upper and lower case are the same."""
        folded = [email.lower() for email in emails]
        return self.alias(email_folded=Lower("email")).filter(email_folded__in=folded)

    def search(self, text: str, *, with_email: bool = True):
        """Registrations with every word of `text` in their name, organisation, reference or e-mail address.

        Case and diacritics do not matter: “berzins” finds Bērziņš. Users who may not see addresses search without
        them, as they could guess them letter by letter.
        """
        found = self
        for word in text.split():
            found = found.filter(search_text__contains=FoldedText(Value(word)))
            if not with_email:
                found = found.alias(text_shown=SEARCH_TEXT_WITHOUT_EMAIL).filter(
                    text_shown__contains=FoldedText(Value(word))
                )
        return found


# The e-mail address is the last line of search_text.
SEARCH_TEXT_WITHOUT_EMAIL = Func(
    F("search_text"), Value(r"\n[^\n]*$"), Value(""), function="regexp_replace", output_field=models.TextField()
)


class RegistrationManager(models.Manager.from_queryset(RegistrationQuerySet)):
    def get_by_token(self, token: str) -> "Registration":
        """Return the registration that the personal link with this `token` opens.

        Raises Registration.DoesNotExist if the token is forged, incomplete or no longer valid.
        """
        registration = self.get_unverified(token)
        if not registration.has_valid_token(token):
            raise self.model.DoesNotExist
        return registration

    def get_by_new_address_token(self, token: str) -> "Registration":
        """Return the registration with an unconfirmed new address that the link with this `token` was sent to.

        Raises Registration.DoesNotExist like `get_by_token`.
        """
        registration = self.get_unverified(token)
        if not registration.new_email or not registration.has_valid_token(token, registration.new_email):
            raise self.model.DoesNotExist
        return registration

    def get_unverified(self, token: str) -> "Registration":
        # The caller must check the signature: knowing the reference gives no access.
        reference, _dot, _signature = token.partition(".")
        if not reference.isalnum():
            raise self.model.DoesNotExist
        return self.select_related("event__venue").get(reference=reference)
