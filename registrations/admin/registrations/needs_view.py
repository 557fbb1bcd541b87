"""A person's dietary and access needs, for users who may see them. Each view of the page is logged."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from registrations import operations
from registrations.admin.extra_pages import admin_view, log_change, refusals_as_messages, render_page
from registrations.forms.question_fields import (
    deserialize_answer,
    get_field_name,
    make_question_field,
    serialize_answer,
)
from registrations.models import Question, Registration


class NeedsForm(forms.Form):
    """The answers of one person to these questions about needs."""

    def __init__(self, *args, registration: Registration, questions: list[Question], **kwargs):
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            answer = registration.answers.get(question.key)
            name = get_field_name(question)
            self.fields[name] = make_question_field(question, current=answer, by_organiser=True)
            self.initial[name] = deserialize_answer(question, answer)
            # The form carries what the page showed, so that only what the organiser changed counts as changed.
            self.fields[name].show_hidden_initial = True

    def answers(self) -> dict:
        """Return the changed answers of a valid form by the questions' keys; None for an answer that was removed."""
        names = {get_field_name(question): question for question in self.questions}
        return {names[name].key: serialize_answer(names[name], self.cleaned_data[name]) for name in self.changed_data}


@admin_view(Registration, "view", "registrations.view_needs", scoped=True)
def needs_view(request, registration):
    """Show the needs and, to those who may change registrations, let them be corrected."""
    can_change = admin.site.get_model_admin(Registration).has_change_permission(request, registration)
    if request.method == "POST" and not can_change:
        raise PermissionDenied
    questions = registration.event.questions.about_needs().prefetch_related("choices")
    editable = [question for question in questions if can_change and not question.removed_at]
    form = NeedsForm(request.POST or None, registration=registration, questions=editable)
    if request.method == "POST" and form.is_valid():
        save_needs(request, registration, form.answers())
        return redirect("admin:registrations_registration_change", registration.pk)
    log_change(request, registration, _("Looked at dietary and access needs"))
    return render_page(
        request,
        Registration,
        "registrations/registration/needs.html",
        _("Dietary and access needs"),
        registration=registration,
        form=form if editable else None,
        adminform=AdminForm(form, [(None, {"fields": list(form.fields)})], {}),
        answers=format_answers(registration, [question for question in questions if question not in editable]),
    )


def save_needs(request, registration: Registration, answers: dict) -> None:
    with refusals_as_messages(request):
        changed = operations.correct_details(registration, values={"answers": answers}, by=request.user)
        if changed:
            log_change(request, registration, _("Changed dietary and access needs"))
        messages.success(request, _("The needs were saved.") if changed else _("Nothing was changed."))


def format_answers(registration: Registration, questions: list[Question]) -> list[tuple]:
    """Each question that has an answer, with the answer in words."""
    answers = ((question, question.format_answer(registration.answers.get(question.key))) for question in questions)
    return [(question.label, answer) for question, answer in answers if answer]
