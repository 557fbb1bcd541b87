"""The list of events and the page of each: public texts, dates, places, e-mail."""

from django.conf import settings
from django.contrib import admin
from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, DateTimeField, Q
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import get_language_info, gettext, override
from django.utils.translation import gettext_lazy as _

from conference.admin.mixins import FIELD_OVERRIDES, EventTimeZoneMixin, time_zone_note
from conference.admin.picture_fields import PictureStorageMixin
from conference.admin.publication_checks import find_hints
from conference.admin.text_fields import OriginListField
from conference.models import Event, get_limited_access
from registrations import operations
from registrations.admin.events.copy_view import copy_view
from registrations.admin.events.email_previews_view import email_previews_view
from registrations.admin.events.event_checks import find_event_errors
from registrations.admin.events.event_messages import (
    format_overbooking,
    report_promoted,
    warn_after_saving,
    warn_of_errors,
)
from registrations.admin.events.inlines import EmailParagraphInline, PartnerInline, TopicInline
from registrations.admin.events.overview_view import overview_view
from registrations.admin.events.share_view import share_view
from registrations.admin.mixins import OperationsAdmin
from registrations.models import Registration

MOVING_FIELDS = {"time_zone", "starts_at", "ends_at", "venue"}


@admin.register(Event)
class EventAdmin(PictureStorageMixin, EventTimeZoneMixin, OperationsAdmin):
    """Saving an event promotes people from the waiting list if there are free places.

    Users who are limited to some events can neither add nor delete events.
    """

    list_display = ["title", "overview", "starts", "venue", "capacity", "is_published", "taken", "waiting"]
    list_filter = ["is_published"]
    list_select_related = ["venue"]
    allowed_lookups = {"is_published__exact"}
    ordering = ["-starts_at"]
    view_on_site = False  # the previews lead there, in each language
    formfield_overrides = {**FIELD_OVERRIDES, ArrayField: {"form_class": OriginListField, "show_hidden_initial": False}}
    markdown_fields = ["description", "privacy_notice"]
    inlines = [TopicInline, PartnerInline, EmailParagraphInline]
    readonly_fields = ["places_now"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "is_published", "summary", "description", "working_language"]}),
        (_("Picture"), {"fields": ["picture", "picture_description"]}),
        (_("When and where"), {"fields": ["time_zone", "starts_at", "ends_at", "venue"]}),
        (
            _("Registration"),
            {"fields": ["registration_opens_at", "registration_closes_at", "changes_until", "privacy_notice"]},
        ),
        (_("Places"), {"fields": ["places_now", "capacity", "waiting_list_enabled", "promotes_automatically"]}),
        (
            _("E-mail"),
            {"fields": ["contact_email", "confirmation_note", "confirm_email", "hold_hours", "reminder_days"]},
        ),
        (_("Privacy"), {"fields": ["needs_kept_days"]}),
        (_("On other sites"), {"fields": ["embed_sites"]}),
    ]

    def get_queryset(self, request):
        status = Registration.Status
        held = Q(registrations__status__in=status.occupying_place())
        return (
            super()
            .get_queryset(request)
            .select_related("venue")
            .annotate(
                taken=Count("registrations", filter=held),
                waiting=Count("registrations", filter=Q(registrations__status=status.WAITLISTED)),
            )
        )

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not get_limited_access(request.user)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not get_limited_access(request.user)

    def get_urls(self):
        return [
            path("<int:pk>/copy/", copy_view, name="conference_event_copy"),
            path("<int:pk>/emails/", email_previews_view, name="conference_event_emails"),
            path("<int:pk>/overview/", overview_view, name="conference_event_overview"),
            path("<int:pk>/share/", share_view, name="conference_event_share"),
            *super().get_urls(),
        ]

    def get_list_display(self, request):
        can_open = request.user.has_perm("registrations.view_registration")
        return [name for name in self.list_display if name != "overview" or can_open]

    def get_fieldsets(self, request, obj=None):
        if obj:
            return self.fieldsets
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name != "places_now"]})
            for title, options in self.fieldsets
        ]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(db_field, DateTimeField) and field:
            field.help_text = f"{field.help_text} {time_zone_note()}".strip()
        return field

    @admin.display(description=_("starts"), ordering="starts_at")
    def starts(self, event):
        """The start in the event's time zone, which is named if it is not the site's."""
        shown = date_format(event.starts_at.astimezone(event.zone), "SHORT_DATETIME_FORMAT")
        return shown if event.time_zone == settings.TIME_ZONE else f"{shown} ({event.time_zone})"

    @admin.display(description=_("figures"))
    def overview(self, event):
        url = reverse("admin:conference_event_overview", args=[event.pk])
        return format_html('<a href="{}">{}</a>', url, gettext("Overview"))

    @admin.display(description=_("places taken"), ordering="taken")
    def taken(self, event):
        return event.taken

    @admin.display(description=_("waiting"), ordering="waiting")
    def waiting(self, event):
        return event.waiting

    @admin.display(description=_("now"))
    def places_now(self, event):
        """How many places are taken, and whether that is more than the capacity."""
        numbers = {"taken": event.taken, "waiting": event.waiting}
        counted = gettext("Places taken: %(taken)d. Waiting: %(waiting)d.") % numbers
        return f"{counted} {format_overbooking(event, event.taken)}".strip()

    def save_model(self, request, event, form, change):
        super().save_model(request, event, form, change)
        report_promoted(request, len(operations.promote_waiting_list(event)))
        warn_after_saving(request, event, has_moved=change and not MOVING_FIELDS.isdisjoint(form.changed_data))

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if form.instance.is_published and "is_published" in form.changed_data:
            warn_of_errors(request, form.instance)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and request.method != "POST":
            context["missing"] = find_event_errors(obj)
            context["worth_knowing"] = find_hints(obj)
        if change:
            context["previews"] = [
                (get_language_info(code), get_page_url(code, obj)) for code, _name in settings.LANGUAGES
            ]
        return super().render_change_form(request, context, add, change, form_url, obj)


def get_page_url(language: str, event: Event) -> str:
    """The address of the event's public page in `language`."""
    with override(language):
        return event.get_absolute_url()
