"""The list of registrations and the page of each: find, add, correct, confirm, cancel, export."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference.admin.time_zone import EventTimeZoneMixin, time_zone_note_lazy
from conference.models import Event
from registrations import audit, operations
from registrations.admin import list_filters
from registrations.admin.mail.outbox_admin import OutgoingEmailInline
from registrations.admin.mixins import OperationsAdmin
from registrations.admin.registrations.add_view import add_view
from registrations.admin.registrations.answer_filters import get_answer_filters
from registrations.admin.registrations.change_history import list_changes
from registrations.admin.registrations.duplicate_views import duplicates_view, merge_view
from registrations.admin.registrations.export_view import export_view
from registrations.admin.registrations.import_views import import_preview_view, import_view
from registrations.admin.registrations.list_actions import ACTIONS
from registrations.admin.registrations.list_columns import address, came, event_slug, name, registered
from registrations.admin.registrations.needs_view import needs_view
from registrations.admin.registrations.print_view import print_view
from registrations.admin.registrations.registration_change_list import RegistrationChangeList
from registrations.forms import get_questions
from registrations.forms.organiser import (
    OrganiserChangeForm,
    get_answer_field_names,
    has_earlier_answer,
)
from registrations.models import Question, Registration, list_answers


@admin.register(Registration)
class RegistrationAdmin(EventTimeZoneMixin, OperationsAdmin):
    time_zone_path = "event__time_zone"
    form = OrganiserChangeForm
    actions = ACTIONS
    list_display = [name, "organisation", address, "status", registered, event_slug, "tags_shown", came]
    sortable_by = list_display
    show_full_result_count = False
    list_filter = [
        list_filters.EventFilter,
        "status",
        "sector",
        list_filters.CountryFilter,
        list_filters.TopicFilter,
        list_filters.LanguageFilter,
        list_filters.TagFilter,
        list_filters.CheckInFilter,
        list_filters.EmailTypoFilter,
        ("created_at", admin.DateFieldListFilter),
    ]
    allowed_lookups = {
        "status__exact",
        "status__in",  # used by the overview's links
        "sector__exact",
        "created_at__gte",
        "created_at__lt",
        "created_at__isnull",
    }
    list_select_related = ["event"]
    ordering = ["-created_at", "-pk"]
    search_fields = ["search_text"]
    search_help_text = _("Name (with or without diacritics), e-mail, organisation or reference.")
    history = [
        "source",
        "created_at",
        "email_confirmed_at",
        "hold_until",
        "confirmed_at",
        "waiting_since",
        "cancelled_at",
        "checked_in_at",
        "erased_at",
        "consented_at",
    ]
    readonly_fields = [
        "reference",
        "event",
        "status",
        "new_email",
        *history,
        "answers_given",
        "earlier_answers",
        "tags_shown",
    ]
    fieldsets = [
        (None, {"fields": ["reference", "event", "status"]}),
        (_("Person"), {"fields": [*OrganiserChangeForm.Meta.fields, "new_email", "answers_given"]}),
        (_("History"), {"fields": history, "description": time_zone_note_lazy()}),
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
        ]
        own = [path(route, view, name=f"registrations_registration_{name}") for route, view, name in views]
        return [*own, *super().get_urls()]

    def get_changelist(self, request, **kwargs):
        return RegistrationChangeList

    @admin.display(description=_("tags"))
    def tags_shown(self, registration):
        return ", ".join(registration.tags)

    @admin.display(description=_("answers"))
    def answers_given(self, registration):
        """For users who may not change the registration: without internal answers and needs."""
        questions = registration.event.questions.shown_to_attendees().not_about_needs()
        return format_lines(list_answers(registration, questions.prefetch_related("choices")))

    @admin.display(description=_("to removed questions"))
    def earlier_answers(self, registration):
        return format_lines(list_answers(registration, get_earlier_questions(registration)))

    def has_delete_permission(self, request, obj=None):
        # A deleted row would free its place behind the waiting list's back. Cancelling is what frees a place.
        return False

    def has_export_permission(self, request):
        return request.user.has_perm("registrations.export_registration")

    def has_import_permission(self, request):
        # An import shows which addresses are registered.
        return self.has_add_permission(request) and can_view_email(request.user)

    def has_merge_permission(self, request):
        return self.has_change_permission(request) and can_view_email(request.user)

    def has_send_permission(self, request):
        return request.user.has_perm("registrations.add_mailing")

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.erased_at)

    def get_form(self, request, obj=None, change=False, **kwargs):
        if not self.has_change_permission(request, obj):
            kwargs["form"] = forms.ModelForm
        else:  # the form adds the fields of the event's questions
            kwargs["fields"] = flatten_fieldsets(self.fieldsets)
        return super().get_form(request, obj, change, **kwargs)

    def get_search_results(self, request, queryset, search_term):
        return queryset.search(search_term, with_email=can_view_email(request.user)), False

    def get_list_display(self, request):
        hidden = set() if can_view_email(request.user) else {address}
        starts = Event.objects.visible_to(request.user).values_list("starts_at", flat=True)
        if all(start > timezone.now() for start in starts):
            hidden.add(came)
        if request.GET.get("event") or len(starts) == 1:
            hidden.add(event_slug)
        return [column for column in self.list_display if column not in hidden]

    def get_list_filter(self, request):
        return [*self.list_filter, *get_answer_filters(request)]

    def get_fieldsets(self, request, obj=None):
        if self.has_change_permission(request, obj):
            return self.get_editable_fieldsets(obj)
        hidden, shown_as = self.get_hidden_fields(request, obj), {"tags": "tags_shown"}
        return [
            (title, {"fields": [shown_as.get(name, name) for name in options["fields"] if name not in hidden]})
            for title, options in self.fieldsets
        ]

    def get_editable_fieldsets(self, registration):
        """For users who may change the registration: the answers are fields, in a fieldset of their own."""
        reference, (person, options), *others = self.fieldsets
        fields = [name for name in options["fields"] if name != "answers_given"]
        answers = get_answer_field_names(registration.event) if registration else []
        if registration and get_earlier_questions(registration):
            answers.append("earlier_answers")
        part = [(_("Answers"), {"fields": answers})] if answers else []
        return [reference, (person, {"fields": fields}), *part, *others]

    def get_hidden_fields(self, request, obj) -> set[str]:
        """Return the fields that the page does not show to this user."""
        hidden = set() if self.has_change_permission(request, obj) else {"internal_note", *get_internal_answers(obj)}
        return hidden if can_view_email(request.user) else hidden | {"email", "new_email"}

    def save_model(self, request, registration, form, change):
        topics = form.cleaned_data["topics"] if "topics" in form.changed_data else None
        operations.correct_details(registration, values=form.corrected(), topics=topics, by=request.user)
        if "email" in form.changed_data and form.initial["email"] != form.cleaned_data["email"]:
            messages.info(
                request,
                gettext("The personal link changed together with the address and is being sent to the new one."),
            )

    def save_related(self, request, form, formsets, change):
        """Not the topics: `save_model` has stored them with the rest."""
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj:
            context["changes"] = list_changes(obj, hidden=self.get_hidden_fields(request, obj))
            can_view_needs = request.user.has_perm("registrations.view_needs")
            if can_view_needs and obj.event.questions.about_needs().exists():
                context["needs_url"] = reverse("admin:registrations_registration_needs", args=[obj.pk])
        return super().render_change_form(request, context, add, change, form_url, obj)


def get_earlier_questions(registration: Registration) -> list[Question]:
    """Return the removed questions that this person answered, except those about needs."""
    return [question for question in get_questions(registration.event) if has_earlier_answer(question, registration)]


def get_internal_answers(registration: Registration | None) -> set[str]:
    """Return the names that the change history gives to answers that only organisers give and see."""
    questions = get_questions(registration.event) if registration else []
    return {f"{audit.ANSWERS}.{question.key}" for question in questions if question.is_internal}


def format_lines(answers: list[tuple[str, str]]) -> str:
    return "\n".join(f"{label}: {answer}" for label, answer in answers) or "–"


def can_view_email(user) -> bool:
    return user.has_perm("registrations.view_email")
