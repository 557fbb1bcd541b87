"""Pages about one person beside the stock one: adding them by hand, their ticket, their dietary and access needs."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from conference.admin.edit_conflicts import ConcurrentFormMixin, dump_shown
from registrations import operations
from registrations.admin.extra_pages import (
    admin_view,
    log_addition,
    log_change,
    refusals_as_messages,
    render_event_choice,
    render_page,
)
from registrations.admin_site import find_event
from registrations.forms.fields import deserialize_answer, get_field_name, make_question_field, serialize_answer
from registrations.forms.organiser import OrganiserAddForm
from registrations.models import Question, Registration, list_answers


@admin_view(Registration, "add", of_chosen_event=True)
def add_view(request):
    """Register somebody through the same operation as the public form."""
    event = find_event(request, request.GET.get("event", ""))
    if event is None:
        return render_event_choice(request, Registration, _("Add registration"))
    form = OrganiserAddForm(request.POST or None, event=event)
    if form.is_valid():
        topics = form.cleaned_data.get("topics", ())
        options = {name: form.cleaned_data[name] for name in ("beyond_capacity", "notify")}
        try:
            person = form.build_registration(source=Registration.Source.BY_HAND)
            added, _has_place = operations.register(person, topics=topics, **options)
        except operations.OperationError as refusal:
            form.add_operation_error(refusal)
        else:
            log_addition(request, added)
            text = _("%(reference)s was added: %(status)s.")
            messages.success(request, text % {"reference": added.reference, "status": added.get_status_display()})
            tell_about_email(request, added, is_sent=options["notify"])
            if "quick" in request.POST:
                return redirect(f"{reverse('admin:registrations_registration_changelist')}?event={event.pk}")
            return redirect("admin:registrations_registration_change", added.pk)
    context = {"form": form, "adminform": AdminForm(form, list_fieldsets(form), {}), "event": event}
    return render_page(request, Registration, "registrations/registration/add.html", _("Add registration"), **context)


def list_fieldsets(form: OrganiserAddForm) -> list[tuple[str, dict]]:
    """Return the parts of the page that adds somebody: what nobody needs to know is folded."""
    first, last = ["first_name", "last_name", "organisation", "email"], ["notify", "beyond_capacity", "consent"]
    answers = [get_field_name(question) for question in form.questions]
    others = [name for name in form.fields if name not in {*first, *last, *answers}]
    parts = [(str(form.event), first, ""), (_("More about the person"), others, "collapse")]
    parts += [(_("Answers"), answers, "collapse"), (_("Place and e-mail"), last, "")]
    return [
        (title, {"fields": [name for name in fields if name in form.fields], "classes": classes.split()})
        for title, fields, classes in parts
        if set(fields) & set(form.fields)
    ]


def tell_about_email(request, registration: Registration, *, is_sent: bool) -> None:
    """Tell the user whether the new person gets an e-mail."""
    if not registration.email:
        text = _("Without an e-mail address, no e-mail is sent. You can print the ticket with the personal link.")
        messages.warning(request, text)
    elif is_sent:
        messages.info(request, _("The e-mail is being sent to %(address)s.") % {"address": registration.email})
    else:
        messages.info(request, _("No e-mail is sent."))


class NeedsForm(ConcurrentFormMixin, forms.Form):
    """The answers of one person to these questions about needs."""

    row_key = "needs"

    def __init__(self, *args, registration: Registration, questions: list[Question], **kwargs):
        super().__init__(*args, **kwargs)
        self.questions = {get_field_name(question): question for question in questions}
        for name, question in self.questions.items():
            answer = registration.answers.get(question.key)
            self.fields[name] = make_question_field(question, current=answer, by_organiser=True)
            self.initial[name] = deserialize_answer(question, answer)

    def get_current_value(self, name: str):
        return self.initial[name]

    def answers(self) -> dict:
        """Return the changed answers of a valid form by the questions' keys; None for an answer that was removed."""
        changed = [(self.questions[name], self.cleaned_data[name]) for name in self.changed_data]
        return {question.key: serialize_answer(question, value) for question, value in changed}


@admin_view(Registration, "view", "registrations.view_needs", scoped=True)
def needs_view(request, registration):
    """Show the needs and, to those who may change registrations, let them be corrected. Each view is logged."""
    can_change = admin.site.get_model_admin(Registration).has_change_permission(request, registration)
    if request.method == "POST" and not can_change:
        raise PermissionDenied
    questions = registration.event.questions.about_needs().prefetch_related("choices")
    editable = [question for question in questions if can_change and not question.removed_at]
    form = NeedsForm(request.POST or None, registration=registration, questions=editable)
    if form.is_valid():
        with refusals_as_messages(request):
            changed = operations.correct_details(registration, values={"answers": form.answers()}, by=request.user)
            if changed:
                log_change(request, registration, _("Changed dietary and access needs"))
            messages.success(request, _("The needs were saved.") if changed else _("Nothing was changed."))
        return redirect("admin:registrations_registration_change", registration.pk)
    log_change(request, registration, _("Looked at dietary and access needs"))
    return render_page(
        request,
        Registration,
        "registrations/registration/needs.html",
        _("Dietary and access needs"),
        registration=registration,
        form=form if editable else None,
        shown_values=dump_shown([form]),
        adminform=AdminForm(form, [(None, {"fields": list(form.fields)})], {}),
        answers=list_answers(registration, [question for question in questions if question not in editable]),
    )
