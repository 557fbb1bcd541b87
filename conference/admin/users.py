"""The stock pages of users and groups, with the events to which a user is limited."""

from django.contrib.admin import StackedInline
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.forms import Script

from conference.admin.mixins import NumericSelectionMixin, UnrestrictedOnlyMixin
from conference.models import LimitedAccess


class LimitedAccessInline(StackedInline):
    model = LimitedAccess
    filter_horizontal = ["events"]


class HorizontalFilterMixin:
    """For a ModelAdmin whose page has pairs of lists to choose from."""

    class Media:
        js = [Script("js/selector.js", type="module")]


class ConferenceUserAdmin(HorizontalFilterMixin, NumericSelectionMixin, UnrestrictedOnlyMixin, UserAdmin):
    """Whoever is limited sees no users, for on their own page they could lift the limit."""

    inlines = [LimitedAccessInline]


class ConferenceGroupAdmin(HorizontalFilterMixin, NumericSelectionMixin, GroupAdmin):
    pass
