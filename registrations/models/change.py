"""The change history of a registration."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registrations.models.registration import Registration


class Change(models.Model):
    """One change of one field of a registration, and who made it. Rows are never edited."""

    class Actor(models.TextChoices):
        ORGANISER = "organiser", _("organiser")
        PERSON = "person", _("the person (personal link)")
        SITE = "site", _("automatically")

    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="changes", verbose_name=_("registration")
    )
    changed_at = models.DateTimeField(_("when"), default=timezone.now)
    actor = models.CharField(_("who"), max_length=10, choices=Actor)
    # The organiser; empty for all others, and for an organiser whose account was deleted.
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # A field of Registration, “topics”, or “answers.” and the question's key.
    field = models.CharField(_("what"), max_length=60)
    # As people read them, in the language of the person who made the change; empty for dietary and access needs.
    old = models.TextField(_("from"), blank=True)
    new = models.TextField(_("to"), blank=True)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-changed_at", "-pk"]

    def __str__(self):
        return f"{self.field} #{self.pk}"
