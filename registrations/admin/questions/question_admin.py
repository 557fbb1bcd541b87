"""The event's own questions: the list of them, and the page of each with its choices."""

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.admin import FIELD_OVERRIDES, INLINE_FIELD_OVERRIDES
from conference.models import Event
from registrations import operations
from registrations.admin import list_filters
from registrations.admin.mixins import RegistrationsAdmin
from registrations.admin.questions.question_forms import ChoiceFormSet, QuestionForm
from registrations.admin.questions.question_lifecycle import QuestionLifecycleMixin
from registrations.admin.registrations.needs_view import can_view_needs
from registrations.models import Choice, Question, Registration
from registrations.models.answer_queries import has_answer, list_possible_answers
from registrations.operations.question_edits import has_answers, list_unused_templates


class ChoiceInline(admin.TabularInline):
    """The choices that are offered. Deleting one that somebody chose only ends the offer."""

    model = Choice
    formset = ChoiceFormSet
    fields = ["label", "limit", "position"]
    formfield_overrides = INLINE_FIELD_OVERRIDES
    verbose_name_plural = gettext_lazy("options, for “one from a list” and “several from a list”")

    def get_queryset(self, request):
        return super().get_queryset(request).filter(removed_at__isnull=True)

    def get_extra(self, request, obj=None, **kwargs):
        return 1 if obj else 4


class QuestionChangeList(ChangeList):
    """The list with the number of answers to each question, counted in one query for all that the page shows."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        counts = {
            f"n{question.pk}": Count("pk", filter=has_answer(question))
            for question in self.result_list
            if self.model_admin.can_count_answers(request, question)
        }
        events = {question.event_id for question in self.result_list}
        numbers = Registration.objects.filter(event__in=events).aggregate(**counts) if counts else {}
        for question in self.result_list:
            question.number_of_answers = numbers.get(f"n{question.pk}")


@admin.register(Question)
class QuestionAdmin(QuestionLifecycleMixin, RegistrationsAdmin, admin.ModelAdmin):
    form = QuestionForm
    formfield_overrides = FIELD_OVERRIDES
    inlines = [ChoiceInline]
    actions = None
    list_display = ["label", "kind", "is_required", "audience", "condition", "answers", "removed_at", "event_slug"]
    list_filter = [list_filters.EventFilter, list_filters.RemovedFilter]
    list_select_related = ["event", "shown_if"]
    list_per_page = 100
    list_max_show_all = 200
    ordering = ["-event__starts_at", "event", "position", "pk"]
    fieldsets = [
        (None, {"fields": ["event", "label", "help_text", "kind", "position"]}),
        (
            gettext_lazy("Who is asked"),
            {"fields": ["is_required", "is_internal", "is_about_needs", "condition"]},
        ),
        (gettext_lazy("For other programs"), {"fields": ["key"], "classes": ["collapse"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("shown_if__choices")

    def get_changelist(self, request, **kwargs):
        return QuestionChangeList

    @admin.display(description=gettext_lazy("for whom"))
    def audience(self, question):
        whom = _("organisers") if question.is_internal else _("everyone")
        return _("%(whom)s (needs)") % {"whom": whom} if question.is_about_needs else whom

    @admin.display(description=gettext_lazy("shown only if"))
    def condition(self, question):
        if question.shown_if is None:
            return "–"
        labels = {key: label for key, label, _is_removed in list_possible_answers(question.shown_if)}
        return f"{question.shown_if}: {labels.get(question.shown_if_answer, question.shown_if_answer)}"

    @admin.display(description=gettext_lazy("answers"), empty_value="–")
    def answers(self, question):
        return question.number_of_answers

    @admin.display(description=gettext_lazy("event"), ordering="event__slug")
    def event_slug(self, question):
        return question.event.slug

    def can_count_answers(self, request, question) -> bool:
        return not question.is_about_needs or can_view_needs(request.user)

    def has_change_permission(self, request, obj=None):
        may = super().has_change_permission(request, obj)
        return may and not (obj and obj.is_about_needs and not can_view_needs(request.user))

    def has_delete_permission(self, request, obj=None):
        may = super().has_delete_permission(request, obj)
        return may and not (obj and obj.is_about_needs and not can_view_needs(request.user))

    def get_list_display(self, request):
        hidden = {"event_slug"} if request.GET.get("event") else set()
        if not request.GET.get("asked"):
            hidden.add("removed_at")
        return [name for name in self.list_display if name not in hidden]

    def get_object(self, request, object_id, from_field=None):
        question = super().get_object(request, object_id, from_field)
        if question:
            question.is_answered = has_answers(question)
            question.is_needed = question.dependent_questions.exists()
        return question

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return ["event"]
        locked = ["kind", "is_internal"] if obj.is_answered else ["kind"] if obj.is_needed else []
        return ["event", "key", "is_about_needs", *locked]

    def get_fieldsets(self, request, obj=None):
        hidden = set() if obj or can_view_needs(request.user) else {"is_about_needs"}
        why = gettext_lazy(
            "The type, and whether it is for everyone, can no longer be changed because the question has been answered."
        )
        return [
            (
                title,
                {
                    **options,
                    "fields": [name for name in options["fields"] if name not in hidden],
                    "description": why if obj and obj.is_answered and "is_internal" in options["fields"] else None,
                },
            )
            for title, options in self.fieldsets
        ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        return type("QuestionForm", (form,), {"event": obj.event if obj else self.get_event(request)})

    def get_inlines(self, request, obj):
        has_none = obj and obj.is_answered and not obj.has_choices
        return [] if has_none else self.inlines

    def save_model(self, request, question, form, change):
        if change:
            changed = {"shown_if", "shown_if_answer", *form.changed_data} - {"condition"}
            operations.change_question(question, changed)
        else:
            operations.add_question(question)

    def save_formset(self, request, form, formset, change):
        choices = formset.save(commit=False)
        for choice in formset.deleted_objects:
            if operations.remove_choice(choice):
                text = _("“%(choice)s” is no longer offered. People who chose it keep it.")
                messages.info(request, text % {"choice": choice})
        for choice in choices:
            choice.save() if choice.pk else operations.add_choice(choice)

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        if self.get_event(request) is None:
            context = {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": _("Add question"),
                "events": Event.objects.visible_to(request.user).order_by("-starts_at"),
            }
            return render(request, "admin/registrations/choose_event.html", context)
        return super().add_view(request, form_url, extra_context)

    def changelist_view(self, request, extra_context=None):
        event = self.get_event(request)
        can_add = event and self.has_add_permission(request)
        ready = [one for one in list_unused_templates(event) if self.can_add(request, one)] if can_add else []
        context = {"title": _("Questions"), "event": event, "ready_made": ready}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def response_post_save_add(self, request, obj):
        return redirect(self.list_url(obj.event))

    response_post_save_change = response_post_save_add

    def get_event(self, request) -> Event | None:
        """The event that the address names, itself or as the list's filter; or the only one there is to see."""
        from_list = QueryDict(request.GET.get("_changelist_filters", ""))
        return list_filters.get_chosen_event(request.user, request.GET.get("event") or from_list.get("event", ""))

    def can_add(self, request, question) -> bool:
        return self.has_add_permission(request) and (not question.is_about_needs or can_view_needs(request.user))
