"""The list of check-ins, which nobody can edit; below it are the pages of each event's door."""

from django.contrib import admin
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from attendance.admin.day_views import door_view, guide_view
from attendance.admin.door_settings_views import discard_rehearsal_view, door_settings_view
from attendance.admin.person_check_ins import CheckInInline
from attendance.admin.phone_views import lock_out_view, pair_view
from attendance.models import CheckIn
from conference.admin.mixins import EventTimeZoneMixin
from registrations.admin.list_filters import EventFilter
from registrations.admin.mixins import OperationsAdmin, ReadOnlyMixin
from registrations.admin.registrations.registration_admin import RegistrationAdmin


@admin.display(description=_("when"), ordering="happened_at")
def happened(check_in):
    return date_format(check_in.happened_at.astimezone(check_in.event.zone), "SHORT_DATETIME_FORMAT")


@admin.display(description=_("person"))
def person(check_in):
    """Who it was, with a link; nothing for a ticket that nobody has."""
    registration = check_in.registration
    if registration is None:
        return None
    url = reverse("admin:registrations_registration_change", args=[registration.pk])
    return format_html('<a href="{}">{}</a>', url, registration.full_name or registration.reference)


@admin.display(description=_("kind"), ordering="kind")
def kind(check_in):
    """Whether somebody went in or out, and whether it counts."""
    shown = check_in.get_kind_display()
    return f"{shown} ({gettext('practice')})" if check_in.is_practice else shown


@admin.display(description=_("by"))
def done_by(check_in):
    return check_in.device or check_in.user


@admin.register(CheckIn)
class CheckInAdmin(EventTimeZoneMixin, ReadOnlyMixin, OperationsAdmin):
    is_of_one_event = True
    time_zone_path = "event__time_zone"
    list_display = [happened, person, "event", kind, "door", "method", "verdict", "reason", done_by]
    list_display_links = None
    list_filter = [EventFilter, "verdict", "method", "kind", "is_practice"]
    allowed_lookups = {"verdict__exact", "method__exact", "kind__exact", "is_practice__exact"}
    list_select_related = ["event", "registration", "door", "device", "user"]
    ordering = ["-happened_at", "-pk"]
    actions = None
    fields = ["event", happened, person, kind, "door", "method", "verdict", "reason", done_by, "received_at"]

    def get_urls(self):
        views = [
            ("", door_view, "door"),
            ("guide/", guide_view, "guide"),
            ("settings/", door_settings_view, "door_settings"),
            ("rehearsal/", discard_rehearsal_view, "discard_rehearsal"),
            ("pair/", pair_view, "pair"),
            ("phones/<int:phone>/lock-out/", lock_out_view, "lock_out"),
        ]
        own = [path(f"door/<int:pk>/{route}", view, name=f"attendance_{name}") for route, view, name in views]
        return [*own, *super().get_urls()]

    def get_list_display(self, request):
        return [name for name in self.list_display if name != "event" or not request.GET.get("event")]

    def has_view_permission(self, request, obj=None):
        """Only for users who may also see registrations: the list has names."""
        can_see_people = request.user.has_perm("registrations.view_registration")
        return can_see_people and super().has_view_permission(request, obj)


RegistrationAdmin.inlines = [CheckInInline, *RegistrationAdmin.inlines]
