"""The stock pages of users and groups, with the events to which a user is limited."""

from django.contrib.admin import StackedInline
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission
from django.forms import Script
from django.utils.translation import gettext

from conference.admin.mixins import NumericSelectionMixin, UnrestrictedOnlyMixin
from conference.models import LimitedAccess


class LimitedAccessInline(StackedInline):
    model = LimitedAccess
    filter_horizontal = ["events"]


class HorizontalFilterMixin:
    """For a ModelAdmin whose page has pairs of lists to choose from, with their names in the active language."""

    class Media:
        js = [Script("js/selector.js", type="module")]

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        field = super().formfield_for_manytomany(db_field, request=request, **kwargs)
        label = {Group: get_group_label, Permission: get_permission_label}.get(db_field.remote_field.model)
        if label:
            field.label_from_instance = label
        return field


def get_group_label(group: Group) -> str:
    return gettext(group.name)


def get_permission_label(permission: Permission) -> str:
    """As Django writes it, in the active language."""
    kind = permission.content_type
    templates = {
        f"add_{kind.model}": gettext("Can add %(model)s"),
        f"change_{kind.model}": gettext("Can change %(model)s"),
        f"delete_{kind.model}": gettext("Can delete %(model)s"),
        f"view_{kind.model}": gettext("Can view %(model)s"),
    }
    template = templates.get(permission.codename)
    return f"{kind} | {template % {'model': kind.name} if template else gettext(permission.name)}"


class ConferenceUserAdmin(HorizontalFilterMixin, NumericSelectionMixin, UnrestrictedOnlyMixin, UserAdmin):
    """Whoever is limited sees no users, for on their own page they could lift the limit."""

    inlines = [LimitedAccessInline]


class ConferenceGroupAdmin(HorizontalFilterMixin, NumericSelectionMixin, GroupAdmin):
    pass
