"""Base classes of this package's ModelAdmins."""

from django.shortcuts import redirect

from conference.admin.mixins import EventScopedAdmin
from registrations.admin.extra_pages import refusals_as_messages


class OperationsAdmin(EventScopedAdmin):
    """For pages and actions that call operations: if one is refused, the same page comes again with the reason."""

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
