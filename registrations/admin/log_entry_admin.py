"""The read-only log: who changed what in the admin, exported lists, looked at needs."""

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.utils.translation import gettext_lazy as _

from conference.admin.mixins import EventScopedAdmin
from registrations.admin.mixins import ReadOnlyMixin
from registrations.admin_site import get_visible_log_entries


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyMixin, EventScopedAdmin):
    allowed_lookups = {"action_flag__exact"}
    fields = list_display = ["action_time", "user", "content_type", "object_repr", "said"]
    list_display_links = None
    list_filter = ["action_flag"]
    list_select_related = ["user", "content_type"]
    ordering = ["-pk"]

    def get_queryset(self, request):
        return get_visible_log_entries(request.user).order_by(*self.ordering)

    @admin.display(description=_("what was done"))
    def said(self, entry):
        return entry.get_change_message() or entry.get_action_flag_display()
