"""What people are at an event, as their badges say, and whose badge has been printed."""

from collections.abc import Iterable

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField
from i18nfield.strings import LazyI18nString

from conference.models import Event
from conference.models.limited_access import VisibleQuerySet
from registrations.models import Registration

# What an event has at first: words in the site's languages, and colours. The first one is everybody's.
DEFAULT_ROLES = [
    ({"lv": "dalībnieks", "en": "participant"}, "#2f4858"),
    ({"lv": "runātājs", "en": "speaker"}, "#8a1c2f"),
    ({"lv": "organizators", "en": "organiser"}, "#1f5c3a"),
    ({"lv": "palīgs", "en": "helper"}, "#d9a21b"),
    ({"lv": "prese", "en": "press"}, "#5b3a86"),
]


class BadgeRoleQuerySet(VisibleQuerySet):
    def list_or_create(self, event: Event) -> list["BadgeRole"]:
        """Return the roles of `event`, in their order; an event without any gets the default ones."""
        if not (roles := list(self.filter(event=event))):
            # Somebody else may be doing so at the same time, with the same words.
            self.bulk_create(
                [
                    BadgeRole(event=event, word=LazyI18nString(words), colour=colour, position=position)
                    for position, (words, colour) in enumerate(DEFAULT_ROLES)
                ],
                ignore_conflicts=True,
            )
            roles = list(self.filter(event=event))
        return roles


class BadgeRole(models.Model):
    """What somebody is at an event, as a word and a colour. The first in order is everybody's who has no other."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="badge_roles", verbose_name=_("event"))
    word = I18nCharField(_("role"))
    colour = models.CharField(
        _("colour"),
        max_length=7,
        default="#2f4858",
        validators=[RegexValidator(r"^#[0-9a-f]{6}\Z", _("Enter a colour such as #8a1c2f."))],
        help_text=_("Of the band with the word. The word is black or white, whichever is easier to read on it."),
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Whoever has no other role has the first one.")
    )

    objects = BadgeRoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("badge role")
        verbose_name_plural = _("badge roles")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["event", "word"], name="badge_role_once_per_event")]

    def __str__(self):
        return str(self.word)


class BadgeQuerySet(VisibleQuerySet):
    event_path = "registration__event"

    def assign_role(self, people: Iterable[Registration], role: BadgeRole) -> None:
        """Give the role to these people, who are of its event."""
        self.store([Badge(registration=person, role=role) for person in people], "role")

    def mark_printed(self, people: Iterable[Registration]) -> None:
        self.store([Badge(registration=person, printed_at=Now()) for person in people], "printed_at")

    def store(self, badges: list["Badge"], field: str) -> None:
        """Store this field of these badges, and leave the others as they are."""
        self.bulk_create(badges, update_conflicts=True, unique_fields=["registration"], update_fields=[field])


class Badge(models.Model):
    """A person's role, and when their badge was last printed. Who has neither needs no row."""

    registration = models.OneToOneField(
        Registration, on_delete=models.CASCADE, primary_key=True, related_name="badge", verbose_name=_("person")
    )
    role = models.ForeignKey(
        BadgeRole, on_delete=models.SET_NULL, null=True, blank=True, related_name="badges", verbose_name=_("role")
    )
    printed_at = models.DateTimeField(_("badge printed"), null=True, blank=True)

    objects = BadgeQuerySet.as_manager()

    class Meta:
        verbose_name = _("badge")
        verbose_name_plural = _("badges")

    def __str__(self):
        return str(self.registration)


HAS_PRINTED_BADGE = Q(badge__printed_at__isnull=False)
