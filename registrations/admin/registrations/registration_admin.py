"""The list of registrations, and the addresses below it: find, add, correct, confirm, cancel, export."""

from django.contrib import admin
from django.urls import path

from conference.admin.mixins import EventTimeZoneMixin, warn_of_shortened_search
from registrations.admin import list_filters
from registrations.admin.answer_filters import make_answer_filters
from registrations.admin.mail.outbox_admin import OutgoingEmailInline
from registrations.admin.mixins import OperationsAdmin
from registrations.admin.people_list.column_views import columns_view
from registrations.admin.people_list.find_view import find_view
from registrations.admin.people_list.list_columns import choose_columns, list_offered_columns
from registrations.admin.people_list.people_list import PeopleList, PeoplePaginator
from registrations.admin.registrations.duplicate_views import duplicates_view, merge_view
from registrations.admin.registrations.export_views import export_view, print_view
from registrations.admin.registrations.import_views import import_preview_view, import_view
from registrations.admin.registrations.list_actions import ACTIONS
from registrations.admin.registrations.person_page import PersonPageMixin
from registrations.admin.registrations.person_views import add_view, needs_view
from registrations.admin.registrations.single_actions import action_view
from registrations.admin.registrations.ticket_views import ticket_view
from registrations.models import Registration
from registrations.permissions import ERASE


@admin.register(Registration)
class RegistrationAdmin(PersonPageMixin, EventTimeZoneMixin, OperationsAdmin):
    is_of_one_event = True
    time_zone_path = "event__time_zone"
    actions = ACTIONS
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
    inlines = [OutgoingEmailInline]

    def get_urls(self):
        views = [
            ("add/", add_view, "add"),
            ("columns/", columns_view, "columns"),
            ("doubles/", duplicates_view, "doubles"),
            ("doubles/<int:keep>/<int:drop>/", merge_view, "merge"),
            ("export/", export_view, "export"),
            ("find/", find_view, "find"),
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
        return PeopleList

    def get_paginator(self, request, queryset, per_page, orphans=0, allow_empty_first_page=True):
        shown = getattr(request, "people_list", None)  # none where somebody is chosen as one types
        return PeoplePaginator(queryset, per_page, known=shown and shown.count_known())

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
        if not hasattr(request, "offered_columns"):  # Django asks several times
            events = list_filters.get_filtered_events(request)
            request.offered_columns = list(list_offered_columns(request.user, events))
            request.chosen_columns = choose_columns(request.user, request.offered_columns)
        return request.chosen_columns

    def get_sortable_by(self, request):
        return self.get_list_display(request)

    def get_list_filter(self, request):
        if not hasattr(request, "answer_filters"):  # Django asks several times
            request.answer_filters = make_answer_filters(request)
        return [*self.list_filter, *request.answer_filters]
