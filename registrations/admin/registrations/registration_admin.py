"""The list of registrations: find, add, correct, confirm, cancel, export."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference.admin.mixins import is_pk
from conference.admin.time_zone import EventTimeZoneMixin, time_zone_note_lazy
from conference.models import Event
from registrations import audit, operations
from registrations.admin import list_filters
from registrations.admin.mail.outbox_admin import OutgoingEmailInline
from registrations.admin.mixins import RegistrationsAdmin
from registrations.admin.registrations.answer_filters import get_answer_filters
from registrations.admin.registrations.change_history import list_changes
from registrations.admin.registrations.duplicate_views import DuplicatesMixin
from registrations.admin.registrations.export_view import ExportMixin
from registrations.admin.registrations.import_views import ImportMixin
from registrations.admin.registrations.list_actions import ListActionsMixin
from registrations.admin.registrations.list_columns import ListColumnsMixin
from registrations.admin.registrations.needs_view import NeedsMixin
from registrations.admin.registrations.print_view import PrintMixin
from registrations.forms import get_questions
from registrations.forms.organiser import (
    OrganiserAddForm,
    OrganiserChangeForm,
    get_answer_field_names,
    has_earlier_answer,
)
from registrations.models import Question, Registration, list_answers


@admin.register(Registration)
class RegistrationAdmin(
    ListActionsMixin,
    ListColumnsMixin,
    DuplicatesMixin,
    ExportMixin,
    ImportMixin,
    NeedsMixin,
    PrintMixin,
    EventTimeZoneMixin,
    RegistrationsAdmin,
    admin.ModelAdmin,
):
    time_zone_path = "event__time_zone"
    form = OrganiserChangeForm
    sortable_by = ListColumnsMixin.list_display
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
        "status__in",  # those whom the overview counts
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

    @admin.display(description=_("answers"))
    def answers_given(self, registration):
        """Of those that everybody may see who sees the registration."""
        questions = registration.event.questions.shown_to_attendees().not_about_needs()
        return format_lines(list_answers(registration, questions.prefetch_choices()))

    @admin.display(description=_("to removed questions"))
    def earlier_answers(self, registration):
        return format_lines(list_answers(registration, get_earlier_questions(registration)))

    def has_delete_permission(self, request, obj=None):
        # A deleted row would free its place behind the waiting list's back. Cancelling is what frees a place.
        return False

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.erased_at)

    def get_form(self, request, obj=None, change=False, **kwargs):
        if not self.has_change_permission(request, obj):
            kwargs["form"] = forms.ModelForm
        else:  # the form adds a field for each of the event's questions by itself
            kwargs["fields"] = flatten_fieldsets(self.fieldsets)
        return super().get_form(request, obj, change, **kwargs)

    def get_search_results(self, request, queryset, search_term):
        return queryset.search(search_term, with_email=can_view_email(request.user)), False

    def get_list_display(self, request):
        hidden = set() if can_view_email(request.user) else {"address"}
        starts = Event.objects.visible_to(request.user).values_list("starts_at", flat=True)
        if all(start > timezone.now() for start in starts):
            hidden.add("came")
        if request.GET.get("event") or len(starts) == 1:
            hidden.add("event_slug")
        return [name for name in self.list_display if name not in hidden]

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
        """For those who may change them: the answers are fields like the others, in a part of their own."""
        reference, (person, options), *others = self.fieldsets
        fields = [name for name in options["fields"] if name != "answers_given"]
        answers = get_answer_field_names(registration.event) if registration else []
        if registration and get_earlier_questions(registration):
            answers.append("earlier_answers")
        part = [(_("Answers"), {"fields": answers})] if answers else []
        return [reference, (person, {"fields": fields}), *part, *others]

    def get_hidden_fields(self, request, obj) -> set[str]:
        """What the page does not show to this user: addresses, and what only organisers see."""
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
        changes = list_changes(obj, hidden=self.get_hidden_fields(request, obj)) if obj else []
        return super().render_change_form(request, {**context, "changes": changes}, add, change, form_url, obj)

    def add_view(self, request, form_url="", extra_context=None):
        """Signs somebody up by hand, through the same operation as everybody else."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        events = Event.objects.visible_to(request.user).select_related("venue").order_by("-starts_at")
        chosen = request.GET.get("event", "")
        event = events.filter(pk=chosen).first() if is_pk(chosen) else None
        if event is None and len(events) == 1:
            event = events[0]
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": _("Add registration")}
        if event is None:
            return render(request, "admin/registrations/choose_event.html", {**context, "events": events})

        form = OrganiserAddForm(request.POST or None, event=event)
        if request.method == "POST" and form.is_valid():
            try:
                registration, _has_place = operations.register(
                    form.filled_in(),
                    topics=form.cleaned_data["topics"],
                    beyond_capacity=form.cleaned_data["beyond_capacity"],
                )
            except operations.OperationError as refusal:
                form.add_operation_error(refusal)
            else:
                self.log_addition(request, registration, [{"added": {}}])
                text = gettext("%(reference)s was added: %(status)s.")
                status = registration.get_status_display()
                messages.success(request, text % {"reference": registration.reference, "status": status})
                return redirect("admin:registrations_registration_change", registration.pk)
        fieldset = (event.title, {"fields": list(form.fields)})
        context |= {"form": form, "adminform": AdminForm(form, [fieldset], {}, model_admin=self)}
        return render(request, "admin/registrations/registration/add.html", context)


def get_earlier_questions(registration: Registration) -> list[Question]:
    """Those not asked any more that this person answered, but for dietary and access needs."""
    return [question for question in get_questions(registration.event) if has_earlier_answer(question, registration)]


def get_internal_answers(registration: Registration | None) -> set[str]:
    """What the changes call the answers that only organisers give and see."""
    questions = get_questions(registration.event) if registration else []
    return {f"{audit.ANSWERS}.{question.key}" for question in questions if question.is_internal}


def format_lines(answers: list[tuple[str, str]]) -> str:
    return "\n".join(f"{label}: {answer}" for label, answer in answers) or "–"


def can_view_email(user) -> bool:
    return user.has_perm("registrations.view_email")
