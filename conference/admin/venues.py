"""The page of a venue."""

from django.contrib import admin

from conference.admin.mixins import EventScopedAdmin
from conference.models import Event, Venue


@admin.register(Venue)
class VenueAdmin(EventScopedAdmin):
    list_display = ["name", "city", "country"]
    markdown_fields = ["directions", "accessibility"]

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and can_manage_venue(request.user, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and can_manage_venue(request.user, obj)


def can_manage_venue(user, venue: Venue | None) -> bool:
    """Whether `user` may see all events at the venue, so that changing it concerns no other events."""
    return venue is None or not venue.events.exclude(pk__in=Event.objects.visible_to(user)).exists()
