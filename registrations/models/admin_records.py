"""What the admin remembers: changes of registrations, pairs that are not duplicates, last exports and draft imports."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference.models import Event, VisibleQuerySet
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


class Difference(models.Model):
    """A pair of similar registrations that an organiser has marked as not duplicates."""

    one = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("difference")
        verbose_name_plural = _("differences")
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="difference_once_per_pair"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="difference_in_order"),
        ]

    def __str__(self):
        return f"#{self.pk}"


class ExportChoice(models.Model):
    """The format and columns of a user's last export, preselected the next time."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="export_choice")
    format = models.CharField(max_length=20)
    # Names of the columns; those of questions are “answers.” and the key.
    columns = ArrayField(models.CharField(max_length=60))

    class Meta:
        verbose_name = _("last export")
        verbose_name_plural = _("last exports")

    def __str__(self):
        return str(self.user)


class ImportDraftQuerySet(VisibleQuerySet):
    def expired(self):
        """Drafts that nobody imported in time. They contain personal data, so they must be deleted."""
        return self.filter(created_at__lt=timezone.now() - timedelta(days=1))


class ImportDraft(models.Model):
    """An uploaded file between its preview and its import. It is deleted by the import, or after a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+", verbose_name=_("event"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    file_name = models.CharField(max_length=255)
    content = models.BinaryField()
    # Maps the header of a column to the name of a field, or to “answers.” and the key of a question.
    columns = models.JSONField(default=dict, blank=True)
    sends_email = models.BooleanField(default=False)

    objects = ImportDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("list to import")
        verbose_name_plural = _("lists to import")

    def __str__(self):
        return str(self.pk)
