"""The form as attendees see it, with a question as it is being edited: nothing is saved."""

from django.contrib import admin
from django.http import Http404, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from registrations.admin.extra_pages import admin_view
from registrations.forms.form_preview import render_form_previews
from registrations.models import Choice, Question


@admin_view(Question, "change", scoped=True)
@require_POST
def preview_change_view(request, question):
    """Return the form by language, with the question of the address as it was sent."""
    return render_edited(read_question(request, question))


@admin_view(Question, "add")
@require_POST
def preview_addition_view(request):
    """The same for a new question of the event in the address."""
    return render_edited(read_question(request, None))


def get_preview_url(question: Question) -> str:
    if question.pk:
        return reverse("admin:registrations_question_preview", args=[question.pk])
    return f"{reverse('admin:registrations_question_add_preview')}?event={question.event_id}"


def render_edited(question: Question) -> JsonResponse:
    # A new question is not on the form before it says anything.
    edited = question if question.pk or question.label else None
    return JsonResponse({one.language["code"]: one.html for one in render_form_previews(question.event, edited)})


def read_question(request, stored: Question | None) -> Question:
    """Return the question that was sent, unsaved, with its choices. What is invalid there is as it was before."""
    model_admin = admin.site.get_model_admin(Question)
    form_class = model_admin.get_form(request, stored, change=stored is not None)
    if form_class.event is None:
        raise Http404
    form = form_class(request.POST, instance=stored)
    form.is_valid()  # which gives the question its values
    question = form.instance
    choices = read_choices(request, model_admin, stored, question)
    question._prefetched_objects_cache = {"choices": choices}
    if stored is None:
        question.pk, question.key = 0, ""  # no other question has these
    return question


def read_choices(request, model_admin, stored: Question | None, question: Question) -> list[Choice]:
    """Return the choices that would be offered, in their order; new ones without a position come last."""
    forms = []
    for formset_class, inline in model_admin.get_formsets_with_inlines(request, stored):
        prefix = formset_class.get_default_prefix()
        formset = formset_class(**model_admin.get_formset_kwargs(request, question, inline, prefix))
        formset.is_valid()
        forms += formset.forms
    choices = [form.instance for form in forms if not form.cleaned_data.get("DELETE")]
    offered = [choice for choice in choices if choice.label]
    for number, choice in enumerate(offered):
        choice.key = choice.key or f"new_{number}"
    return sorted(offered, key=lambda choice: (not (choice.pk or choice.position), choice.position or 0))
