"""The list of registrations, and the addresses below it: find, add, correct, confirm, cancel, export."""

import re
from urllib.parse import quote

from django.contrib import admin
from django.urls import path
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from conference.admin.mixins import EventTimeZoneMixin, warn_of_shortened_search
from registrations import audit
from registrations.admin import list_filters
from registrations.admin.answer_filters import make_answer_filters
from registrations.admin.mail.outbox_admin import OutgoingEmailInline
from registrations.admin.mixins import OperationsAdmin
from registrations.admin.registrations.duplicate_views import duplicates_view, merge_view
from registrations.admin.registrations.export_views import export_view, print_view
from registrations.admin.registrations.import_views import import_preview_view, import_view
from registrations.admin.registrations.list_actions import ACTIONS
from registrations.admin.registrations.person_page import PersonPageMixin
from registrations.admin.registrations.person_views import add_view, needs_view
from registrations.admin.registrations.registration_list import RegistrationChangeList
from registrations.admin.registrations.single_actions import action_view
from registrations.admin.registrations.ticket_views import ticket_view
from registrations.models import Registration
from registrations.permissions import ERASE


@admin.display(description=_("Name"), ordering="sort_name")
def name(registration):
    return registration.full_name or _("(erased)")


@admin.display(description=_("e-mail"), ordering="email")
def address(registration):
    """A link to write to the person, which a narrow column breaks before a dot or the @ and not within a word."""
    if not registration.email:
        return None if registration.erased_at else _("no e-mail")
    shown = SafeString(re.sub(r"(?=[.@+_-])", "<wbr>", escape(registration.email)))
    return format_html('<a href="mailto:{}">{}</a>', quote(registration.email, safe="@+"), shown)


@admin.display(description=_("registered"), ordering="created_at")
def registered(registration):
    return audit.format_value(registration, "created_at", registration.created_at)


@admin.display(description=_("event"), ordering="event__slug")
def event_slug(registration):
    return f"{registration.event.slug}{registration.event.mark}"


@admin.display(description=_("attended"), ordering="checked_in_at")
def came(registration):
    return audit.format_value(registration, "checked_in_at", registration.checked_in_at) or None


@admin.register(Registration)
class RegistrationAdmin(PersonPageMixin, EventTimeZoneMixin, OperationsAdmin):
    is_of_one_event = True
    time_zone_path = "event__time_zone"
    actions = ACTIONS
    list_display = [name, "organisation", address, "status", registered, event_slug, "tags_shown", came]
    sortable_by = list_display
    list_filter = [
        list_filters.EventFilter,
        "status",
        list_filters.SectorFilter,
        list_filters.CountryFilter,
        list_filters.TopicFilter,
        list_filters.LanguageFilter,
        list_filters.TagFilter,
        list_filters.CheckInFilter,
        list_filters.EmailTypoFilter,
        list_filters.BurstFilter,
        ("created_at", admin.DateFieldListFilter),
    ]
    allowed_lookups = {
        *("status__exact", "status__in"),  # the second is used by the overview's links
        *("created_at__gte", "created_at__lt", "created_at__isnull"),
    }
    list_select_related = ["event"]
    ordering = ["-created_at", "-pk"]
    search_fields = ["search_text"]
    search_help_text = _("Name (with or without diacritics), e-mail, organisation or reference.")
    inlines = [OutgoingEmailInline]

    def get_urls(self):
        views = [
            ("add/", add_view, "add"),
            ("doubles/", duplicates_view, "doubles"),
            ("doubles/<int:keep>/<int:drop>/", merge_view, "merge"),
            ("export/", export_view, "export"),
            ("import/", import_view, "import"),
            ("import/<uuid:key>/", import_preview_view, "import_preview"),
            ("print/", print_view, "print"),
            ("<int:pk>/do/<slug:action>/", action_view, "action"),
            ("<int:pk>/needs/", needs_view, "needs"),
            ("<int:pk>/ticket/", ticket_view, "ticket"),
        ]
        own = [path(route, view, name=f"registrations_registration_{name}") for route, view, name in views]
        return [*own, *super().get_urls()]

    def get_changelist(self, request, **kwargs):
        return RegistrationChangeList

    @admin.display(description=_("tags"))
    def tags_shown(self, registration):
        return ", ".join(registration.tags)

    def has_delete_permission(self, request, obj=None):
        return False  # a deleted row would free its place behind the waiting list's back: cancelling frees it

    def has_export_permission(self, request):
        return request.user.has_perm("registrations.export_registration")

    def has_badges_permission(self, request):
        return self.has_change_permission(request) and self.has_export_permission(request)

    def has_import_permission(self, request):
        # An import shows which addresses are registered.
        return self.has_add_permission(request) and request.user.has_perm("registrations.view_email")

    def has_erase_permission(self, request):
        return request.user.has_perm(ERASE)

    def has_merge_permission(self, request):
        return self.has_change_permission(request) and request.user.has_perm("registrations.view_email")

    def has_send_permission(self, request):
        return request.user.has_perm("registrations.add_mailing")

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.erased_at)

    def get_search_results(self, request, queryset, search_term):
        warn_of_shortened_search(request, search_term)
        return queryset.search(search_term, with_email=request.user.has_perm("registrations.view_email")), False

    def get_list_display(self, request):
        hidden = set() if request.user.has_perm("registrations.view_email") else {address}
        events = list_filters.list_events(request)
        if all(event.starts_at > timezone.now() for event in events):
            hidden.add(came)
        if request.GET.get("event") or len(events) == 1:
            hidden.add(event_slug)
        if not any(event.is_asked("organisation") for event in events):
            hidden |= {"organisation"}.difference(Registration.objects.list_shown_fields(events))
        return [column for column in self.list_display if column not in hidden]

    def get_list_filter(self, request):
        if not hasattr(request, "answer_filters"):  # Django asks several times
            request.answer_filters = make_answer_filters(request)
        return [*self.list_filter, *request.answer_filters]
