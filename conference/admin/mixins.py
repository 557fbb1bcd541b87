"""Mixins that close gaps of the stock admin: malformed keys, arbitrary lookups, and other users' events."""

from django.core.exceptions import SuspiciousOperation
from django.utils.translation import gettext_noop, ngettext_lazy

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


class ScopedFieldsMixin:
    """For a ModelAdmin or an inline: its fields offer and accept only related objects that the user may see."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        return super().formfield_for_foreignkey(db_field, request, **limit_choices(db_field, request, kwargs))

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        return super().formfield_for_manytomany(db_field, request, **limit_choices(db_field, request, kwargs))


def limit_choices(db_field, request, options: dict) -> dict:
    """Return the options of a related field, limited to the objects that the user may see."""
    related = db_field.remote_field.model._default_manager
    if hasattr(related, "visible_to"):
        options.setdefault("queryset", related.visible_to(request.user))
    return options


class NumericSelectionMixin:
    """For a ModelAdmin with numeric keys: refuses a selection with any other key."""

    def changelist_view(self, request, extra_context=None):
        if not all(map(is_pk, request.POST.getlist("_selected_action"))):
            raise SuspiciousOperation("Rows are chosen by their numbers.")
        return super().changelist_view(request, extra_context)


class EventScopedAdmin(NumericSelectionMixin, ScopedFieldsMixin):
    """For a ModelAdmin: shows only what the user may see, and allows only the lookups of its own filters.

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
    """For a ModelAdmin of site-wide objects: hidden from users who are restricted to some events."""

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) and not get_limited_access(request.user)

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not get_limited_access(request.user)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not get_limited_access(request.user)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not get_limited_access(request.user)
