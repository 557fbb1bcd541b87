"""A person's registration for an event."""

import secrets
from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core import signing
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat, Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from conference.models import Event, Topic
from conference.text.languages import TranslatedText
from registrations.models.question import Question
from registrations.models.registration_queryset import RegistrationManager
from registrations.search import LatvianOrder, SearchText

# Without letters and digits that are mistaken for each other when read out or copied by hand.
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_LENGTH = 8


def generate_reference() -> str:
    """A random reference for people; one in 6·10¹¹, so a caller checks that it is free."""
    return "".join(secrets.choice(REFERENCE_LETTERS) for _letter in range(REFERENCE_LENGTH))


class Registration(models.Model):
    class Status(models.TextChoices):
        PENDING = "pending", _("to be confirmed by e-mail")
        CONFIRMED = "confirmed", _("confirmed")
        WAITLISTED = "waitlisted", _("on the waiting list")
        CANCELLED = "cancelled", _("cancelled")

        @classmethod
        def occupying_place(cls) -> list[str]:
            return [cls.PENDING, cls.CONFIRMED]

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
    new_email = models.EmailField(_("new e-mail, not confirmed yet"), blank=True, db_default="", editable=False)
    language = models.CharField(_("language"), max_length=8, help_text=_("Of the e-mail that the person gets."))
    status = models.CharField(_("status"), max_length=12, choices=Status, editable=False)
    answers = models.JSONField(_("answers"), default=dict, blank=True, editable=False)
    consented_at = models.DateTimeField(_("consented"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("registered"), default=timezone.now, editable=False)
    email_confirmed_at = models.DateTimeField(_("address confirmed"), null=True, blank=True, editable=False)
    hold_until = models.DateTimeField(_("place held until"), null=True, blank=True, editable=False)
    waiting_since = models.DateTimeField(_("waiting since"), null=True, blank=True, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, editable=False)
    checked_in_at = models.DateTimeField(_("came"), null=True, blank=True, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ONLINE, editable=False)
    internal_note = models.TextField(
        _("internal note"), blank=True, help_text=_("Organisers see it, and the person who asks for their data.")
    )
    tags = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("tags"),
        default=list,
        db_default=[],
        blank=True,
        help_text=_("Words of your own to find people by, with commas between. The person who asks gets them too."),
    )
    search_text = models.GeneratedField(
        expression=SearchText("first_name", "last_name", "organisation", "reference", "email"),
        output_field=models.TextField(),
        db_persist=True,
    )
    # What lists of people are sorted by.
    sort_name = models.GeneratedField(
        expression=LatvianOrder(Concat("last_name", Value(" "), "first_name")),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )

    objects = RegistrationManager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        permissions = [
            ("export_registration", "Can export registrations"),
            ("view_email", "Can see e-mail addresses"),
            ("view_needs", "Can see dietary and access needs"),
        ]
        constraints = [
            models.UniqueConstraint(
                "event",
                Lower("email"),
                condition=~Q(status="cancelled") & Q(erased_at__isnull=True),
                name="registration_one_live_per_event_and_email",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "confirmed", "waitlisted", "cancelled"]),
                name="registration_status_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="pending") | Q(hold_until__isnull=False),
                name="registration_hold_until_when_pending",
            ),
            models.CheckConstraint(
                condition=~Q(status="waitlisted") | Q(waiting_since__isnull=False),
                name="registration_waiting_since_when_waiting",
            ),
        ]
        indexes = [
            models.Index("hold_until", name="registration_hold", condition=Q(status="pending")),
            models.Index(Lower("email"), name="registration_email"),
            models.Index(fields=["event", "status", "waiting_since", "id"], name="registration_line"),
            models.Index(fields=["-created_at", "-id"], name="registration_newest"),
            models.Index(
                fields=["event"],
                include=["status", "created_at", "sector", "country", "language"],
                name="registration_figures",
            ),
            models.Index(fields=["sort_name", "id"], name="registration_by_name"),
            GinIndex(fields=["answers"], opclasses=["jsonb_path_ops"], name="registration_answers"),
            GinIndex(fields=["tags"], name="registration_tags"),
        ]

    def __str__(self):
        # The admin copies this into its log for ever, so it names no person.
        return self.reference

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_confirmed(self) -> bool:
        return self.status == self.Status.CONFIRMED

    @property
    def is_pending(self) -> bool:
        """Whether a place is held for them until they confirm their address."""
        return self.status == self.Status.PENDING

    @property
    def is_waitlisted(self) -> bool:
        return self.status == self.Status.WAITLISTED

    @property
    def is_cancelled(self) -> bool:
        return self.status == self.Status.CANCELLED

    @property
    def has_expired_hold(self) -> bool:
        """Whether the place that was held for them was released because they did not confirm in time."""
        return self.is_cancelled and self.hold_until is not None

    @property
    def can_attend(self) -> bool:
        """Whether they have a place at an event that is not over."""
        return self.is_confirmed and not self.event.has_ended

    @property
    def can_be_changed(self) -> bool:
        """Whether the person can still change what they gave."""
        return not (self.is_cancelled or self.event.has_change_deadline_passed)

    @property
    def can_be_cancelled(self) -> bool:
        return not (self.is_cancelled or self.event.has_ended)

    def list_details(self, *, with_needs: bool = False) -> list[tuple[TranslatedText, list[TranslatedText]]]:
        """What this person typed and chose, as texts under a label each, empty answers left out.

        Organisers' texts are as they are stored, so that their language can be told (see conference.text.languages).

        Dietary and access needs only `with_needs`, for the person's own eyes: an e-mail passes many hands.
        """
        questions = self.event.questions.shown_to_attendees().prefetch_choices()
        given = [
            (_("First name"), [self.first_name]),
            (_("Last name"), [self.last_name]),
            (_("E-mail"), [self.email]),
            (_("Organisation"), [self.organisation]),
            (_("Job title"), [self.job_title]),
            (_("Country"), [self.country.name]),
            (_("Sector"), [self.get_sector_display()]),
            (_("Topics of interest"), [topic.title for topic in self.topics.all()]),
            *self.get_answer_texts_by_question(questions if with_needs else questions.not_about_needs()),
        ]
        return [(label, texts) for label, texts in given if any(texts)]

    def list_answers(self) -> list[tuple[str, str]]:
        """All the event's questions, those not asked any more and of its organisers too, as `answered` tells them."""
        return self.format_answers_to(self.event.questions.prefetch_choices())

    def format_answers_to(self, questions: Iterable[Question]) -> list[tuple[str, str]]:
        """The labels of those `questions` that this person answered, with how the answer reads."""
        return [
            (str(label), "\n".join(map(str, texts))) for label, texts in self.get_answer_texts_by_question(questions)
        ]

    def get_answer_texts_by_question(
        self, questions: Iterable[Question]
    ) -> list[tuple[TranslatedText, list[TranslatedText]]]:
        """The same as the texts that are stored. Does not ask for the `questions` where nothing was answered."""
        if not self.answers:
            return []
        answers = ((question, question.get_answer_texts(self.answers.get(question.key))) for question in questions)
        return [(question.label, texts) for question, texts in answers if texts]

    @property
    def waiting_list_position(self) -> int | None:
        """Their number on the waiting list, from 1; None when they are not on it. One query."""
        if not self.is_waitlisted:
            return None
        waiting = Registration.objects.on_waiting_list().filter(event=self.event_id)
        before = Q(waiting_since__lt=self.waiting_since) | Q(waiting_since=self.waiting_since, pk__lt=self.pk)
        return waiting.filter(before).count() + 1

    @property
    def manage_token(self) -> str:
        """The unguessable part of the personal link. Only ever e-mailed; it stops working when the address changes."""
        return get_manage_signer(self.email).sign(self.reference)

    @property
    def manage_path(self) -> str:
        """The personal link without the host. Not get_absolute_url, which the admin would show to organisers."""
        return self.manage_path_for(self.email)

    def manage_path_for(self, email: str) -> str:
        """What `manage_path` is once this is the registration's address; until then it opens the page to confirm it."""
        return reverse("registrations:show", args=[get_manage_signer(email).sign(self.reference)])

    def has_valid_token(self, token: str, email: str | None = None) -> bool:
        """Whether `token` is this registration's own, sent to `email`; compared in constant time."""
        try:
            return get_manage_signer(email or self.email).unsign(token) == self.reference
        except signing.BadSignature:
            return False


def get_manage_signer(email: str) -> signing.Signer:
    """Signs the personal links that are sent to this address."""
    return signing.Signer(sep=".", salt=f"registrations.manage:{email}")
