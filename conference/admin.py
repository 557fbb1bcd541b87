"""Where organisers keep what visitors read."""

import zoneinfo

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import URLField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from i18nfield.admin import I18nModelAdmin
from i18nfield.fields import I18nCharField, I18nTextField
from i18nfield.forms import I18nTextarea, I18nTextInput

from conference.careful import Careful, Scoped
from conference.models import Event, LimitedAccess, Partner, Topic, Venue, limited_access

INLINE_TEXT = {
    I18nCharField: {"widget": I18nTextInput},
    I18nTextField: {"widget": I18nTextarea, "widget_kwargs": {"attrs": {"rows": 3}}},
    URLField: {"assume_scheme": "https"},
}


@admin.register(Venue)
class VenueAdmin(Careful, I18nModelAdmin):
    list_display = ["name", "city", "country"]

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and serves_only_events_of(request.user, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and serves_only_events_of(request.user, obj)


def serves_only_events_of(user, venue: Venue | None) -> bool:
    """Whether no event is held there that `user` may not see, so that a change of theirs concerns nobody else."""
    return venue is None or not venue.events.exclude(pk__in=Event.objects.visible_to(user)).exists()


class TopicInline(Scoped, admin.TabularInline):
    model = Topic
    extra = 0
    formfield_overrides = INLINE_TEXT


class PartnerInline(Scoped, admin.StackedInline):
    model = Partner
    extra = 0
    formfield_overrides = INLINE_TEXT


class EventAdmin(I18nModelAdmin):
    """Registered by `registrations.admin`, which adds what concerns the people who sign up.

    Whoever is limited to chosen events neither adds events nor deletes them.
    """

    list_display = ["title", "starts_at", "venue", "capacity", "is_published"]
    list_filter = ["is_published"]
    list_select_related = ["venue"]
    ordering = ["-starts_at"]
    inlines = [TopicInline, PartnerInline]
    fieldsets = [
        (None, {"fields": ["title", "slug", "is_published", "summary", "description", "working_language"]}),
        (_("When and where"), {"fields": ["time_zone", "starts_at", "ends_at", "venue"]}),
        (
            _("Registration"),
            {"fields": ["registration_opens_at", "registration_closes_at", "changes_until", "privacy_notice"]},
        ),
        (_("Places"), {"fields": ["capacity", "waiting_list_enabled", "promotes_automatically"]}),
        (
            _("E-mail"),
            {"fields": ["contact_email", "confirmation_note", "confirm_email", "hold_hours", "reminder_days"]},
        ),
        (_("Privacy"), {"fields": ["needs_kept_days"]}),
    ]

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not limited_access(request.user)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not limited_access(request.user)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Times are typed and shown by the clock of the place: in the zone that the form names, or the event has."""
        event = self.get_object(request, unquote(object_id)) if object_id else None
        zone = request.POST.get("time_zone") or (event.time_zone if event else settings.TIME_ZONE)
        if zone not in zoneinfo.available_timezones():
            zone = settings.TIME_ZONE
        with timezone.override(zone):
            response = super().changeform_view(request, object_id, form_url, extra_context)
            return response.render() if hasattr(response, "render") else response


class LimitedAccessInline(admin.StackedInline):
    model = LimitedAccess
    filter_horizontal = ["events"]


admin.site.unregister(User)


@admin.register(User)
class UserWithLimitAdmin(UserAdmin):
    """The stock page of a user, with the events to which they are limited.

    Whoever is limited sees no users: on their own page they could lift the limit.
    """

    inlines = [LimitedAccessInline]

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) and not limited_access(request.user)

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not limited_access(request.user)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not limited_access(request.user)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not limited_access(request.user)
