"""Many registrations that came from one network within a short time."""

from django.db import models
from django.db.models import Count, Max, Min, Q
from django.utils.translation import gettext_lazy as _

from conference.models import Event, VisibleQuerySet


class BurstQuerySet(VisibleQuerySet):
    def with_people(self):
        """Bursts that have people: their `number`, how many are `live`, and when the `first` and the `last` came."""
        is_there = Q(people__erased_at__isnull=True)
        is_live = is_there & ~Q(people__status="cancelled")
        return self.annotate(
            number=Count("people", filter=is_there),
            live=Count("people", filter=is_live),
            first=Min("people__created_at", filter=is_there),
            last=Max("people__created_at", filter=is_there),
        ).filter(number__gt=0)


class Burst(models.Model):
    """What an organiser should look at. It exists until somebody says that its registrations are fine."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="bursts", verbose_name=_("event"))

    objects = BurstQuerySet.as_manager()

    class Meta:
        verbose_name = _("registrations from one network")
        verbose_name_plural = _("registrations from one network")

    def __str__(self):
        return f"#{self.pk}"
