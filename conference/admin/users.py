"""The stock admin of users and groups, with the events to which a user is restricted."""

from django.contrib.admin import StackedInline
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.forms import Script

from conference.admin.mixins import NumericSelectionMixin, UnrestrictedOnlyMixin
from conference.models import LimitedAccess


class LimitedAccessInline(StackedInline):
    model = LimitedAccess
    filter_horizontal = ["events"]


class HorizontalFilterMixin:
    """For a ModelAdmin with `filter_horizontal`."""

    class Media:
        js = [Script("js/selector.js", type="module")]


class ConferenceUserAdmin(HorizontalFilterMixin, NumericSelectionMixin, UnrestrictedOnlyMixin, UserAdmin):
    """Restricted users see no users, as they could lift their own restriction."""

    inlines = [LimitedAccessInline]


class ConferenceGroupAdmin(HorizontalFilterMixin, NumericSelectionMixin, GroupAdmin):
    pass
