"""Base classes of this package's ModelAdmins."""

from django.contrib.admin.views.main import ChangeList
from django.shortcuts import redirect
from django.utils.text import capfirst

from conference.admin.mixins import EventScopedAdmin
from registrations.admin.extra_pages import refusals_as_messages
from registrations.admin_site import get_current_event, redirect_to_chosen_event


class OperationsAdmin(EventScopedAdmin):
    """For pages and actions that call operations: if one is refused, the same page comes again with the reason.

    A list that `is_of_one_event` has an EventFilter, and opens with the rows of the event that the user has chosen.
    """

    is_of_one_event = False

    def changelist_view(self, request, extra_context=None):
        is_led = self.is_of_one_event and self.has_view_or_change_permission(request)
        elsewhere = redirect_to_chosen_event(request) if is_led else None
        return elsewhere or super().changelist_view(request, extra_context)

    def get_changelist_instance(self, request):
        """Name the list after what is in it; leave the choice of the event to the menu, once one is chosen there."""
        changelist = super().get_changelist_instance(request)
        if type(changelist) is ChangeList:  # whose title is “Select … to change”
            changelist.title = capfirst(self.opts.verbose_name_plural)
        if self.is_of_one_event and get_current_event(request):
            offered = [spec for spec in changelist.filter_specs if "event" not in spec.expected_parameters()]
            changelist.has_filters = bool(offered)
            names = {name for spec in offered for name in spec.expected_parameters()}
            changelist.has_active_filters = not names.isdisjoint(request.GET)
        return changelist

    def response_action(self, request, queryset):
        with refusals_as_messages(request):
            return super().response_action(request, queryset)
        return redirect(request.get_full_path())

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        with refusals_as_messages(request):
            return super().changeform_view(request, object_id, form_url, extra_context)
        return redirect(request.get_full_path())


class ReadOnlyMixin:
    """For rows that only the site itself writes."""

    def has_add_permission(self, request, obj=None):
        return False

    has_change_permission = has_delete_permission = has_add_permission
