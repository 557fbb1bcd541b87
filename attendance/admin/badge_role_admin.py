"""The roles that an event's badges can have."""

from django import forms
from django.contrib import admin
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from attendance.admin.badge_views import badges_view
from attendance.models import BadgeRole
from registrations.admin import list_filters
from registrations.admin.mixins import OperationsAdmin
from registrations.admin_site import get_current_event


@admin.register(BadgeRole)
class BadgeRoleAdmin(OperationsAdmin):
    is_of_one_event = True
    fields = ["event", "word", "colour", "position"]
    list_display = ["word", "colour_shown", "position", "event"]
    list_filter = [list_filters.EventFilter]
    list_select_related = ["event"]
    ordering = ["-event__starts_at", "event", "position", "pk"]

    def get_urls(self):
        return [path("print/", badges_view, name="attendance_badges"), *super().get_urls()]

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Let a role stay with its event; read-only, it would not be compared with the event's other roles."""
        form = super().get_form(request, obj, change, **kwargs)
        if change and "event" in form.base_fields:
            form.base_fields["event"].disabled = True
        return form

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "colour":
            kwargs["widget"] = forms.ColorInput
        elif db_field.name == "event":
            kwargs["initial"] = get_current_event(request)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("colour"), ordering="colour")
    def colour_shown(self, role):
        swatch = '<svg width="24" height="12" aria-hidden="true"><rect width="24" height="12" fill="{0}"/></svg> {0}'
        return format_html(swatch, role.colour)
