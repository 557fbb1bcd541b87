"""The event's page in the admin, with what concerns the people who sign up."""

from functools import partial

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from conference.admin import INLINE_FIELD_OVERRIDES, EventAdmin, MarkdownFieldsMixin
from conference.admin.mixins import ScopedFieldsMixin
from conference.models import Event
from registrations import operations
from registrations.admin.events.copy_view import CopyMixin
from registrations.admin.events.overview_view import overview_view
from registrations.admin.events.publication import PublicationMixin
from registrations.admin.events.share_view import ShareMixin
from registrations.admin.mixins import RegistrationsAdmin
from registrations.availability import count_places
from registrations.mail.examples import render_examples
from registrations.models import EmailParagraph, Registration


class EmailParagraphInline(ScopedFieldsMixin, MarkdownFieldsMixin, admin.StackedInline):
    model = EmailParagraph
    extra = 0
    markdown_fields = ["text"]
    formfield_overrides = INLINE_FIELD_OVERRIDES
    verbose_name = gettext_lazy("your own paragraph in an e-mail")
    verbose_name_plural = gettext_lazy("your own paragraphs in e-mails")


@admin.register(Event)
class RegistrationEventAdmin(PublicationMixin, CopyMixin, ShareMixin, RegistrationsAdmin, EventAdmin):
    """The event's page; saving it gives places that a larger capacity frees to those who wait."""

    allowed_lookups = {"is_published__exact"}
    list_display = ["title", "overview", *EventAdmin.list_display[1:], "taken", "waiting"]
    inlines = [*EventAdmin.inlines, EmailParagraphInline]
    readonly_fields = ["standing"]

    def get_queryset(self, request):
        status = Registration.Status
        return (
            super()
            .get_queryset(request)
            .annotate(
                taken=Count("registrations", filter=Q(registrations__status__in=status.occupying_place())),
                waiting=Count("registrations", filter=Q(registrations__status=status.WAITLISTED)),
            )
        )

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return fieldsets
        return [
            (
                title,
                {**options, "fields": ["standing", *options["fields"]]} if "capacity" in options["fields"] else options,
            )
            for title, options in fieldsets
        ]

    @admin.display(description=gettext_lazy("places taken"), ordering="taken")
    def taken(self, event):
        return event.taken

    @admin.display(description=gettext_lazy("waiting"), ordering="waiting")
    def waiting(self, event):
        return event.waiting

    @admin.display(description=gettext_lazy("figures"))
    def overview(self, event):
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:conference_event_overview", args=[event.pk]), _("Overview")
        )

    def get_list_display(self, request):
        may_see = request.user.has_perm("registrations.view_registration")
        return [name for name in super().get_list_display(request) if name != "overview" or may_see]

    @admin.display(description=gettext_lazy("now"))
    def standing(self, event):
        """How many places are taken, and whether that is more than there are."""
        counted = _("Places taken: %(taken)d. Waiting: %(waiting)d.") % {
            "taken": event.taken,
            "waiting": event.waiting,
        }
        return f"{counted} {format_overbooking(event, event.taken)}".strip()

    def save_model(self, request, event, form, change):
        super().save_model(request, event, form, change)
        report_promoted(request, len(operations.promote_waiting_list(event)))
        taken = event.registrations.occupying_place().count()
        if warning := format_overbooking(event, taken):
            messages.warning(request, warning)
        if change and {"time_zone", "starts_at", "ends_at", "venue"} & set(form.changed_data) and taken:
            messages.warning(
                request,
                ngettext(
                    "%(number)d person has a place and has not been told about the new time or venue. "
                    "Write to them from the list of registrations.",
                    "%(number)d people have a place and have not been told about the new time or venue. "
                    "Write to them from the list of registrations.",
                    taken,
                )
                % {"number": taken},
            )
        if not event.promotes_automatically and (counted := count_places(event)).waiting and counted.free != 0:
            messages.warning(
                request,
                _("There are places available and people waiting. Choose who gets one in the list of registrations."),
            )

    def get_urls(self):
        preview = self.admin_site.admin_view(self.email_previews_view)
        overview = self.admin_site.admin_view(partial(overview_view, self))
        return [
            path("<int:pk>/emails/", preview, name="conference_event_emails"),
            path("<int:pk>/overview/", overview, name="conference_event_overview"),
            *super().get_urls(),
        ]

    def email_previews_view(self, request, pk):
        """Every message that the event sends, in every language, as a made-up person would get it."""
        event = get_object_or_404(Event.objects.visible_to(request.user).select_related("venue"), pk=pk)
        if not self.has_view_permission(request, event):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("E-mails of this event"),
            "event": event,
            "languages": settings.LANGUAGES,
            "messages_by_kind": render_examples(event),
        }
        return render(request, "admin/conference/event/email_previews.html", context)


def format_overbooking(event: Event, taken: int) -> str:
    """A sentence when more places are taken than there are, else an empty string."""
    if event.capacity is None or taken <= event.capacity:
        return ""
    return ngettext(
        "%(number)d place too many is taken. Nobody loses theirs; released places are not given out "
        "until the number is within the limit again.",
        "%(number)d places too many are taken. Nobody loses theirs; released places are not given out "
        "until the number is within the limit again.",
        taken - event.capacity,
    ) % {"number": taken - event.capacity}


def report_promoted(request, number: int) -> None:
    """Say how many people just got a place from the waiting list, if any did."""
    if number:
        text = ngettext(
            "%d person got a place from the waiting list.", "%d people got places from the waiting list.", number
        )
        messages.info(request, text % number)
