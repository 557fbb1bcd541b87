"""The stock admin of users and groups, with the events to which a user is restricted."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.forms import Script
from django.utils.translation import gettext

from conference.admin.mixins import NumericSelectionMixin, UnrestrictedOnlyMixin
from conference.models import LimitedAccess


class LimitedAccessInline(admin.StackedInline):
    model = LimitedAccess
    filter_horizontal = ["events"]


class AccountAdminMixin(NumericSelectionMixin):
    """For a ModelAdmin whose page has pairs of lists to choose from."""

    class Media:
        js = [Script("js/selector.js", type="module")]

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        field = super().formfield_for_manytomany(db_field, request=request, **kwargs)
        if db_field.related_model is Group:
            field.label_from_instance = lambda group: gettext(group.name)
        elif db_field.related_model is Permission:
            field.label_from_instance = get_permission_label
        return field


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


admin.site.unregister([User, Group])


@admin.register(User)
class ConferenceUserAdmin(AccountAdminMixin, UnrestrictedOnlyMixin, UserAdmin):
    """Users who are limited to some events have no access, for they could lift their own limit."""

    inlines = [LimitedAccessInline]


@admin.register(Group)
class ConferenceGroupAdmin(AccountAdminMixin, GroupAdmin):
    pass
