"""A list on its way in."""

import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from conference.models import Event, VisibleQuerySet
from conference.text.email_addresses import get_stored_spelling


class ImportDraftQuerySet(VisibleQuerySet):
    def which_may_hold(self, addresses: Iterable[str]):
        """Drafts with one of these e-mail addresses in any cell, in whatever case; also those of which nobody knows.

        All drafts if one is empty: by the name alone, people without e-mail are not found in a list.
        """
        addresses = list(addresses)
        if "" in addresses:
            return self
        spellings = {get_stored_spelling(address.lower()) for address in addresses}
        return self.filter(Q(addresses__overlap=sorted(spellings)) | Q(addresses=None))

    def expired(self):
        """Drafts that nobody imported in time. They contain personal data, so they must be deleted."""
        return self.filter(created_at__lt=Now() - timedelta(days=1))


class ImportDraft(models.Model):
    """An uploaded file between its preview and its import. It is deleted by the import, or after a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+", verbose_name=_("event"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    file_name = models.CharField(max_length=255)
    content = models.BinaryField()
    # What of the file is read, and how its letters are written; empty where there is nothing to choose.
    sheet = models.CharField(max_length=100, blank=True, default="", db_default="")
    encoding = models.CharField(max_length=20, blank=True, default="", db_default="")
    # In lower case, from all cells: the draft is deleted when one of these people is erased. None: not known.
    addresses = ArrayField(models.TextField(), null=True, editable=False)
    # Maps the header of a column to the name of a field, or to “answers.” and the key of a question.
    columns = models.JSONField(default=dict, blank=True)
    sends_email = models.BooleanField(default=False)

    objects = ImportDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("list to import")
        verbose_name_plural = _("lists to import")

    def __str__(self):
        return str(self.pk)
