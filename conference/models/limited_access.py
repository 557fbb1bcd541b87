"""Users who are restricted to some events, and what they see in the admin."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class LimitedAccess(models.Model):
    """The only events that a user sees in the admin. Users without a row are unrestricted; an empty row shows none."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="limited_access", verbose_name=_("user")
    )
    events = models.ManyToManyField(
        "conference.Event",
        blank=True,
        related_name="+",
        verbose_name=_("events"),
        help_text=_("This user sees these events and their registrations, and nothing of other events."),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("limit to chosen events")

    def __str__(self):
        return str(self.user)


def get_limited_access(user) -> LimitedAccess | None:
    """Return what `user` is restricted to, or None if they are unrestricted. At most one query per user object."""
    return None if user.is_superuser or user.is_anonymous else getattr(user, "limited_access", None)


class VisibleQuerySet(models.QuerySet):
    event_path = "event"  # which the model's rows belong to

    def visible_to(self, user):
        """Return what `user` may see in the admin: all objects, or those of the events they are restricted to."""
        access = get_limited_access(user)
        return self if access is None else self.filter(**{f"{self.event_path}__in": access.events.all()})
