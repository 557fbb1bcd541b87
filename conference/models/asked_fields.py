"""Which of the form's fixed fields an event asks, beside the name and the e-mail address."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Asked(models.TextChoices):
    NO = "no", _("not asked")
    OPTIONAL = "optional", _("optional")
    REQUIRED = "required", _("required")


def asked(label) -> models.CharField:
    """Return the field that says whether the form asks what `label` names."""
    return models.CharField(label, max_length=8, choices=Asked, default=Asked.OPTIONAL, db_default=Asked.OPTIONAL.value)


class AskedFields(models.Model):
    """The settings for each of ASKED_FIELDS. Names of other fields are asked of everybody.

    What people answered before a field was no longer asked is kept, and only organisers see it.
    """

    ASKED_FIELDS = ["organisation", "job_title", "country", "sector", "topics"]

    asks_organisation = asked(_("organisation"))
    asks_job_title = asked(_("job title"))
    asks_country = asked(_("country"))
    asks_sector = asked(_("sector"))
    asks_topics = asked(_("topics of interest"))

    class Meta:
        abstract = True

    def is_asked(self, field: str) -> bool:
        return field not in self.ASKED_FIELDS or getattr(self, f"asks_{field}") != Asked.NO

    def is_required(self, field: str) -> bool:
        """Whether attendees must fill it in; organisers never must."""
        return field in self.ASKED_FIELDS and getattr(self, f"asks_{field}") == Asked.REQUIRED
