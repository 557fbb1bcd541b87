"""The stock pages of users and groups, with the events to which a user is limited."""

from django.contrib.admin import StackedInline
from django.contrib.auth.admin import GroupAdmin, UserAdmin

from conference.careful import ChosenByNumber, OfTheWholeSite
from conference.models import LimitedAccess


class LimitedAccessInline(StackedInline):
    model = LimitedAccess
    filter_horizontal = ["events"]


class UserWithLimitAdmin(ChosenByNumber, OfTheWholeSite, UserAdmin):
    """Whoever is limited sees no users, for on their own page they could lift the limit."""

    inlines = [LimitedAccessInline]


class CarefulGroupAdmin(ChosenByNumber, GroupAdmin):
    pass
