"""Which objects a user may see in the admin."""

from django.db import models


def get_limited_access(user):
    """Return the LimitedAccess of `user`, or None if they are unrestricted. At most one query per user object."""
    return None if user.is_superuser or user.is_anonymous else getattr(user, "limited_access", None)


class VisibleQuerySet(models.QuerySet):
    """For models that belong to an event, which is at `event_path`."""

    event_path = "event"

    def visible_to(self, user):
        """Return what `user` may see in the admin: all objects, or those of the events they are restricted to."""
        access = get_limited_access(user)
        return self if access is None else self.filter(**{f"{self.event_path}__in": access.events.all()})
