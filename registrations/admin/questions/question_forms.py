"""The forms of a question and of its choices."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference.admin.ordering import OrderedFormSet
from conference.models import Event
from registrations import operations
from registrations.models import list_possible_answers
from registrations.operations.question_edits import dependents_of, get_next_position, refuse_if_needed


class QuestionForm(forms.ModelForm):
    """The form of a question; a subclass sets `event`."""

    event: Event

    condition = forms.ChoiceField(
        label=_("Shown only if"),
        required=False,
        help_text=_("Ask only people who gave this answer to another question of the event."),
    )

    class Meta:
        help_texts = {
            "is_internal": _(
                "Cannot be changed once it has been answered; otherwise people might see what was noted about them."
            ),
            "key": _(
                "A permanent name for the answers, for example lunch. Leave empty to create it from the question."
            ),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        question = self.instance
        if question.pk is None:
            question.event = self.event
            self.initial.setdefault("position", get_next_position(self.event))
        if "key" in self.fields:
            self.fields["key"].required = False
        self.fields["condition"].choices = [("", "—"), *self.list_conditions()]
        if question.shown_if_id:
            self.initial["condition"] = f"{question.shown_if_id}:{question.shown_if_answer}"

    def list_conditions(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Return the answers on which this question can depend, grouped by their questions."""
        asked = self.event.questions.asked().selectable().exclude(pk__in=self.get_descendants())
        if not (self.instance.is_about_needs or "is_about_needs" in self.fields):
            asked = asked.not_about_needs()
        return [
            (
                str(other),
                [
                    (f"{other.pk}:{key}", f"{other}: {label}")
                    for key, label, is_removed in list_possible_answers(other)
                    if not is_removed
                ],
            )
            for other in asked.prefetch_related("choices")
        ]

    def get_descendants(self) -> set[int]:
        """Return the keys of the question and of all that depend on it, directly or through others."""
        above = dict(self.event.questions.filter(shown_if__isnull=False).values_list("pk", "shown_if"))
        found = {self.instance.pk}
        while more := {key for key, other in above.items() if other in found} - found:
            found |= more
        return found

    def clean_key(self):
        key = self.cleaned_data["key"]
        if key and self.event.questions.filter(key=key).exists():
            text = _("This event already has a question with this key. Keys of removed questions stay taken.")
            raise ValidationError(text)
        return key

    def clean(self):
        super().clean()
        question = self.instance
        pk, _colon, question.shown_if_answer = self.cleaned_data.get("condition", "").partition(":")
        question.shown_if = other = self.event.questions.get(pk=pk) if pk else None
        is_about_needs = self.cleaned_data.get("is_about_needs", question.is_about_needs)
        is_internal = self.cleaned_data.get("is_internal", question.is_internal)
        if other and other.is_about_needs and not is_about_needs:
            text = _("This question would reveal the person's needs to everyone who can see the list.")
            self.add_error("condition", text)
        if other and other.is_internal and not is_internal:
            text = _("Only organisers answer that question, so a question for everyone cannot depend on it.")
            self.add_error("condition", text)
        if is_internal and question.pk and (public := question.dependent_questions.asked_of_everyone()):
            text = gettext("These questions for everyone depend on its answer: %(questions)s.")
            self.add_error("is_internal", text % {"questions": ", ".join(f"“{dependent}”" for dependent in public)})


class ChoiceFormSet(OrderedFormSet):
    """Choices: required for the kinds that have them, refused for others; a choice that others depend on stays."""

    def clean(self):
        super().clean()
        removed = self.deleted_forms
        for form in removed:
            if form.instance.pk:
                try:
                    refuse_if_needed(dependents_of(form.instance))
                except operations.OperationError as refusal:
                    raise ValidationError(f"“{form.instance}”: {refusal}") from None
        offered = [form for form in self.forms if form not in removed and (form.instance.pk or form.has_changed())]
        if self.instance.has_choices and not offered:
            raise ValidationError(_("Please enter at least one option."))
        if offered and not self.instance.has_choices:
            text = _("Questions of this type have no options. Choose another type, or remove the options.")
            raise ValidationError(text)
