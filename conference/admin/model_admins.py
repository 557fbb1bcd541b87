"""The admin of venues, the accessibility statement, users and groups; events are in `registrations.admin.events`."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.forms import Script
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy

from conference.admin.concurrent_edits import ConcurrentEditsMixin
from conference.admin.mixins import (
    ChangePageMixin,
    CheckedListMixin,
    EventScopedAdmin,
    UnrestrictedOnlyMixin,
)
from conference.models import AccessibilityStatement, Event, LimitedAccess, Venue
from conference.text.map_links import find_coordinates


class VenueForm(forms.ModelForm):
    """Takes the coordinates from a link of a map, if one is pasted."""

    map_link = forms.CharField(
        label=gettext_lazy("Link of a map"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy(
            "Find the place on OpenStreetMap or Google Maps, copy the address of that page and paste it here. "
            "It sets latitude and longitude."
        ),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    def clean(self):
        super().clean()
        if link := self.cleaned_data.get("map_link"):
            if found := find_coordinates(link):
                self.cleaned_data["latitude"], self.cleaned_data["longitude"] = found
            else:
                text = gettext(
                    "There are no coordinates in this link. Open it in the browser, and copy the long address that "
                    "the browser then shows; or enter the coordinates, for example 56.94109, 24.09676."
                )
                self.add_error("map_link", text)

    @cached_property
    def changed_data(self) -> list[str]:
        """Also what the link of a map says, which nobody typed."""
        changed = super().changed_data
        said = ["latitude", "longitude"] if "map_link" in changed else []
        return [*changed, *(name for name in said if name not in changed)]


@admin.register(Venue)
class VenueAdmin(EventScopedAdmin):
    form = VenueForm
    list_display = ["name", "city", "country"]
    markdown_fields = ["directions", "accessibility"]
    fieldsets = [
        (None, {"fields": ["name", "street", "city", "postal_code", "country"]}),
        (gettext_lazy("On the map"), {"fields": ["map_link", ("latitude", "longitude")]}),
        (gettext_lazy("For visitors"), {"fields": ["directions", "accessibility"]}),
    ]

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and can_manage_venue(request.user, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and can_manage_venue(request.user, obj)


def can_manage_venue(user, venue: Venue | None) -> bool:
    """Whether `user` may see all events at the venue, so that changing it concerns no other events."""
    return venue is None or not venue.events.exclude(pk__in=Event.objects.visible_to(user)).exists()


@admin.register(AccessibilityStatement)
class AccessibilityStatementAdmin(UnrestrictedOnlyMixin, ChangePageMixin, admin.ModelAdmin):
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
        if statement := self.get_queryset(request).first():
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


class LimitedAccessInline(admin.StackedInline):
    model = LimitedAccess
    filter_horizontal = ["events"]


class AccountAdminMixin(ConcurrentEditsMixin, CheckedListMixin):
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
