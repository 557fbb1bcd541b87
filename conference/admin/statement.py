"""The page of the accessibility statement."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.shortcuts import redirect
from django.utils.translation import gettext, gettext_lazy

from conference.admin.mixins import FormFieldsMixin, UnrestrictedOnlyMixin
from conference.models import AccessibilityStatement


@admin.register(AccessibilityStatement)
class AccessibilityStatementAdmin(UnrestrictedOnlyMixin, FormFieldsMixin, admin.ModelAdmin):
    """There is one statement, to which the list redirects. The law requires it, so it is never deleted."""

    markdown_fields = ["not_accessible", "enforcement"]
    fieldsets = [
        (None, {"fields": ["owner", "status", "not_accessible"]}),
        (gettext_lazy("Preparation of this statement"), {"fields": ["method", "prepared_on", "reviewed_on"]}),
        (gettext_lazy("Feedback and contact"), {"fields": ["feedback_email", "feedback_phone", "enforcement"]}),
    ]

    def has_delete_permission(self, request, obj=None):
        return False

    def get_model_perms(self, request):
        return {**super().get_model_perms(request), "add": False}  # the link to the list adds it where it is missing

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        statement = self.get_queryset(request).first()
        if statement:
            return redirect("admin:conference_accessibilitystatement_change", statement.pk)
        return redirect("admin:conference_accessibilitystatement_add")

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if object_id is None and self.get_queryset(request).exists() and request.method != "POST":
            return self.changelist_view(request)
        context = {**(extra_context or {}), "show_save_and_add_another": False}
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except IntegrityError:
            messages.error(request, gettext("There is already a statement. Go back to see what you typed."))
            return self.changelist_view(request)
