"""A conference."""

import json
import zoneinfo

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from i18nfield.fields import I18nCharField, I18nTextField
from i18nfield.strings import LazyI18nString

from conference.models.asked_fields import AskedFields
from conference.models.cancellation import Cancellation
from conference.models.event_kind import SENTENCES, EventKind, EventSentences
from conference.models.event_queryset import EventQuerySet
from conference.models.event_times import EventTimes
from conference.models.picture import Picture
from conference.models.validators import validate_site, validate_slug_is_free, validate_time_zone, validate_year
from conference.models.venue import Venue

FREE_OF_CHARGE = {"lv": "Bez maksas", "en": "Free of charge"}
OPTIONAL_TIME = {"null": True, "blank": True, "validators": [validate_year]}


def get_default_fee() -> LazyI18nString:
    return LazyI18nString(FREE_OF_CHARGE)


class Event(AskedFields, Cancellation, EventTimes):
    slug = models.SlugField(
        _("address"),
        unique=True,
        validators=[validate_slug_is_free],
        help_text=_(
            "The part of the web address that identifies this event, for example libraries-2027. If you change it once "
            "the event is published, the earlier address leads to the new one."
        ),
    )
    title = I18nCharField(_("title"))
    kind = models.CharField(
        _("type of event"),
        max_length=20,
        choices=EventKind,
        default=EventKind.CONFERENCE,
        db_default=EventKind.CONFERENCE.value,
        help_text=_("What pages and e-mails call it."),
    )
    summary = I18nTextField(_("summary"), blank=True, help_text=_("One or two sentences, without formatting."))
    description = I18nTextField(_("description"), blank=True, help_text=_("Markdown."))
    picture = models.ForeignKey(
        Picture,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("picture"),
        help_text=_("Without a picture, the page shows a drawing made from the title."),
    )
    picture_description = I18nCharField(
        _("what the picture shows"),
        blank=True,
        help_text=_("For people who cannot see it. Leave empty if it is purely decorative."),
    )
    working_language = I18nCharField(_("working language"), blank=True)
    fee = I18nCharField(
        _("fee"),
        blank=True,
        default=get_default_fee,
        db_default=json.dumps(FREE_OF_CHARGE),
        help_text=_(
            "A few words without a full stop, for example “Free of charge”. If empty, nothing about it is shown."
        ),
    )
    starts_at = models.DateTimeField(_("starts"), validators=[validate_year])
    ends_at = models.DateTimeField(_("ends"), validators=[validate_year])
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Riga", validators=[validate_time_zone])
    venue = models.ForeignKey(Venue, models.PROTECT, related_name="events", verbose_name=_("venue"))
    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True, help_text=_("Leave empty for no limit."))
    waiting_list_enabled = models.BooleanField(
        _("the waiting list is open"),
        default=True,
        help_text=_("People can join it when all places are taken. Closing it removes nobody who is already on it."),
    )
    registration_opens_at = models.DateTimeField(
        _("registration opens"), **OPTIONAL_TIME, help_text=_("Leave empty to open immediately.")
    )
    registration_closes_at = models.DateTimeField(
        _("registration closes"), **OPTIONAL_TIME, help_text=_("Leave empty to close when the event starts.")
    )
    changes_until = models.DateTimeField(
        _("people can change their data until"),
        **OPTIONAL_TIME,
        help_text=_("If empty: until registration closes. People can cancel until the event ends."),
    )
    promotes_automatically = models.BooleanField(
        _("released places go to the waiting list automatically"),
        default=True,
        db_default=True,
        help_text=_("Otherwise you choose who gets them in the list of registrations."),
    )
    confirm_email = models.BooleanField(
        _("a place must be confirmed by e-mail"),
        default=False,
        db_default=False,
        help_text=_("A new place is held until the person opens the link in the e-mail and presses the button."),
    )
    one_per_address = models.BooleanField(
        _("one registration per e-mail address"),
        default=False,
        db_default=False,
        help_text=_("Otherwise several people can register with the same address. Those who have done so stay."),
    )
    hold_hours = models.PositiveSmallIntegerField(
        _("hours a place is held"),
        default=24,
        db_default=24,
        validators=[MinValueValidator(1), MaxValueValidator(30 * 24)],
        help_text=_("How long a place is held for somebody who has not confirmed."),
    )
    reminder_days = models.PositiveSmallIntegerField(
        _("reminder (days before the event)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text=_("Leave empty to send none. It is sent once, to everybody who already has a place by then."),
    )
    contact_email = models.EmailField(_("contact e-mail"))
    needs_kept_days = models.PositiveSmallIntegerField(
        _("erase dietary and access needs (days after the event)"),
        default=30,
        db_default=30,
        validators=[MaxValueValidator(365)],
        help_text=_("Happens automatically. Nobody needs them once the event is over and the bills are paid."),
    )
    privacy_notice = I18nTextField(_("privacy notice"), blank=True, help_text=_("Markdown."))
    confirmation_note = I18nTextField(
        _("note in the confirmation"),
        blank=True,
        help_text=_("Added to the e-mail and to the personal page. Plain text."),
    )
    embed_sites = ArrayField(
        models.CharField(max_length=200, validators=[validate_site]),
        verbose_name=_("sites that may show the form"),
        default=list,
        blank=True,
        help_text=_(
            "One address per line, for example https://www.example.org. Their pages can show the registration form."
        ),
    )
    is_published = models.BooleanField(
        _("published"), default=False, help_text=_("Until then only organisers can see the page.")
    )
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)
    # Identifies the event in people's calendars for good, even if its slug changes.
    calendar_uid = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")),
                name="event_ends_after_it_starts",
                violation_error_message=_("The event must end after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(registration_opens_at__isnull=True)
                | Q(registration_closes_at__isnull=True)
                | Q(registration_closes_at__gt=models.F("registration_opens_at")),
                name="event_registration_closes_after_it_opens",
                violation_error_message=_("Registration must close after it opens."),
            ),
        ]

    def __str__(self):
        """How organisers tell it from others, everywhere; attendees read its title."""
        try:
            day = date_format(self.starts_at.astimezone(self.zone), "SHORT_DATE_FORMAT")
        except (AttributeError, zoneinfo.ZoneInfoNotFoundError):  # not filled in yet, or with a mistake
            return str(self.title)
        return f"{self.title}, {day}{self.mark}"

    @property
    def mark(self) -> str:
        """What organisers read after the name of an event that no visitor can see, or that is cancelled."""
        state = pgettext("event", "cancelled") if self.is_cancelled else "" if self.is_published else _("draft")
        return f" ({state})" if state else ""

    def get_absolute_url(self):
        return reverse("conference:event", args=[self.slug])

    def get_sector_label(self, key: str) -> LazyI18nString | str:
        """Return what the event calls the sector; the key if the event does not have it."""
        return next((sector.label for sector in self.sectors.all() if sector.key == key), key)

    @property
    def sentences(self) -> EventSentences:
        return SENTENCES[self.kind]

    @property
    def is_free(self) -> bool:
        """Whether the fee is the default text. Search engines, which read no other, are told nothing else."""
        return self.fee == get_default_fee()
