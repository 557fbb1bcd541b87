"""A person's registration for an event."""

import secrets

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q, Subquery, Value
from django.db.models.functions import Concat, Left, Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from django_countries.fields import CountryField

from conference.models import Event, Topic
from conference.text.languages import TranslatedText
from registrations.models.burst import Burst
from registrations.models.personal_link import PersonalLink
from registrations.models.registration_queryset import RegistrationQuerySet
from registrations.models.registration_status import RegistrationStatus
from registrations.search import MAX_SEARCHED_LENGTH, LatvianOrder, PersonKey, SearchText
from registrations.tickets.ticket_expressions import GeneratedTicketCode, TicketKey

# Without letters and digits that are easily confused when read out or copied by hand.
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_LENGTH = 8

MAX_TAGS = 20


def generate_reference() -> str:
    """Return a random reference, one of 6·10¹¹, which may be in use."""
    return "".join(secrets.choice(REFERENCE_LETTERS) for _letter in range(REFERENCE_LENGTH))


def generate_unused_reference() -> str:
    while Registration.objects.filter(reference=(reference := generate_reference())).exists():
        pass
    return reference


def require(field: str, *, when: str, name: str) -> models.CheckConstraint:
    """Return the constraint that a registration with the status `when` has a value in `field`."""
    return models.CheckConstraint(condition=~Q(status=when) | Q(**{f"{field}__isnull": False}), name=name)


class Registration(RegistrationStatus, PersonalLink):
    # What makes two registrations for an event one person's: see `person_key`.
    IDENTITY_FIELDS = ["email", "first_name", "last_name"]

    class Source(models.TextChoices):
        ONLINE = "online", _("online")
        BY_HAND = "by_hand", _("by hand")
        IMPORT = "import", _("import")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="registrations", verbose_name=_("event"))
    reference = models.CharField(_("reference"), max_length=12, unique=True, editable=False)
    # Some people have only one name, which may be in either field.
    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    last_name = models.CharField(_("last name"), max_length=100, blank=True)
    # Empty for people without e-mail, whom only organisers can add.
    email = models.EmailField(_("e-mail"), blank=True)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    job_title = models.CharField(_("job title"), max_length=200, blank=True)
    country = CountryField(_("country"), blank=True)
    sector = models.CharField(_("sector"), max_length=40, blank=True)  # the key of one of the event's
    topics = models.ManyToManyField(
        Topic, blank=True, related_name="registrations", verbose_name=_("topics of interest")
    )
    new_email = models.EmailField(_("new e-mail, not confirmed yet"), blank=True, db_default="", editable=False)
    language = models.CharField(
        _("language"), max_length=8, help_text=_("The language in which the person gets e-mail.")
    )
    status = models.CharField(_("status"), max_length=12, choices=RegistrationStatus.Status, editable=False)
    answers = models.JSONField(_("answers"), default=dict, blank=True, editable=False)
    consented_at = models.DateTimeField(_("consented"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("registered"), default=timezone.now, editable=False)
    email_confirmed_at = models.DateTimeField(_("address confirmed"), null=True, blank=True, editable=False)
    hold_until = models.DateTimeField(_("place held until"), null=True, blank=True, editable=False)
    waiting_since = models.DateTimeField(_("waiting since"), null=True, blank=True, editable=False)
    # Given by a trigger to whoever comes onto the waiting list.
    waiting_number = models.IntegerField(_("number on the waiting list"), null=True, blank=True, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, editable=False)
    checked_in_at = models.DateTimeField(_("attended"), null=True, blank=True, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)
    # Which network they came from, as a keyed hash that is soon erased, and the many that came from there with them.
    origin = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    burst = models.ForeignKey(Burst, models.SET_NULL, null=True, blank=True, db_index=False, related_name="people")
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ONLINE, editable=False)
    # What the ticket's QR code has: it can check in, and nothing else.
    ticket_code = models.CharField(max_length=20, db_default=GeneratedTicketCode(), editable=False)
    ticket_key = models.GeneratedField(
        expression=TicketKey("ticket_code"), output_field=models.CharField(max_length=32), db_persist=True
    )
    internal_note = models.TextField(
        _("internal note"),
        blank=True,
        help_text=_("Visible to organisers, and to the person if they ask for their data."),
    )
    tags = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("tags"),
        default=list,
        db_default=[],
        blank=True,
        help_text=_(
            "Your own labels for finding people, separated by commas. The person gets them too "
            "if they ask for their data."
        ),
    )
    search_text = models.GeneratedField(
        expression=Left(
            SearchText("first_name", "last_name", "organisation", "reference", "email"), MAX_SEARCHED_LENGTH
        ),
        output_field=models.TextField(),
        db_persist=True,
    )
    # Lists of people are sorted by this.
    sort_name = models.GeneratedField(
        expression=LatvianOrder(Concat("last_name", Value(" "), "first_name")),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )

    # Two registrations with the same address are one person's if these are equal.
    person_key = models.GeneratedField(
        expression=PersonKey("first_name", "last_name"), output_field=models.TextField(), db_persist=True
    )

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        permissions = [
            ("export_registration", gettext_noop("Can export registrations")),
            ("view_email", gettext_noop("Can see e-mail addresses")),
            ("view_needs", gettext_noop("Can see dietary and access needs")),
        ]
        constraints = [
            models.UniqueConstraint(
                "event",
                Lower("email"),
                "person_key",
                condition=~Q(status="cancelled") & Q(erased_at__isnull=True) & ~Q(email=""),
                name="registration_one_live_per_person",
            ),
            models.CheckConstraint(
                condition=~Q(first_name="", last_name="") | Q(erased_at__isnull=False), name="registration_has_a_name"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "confirmed", "waitlisted", "cancelled"]),
                name="registration_status_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="pending", email="") | Q(erased_at__isnull=False),
                name="registration_email_when_pending",
            ),
            models.UniqueConstraint(fields=["ticket_key"], name="registration_ticket_once"),
            require("hold_until", when="pending", name="registration_hold_until_when_pending"),
            require("waiting_since", when="waitlisted", name="registration_waiting_since_when_waiting"),
            require("waiting_number", when="waitlisted", name="registration_waiting_number_when_waiting"),
            models.UniqueConstraint(
                fields=["event", "waiting_number"],
                condition=Q(status="waitlisted"),
                name="registration_waiting_number_once_per_event",
            ),
        ]
        indexes = [
            models.Index("hold_until", name="registration_hold", condition=Q(status="pending")),
            models.Index(Lower("email"), name="registration_email"),
            # A search reads this instead of the table, which has several times as many bytes.
            models.Index(fields=["-created_at", "-id"], include=["event", "search_text"], name="registration_newest"),
            models.Index(
                fields=["event", "country"],
                include=["status", "created_at", "sector", "language"],
                name="registration_figures",
            ),
            models.Index(fields=["origin", "created_at"], name="registration_origin", condition=~Q(origin="")),
            models.Index(fields=["burst"], name="registration_burst", condition=Q(burst__isnull=False)),
            models.Index(fields=["sort_name", "id"], name="registration_by_name"),
            GinIndex(fields=["answers"], opclasses=["jsonb_path_ops"], name="registration_answers"),
            GinIndex(fields=["tags"], name="registration_tags"),
            models.Index(fields=["event"], name="registration_tagged", condition=~Q(tags=[])),
            models.Index(
                fields=["event", "-created_at", "-id"],
                name="registration_no_email",
                condition=Q(email="", erased_at__isnull=True),
            ),
            models.Index(fields=["event"], name="registration_came", condition=Q(checked_in_at__isnull=False)),
        ]

    def __str__(self):
        # The admin keeps this in its log, so it must not be the person's name.
        return self.reference

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def sector_label(self) -> TranslatedText:
        return self.event.get_sector_label(self.sector) if self.sector else ""

    def has_filled_in(self, field: str) -> bool:
        """Whether they answered this one of the event's ASKED_FIELDS. A query for the topics, if there are any."""
        if field == "topics":
            return self.pk is not None and bool(self.event.topics.all()) and self.topics.exists()
        return bool(getattr(self, field))

    @property
    def waiting_list_position(self) -> int | None:
        """Their number on the waiting list, from 1; None if they are not on it. One query."""
        if not self.is_waitlisted:
            return None
        number = Subquery(Registration.objects.filter(pk=self.pk).values("waiting_number"))
        people = Registration.objects.on_waiting_list().filter(event=self.event_id, waiting_number__lte=number)
        return people.count()
