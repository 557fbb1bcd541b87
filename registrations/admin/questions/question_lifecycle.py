"""Removing questions and choices, restoring them, erasing for good; and adding questions from a template."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from conference.models import Event
from registrations import operations
from registrations.admin.extra_pages import admin_view, log_addition, log_change, refusals_as_messages, render_page
from registrations.models import Choice, Question, has_answer, has_chosen
from registrations.question_templates import QUESTION_TEMPLATES, QuestionTemplate

REMOVAL_CHANGE = [{"changed": {"fields": ["removed_at"]}}]


def can_edit(user, question: Question | QuestionTemplate) -> bool:
    """Whether `user` may see answers to the question, which is required for changing it too."""
    return not question.is_about_needs or user.has_perm("registrations.view_needs")


def change_url(question: Question) -> str:
    return reverse("admin:registrations_question_change", args=[question.pk])


def list_url(event: Event) -> str:
    return f"{reverse('admin:registrations_question_changelist')}?event={event.pk}"


def count_removed_choices(question: Question) -> list[tuple[Choice, int]]:
    """Return the removed choices of the question, each with the number of people who chose it."""
    removed = list(question.choices.filter(removed_at__isnull=False))
    counts = {f"n{choice.pk}": Count("pk", filter=has_chosen(question, choice.key)) for choice in removed}
    numbers = question.event.registrations.aggregate(**counts) if counts else {}
    return [(choice, numbers[f"n{choice.pk}"]) for choice in removed]


@admin_view(Question, "delete", scoped=True)
def remove_view(request, question):
    """Explain what removing the question does; a POST removes it."""
    if request.method != "POST":
        return render_confirmation(request, question, _("Remove the question"), "remove.html")
    label, list_page = str(question), list_url(question.event)
    with refusals_as_messages(request):
        if operations.remove_question(question):
            log_change(request, question, REMOVAL_CHANGE)
            text = _("“%(question)s” is no longer asked. The answers already given are kept.")
        else:
            text = _("“%(question)s” was deleted; nobody had answered it.")
        messages.success(request, text % {"question": label})
        return redirect(list_page)
    return redirect(change_url(question))


@admin_view(Question, "change", scoped=True)
@require_POST
def restore_view(request, question):
    with refusals_as_messages(request):
        operations.restore_question(question)
        log_change(request, question, REMOVAL_CHANGE)
        messages.success(request, _("“%(question)s” is asked again.") % {"question": question})
    return redirect(change_url(question))


@admin_view(Question, "change", scoped=True)
@require_POST
def restore_choice_view(request, question, choice):
    choice = get_object_or_404(question.choices, pk=choice)
    with refusals_as_messages(request):
        operations.restore_choice(choice)
        messages.success(request, _("“%(choice)s” is offered again.") % {"choice": choice})
    return redirect(change_url(question))


@admin_view(Question, "delete", scoped=True)
def erase_view(request, question):
    """Tell how many answers would be erased with the question; a POST erases them."""
    if request.method != "POST":
        return render_confirmation(request, question, _("Erase the question with all answers"), "erase.html")
    label, list_page = str(question), list_url(question.event)
    with refusals_as_messages(request):
        number = operations.erase_question(question, request.user)
        text = ngettext(
            "“%(question)s” was erased with %(number)d answer.",
            "“%(question)s” was erased with %(number)d answers.",
            number,
        )
        messages.success(request, text % {"question": label, "number": number})
        return redirect(list_page)
    return redirect(change_url(question))


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
            return redirect(change_url(question))
        text = _("This event already had the question “%(question)s”.")
        messages.info(request, text % {"question": template.title})
    return redirect(list_url(event))


def render_confirmation(request, question: Question, title: str, template: str):
    return render_page(
        request,
        Question,
        f"registrations/question/{template}",
        title,
        question=question,
        number=question.event.registrations.filter(has_answer(question)).count(),
        dependents=question.dependent_questions.all(),
    )
