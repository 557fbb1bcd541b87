"""The list of an event's questions, and the page of each with its choices."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import Count
from django.http import QueryDict
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from i18nfield.fields import I18nTextField

from conference.admin.mixins import FIELD_OVERRIDES, LOWER_TEXT_AREA, InlineFieldsMixin
from conference.models import Event
from registrations import operations
from registrations.admin import list_filters
from registrations.admin.extra_pages import render_event_choice
from registrations.admin.mixins import OperationsAdmin
from registrations.admin.questions import question_lifecycle as lifecycle
from registrations.admin.questions.preview_views import get_preview_url, preview_addition_view, preview_change_view
from registrations.admin.questions.question_forms import ChoiceFormSet, QuestionForm
from registrations.admin_site import find_event, redirect_to_chosen_event
from registrations.forms.form_preview import render_form_previews
from registrations.models import (
    Choice,
    Question,
    Registration,
    has_answer,
    has_chosen,
    list_possible_answers,
)
from registrations.operations.question_edits import has_answers, list_unused_templates


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
    is_of_one_event = True
    form = QuestionForm
    formfield_overrides = {**FIELD_OVERRIDES, I18nTextField: LOWER_TEXT_AREA}
    inlines = [ChoiceInline]
    actions = None
    list_display = ["label", "kind", "is_required", "audience", "condition", "answers", "removed_at", "event_slug"]
    list_filter = [list_filters.EventFilter, list_filters.RemovedFilter]
    list_select_related = ["event", "shown_if"]
    ordering = ["-event__starts_at", "event", "position", "pk"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("shown_if__choices")

    def get_changelist_instance(self, request):
        """The list with the number of answers to each question, in one query, and the templates that can be added."""
        changelist = super().get_changelist_instance(request)
        changelist.title, changelist.event = _("Questions"), get_event(request)
        changelist.form_previews = render_form_previews(changelist.event) if changelist.event else []
        if changelist.event and self.has_add_permission(request):
            unused = list_unused_templates(changelist.event)
            changelist.templates = [template for template in unused if lifecycle.can_edit(request.user, template)]
        questions = changelist.result_list = list(changelist.result_list)
        counted = [question for question in questions if lifecycle.can_edit(request.user, question)]
        people = Registration.objects.filter(event__in={question.event_id for question in counted})
        counts = {f"n{question.pk}": Count("pk", filter=has_answer(question)) for question in counted}
        numbers = people.aggregate(**counts)
        for question in questions:
            question.number_of_answers = numbers.get(f"n{question.pk}")
        return changelist

    @admin.display(description=gettext_lazy("who is asked"))
    def audience(self, question):
        group = _("organisers") if question.is_internal else _("everyone")
        return _("%(group)s (needs)") % {"group": group} if question.is_about_needs else group

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
        return f"{question.event.slug}{question.event.mark}"

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or lifecycle.can_edit(request.user, obj))

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or lifecycle.can_edit(request.user, obj))

    def get_urls(self):
        views = [
            ("<int:pk>/again/", lifecycle.restore_view, "again"),
            ("<int:pk>/preview/", preview_change_view, "preview"),
            ("add/preview/", preview_addition_view, "add_preview"),
            ("<int:pk>/erase/", lifecycle.erase_view, "erase"),
            ("<int:pk>/choices/<int:choice>/again/", lifecycle.restore_choice_view, "choice_again"),
            ("ready-made/<int:event>/<slug:key>/", lifecycle.add_template_view, "ready_made"),
        ]
        own = [path(route, view, name=f"registrations_question_{name}") for route, view, name in views]
        return [*own, *super().get_urls()]

    def get_list_display(self, request):
        is_shown = {"event_slug": not request.GET.get("event"), "removed_at": request.GET.get("asked")}
        return [name for name in self.list_display if is_shown.get(name, True)]

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
        audience = ["is_required", "is_internal", "is_about_needs", "is_for_catering", "condition"]
        if obj is None and not request.user.has_perm("registrations.view_needs"):
            audience.remove("is_about_needs")
        why_locked = _(
            "The type, and whether it is for everyone, can no longer be changed because the question has been answered."
        )
        return [
            (None, {"fields": ["event", "label", "help_text", "kind", "position"]}),
            (_("Who is asked"), {"fields": audience, "description": why_locked if obj and obj.is_answered else None}),
            (_("For other programs"), {"fields": ["key"], "classes": ["collapse"]}),
        ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.event = obj.event if obj else get_event(request)
        return form

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
        formset.save(commit=False)
        for choice in formset.deleted_objects:
            if operations.remove_choice(choice):
                text = _("“%(choice)s” is no longer offered. People who chose it keep it.")
                messages.info(request, text % {"choice": choice})
        for choice, changed in formset.changed_objects:
            choice.save(update_fields=changed)
        for choice in formset.new_objects:
            operations.add_choice(choice)

    def add_view(self, request, form_url="", extra_context=None):
        if self.has_add_permission(request):
            if "_changelist_filters" not in request.GET and (elsewhere := redirect_to_chosen_event(request)):
                return elsewhere
            if get_event(request) is None:
                return render_event_choice(request, Question, _("Add question"))
        return super().add_view(request, form_url, extra_context)

    def delete_view(self, request, object_id, extra_context=None):
        return lifecycle.remove_view(request, pk=unquote(object_id))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and self.has_change_permission(request, obj):
            context["removed_choices"] = count_removed_choices(obj)
        if obj and obj.removed_at:
            context["show_delete"] = False
        context["form_previews"] = render_form_previews(obj.event if obj else get_event(request), obj)
        if self.has_change_permission(request, obj) if obj else self.has_add_permission(request):
            context["preview_url"] = get_preview_url(obj or context["adminform"].form.instance)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_post_save_add(self, request, obj):
        return lifecycle.redirect_to_list(obj.event)

    response_post_save_change = response_post_save_add


def get_event(request) -> Event | None:
    """Return the event that the address or its list filter names, else the only one that the user can see."""
    from_list = QueryDict(request.GET.get("_changelist_filters", ""))
    return find_event(request, request.GET.get("event") or from_list.get("event", ""))


def count_removed_choices(question: Question) -> list[tuple[Choice, int]]:
    """Return the removed choices of the question, each with the number of people who chose it."""
    removed = list(question.choices.filter(removed_at__isnull=False))
    counts = {f"n{choice.pk}": Count("pk", filter=has_chosen(question, choice.key)) for choice in removed}
    numbers = question.event.registrations.aggregate(**counts)
    return [(choice, numbers[f"n{choice.pk}"]) for choice in removed]
