"""The list of events, and the addresses below it."""

from django.conf import settings
from django.contrib import admin
from django.db.models import Count, Q
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference.models import Event, get_limited_access
from registrations.admin.events.burst_views import burst_view
from registrations.admin.events.cancellation_views import cancel_event_view, restore_event_view
from registrations.admin.events.event_settings import EventSettingsAdmin
from registrations.admin.events.event_views import copy_view, email_previews_view, overview_view, share_view
from registrations.admin.events.new_event import NewEventMixin
from registrations.admin.events.publishing import publish_view
from registrations.models import Registration


@admin.register(Event)
class EventAdmin(NewEventMixin, EventSettingsAdmin):
    """Restricted users neither add nor delete."""

    list_display = ["name", "overview", "door", "starts", "venue", "capacity", "is_published", "taken", "waiting"]
    list_filter = ["is_published"]
    allowed_lookups = {"is_published__exact"}
    ordering = ["-starts_at"]

    def get_queryset(self, request):
        status = Registration.Status
        taken = Count("registrations", filter=Q(registrations__status__in=status.occupying_place()))
        waiting = Count("registrations", filter=Q(registrations__status=status.WAITLISTED))
        return super().get_queryset(request).select_related("venue").annotate(taken=taken, waiting=waiting)

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not get_limited_access(request.user)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not get_limited_access(request.user)

    def get_urls(self):
        return [
            path("<int:pk>/bursts/<int:burst>/", burst_view, name="conference_event_burst"),
            path("<int:pk>/cancel/", cancel_event_view, name="conference_event_cancel"),
            path("<int:pk>/restore/", restore_event_view, name="conference_event_restore"),
            path("<int:pk>/copy/", copy_view, name="conference_event_copy"),
            path("<int:pk>/emails/", email_previews_view, name="conference_event_emails"),
            path("<int:pk>/overview/", overview_view, name="conference_event_overview"),
            path("<int:pk>/publish/", publish_view, name="conference_event_publish"),
            path("<int:pk>/share/", share_view, name="conference_event_share"),
            path(
                "<int:pk>/settings/<slug:topic>/",
                self.admin_site.admin_view(self.settings_view),
                name="conference_event_settings",
            ),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        """Call it as the menu does."""
        return super().changelist_view(request, {**(extra_context or {}), "title": gettext("All conferences")})

    def get_list_display(self, request):
        needed = {"overview": "registrations.view_registration", "door": "attendance.view_checkin"}
        return [name for name in self.list_display if name not in needed or request.user.has_perm(needed[name])]

    @admin.display(description=_("title"), ordering="title")
    def name(self, event):
        return f"{event.title}{event.mark}"

    @admin.display(description=_("starts"), ordering="starts_at")
    def starts(self, event):
        """The start in the event's time zone, which is named if it is not the site's."""
        shown = date_format(event.starts_at.astimezone(event.zone), "SHORT_DATETIME_FORMAT")
        return shown if event.time_zone == settings.TIME_ZONE else f"{shown} ({event.time_zone})"

    @admin.display(description=_("figures"))
    def overview(self, event):
        url = reverse("admin:conference_event_overview", args=[event.pk])
        return format_html('<a href="{}">{}</a>', url, gettext("Overview"))

    @admin.display(description=_("the day"))
    def door(self, event):
        url = reverse("admin:attendance_door", args=[event.pk])
        return format_html('<a href="{}">{}</a>', url, gettext("Door"))

    @admin.display(description=_("places taken"), ordering="taken")
    def taken(self, event):
        return event.taken

    @admin.display(description=_("waiting"), ordering="waiting")
    def waiting(self, event):
        return event.waiting
