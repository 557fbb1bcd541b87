"""What the page of one person shows of the door: when they went in and out."""

from django.contrib import admin

from attendance.models import CheckIn
from registrations.admin.mixins import ReadOnlyMixin


class CheckInInline(ReadOnlyMixin, admin.TabularInline):
    """All that counts, in order; what was undone is followed by its undo. Each row is named by what happened when."""

    model = CheckIn
    fields = readonly_fields = ["door", "method", "verdict", "reason", "device", "user"]
    ordering = ["happened_at"]
    show_change_link = True
    classes = ["collapse"]

    def get_queryset(self, request):
        return super().get_queryset(request).counted().select_related("door", "device", "user")

    def has_view_permission(self, request, obj=None):
        # An empty table tells nothing, and on a phone it scrolls where no key reaches it.
        can_view = super().has_view_permission(request, obj)
        return can_view and (obj is None or obj.check_ins.counted().exists())
