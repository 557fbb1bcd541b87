"""The list of registrations and the page of each: find, add, correct, confirm, cancel, export."""

import re
from urllib.parse import quote

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from conference.admin.mixins import EventTimeZoneMixin, time_zone_note, warn_of_shortened_search
from registrations import audit, operations
from registrations.admin import list_filters
from registrations.admin.answer_filters import make_answer_filters
from registrations.admin.mail.outbox_admin import OutgoingEmailInline
from registrations.admin.mixins import OperationsAdmin
from registrations.admin.registrations.duplicate_views import duplicates_view, merge_view
from registrations.admin.registrations.export_views import export_view, print_view
from registrations.admin.registrations.import_views import import_preview_view, import_view
from registrations.admin.registrations.list_actions import ACTIONS
from registrations.admin.registrations.person_views import add_view, needs_view
from registrations.admin.registrations.registration_list import RegistrationChangeList
from registrations.admin.registrations.ticket_views import ticket_view
from registrations.forms.fields import get_field_name
from registrations.forms.organiser import OrganiserChangeForm
from registrations.forms.questionnaire import get_questions, is_for_organisers, list_fields_left_out
from registrations.models import Question, Registration, list_answers
from registrations.permissions import ERASE


@admin.display(description=_("Name"), ordering="sort_name")
def name(registration):
    return registration.full_name or _("(erased)")


@admin.display(description=_("e-mail"), ordering="email")
def address(registration):
    """A link to write to the person, which a narrow column breaks before a dot or the @ and not within a word."""
    if not registration.email:
        return None if registration.erased_at else _("no e-mail")
    shown = SafeString(re.sub(r"(?=[.@+_-])", "<wbr>", escape(registration.email)))
    return format_html('<a href="mailto:{}">{}</a>', quote(registration.email, safe="@+"), shown)


@admin.display(description=_("registered"), ordering="created_at")
def registered(registration):
    return audit.format_value(registration, "created_at", registration.created_at)


@admin.display(description=_("event"), ordering="event__slug")
def event_slug(registration):
    return f"{registration.event.slug}{registration.event.mark}"


@admin.display(description=_("attended"), ordering="checked_in_at")
def came(registration):
    return audit.format_value(registration, "checked_in_at", registration.checked_in_at) or None


@admin.register(Registration)
class RegistrationAdmin(EventTimeZoneMixin, OperationsAdmin):
    is_of_one_event = True
    time_zone_path = "event__time_zone"
    form = OrganiserChangeForm
    actions = ACTIONS
    list_display = [name, "organisation", address, "status", registered, event_slug, "tags_shown", came]
    sortable_by = list_display
    list_filter = [
        list_filters.EventFilter,
        "status",
        list_filters.SectorFilter,
        list_filters.CountryFilter,
        list_filters.TopicFilter,
        list_filters.LanguageFilter,
        list_filters.TagFilter,
        list_filters.CheckInFilter,
        list_filters.EmailTypoFilter,
        list_filters.BurstFilter,
        ("created_at", admin.DateFieldListFilter),
    ]
    allowed_lookups = {
        *("status__exact", "status__in"),  # the second is used by the overview's links
        *("created_at__gte", "created_at__lt", "created_at__isnull"),
    }
    list_select_related = ["event"]
    ordering = ["-created_at", "-pk"]
    search_fields = ["search_text"]
    search_help_text = _("Name (with or without diacritics), e-mail, organisation or reference.")
    history = [
        *("source", "created_at", "email_confirmed_at", "hold_until", "confirmed_at", "waiting_since"),
        *("waiting_number", "cancelled_at", "checked_in_at", "erased_at", "consented_at"),
    ]
    readonly_fields = ["reference", "event", "status", "new_email", "answers_given", "earlier_answers", "tags_shown"]
    readonly_fields += [address, "sector_shown", *history]
    fieldsets = [
        (None, {"fields": ["reference", "event", "status"]}),
        (_("Person"), {"fields": [*OrganiserChangeForm.Meta.fields, "new_email", "answers_given"]}),
        (_("History"), {"fields": history, "description": time_zone_note()}),
    ]
    inlines = [OutgoingEmailInline]

    def get_urls(self):
        views = [
            ("add/", add_view, "add"),
            ("doubles/", duplicates_view, "doubles"),
            ("doubles/<int:keep>/<int:drop>/", merge_view, "merge"),
            ("export/", export_view, "export"),
            ("import/", import_view, "import"),
            ("import/<uuid:key>/", import_preview_view, "import_preview"),
            ("print/", print_view, "print"),
            ("<int:pk>/needs/", needs_view, "needs"),
            ("<int:pk>/ticket/", ticket_view, "ticket"),
        ]
        own = [path(route, view, name=f"registrations_registration_{name}") for route, view, name in views]
        return [*own, *super().get_urls()]

    def get_changelist(self, request, **kwargs):
        return RegistrationChangeList

    @admin.display(description=_("tags"))
    def tags_shown(self, registration):
        return ", ".join(registration.tags)

    @admin.display(description=_("sector"))
    def sector_shown(self, registration):
        return str(registration.sector_label) or None

    @admin.display(description=_("answers"))
    def answers_given(self, registration):
        """For users who may not change the registration: without internal answers and needs."""
        questions = registration.event.questions.shown_to_attendees().not_about_needs()
        return format_answers(registration, questions.prefetch_related("choices"))

    @admin.display(description=_("to removed questions"))
    def earlier_answers(self, registration):
        return format_answers(registration, get_earlier_questions(registration))

    def has_delete_permission(self, request, obj=None):
        return False  # a deleted row would free its place behind the waiting list's back: cancelling frees it

    def has_export_permission(self, request):
        return request.user.has_perm("registrations.export_registration")

    def has_badges_permission(self, request):
        return self.has_change_permission(request) and self.has_export_permission(request)

    def has_import_permission(self, request):
        # An import shows which addresses are registered.
        return self.has_add_permission(request) and request.user.has_perm("registrations.view_email")

    def has_erase_permission(self, request):
        return request.user.has_perm(ERASE)

    def has_merge_permission(self, request):
        return self.has_change_permission(request) and request.user.has_perm("registrations.view_email")

    def has_send_permission(self, request):
        return request.user.has_perm("registrations.add_mailing")

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.erased_at)

    def get_form(self, request, obj=None, change=False, **kwargs):
        if self.has_change_permission(request, obj):  # the form adds the fields of the event's questions
            kwargs["fields"] = flatten_fieldsets(self.fieldsets)
        else:
            kwargs["form"] = forms.ModelForm
        return super().get_form(request, obj, change, **kwargs)

    def get_search_results(self, request, queryset, search_term):
        warn_of_shortened_search(request, search_term)
        return queryset.search(search_term, with_email=request.user.has_perm("registrations.view_email")), False

    def get_list_display(self, request):
        hidden = set() if request.user.has_perm("registrations.view_email") else {address}
        events = list_filters.list_events(request)
        if all(event.starts_at > timezone.now() for event in events):
            hidden.add(came)
        if request.GET.get("event") or len(events) == 1:
            hidden.add(event_slug)
        if not any(event.is_asked("organisation") for event in events):
            hidden |= {"organisation"}.difference(Registration.objects.list_shown_fields(events))
        return [column for column in self.list_display if column not in hidden]

    def get_list_filter(self, request):
        if not hasattr(request, "answer_filters"):  # Django asks several times
            request.answer_filters = make_answer_filters(request)
        return [*self.list_filter, *request.answer_filters]

    def get_fieldsets(self, request, obj=None):
        left_out = set(list_fields_left_out(obj.event, obj))
        if not self.has_change_permission(request, obj):
            hidden = self.get_hidden_fields(request, obj) | left_out
            shown_as = {"tags": "tags_shown", "sector": "sector_shown", "email": address}
            return [
                (title, {"fields": [shown_as.get(name, name) for name in options["fields"] if name not in hidden]})
                for title, options in self.fieldsets
            ]
        # The answers are fields, in a fieldset of their own.
        reference, (person, options), history = self.fieldsets
        fields = [name for name in options["fields"] if name not in {"answers_given", *left_out}]
        answers = [get_field_name(one) for one in get_questions(obj.event) if is_for_organisers(one)]
        if get_earlier_questions(obj):
            answers.append("earlier_answers")
        part = [(_("Answers"), {"fields": answers})] if answers else []
        return [reference, (person, {"fields": fields}), *part, history]

    def get_hidden_fields(self, request, obj) -> set[str]:
        """Return the fields of the registration and its change history that the page does not show to this user."""
        hidden = set() if request.user.has_perm("registrations.view_email") else {"email", "new_email"}
        if self.has_change_permission(request, obj):
            return hidden
        internal = {f"{audit.ANSWERS}.{question.key}" for question in get_questions(obj.event) if question.is_internal}
        return hidden | {"internal_note"} | internal

    def save_model(self, request, registration, form, change):
        topics = form.cleaned_data["topics"] if "topics" in form.changed_data else None
        operations.correct_details(registration, values=form.corrected(), topics=topics, by=request.user)
        if "email" in form.changed_data and form.initial["email"] != form.cleaned_data["email"]:
            text = _("The personal link changed together with the address and is being sent to the new one.")
            if not registration.email:
                text = _("Without an e-mail address, no more e-mail is sent. The personal link changed.")
            messages.info(request, text)

    def save_related(self, request, form, formsets, change):
        """Not the topics: `save_model` has stored them with the rest."""
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["can_erase"] = self.has_erase_permission(request) and not obj.erased_at
        context["changes"] = audit.list_changes(obj, hidden=self.get_hidden_fields(request, obj))
        if request.user.has_perm("registrations.view_needs") and obj.event.questions.about_needs().exists():
            context["needs_url"] = reverse("admin:registrations_registration_needs", args=[obj.pk])
        if self.has_export_permission(request) and self.has_change_permission(request, obj):
            context["ticket_url"] = reverse("admin:registrations_registration_ticket", args=[obj.pk])
        return super().render_change_form(request, context, add, change, form_url, obj)


def get_earlier_questions(registration: Registration) -> list[Question]:
    """Return the removed questions that this person answered, except those about needs."""
    removed = [one for one in get_questions(registration.event) if one.removed_at and not one.is_about_needs]
    return [question for question in removed if question.format_answer(registration.answers.get(question.key))]


def format_answers(registration: Registration, questions) -> str:
    return "\n".join(f"{label}: {answer}" for label, answer in list_answers(registration, questions)) or "–"
