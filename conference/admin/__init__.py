"""Where organisers keep what visitors read."""

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import Group, User
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import DateTimeField, URLField
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy
from i18nfield.fields import I18nCharField, I18nTextField

from conference.admin.mixins import EventScopedAdmin, ScopedFieldsMixin, UnrestrictedOnlyMixin
from conference.admin.origin_list_field import OriginListField
from conference.admin.picture_fields import LogoFieldMixin, PictureFieldMixin, PictureStorageMixin
from conference.admin.time_zone import EventTimeZoneMixin, time_zone_note
from conference.admin.translated_fields import (
    TranslatedLineField,
    TranslatedLineWidget,
    TranslatedTextField,
    TranslatedTextWidget,
)
from conference.admin.users import ConferenceGroupAdmin, ConferenceUserAdmin
from conference.local_time import LocalDateTimeField
from conference.models import AccessibilityStatement, Event, Partner, Topic, Venue, limited_access

# How the fields of a page of its own are typed.
FIELD_OVERRIDES = {
    I18nCharField: {"form_class": TranslatedLineField, "widget": TranslatedLineWidget},
    I18nTextField: {"form_class": TranslatedTextField, "widget": TranslatedTextWidget},
    DateTimeField: {"form_class": LocalDateTimeField},
    URLField: {"assume_scheme": "https"},
}
# The same for rows on another's page: the boxes are low.
INLINE_FIELD_OVERRIDES = {
    **FIELD_OVERRIDES,
    I18nTextField: {**FIELD_OVERRIDES[I18nTextField], "widget_kwargs": {"attrs": {"rows": 3}}},
}


class MarkdownFieldsMixin:
    """For a ModelAdmin or an inline: names the texts in which Markdown is read, so that pasted formatting is kept."""

    markdown_fields: list[str] = []

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in self.markdown_fields:
            field.widget.enable_markdown()
        return field


@admin.register(Venue)
class VenueAdmin(EventScopedAdmin, MarkdownFieldsMixin, admin.ModelAdmin):
    list_display = ["name", "city", "country"]
    markdown_fields = ["directions", "accessibility"]
    formfield_overrides = FIELD_OVERRIDES

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and can_manage_venue(request.user, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and can_manage_venue(request.user, obj)


def can_manage_venue(user, venue: Venue | None) -> bool:
    """Whether no event is held there that `user` may not see, so that a change of theirs concerns nobody else."""
    return venue is None or not venue.events.exclude(pk__in=Event.objects.visible_to(user)).exists()


class TopicInline(ScopedFieldsMixin, admin.TabularInline):
    model = Topic
    extra = 0
    formfield_overrides = INLINE_FIELD_OVERRIDES


class PartnerInline(LogoFieldMixin, ScopedFieldsMixin, admin.StackedInline):
    model = Partner
    extra = 0
    formfield_overrides = INLINE_FIELD_OVERRIDES


class EventAdmin(PictureStorageMixin, PictureFieldMixin, EventTimeZoneMixin, MarkdownFieldsMixin, admin.ModelAdmin):
    """Registered by `registrations.admin`, which adds what concerns the people who sign up.

    Whoever is limited to chosen events neither adds events nor deletes them.
    """

    list_display = ["title", "starts", "venue", "capacity", "is_published"]
    list_filter = ["is_published"]
    ordering = ["-starts_at"]
    view_on_site = False  # the previews lead there, in each language
    formfield_overrides = {**FIELD_OVERRIDES, ArrayField: {"form_class": OriginListField, "show_hidden_initial": False}}
    markdown_fields = ["description", "privacy_notice"]
    inlines = [TopicInline, PartnerInline]
    fieldsets = [
        (None, {"fields": ["title", "slug", "is_published", "summary", "description", "working_language"]}),
        (gettext_lazy("Picture"), {"fields": ["picture", "picture_description"]}),
        (gettext_lazy("When and where"), {"fields": ["time_zone", "starts_at", "ends_at", "venue"]}),
        (
            gettext_lazy("Registration"),
            {"fields": ["registration_opens_at", "registration_closes_at", "changes_until", "privacy_notice"]},
        ),
        (gettext_lazy("Places"), {"fields": ["capacity", "waiting_list_enabled", "promotes_automatically"]}),
        (
            gettext_lazy("E-mail"),
            {"fields": ["contact_email", "confirmation_note", "confirm_email", "hold_hours", "reminder_days"]},
        ),
        (gettext_lazy("Privacy"), {"fields": ["needs_kept_days"]}),
        (gettext_lazy("On other sites"), {"fields": ["embed_sites"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("venue")

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not limited_access(request.user)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not limited_access(request.user)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(db_field, DateTimeField) and field:
            field.help_text = f"{field.help_text} {time_zone_note()}".strip()
        return field

    @admin.display(description=gettext_lazy("starts"), ordering="starts_at")
    def starts(self, event):
        """When it starts by its own clock, which is named where it is not the site's."""
        shown = date_format(event.starts_at.astimezone(event.zone), "SHORT_DATETIME_FORMAT")
        return shown if event.time_zone == settings.TIME_ZONE else f"{shown} ({event.time_zone})"


@admin.register(AccessibilityStatement)
class AccessibilityStatementAdmin(UnrestrictedOnlyMixin, MarkdownFieldsMixin, admin.ModelAdmin):
    """One page, to which the list leads straight. The law asks for a statement, so it is never deleted."""

    formfield_overrides = FIELD_OVERRIDES
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


for model, model_admin in ((User, ConferenceUserAdmin), (Group, ConferenceGroupAdmin)):
    admin.site.unregister(model)
    admin.site.register(model, model_admin)
