"""A person's registration for an event."""

import secrets

from django.core import signing
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from conference.models import Event, Topic
from registrations.search import Folded, SearchText

# Without letters and digits that are mistaken for each other when read out or copied by hand.
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_LENGTH = 8


def new_reference() -> str:
    """A random reference for people; one in 6·10¹¹, so a caller checks that it is free."""
    return "".join(secrets.choice(REFERENCE_LETTERS) for _letter in range(REFERENCE_LENGTH))


class RegistrationQuerySet(models.QuerySet):
    def live(self):
        """Registrations that stand: with a place or waiting for one."""
        return self.exclude(status=Registration.Status.CANCELLED)

    def holding_a_place(self):
        return self.filter(status=Registration.Status.CONFIRMED)

    def on_waiting_list(self):
        """Those waiting, the first in line first."""
        return self.filter(status=Registration.Status.WAITLISTED).order_by("waiting_since", "pk")

    def with_email(self, email: str):
        """Registrations with this address, in whichever case it is typed."""
        return self.alias(email_folded=Lower("email")).filter(email_folded=Lower(Value(email)))

    def matching(self, text: str):
        """Those in whose name, e-mail, organisation or reference every word of `text` occurs.

        Case and diacritics do not matter: “berzins” finds Bērziņš.
        """
        found = self
        for word in text.split():
            found = found.filter(search_text__contains=Folded(Value(word)))
        return found


class RegistrationManager(models.Manager.from_queryset(RegistrationQuerySet)):
    def opened_by(self, token: str) -> "Registration":
        """The registration that the personal link with this `token` opens.

        Raises Registration.DoesNotExist when the token is forged, cut short or no longer valid.
        """
        reference, _dot, _signature = token.partition(".")
        if not reference.isalnum():
            raise Registration.DoesNotExist
        registration = self.select_related("event__venue").get(reference=reference)
        if not registration.is_opened_by(token):
            raise Registration.DoesNotExist
        return registration


class Registration(models.Model):
    class Status(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        WAITLISTED = "waitlisted", _("on the waiting list")
        CANCELLED = "cancelled", _("cancelled")

    class Sector(models.TextChoices):
        LIBRARY = "library", _("libraries")
        LIFELONG_LEARNING = "lifelong_learning", _("lifelong learning")
        OTHER = "other", _("other")

    class Source(models.TextChoices):
        ONLINE = "online", _("online")
        BY_HAND = "by_hand", _("by hand")
        IMPORT = "import", _("import")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="registrations", verbose_name=_("event"))
    reference = models.CharField(_("reference"), max_length=12, unique=True, editable=False)
    first_name = models.CharField(_("first name"), max_length=100)
    last_name = models.CharField(_("last name"), max_length=100)
    email = models.EmailField(_("e-mail"))
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    job_title = models.CharField(_("job title"), max_length=200, blank=True)
    country = CountryField(_("country"), blank=True)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector, blank=True)
    topics = models.ManyToManyField(
        Topic, blank=True, related_name="registrations", verbose_name=_("topics of interest")
    )
    language = models.CharField(_("language"), max_length=8, help_text=_("Of the e-mail that the person gets."))
    status = models.CharField(_("status"), max_length=12, choices=Status, editable=False)
    answers = models.JSONField(_("answers"), default=dict, blank=True, editable=False)
    consented_at = models.DateTimeField(_("consented"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("registered"), default=timezone.now, editable=False)
    waiting_since = models.DateTimeField(_("waiting since"), null=True, blank=True, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, editable=False)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ONLINE, editable=False)
    internal_note = models.TextField(_("internal note"), blank=True, help_text=_("Only organisers see it."))
    search_text = models.GeneratedField(
        expression=SearchText("first_name", "last_name", "email", "organisation", "reference"),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = RegistrationManager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        permissions = [("export_registration", "Can export registrations")]
        constraints = [
            models.UniqueConstraint(
                "event",
                Lower("email"),
                condition=~Q(status="cancelled"),
                name="registration_one_live_per_event_and_email",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["confirmed", "waitlisted", "cancelled"]), name="registration_status_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="waitlisted") | Q(waiting_since__isnull=False),
                name="registration_waiting_since_when_waiting",
            ),
        ]
        indexes = [
            models.Index(fields=["event", "status", "waiting_since", "id"], name="registration_line"),
            models.Index(fields=["-created_at", "-id"], name="registration_newest"),
        ]

    def __str__(self):
        # The admin copies this into its log for ever, so it names no person.
        return self.reference

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def holds_a_place(self) -> bool:
        return self.status == self.Status.CONFIRMED

    @property
    def is_waiting(self) -> bool:
        return self.status == self.Status.WAITLISTED

    @property
    def is_cancelled(self) -> bool:
        return self.status == self.Status.CANCELLED

    def answered_questions(self) -> list[tuple[str, str]]:
        """The event's questions with what this person answered, those without an answer left out. One query."""
        words = {True: _("yes"), False: _("no")}
        return [
            (str(question.label), str(words.get(answer, answer)))
            for question in self.event.questions.all()
            if (answer := self.answers.get(question.key)) not in (None, "")
        ]

    @property
    def place_in_line(self) -> int | None:
        """Their number on the waiting list, from 1; None when they are not on it. One query."""
        if not self.is_waiting:
            return None
        waiting = Registration.objects.on_waiting_list().filter(event=self.event_id)
        before = Q(waiting_since__lt=self.waiting_since) | Q(waiting_since=self.waiting_since, pk__lt=self.pk)
        return waiting.filter(before).count() + 1

    @property
    def manage_token(self) -> str:
        """The unguessable part of the personal link. Only ever e-mailed; it stops working when the address changes."""
        return self._manage_signer.sign(self.reference)

    @property
    def manage_path(self) -> str:
        """The personal link without the host. Not get_absolute_url, which the admin would show to organisers."""
        return reverse("registrations:show", args=[self.manage_token])

    def is_opened_by(self, token: str) -> bool:
        """Whether `token` is this registration's own; compared in constant time."""
        try:
            return self._manage_signer.unsign(token) == self.reference
        except signing.BadSignature:
            return False

    @property
    def _manage_signer(self) -> signing.Signer:
        return signing.Signer(sep=".", salt=f"registrations.manage:{self.email}")
