"""Which registrations: questions about many rows, and whose a personal link is."""

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
        """Registrations that stand: with a place or waiting for one."""
        return self.exclude(status=self.model.Status.CANCELLED)

    def not_erased(self):
        """Those whose person has not been erased."""
        return self.filter(erased_at__isnull=True)

    def occupying_place(self):
        """Those with a place, or with one held for them until they confirm their address."""
        return self.filter(status__in=self.model.Status.occupying_place())

    def with_expired_hold(self, now: datetime):
        """Those who had not confirmed their address in time at `now` (UTC), and whose place is to be released."""
        return self.filter(status=self.model.Status.PENDING, hold_until__lte=now)

    def on_waiting_list(self):
        """Those waiting, the first in line first."""
        return self.filter(status=self.model.Status.WAITLISTED).order_by("waiting_since", "pk")

    def tags_in_use(self) -> list[str]:
        """The tags that they have, the most frequent first; at most MOST_TAGS of them."""
        tag = Func(F("tags"), function="unnest", output_field=models.CharField())
        counted = self.order_by().annotate(tag=tag).values("tag").annotate(number=Count("pk"))
        return [row["tag"] for row in counted.order_by("-number", "tag")[:MAX_TAGS_LISTED]]

    def with_email(self, email: str):
        """Registrations with this address, in whichever case it is typed."""
        return self.alias(email_folded=Lower("email")).filter(email_folded=Lower(Value(email)))

    def with_answer_to(self, question):
        return self.filter(has_answer(question))

    def with_choice(self, question, answer: str):
        """Those who chose `answer`, a choice's key or “yes” or “no”."""
        return self.filter(has_chosen(question, answer))

    def with_any_email(self, emails: Iterable[str]):
        """Registrations with one of these addresses, in whichever case either is typed."""
        folded = [email.lower() for email in emails]
        return self.alias(email_folded=Lower("email")).filter(email_folded__in=folded)

    def search(self, text: str, *, with_email: bool = True):
        """Those in whose name, organisation, reference or e-mail every word of `text` occurs.

        Case and diacritics do not matter: “berzins” finds Bērziņš. Not `with_email` for those who may not see
        addresses, lest they guess them letter by letter.
        """
        found = self
        for word in text.split():
            found = found.filter(search_text__contains=FoldedText(Value(word)))
            if not with_email:
                found = found.alias(text_shown=SEARCH_TEXT_WITHOUT_EMAIL).filter(
                    text_shown__contains=FoldedText(Value(word))
                )
        return found


# The e-mail address is the last line of the search text.
SEARCH_TEXT_WITHOUT_EMAIL = Func(
    F("search_text"), Value(r"\n[^\n]*$"), Value(""), function="regexp_replace", output_field=models.TextField()
)


class RegistrationManager(models.Manager.from_queryset(RegistrationQuerySet)):
    def get_by_token(self, token: str) -> "Registration":
        """The registration that the personal link with this `token` opens.

        Raises Registration.DoesNotExist when the token is forged, cut short or no longer valid.
        """
        registration = self.get_unverified(token)
        if not registration.has_valid_token(token):
            raise self.model.DoesNotExist
        return registration

    def get_by_new_address_token(self, token: str) -> "Registration":
        """The registration whose new, not yet confirmed address was sent the link with this `token`.

        Raises Registration.DoesNotExist like `opened_by`.
        """
        registration = self.get_unverified(token)
        if not registration.new_email or not registration.has_valid_token(token, registration.new_email):
            raise self.model.DoesNotExist
        return registration

    def get_unverified(self, token: str) -> "Registration":
        # Who merely names a registration has no right to it yet: the signature decides.
        reference, _dot, _signature = token.partition(".")
        if not reference.isalnum():
            raise self.model.DoesNotExist
        return self.select_related("event__venue").get(reference=reference)
