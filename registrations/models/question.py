"""Questions that an event asks its attendees, the choices they offer, and query expressions for the answers."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Func, JSONField, Q, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.lookups import In, IsNull
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from conference.models import Event, VisibleQuerySet
from conference.text.languages import TranslatedText

validate_key = RegexValidator(r"^[a-z][a-z0-9_]*\Z", _("Lower-case letters a–z, digits and underscores only."))


class QuestionQuerySet(VisibleQuerySet):
    def asked(self):
        """Questions that are not removed. Answers to removed ones stay readable."""
        return self.filter(removed_at__isnull=True)

    def asked_of_everyone(self):
        """Questions that attendees answer themselves."""
        return self.asked().filter(is_internal=False)

    def shown_to_attendees(self):
        """Questions, removed ones included, whose answers attendees may see: all except internal ones."""
        return self.filter(is_internal=False)

    def about_needs(self):
        """Questions about dietary and access needs, whose answers only a few users may see."""
        return self.filter(is_about_needs=True)

    def for_catering(self):
        """Questions whose answers the caterer gets without names, also if they are about needs."""
        return self.filter(is_for_catering=True)

    def not_about_needs(self):
        """Questions whose answers every user may see who can see the registration."""
        return self.filter(is_about_needs=False)

    def selectable(self):
        """Questions answered by choosing, which can be counted and filtered, and on which others can depend."""
        return self.filter(kind__in=[Question.Kind.YES_NO, Question.Kind.ONE_OF, Question.Kind.SEVERAL_OF])


class Question(models.Model):
    """Something an event asks its attendees in addition to the fields that every registration has.

    Registration.answers has under `key`: text, a number, true or false, a choice's key, a list of such keys, or a date
    as YYYY-MM-DD. A removed question keeps its row, so that its answers stay readable.
    """

    class Kind(models.TextChoices):
        SHORT_TEXT = "short_text", _("short text")
        LONG_TEXT = "long_text", _("long text")
        NUMBER = "number", _("number")
        YES_NO = "yes_no", _("yes or no")
        ONE_OF = "one_of", _("one from a list")
        SEVERAL_OF = "several_of", _("several from a list")
        DATE = "date", _("date")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="questions", verbose_name=_("event"))
    key = models.CharField(
        _("key"),
        max_length=40,
        validators=[validate_key],
        help_text=_("A permanent name for the answers, for example lunch. It cannot be changed later."),
    )
    label = I18nCharField(_("question"))
    help_text = I18nTextField(_("help"), blank=True)
    kind = models.CharField(_("type"), max_length=20, choices=Kind, default=Kind.SHORT_TEXT)
    is_required = models.BooleanField(_("required"), default=False)
    is_internal = models.BooleanField(_("only organisers see and fill it in"), default=False, db_default=False)
    is_about_needs = models.BooleanField(
        _("dietary or access needs"),
        default=False,
        db_default=False,
        help_text=_(
            "Only people with permission can see the answers, and each viewing is logged. They are left "
            "out of e-mails and exports, and they are erased after the event."
        ),
    )
    is_for_catering = models.BooleanField(
        _("the caterer needs it"),
        default=False,
        db_default=False,
        help_text=_(
            "For example lunch, or dietary needs. The caterer's list has the numbers of those with a place, and what "
            "people wrote, but no names."
        ),
    )
    shown_if = models.ForeignKey(
        "self",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="dependent_questions",
        verbose_name=_("only if this question"),
    )
    # A choice's key, or “yes” or “no”.
    shown_if_answer = models.CharField(_("has this answer"), max_length=40, blank=True, db_default="")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True, editable=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "key"], name="question_key_once_per_event"),
            models.CheckConstraint(
                condition=Q(shown_if__isnull=True, shown_if_answer="")
                | (Q(shown_if__isnull=False) & ~Q(shown_if_answer="")),
                name="question_condition_names_an_answer",
            ),
        ]

    def __str__(self):
        return str(self.label)

    @property
    def has_choices(self) -> bool:
        return self.kind in (self.Kind.ONE_OF, self.Kind.SEVERAL_OF)

    @property
    def is_asked_of_everyone(self) -> bool:
        """The same as `QuestionQuerySet.asked_of_everyone`, without a query."""
        return self.removed_at is None and not self.is_internal

    def is_condition_met(self, answers: Mapping[str, object]) -> bool:
        """Whether somebody with these answers is asked this question. Reads `shown_if`."""
        return self.shown_if is None or self.shown_if_answer in get_chosen_keys(answers.get(self.shown_if.key))

    def get_choices(self, held: Collection[str] = ()) -> "list[Choice]":
        """Return the choices that are not removed, and those in `held`, which the person has chosen before."""
        return [choice for choice in self.choices.all() if choice.removed_at is None or choice.key in held]

    def format_answer(self, answer: object) -> str:
        """Return the answer as people read it, in the active language. Several choices are on a line each."""
        return "\n".join(map(str, self.get_answer_texts(answer)))

    def get_answer_texts(self, answer: object) -> list[TranslatedText]:
        """Return the lines of `format_answer`: translatable labels of choices, also removed ones, or stored texts."""
        match answer:
            case None | "" | []:
                return []
            case bool():
                return [gettext("yes") if answer else gettext("no")]
            case int() | float():
                return [number_format(answer)]
            case list():
                return [text for one in answer for text in self.get_answer_texts(one)]
        if self.has_choices:
            return [next((choice.label for choice in self.choices.all() if choice.key == answer), str(answer))]
        if self.kind == self.Kind.DATE:
            with suppress(ValueError, TypeError):
                return [date_format(date.fromisoformat(answer), "DATE_FORMAT")]
        return [str(answer)]


def get_chosen_keys(answer: object) -> list[str]:
    """Return the keys of the chosen choices, or “yes” or “no”; nothing if the answer was typed."""
    match answer:
        case bool():
            return ["yes" if answer else "no"]
        case str() if answer:
            return [answer]
        case list():
            return answer
    return []


class Choice(models.Model):
    """One of the answers that a question offers. A removed one keeps its row, so that answers with it stay readable."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="choices", verbose_name=_("question"))
    key = models.CharField(_("key"), max_length=40, validators=[validate_key])
    label = I18nCharField(_("option"))
    limit = models.PositiveIntegerField(
        _("places"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("How many people can choose it, including those on the waiting list. Leave empty for no limit."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["question", "key"], name="choice_key_once_per_question")]

    def __str__(self):
        return str(self.label)


def has_answer(question: Question) -> Q:
    """Return the condition that a registration has an answer to `question`; an empty one does not count."""
    answer = KeyTextTransform(question.key, "answers")
    nothing = ["", "[]"] if question.has_choices else [""]
    return Q(event=question.event_id) & Q(IsNull(answer, False)) & ~Q(In(answer, nothing))


def has_chosen(question: Question, answer: str) -> Q:
    """Return the condition that a registration has chosen `answer`, a choice's key or “yes” or “no”."""
    value = {Question.Kind.YES_NO: answer == "yes", Question.Kind.SEVERAL_OF: [answer]}.get(question.kind, answer)
    return Q(event=question.event_id, answers__contains={question.key: value})


def without_answers(keys: Collection[str]) -> Func:
    """Return the expression of a registration's answers without those to the questions with these keys."""
    names = Value(list(keys), output_field=ArrayField(TextField()))
    return Func(F("answers"), names, template="(%(expressions)s)", arg_joiner=" - ", output_field=JSONField())


def list_possible_answers(question: Question) -> list[tuple[str, str, bool]]:
    """Return the answers to choose from: key, label in the active language, and whether the choice is removed."""
    if question.kind == Question.Kind.YES_NO:
        return [("yes", gettext("yes"), False), ("no", gettext("no"), False)]
    if not question.has_choices:
        return []
    return [(choice.key, str(choice.label), choice.removed_at is not None) for choice in question.choices.all()]
