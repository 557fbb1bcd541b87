"""What the page of one person shows of the door: when they went in and out, and the buttons for it."""

from django.contrib import admin
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from attendance.door_permissions import CHECK_IN
from attendance.models import CheckIn
from registrations.admin.extra_pages import admin_view
from registrations.admin.mixins import ReadOnlyMixin
from registrations.admin.registrations.bulk_actions import BULK_ACTIONS, apply_and_report
from registrations.models import Registration


class CheckInInline(ReadOnlyMixin, admin.TabularInline):
    """All that counts, in order; what was undone is followed by its undo. Each row is named by what happened when."""

    model = CheckIn
    fields = readonly_fields = ["door", "method", "verdict", "reason", "device", "user"]
    ordering = ["happened_at"]
    show_change_link = True

    def get_queryset(self, request):
        return super().get_queryset(request).counted().select_related("door", "device", "user")

    def has_view_permission(self, request, obj=None):
        # An empty table tells nothing, and on a phone it scrolls where no key reaches it.
        can_view = super().has_view_permission(request, obj)
        return can_view and (obj is None or obj.check_ins.counted().exists())


@admin_view(Registration, CHECK_IN, scoped=True)
@require_POST
def change_check_in_view(request, registration):
    """Check the person in or undo it, as the action of the list does, and lead back to their page."""
    name = "undo_check_in" if "undo" in request.POST else "check_in"
    if not registration.erased_at:
        people = Registration.objects.filter(pk=registration.pk)
        apply_and_report(request, people, BULK_ACTIONS[name], by=request.user)
    return redirect("admin:registrations_registration_change", registration.pk)
