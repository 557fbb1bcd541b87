"""The page of a question with its choices."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.admin.mixins import InlineFieldsMixin
from registrations import operations
from registrations.admin import list_filters
from registrations.admin.extra_pages import render_event_choice
from registrations.admin.mixins import OperationsAdmin
from registrations.admin.questions.question_change_list import QuestionChangeList, get_event
from registrations.admin.questions.question_forms import ChoiceFormSet, QuestionForm
from registrations.admin.questions.question_lifecycle import (
    add_template_view,
    can_edit,
    count_removed_choices,
    erase_view,
    list_url,
    remove_view,
    restore_choice_view,
    restore_view,
)
from registrations.models import Choice, Question, list_possible_answers
from registrations.operations.question_edits import has_answers


class ChoiceInline(InlineFieldsMixin, admin.TabularInline):
    """The offered choices. Deleting one that somebody chose only stops offering it."""

    model = Choice
    formset = ChoiceFormSet
    fields = ["label", "limit", "position"]
    verbose_name_plural = gettext_lazy("options, for “one from a list” and “several from a list”")

    def get_queryset(self, request):
        return super().get_queryset(request).filter(removed_at__isnull=True)

    def get_extra(self, request, obj=None, **kwargs):
        return 1 if obj else 4


@admin.register(Question)
class QuestionAdmin(OperationsAdmin):
    form = QuestionForm
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

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or can_edit(request.user, obj))

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or can_edit(request.user, obj))

    def get_urls(self):
        views = [
            ("<int:pk>/again/", restore_view, "again"),
            ("<int:pk>/erase/", erase_view, "erase"),
            ("<int:pk>/choices/<int:choice>/again/", restore_choice_view, "choice_again"),
            ("ready-made/<int:event>/<slug:key>/", add_template_view, "ready_made"),
        ]
        own = [path(route, view, name=f"registrations_question_{name}") for route, view, name in views]
        return [*own, *super().get_urls()]

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
        can_view_needs = request.user.has_perm("registrations.view_needs")
        hidden = set() if obj or can_view_needs else {"is_about_needs"}
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
        return type("QuestionForm", (form,), {"event": obj.event if obj else get_event(request)})

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
        if self.has_add_permission(request) and get_event(request) is None:
            return render_event_choice(request, Question, _("Add question"))
        return super().add_view(request, form_url, extra_context)

    def delete_view(self, request, object_id, extra_context=None):
        return remove_view(request, pk=unquote(object_id))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and self.has_change_permission(request, obj):
            context["removed_choices"] = count_removed_choices(obj)
        if obj and obj.removed_at:
            context["show_delete"] = False
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_post_save_add(self, request, obj):
        return redirect(list_url(obj.event))

    response_post_save_change = response_post_save_add
