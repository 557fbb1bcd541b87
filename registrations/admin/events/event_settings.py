"""The settings of an event, a page for each topic: the stock page, with the fields and rows of that topic alone."""

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db.models import DateTimeField
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language_info, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from conference.admin.mixins import FIELD_OVERRIDES, EventTimeZoneMixin, time_zone_note
from conference.admin.picture_fields import PictureForm, PictureStorageMixin
from conference.admin.publication_checks import find_hints, settings_url
from conference.admin.setting_topics import FIRST_TOPIC, TOPICS
from conference.admin.text_fields import OriginListField
from conference.models import EarlierAddress, Event, is_pk
from conference.site_urls import translate_path
from registrations import operations
from registrations.admin.events.event_inlines import EmailParagraphInline, PartnerInline, SectorInline, TopicInline
from registrations.admin.events.free_addresses import SLUG_TAKEN
from registrations.admin.events.issues import find_event_errors
from registrations.admin.extra_pages import report_promoted
from registrations.admin.mail import change_notice
from registrations.admin.mixins import OperationsAdmin
from registrations.availability import count_places
from registrations.forms.form_preview import render_form_previews

MOVING_FIELDS = {"time_zone", "starts_at", "ends_at", "venue"}
TEXT_ROWS = {"summary": 3, "description": 6, "confirmation_note": 3}  # with them no page takes more than two screens


class EventSettingsForm(PictureForm):
    def clean_slug(self):
        """Refuse an address that leads to an event that the user may not see: else links to it would lead here."""
        slug, visible = self.cleaned_data["slug"], Event.objects.visible_to(self.user)
        if EarlierAddress.objects.filter(slug=slug).exclude(event__in=visible).exists():
            raise ValidationError(SLUG_TAKEN)
        return slug


class EventSettingsAdmin(PictureStorageMixin, EventTimeZoneMixin, OperationsAdmin):
    """Its page is that of the topic in the address. Saving gives free places to people on the waiting list."""

    form = EventSettingsForm
    view_on_site = False  # the previews lead there, in each language
    formfield_overrides = {**FIELD_OVERRIDES, ArrayField: {"form_class": OriginListField}}
    markdown_fields = ["description", "privacy_notice"]
    inlines = [TopicInline, SectorInline, PartnerInline, EmailParagraphInline]
    readonly_fields = ["places_now", "led_from"]

    def settings_view(self, request, pk, topic):
        if topic not in TOPICS:
            raise Http404
        request.setting_topic = topic
        hidden = ("show_save_and_continue", "show_save_and_add_another", "show_delete")
        context = {"title": TOPICS[topic].label, "topic": topic, **dict.fromkeys(hidden, False)}
        return self.changeform_view(request, str(pk), extra_context=context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Lead to the first topic: the history, the log and old links name this address."""
        if not is_pk(object_id):  # which the stock page answers
            return super().change_view(request, object_id, form_url, extra_context)
        return redirect("admin:conference_event_settings", object_id, FIRST_TOPIC)

    def response_post_save_change(self, request, obj):
        return redirect(find_next_page(obj, request.setting_topic) if "_next" in request.POST else request.path)

    def get_fieldsets(self, request, obj=None):
        topic = TOPICS[request.setting_topic]
        return [(None, {"fields": topic.fields, "description": topic.description})] if topic.fields else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user = request.user
        return form

    def get_inlines(self, request, obj):
        rows = TOPICS[request.setting_topic].rows if obj else ()
        return [one for one in self.inlines if one.model._meta.get_field("event").remote_field.related_name in rows]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if rows := TEXT_ROWS.get(db_field.name):
            field.widget.attrs["rows"] = rows
        if isinstance(db_field, DateTimeField) and field:
            field.help_text = f"{field.help_text} {time_zone_note()}".strip()
        return field

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
            messages.warning(request, text % {"event": other})
        report_promoted(request, len(operations.promote_waiting_list(event)))
        warn_after_saving(request, event, has_moved=has_moved)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and request.method != "POST":
            here = settings_url(obj, request.setting_topic)
            context["missing"] = [error for error in find_event_errors(obj) if error.url.startswith(here)]
            context["worth_knowing"] = [hint for hint in find_hints(obj) if hint.url.startswith(here)]
        if change:
            context["previews"] = list_previews(obj)
        if change and request.setting_topic == "form":
            context["form_previews"] = render_form_previews(obj)
        return super().render_change_form(request, context, add, change, form_url, obj)


def find_next_page(event: Event, topic: str) -> str:
    """Return where the first thing is that is missing on another page of settings; else the page that publishes.

    `topic` is the page that was saved, or empty for a new event.
    """
    others = {settings_url(event, name) for name in TOPICS if name != topic}
    missing = (error.url for error in find_event_errors(event) if error.url.partition("#")[0] in others)
    return next(missing, None) or reverse("admin:conference_event_publish", args=[event.pk])


def list_previews(event: Event) -> list[tuple[dict, str]]:
    """Return each language with the address of the event's page in it."""
    return [
        (get_language_info(code), translate_path(event.get_absolute_url(), code)) for code, _name in settings.LANGUAGES
    ]


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
