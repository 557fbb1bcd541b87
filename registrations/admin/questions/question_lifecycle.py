"""Removing questions and choices, restoring them, erasing for good; and adding questions from a template."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from conference.models import Event
from registrations import operations
from registrations.admin.extra_pages import admin_view, log_addition, log_change, refusals_as_messages, render_page
from registrations.models import Question, has_answer
from registrations.question_templates import QUESTION_TEMPLATES, QuestionTemplate

REMOVAL_CHANGE = [{"changed": {"fields": ["removed_at"]}}]


def can_edit(user, question: Question | QuestionTemplate) -> bool:
    """Whether `user` may see answers to the question, which is required for changing it too."""
    return not question.is_about_needs or user.has_perm("registrations.view_needs")


def redirect_to_list(event: Event):
    return redirect(f"{reverse('admin:registrations_question_changelist')}?event={event.pk}")


@admin_view(Question, "delete", scoped=True)
def remove_view(request, question):
    """Explain what removing the question does; a POST removes it."""

    def remove() -> str:
        if operations.remove_question(question):
            log_change(request, question, REMOVAL_CHANGE)
            return _("“%(question)s” is no longer asked. The answers already given are kept.") % {"question": question}
        return _("“%(question)s” was deleted; nobody had answered it.") % {"question": question}

    return confirm_and_act(request, question, _("Remove the question"), "remove.html", remove)


@admin_view(Question, "delete", scoped=True)
def erase_view(request, question):
    """Tell how many answers would be erased with the question; a POST erases them."""

    def erase() -> str:
        number = operations.erase_question(question, request.user)
        text = ngettext(
            "“%(question)s” was erased with %(number)d answer.",
            "“%(question)s” was erased with %(number)d answers.",
            number,
        )
        return text % {"question": question, "number": number}

    return confirm_and_act(request, question, _("Erase the question with all answers"), "erase.html", erase)


def confirm_and_act(request, question: Question, title: str, template: str, act: Callable[[], str]):
    """Ask before; a POST calls `act`, which returns what to report, or raises OperationError."""
    if request.method != "POST":
        number = question.event.registrations.filter(has_answer(question)).count()
        about = {"question": question, "number": number, "dependents": question.dependent_questions.all()}
        return render_page(request, Question, f"registrations/question/{template}", title, **about)
    with refusals_as_messages(request):
        messages.success(request, act())
        return redirect_to_list(question.event)
    return redirect("admin:registrations_question_change", question.pk)


@admin_view(Question, "change", scoped=True)
@require_POST
def restore_view(request, question):
    with refusals_as_messages(request):
        operations.restore_question(question)
        log_change(request, question, REMOVAL_CHANGE)
        messages.success(request, _("“%(question)s” is asked again.") % {"question": question})
    return redirect("admin:registrations_question_change", question.pk)


@admin_view(Question, "change", scoped=True)
@require_POST
def restore_choice_view(request, question, choice):
    choice = get_object_or_404(question.choices, pk=choice)
    with refusals_as_messages(request):
        operations.restore_choice(choice)
        messages.success(request, _("“%(choice)s” is offered again.") % {"choice": choice})
    return redirect("admin:registrations_question_change", question.pk)


@admin_view(Question, "add")
@require_POST
def add_template_view(request, event, key):
    event = get_object_or_404(Event.objects.visible_to(request.user), pk=event)
    template = next((one for one in QUESTION_TEMPLATES if one.key == key), None)
    if template is None:
        raise Http404
    if not can_edit(request.user, template):
        raise PermissionDenied
    with refusals_as_messages(request):
        if question := operations.add_question_template(event, template):
            log_addition(request, question)
            text = _("“%(question)s” was added. Adapt it to your event here.")
            messages.success(request, text % {"question": question})
            return redirect("admin:registrations_question_change", question.pk)
        text = _("This event already had the question “%(question)s”.")
        messages.info(request, text % {"question": template.title})
    return redirect_to_list(event)
