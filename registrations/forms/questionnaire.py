"""A person and the event's questions on a form: which are asked, who is asked, and the answers."""

from collections.abc import Iterable, Mapping
from functools import partial

from django import forms
from django.db.models import prefetch_related_objects
from django.forms.models import construct_instance
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from conference.models import Event
from conference.text.languages import TranslatedText, format_with_lang
from registrations.availability import get_full_choice_keys
from registrations.forms.choice_fields import CountryField, SectorSelect, TopicsField, list_country_choices
from registrations.forms.fields import (
    LineField,
    LinesField,
    NameField,
    NormalizedEmailField,
    deserialize_answer,
    get_field_name,
    make_question_field,
    serialize_answer,
)
from registrations.models import Question, Registration

PERSON_FIELDS = ["first_name", "last_name", "email", "organisation", "job_title", "country", "sector"]


class QuestionnaireForm(forms.ModelForm):
    """What attendees and organisers alike fill in: the person, topics, and the answers to the event's questions.

    A conditional question is asked only of those who gave a certain answer to another one: others need not answer it,
    and if they do, their answer is not saved. `full` has the keys of the full choices by the key of their question,
    if they are known already. A valid form has `answers` by question key; None for no answer, or none any longer.
    """

    by_organiser = False
    country = CountryField(label=_("Country"), required=False)
    sector = forms.ChoiceField(label=_("Sector"), required=False, widget=SectorSelect)
    topics = TopicsField(label=capfirst(Registration._meta.get_field("topics").verbose_name), required=False)

    class Meta:
        model = Registration
        fields = [*PERSON_FIELDS, "topics"]
        field_classes = {
            **dict.fromkeys(["first_name", "last_name"], NameField),
            "email": NormalizedEmailField,
            **dict.fromkeys(["organisation", "job_title"], LineField),
            "internal_note": LinesField,
        }

    def __init__(self, *args, event: Event, full: Mapping[str, set[str]] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.event = event
        left_out = list_fields_left_out(event, self.instance if self.by_organiser else None)
        # Organisers add people without e-mail, who need not enter an address later either.
        is_without_email = self.instance.pk and not self.instance.email
        self.fields["email"].required = not (self.by_organiser or is_without_email)
        self.fields["topics"].offer(event.topics.all())
        self.fields["sector"].choices = [("", _("Choose…")), *list_sectors(event, self.instance.sector)]
        # Only listed when the form is shown.
        self.fields["country"].widget.choices = partial(list_country_choices, get_language(), event.venue.country.code)
        for name in event.ASKED_FIELDS:
            self.fields[name].required = event.is_required(name) and not self.by_organiser
        for name in left_out:
            del self.fields[name]
        self.questions = self.select_questions()
        if full is None:  # no query where no choice has a limit
            has_limits = any(choice.limit for question in self.questions for choice in question.choices.all())
            full = get_full_choice_keys(event) if has_limits else {}
        for question in self.questions:
            self.add_question_field(question, full.get(question.key, set()))

    def list_questions(self) -> list[Question]:
        """Return all questions of the event, in their order."""
        return get_questions(self.event)

    def select_questions(self) -> list[Question]:
        """Return the questions to ask, in their order; from attendees only those whose condition this form can meet."""
        every = {question.pk: question for question in self.list_questions()}
        for question in every.values():
            question.shown_if = every.get(question.shown_if_id)
        if self.by_organiser:
            return [question for question in every.values() if is_for_organisers(question)]
        asked = {pk: question for pk, question in every.items() if question.is_asked_of_everyone}
        for question in sort_parents_first(every.values()):
            if question.shown_if_id not in asked and not question.is_condition_met(self.instance.answers):
                asked.pop(question.pk, None)
        open_to_all = set(sort_parents_first(asked.values()))
        return [question for question in asked.values() if question in open_to_all]

    def add_question_field(self, question: Question, full: set[str]) -> None:
        name, current = get_field_name(question), self.instance.answers.get(question.key)
        field = make_question_field(question, full=full, current=current, by_organiser=self.by_organiser)
        if self.is_conditional(question):
            field.required = False  # `clean` decides
            field.help_text = format_html(
                '<span class="condition">{}</span> {}', describe_condition(question), field.help_text
            )
        self.fields[name] = field
        self.initial.setdefault(name, deserialize_answer(question, current))

    def is_conditional(self, question: Question) -> bool:
        """Whether it is asked only of those who give a certain answer to another question on this form."""
        return question.shown_if in self.questions

    def _post_clean(self):
        """Write the values to the registration, unvalidated: their fields were valid, and operations write the rest."""
        construct_instance(self, self.instance, self._meta.fields)

    def clean(self):
        cleaned = super().clean()
        self.refuse_without_name()
        keys_on_form = {question.key for question in self.questions}
        known = {key: answer for key, answer in self.instance.answers.items() if key not in keys_on_form}
        self.answers = {}
        for question in sort_parents_first(self.questions):
            name = get_field_name(question)
            answer = self.get_answer(question)
            if self.is_conditional(question) and not question.is_condition_met(known):
                self.errors.pop(name, None)
                answer = None
            elif answer is None and question.is_required and not self.by_organiser and name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["required"])
            self.answers[question.key] = answer
            if answer is not None:
                known[question.key] = answer
        return cleaned

    def refuse_without_name(self) -> None:
        """Add an error if both names are empty: one is enough, as some people have only one."""
        names = ["first_name", "last_name"]
        if not any(self.cleaned_data.get(name) or name in self.errors for name in names):
            self.add_error("first_name", _("Please enter the first name, the last name or both."))

    def get_answer(self, question: Question) -> object:
        return serialize_answer(question, self.cleaned_data.get(get_field_name(question)))

    def build_registration(self, **values) -> Registration:
        """Return the unsaved registration that a valid form describes, with `values` of fields that it has not."""
        registration = self.save(commit=False)
        registration.event = self.event
        registration.consented_at = timezone.now() if self.cleaned_data["consent"] else None
        registration.answers = {key: answer for key, answer in self.answers.items() if answer is not None}
        for name, value in values.items():
            setattr(registration, name, value)
        return registration

    def add_operation_error(self, refusal: Exception) -> None:
        """Add why an operation was refused, to the question that it concerns, if it concerns one."""
        question = getattr(refusal, "question", None)
        name = question and get_field_name(question)
        self.add_error(name if name in self.fields else None, str(refusal))


def list_sectors(event: Event, held: str) -> list[tuple[str, TranslatedText]]:
    """Return key and label of the sectors to choose from, among them the one that the person chose before."""
    return [(one.key, one.label) for one in event.sectors.all() if one.is_offered or one.key == held]


def list_fields_left_out(event: Event, person: Registration | None = None) -> list[str]:
    """Return the fields that a form leaves out, because the event does not ask them or has nothing to choose from.

    For organisers, `person` keeps the fields that they filled in when these were asked.
    """
    prefetch_related_objects([event], "topics", "sectors")
    has_choices = {"sector": any(one.is_offered for one in event.sectors.all()), "topics": bool(event.topics.all())}
    left_out = [name for name in event.ASKED_FIELDS if not event.is_asked(name) or not has_choices.get(name, True)]
    return [name for name in left_out if not (person and person.has_filled_in(name))]


def get_questions(event: Event) -> list[Question]:
    """Return all questions of the event with their choices, removed ones too; read once for each `event` object."""
    prefetch_related_objects([event], "questions__choices")
    return list(event.questions.all())


def is_for_organisers(question: Question) -> bool:
    """Whether organisers enter the answer with a person's other data. Needs have a page of their own."""
    return question.removed_at is None and not question.is_about_needs


def sort_parents_first(questions: Iterable[Question]) -> list[Question]:
    """Sort each question after the one that it depends on, and leave out those in a circle of conditions."""
    ordered, rest = [], list(questions)
    while ready := [question for question in rest if question.shown_if not in rest]:
        ordered += ready
        rest = [question for question in rest if question not in ready]
    return ordered


def describe_condition(question: Question) -> SafeString:
    """Describe when to answer a conditional question, for those who see both."""
    other, answer = question.shown_if, question.shown_if_answer
    text = {"yes": _("Yes"), "no": _("No")}[answer] if not other.has_choices else other.get_answer_texts(answer)[0]
    return format_with_lang(
        _("Only if you answered “%(answer)s” to “%(question)s”."), answer=text, question=other.label
    )
