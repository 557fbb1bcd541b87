"""The list of events and the page of each: public texts, dates, places, e-mail."""

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, DateTimeField, Q
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language_info, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from conference.admin.mixins import FIELD_OVERRIDES, EventTimeZoneMixin, time_zone_note
from conference.admin.picture_fields import PictureStorageMixin
from conference.admin.publication_checks import find_hints
from conference.admin.text_fields import OriginListField
from conference.models import EarlierAddress, Event, Sector, get_limited_access
from conference.site_urls import translate_path
from registrations import operations
from registrations.admin.events.burst_views import burst_view
from registrations.admin.events.cancellation_views import cancel_event_view, restore_event_view
from registrations.admin.events.event_inlines import EmailParagraphInline, PartnerInline, SectorInline, TopicInline
from registrations.admin.events.event_views import copy_view, email_previews_view, overview_view, share_view
from registrations.admin.events.issues import find_event_errors
from registrations.admin.extra_pages import report_promoted
from registrations.admin.mail import change_notice
from registrations.admin.mixins import OperationsAdmin
from registrations.availability import count_places
from registrations.models import Registration

MOVING_FIELDS = {"time_zone", "starts_at", "ends_at", "venue"}


@admin.register(Event)
class EventAdmin(PictureStorageMixin, EventTimeZoneMixin, OperationsAdmin):
    """Saving an event gives its free places to people on the waiting list. Restricted users neither add nor delete."""

    list_display = ["name", "overview", "door", "starts", "venue", "capacity", "is_published", "taken", "waiting"]
    list_filter = ["is_published"]
    allowed_lookups = {"is_published__exact"}
    ordering = ["-starts_at"]
    view_on_site = False  # the previews lead there, in each language
    formfield_overrides = {**FIELD_OVERRIDES, ArrayField: {"form_class": OriginListField}}
    markdown_fields = ["description", "privacy_notice"]
    inlines = [TopicInline, SectorInline, PartnerInline, EmailParagraphInline]
    readonly_fields = ["places_now", "led_from"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    *("title", "kind", "slug", "led_from", "is_published"),
                    *("summary", "description", "working_language", "fee"),
                ]
            },
        ),
        (_("Picture"), {"fields": ["picture", "picture_description"]}),
        (_("When and where"), {"fields": ["time_zone", "starts_at", "ends_at", "venue"]}),
        (
            _("Registration"),
            {"fields": ["registration_opens_at", "registration_closes_at", "changes_until", "privacy_notice"]},
        ),
        (
            _("What the form asks"),
            {
                "fields": [f"asks_{name}" for name in Event.ASKED_FIELDS],
                "description": _(
                    "Name and e-mail address are always asked, and the event's questions come after these fields. "
                    "Answers to what is no longer asked stay, and only organisers see them."
                ),
            },
        ),
        (
            _("Places"),
            {
                "fields": [
                    *("places_now", "capacity", "waiting_list_enabled", "promotes_automatically", "one_per_address"),
                ]
            },
        ),
        (
            _("E-mail"),
            {"fields": ["contact_email", "confirmation_note", "confirm_email", "hold_hours", "reminder_days"]},
        ),
        (_("Privacy"), {"fields": ["needs_kept_days"]}),
        (_("On other sites"), {"fields": ["embed_sites"]}),
    ]

    def get_queryset(self, request):
        status = Registration.Status
        taken = Count("registrations", filter=Q(registrations__status__in=status.occupying_place()))
        waiting = Count("registrations", filter=Q(registrations__status=status.WAITLISTED))
        return super().get_queryset(request).select_related("venue").annotate(taken=taken, waiting=waiting)

    def get_inlines(self, request, obj):
        return [inline for inline in self.inlines if obj or inline is not SectorInline]

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not get_limited_access(request.user)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not get_limited_access(request.user)

    def get_urls(self):
        return [
            path("<int:pk>/bursts/<int:burst>/", burst_view, name="conference_event_burst"),
            path("<int:pk>/cancel/", cancel_event_view, name="conference_event_cancel"),
            path("<int:pk>/restore/", restore_event_view, name="conference_event_restore"),
            path("<int:pk>/copy/", copy_view, name="conference_event_copy"),
            path("<int:pk>/emails/", email_previews_view, name="conference_event_emails"),
            path("<int:pk>/overview/", overview_view, name="conference_event_overview"),
            path("<int:pk>/share/", share_view, name="conference_event_share"),
            *super().get_urls(),
        ]

    def get_list_display(self, request):
        needed = {"overview": "registrations.view_registration", "door": "attendance.view_checkin"}
        return [name for name in self.list_display if name not in needed or request.user.has_perm(needed[name])]

    def get_fieldsets(self, request, obj=None):
        hidden = [] if obj else self.readonly_fields
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name not in hidden]})
            for title, options in self.fieldsets
        ]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(db_field, DateTimeField) and field:
            field.help_text = f"{field.help_text} {time_zone_note()}".strip()
        return field

    @admin.display(description=_("title"), ordering="title")
    def name(self, event):
        return f"{event.title}{event.mark}"

    @admin.display(description=_("starts"), ordering="starts_at")
    def starts(self, event):
        """The start in the event's time zone, which is named if it is not the site's."""
        shown = date_format(event.starts_at.astimezone(event.zone), "SHORT_DATETIME_FORMAT")
        return shown if event.time_zone == settings.TIME_ZONE else f"{shown} ({event.time_zone})"

    @admin.display(description=_("figures"))
    def overview(self, event):
        url = reverse("admin:conference_event_overview", args=[event.pk])
        return format_html('<a href="{}">{}</a>', url, gettext("Overview"))

    @admin.display(description=_("the day"))
    def door(self, event):
        url = reverse("admin:attendance_door", args=[event.pk])
        return format_html('<a href="{}">{}</a>', url, gettext("Door"))

    @admin.display(description=_("places taken"), ordering="taken")
    def taken(self, event):
        return event.taken

    @admin.display(description=_("waiting"), ordering="waiting")
    def waiting(self, event):
        return event.waiting

    @admin.display(description=_("earlier addresses, which lead here"))
    def led_from(self, event):
        return ", ".join(event.earlier_addresses.values_list("slug", flat=True)) or "–"

    @admin.display(description=_("now"))
    def places_now(self, event):
        numbers = {"taken": event.taken, "waiting": event.waiting}
        counted = gettext("Places taken: %(taken)d. Waiting: %(waiting)d.") % numbers
        return f"{counted} {format_overbooking(event, event.taken)}".strip()

    def save_model(self, request, event, form, change):
        has_moved = change and not MOVING_FIELDS.isdisjoint(form.changed_data)
        if has_moved and event.registrations.live().exists():
            change_notice.remember_before(request.session, Event.objects.select_related("venue").get(pk=event.pk))
        if change and "slug" in form.changed_data:
            keep_address(event)
        super().save_model(request, event, form, change)
        if other := EarlierAddress.objects.take(event):
            text = gettext("This address led to “%(event)s”, which had it before. Now it leads to this event.")
            if not self.get_queryset(request).filter(pk=other.pk).exists():  # hidden from the user
                text = gettext("This address led to another event, which had it before. Now it leads to this one.")
            messages.warning(request, text % {"event": other})
        report_promoted(request, len(operations.promote_waiting_list(event)))
        warn_after_saving(request, event, has_moved=has_moved)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if not change:
            Sector.objects.create_defaults(form.instance)
        has_just_appeared = form.instance.is_published and "is_published" in form.changed_data
        if has_just_appeared and (errors := find_event_errors(form.instance)):
            links = format_html_join(" ", '<a href="{}">{}</a>', ((error.url, error.text) for error in errors))
            text = gettext("The event is published, but something is still missing:")
            messages.warning(request, format_html("{} {}", text, links))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and request.method != "POST":
            context["missing"] = find_event_errors(obj)
            context["worth_knowing"] = find_hints(obj)
        if change:
            context["previews"] = [
                (get_language_info(code), translate_path(obj.get_absolute_url(), code))
                for code, _name in settings.LANGUAGES
            ]
        return super().render_change_form(request, context, add, change, form_url, obj)


def keep_address(event: Event) -> None:
    """Let the address that the event has until it is saved lead to it, if visitors know it."""
    stored = Event.objects.only("slug", "is_published").get(pk=event.pk)
    if stored.is_published and stored.slug != event.slug:
        EarlierAddress.objects.keep(event, stored.slug)


def format_overbooking(event: Event, taken: int) -> str:
    """Return a sentence if more places are taken than there are, else an empty string."""
    surplus = 0 if event.capacity is None else taken - event.capacity
    if surplus <= 0:
        return ""
    text = ngettext(
        "%(number)d place too many is taken. Nobody loses theirs; released places are not given out "
        "until the number is within the limit again.",
        "%(number)d places too many are taken. Nobody loses theirs; released places are not given out "
        "until the number is within the limit again.",
        surplus,
    )
    return text % {"number": surplus}


def warn_after_saving(request, event: Event, *, has_moved: bool) -> None:
    """Warn of too many people, of people who do not know the new time or place, and of free places."""
    taken, places = event.registrations.occupying_place().count(), count_places(event)
    if warning := format_overbooking(event, taken):
        messages.warning(request, warning)
    if has_moved and taken and event.is_coming:
        text = ngettext(
            "%(number)d person has a place and has not been told about the new time or venue.",
            "%(number)d people have a place and have not been told about the new time or venue.",
            taken,
        ) % {"number": taken}
        button = gettext("Tell everybody, with a file that moves the entry in their calendar")
        messages.warning(
            request, format_html('{} <a href="{}">{}</a>', text, change_notice.get_notice_url(event), button)
        )
    if not event.promotes_automatically and places.waiting and places.free != 0:
        text = gettext(
            "There are places available and people waiting. Choose who gets one in the list of registrations."
        )
        messages.warning(request, text)
