"""The admin's pages of registrations: careful like all, and telling when the site is busy."""

from django.contrib import messages
from django.shortcuts import redirect

from conference.admin import mixins
from registrations import operations


class RegistrationsAdmin(mixins.EventScopedAdmin):
    """For a ModelAdmin whose pages and actions wait for locks: says so when one could not be had in time."""

    def changelist_view(self, request, extra_context=None):
        return self.redirect_on_refusal(request, super().changelist_view, extra_context)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        return self.redirect_on_refusal(request, super().changeform_view, object_id, form_url, extra_context)

    def redirect_on_refusal(self, request, view, *arguments):
        """The view's response; when it is refused, the same page again with the reason."""
        try:
            with operations.busy_on_lock_timeout():
                return view(request, *arguments)
        except operations.OperationError as refusal:
            messages.error(request, str(refusal))
            return redirect(request.get_full_path())


class ReadOnlyMixin:
    """Shown, never edited: what the site itself writes."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
