"""The stock admin of users and groups, with the events to which a user is restricted."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.forms import Script

from conference.admin.mixins import NumericSelectionMixin, UnrestrictedOnlyMixin
from conference.models import LimitedAccess


class LimitedAccessInline(admin.StackedInline):
    model = LimitedAccess
    filter_horizontal = ["events"]


class AccountAdminMixin(NumericSelectionMixin):
    """For a ModelAdmin whose page has pairs of lists to choose from."""

    class Media:
        js = [Script("js/selector.js", type="module")]


admin.site.unregister([User, Group])


@admin.register(User)
class ConferenceUserAdmin(AccountAdminMixin, UnrestrictedOnlyMixin, UserAdmin):
    """Users who are limited to some events have no access, for they could lift their own limit."""

    inlines = [LimitedAccessInline]


@admin.register(Group)
class ConferenceGroupAdmin(AccountAdminMixin, GroupAdmin):
    pass
