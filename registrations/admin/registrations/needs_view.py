"""A person's dietary and access needs: a page apart, for the few who may see them. Each look at it is logged."""

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from registrations import operations
from registrations.forms.question_fields import (
    deserialize_answer,
    get_field_name,
    make_question_field,
    serialize_answer,
)
from registrations.models import Question, Registration


class NeedsForm(forms.Form):
    """The answers of one person to the event's questions about needs."""

    def __init__(self, *args, registration: Registration, questions: list[Question], **kwargs):
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            answer = registration.answers.get(question.key)
            name = get_field_name(question)
            self.fields[name] = make_question_field(question, held=answer, by_organiser=True)
            self.initial[name] = deserialize_answer(question, answer)
            # What the page showed goes with the form, so that only what the organiser changed counts as changed.
            self.fields[name].show_hidden_initial = True

    def answers(self) -> dict:
        """What a valid form changed, by the questions' keys; None for an answer taken back."""
        names = {get_field_name(question): question for question in self.questions}
        return {names[name].key: serialize_answer(names[name], self.cleaned_data[name]) for name in self.changed_data}


class NeedsMixin:
    """For the ModelAdmin of registrations: the page of a person's needs, and the way to it."""

    def get_urls(self):
        needs = self.admin_site.admin_view(self.needs_view)
        return [path("<int:object_id>/needs/", needs, name="registrations_registration_needs"), *super().get_urls()]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and can_view_needs(request.user) and obj.event.questions.about_needs().exists():
            context["needs_address"] = reverse("admin:registrations_registration_needs", args=[obj.pk])
        return super().render_change_form(request, context, add, change, form_url, obj)

    def needs_view(self, request, object_id):
        """Shows the needs and, to those who may change registrations, lets them be corrected."""
        registration = self.get_object(request, unquote(str(object_id)))
        if registration is None:
            raise Http404
        if not (can_view_needs(request.user) and self.has_view_permission(request, registration)):
            raise PermissionDenied
        may_change = self.has_change_permission(request, registration)
        if request.method == "POST" and not may_change:
            raise PermissionDenied

        questions = registration.event.questions.about_needs().prefetch_related("choices")
        kept = [(question, registration.answers.get(question.key)) for question in questions if question.removed_at]
        asked = [question for question in questions if not question.removed_at]
        form = NeedsForm(request.POST or None, registration=registration, questions=asked)
        if request.method == "POST" and form.is_valid():
            return self.save_needs(request, registration, form.answers())

        self.log_change(request, registration, _("Looked at dietary and access needs"))
        shown = kept if may_change else [(question, registration.answers.get(question.key)) for question in questions]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Dietary and access needs"),
            "registration": registration,
            "form": form if may_change and asked else None,
            "adminform": AdminForm(form, [(None, {"fields": list(form.fields)})], {}, model_admin=self),
            "said": [(question.label, said) for question, answer in shown if (said := question.format_answer(answer))],
        }
        return render(request, "admin/registrations/registration/needs.html", context)

    def save_needs(self, request, registration: Registration, answers: dict):
        try:
            changed = operations.change_needs(registration, answers, by=request.user)
        except operations.OperationError as refusal:
            messages.error(request, str(refusal))
        else:
            if changed:
                self.log_change(request, registration, _("Changed dietary and access needs"))
            messages.success(request, _("The needs were saved.") if changed else _("Nothing was changed."))
        return redirect("admin:registrations_registration_change", registration.pk)


def can_view_needs(user) -> bool:
    return user.has_perm("registrations.view_needs")
