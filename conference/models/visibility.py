"""Who sees which events in the admin."""

from django.db import models


def get_limited_access(user):
    """The LimitedAccess of `user`, or None when nothing limits them. One query at most for each user object."""
    return None if user.is_superuser or user.is_anonymous else getattr(user, "limited_access", None)


class VisibleQuerySet(models.QuerySet):
    """Rows that belong to an event, which is found under `event_path`."""

    event_path = "event"

    def visible_to(self, user):
        """The rows that `user` may see in the admin: all, or those of the events to which they are limited."""
        access = get_limited_access(user)
        return self if access is None else self.filter(**{f"{self.event_path}__in": access.events.all()})
