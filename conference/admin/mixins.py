"""Base classes of the ModelAdmins: the site's form fields, event scope, permissions."""

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import SuspiciousOperation
from django.db.models import DateTimeField, URLField
from django.utils.translation import gettext_noop, ngettext_lazy
from i18nfield.fields import I18nCharField, I18nTextField

from conference.admin.translated_fields import (
    TranslatedLineField,
    TranslatedLineWidget,
    TranslatedTextField,
    TranslatedTextWidget,
)
from conference.local_time import LocalDateTimeField
from conference.models import get_limited_access, is_pk

# Django's own texts, in which a noun follows a verb. Listed here, they are in this project's catalogue too, where they
# are translated so that the noun needs no case.
gettext_noop("Add %s")
gettext_noop("Change %s")
gettext_noop("View %s")
gettext_noop("Add %(name)s")
gettext_noop("Add another %(verbose_name)s")
# Django's Latvian translation of these always uses the singular.
ngettext_lazy("Please correct the error below.", "Please correct the errors below.", 0)


FIELD_OVERRIDES = {
    I18nCharField: {"form_class": TranslatedLineField, "widget": TranslatedLineWidget},
    I18nTextField: {"form_class": TranslatedTextField, "widget": TranslatedTextWidget},
    DateTimeField: {"form_class": LocalDateTimeField},
    URLField: {"assume_scheme": "https"},
}
# Inlines have lower text areas.
INLINE_FIELD_OVERRIDES = {
    **FIELD_OVERRIDES,
    I18nTextField: {**FIELD_OVERRIDES[I18nTextField], "widget_kwargs": {"attrs": {"rows": 3}}},
}


class FormFieldsMixin:
    """For a ModelAdmin: the site's own form fields, which offer and accept only rows that their user may see.

    `markdown_fields` names the texts in which Markdown is read, so that pasted formatting is kept.
    """

    formfield_overrides = FIELD_OVERRIDES
    markdown_fields: list[str] = []

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.is_relation and hasattr(related := db_field.related_model._default_manager, "visible_to"):
            kwargs["queryset"] = related.visible_to(request.user)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in self.markdown_fields:
            field.widget.enable_markdown()
        return field


class InlineFieldsMixin(FormFieldsMixin):
    """The same for an inline."""

    formfield_overrides = INLINE_FIELD_OVERRIDES


class NumericSelectionMixin:
    """For a ModelAdmin with integer keys: refuses actions on anything else."""

    def response_action(self, request, queryset):
        if not all(map(is_pk, request.POST.getlist(ACTION_CHECKBOX_NAME))):
            raise SuspiciousOperation("Rows are chosen by their numbers.")
        return super().response_action(request, queryset)


class EventScopedAdmin(NumericSelectionMixin, FormFieldsMixin, admin.ModelAdmin):
    """Shows only rows that the user may see, and accepts only the lookups of its own filters.

    `allowed_lookups` are those of the filters that `list_filter` names by a field.
    """

    allowed_lookups: set[str] = set()

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def lookup_allowed(self, lookup, value, request=None):
        # Otherwise anybody who sees the list could guess, letter by letter, fields that it does not show.
        return lookup in self.allowed_lookups or lookup in {
            listed.parameter_name for listed in self.get_list_filter(request) if hasattr(listed, "parameter_name")
        }


class UnrestrictedOnlyMixin:
    """For a ModelAdmin of what concerns all events: users who are limited to some have no access."""

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) and not get_limited_access(request.user)

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not get_limited_access(request.user)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not get_limited_access(request.user)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not get_limited_access(request.user)
