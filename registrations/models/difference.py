"""Similar registrations that are of two people."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registrations.models.registration import Registration


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
