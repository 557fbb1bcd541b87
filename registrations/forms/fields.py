"""Form fields, among them the one that asks a question, and how its value becomes a stored answer and back."""

import unicodedata
from collections.abc import Collection, Mapping
from datetime import date
from functools import partial

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _

from conference.text.cleanup import clean_line, clean_lines
from conference.text.email_addresses import decode_domain, encode_domain, read_address
from conference.text.languages import format_with_lang, with_lang
from registrations.models import Question, get_chosen_keys

Kind = Question.Kind

# As browsers send dates, and as people type them where the browser has no calendar.
DATE_FORMATS = ["%Y-%m-%d", "%d.%m.%Y.", "%d.%m.%Y", "%d/%m/%Y"]
MIN_DATE, MAX_DATE = date(1900, 1, 1), date(2100, 12, 31)
DATE_INPUT = forms.DateInput(format=DATE_FORMATS[0], attrs={"type": "date", "min": str(MIN_DATE), "max": str(MAX_DATE)})
# So much of what somebody entered is repeated in a message.
MAX_QUOTED = 60


class LineField(forms.CharField):
    """A text of one line, without what nobody sees; shown again as it was understood."""

    clean_one = staticmethod(clean_line)

    def to_python(self, value):
        return self.clean_one(super().to_python(value))

    def bound_data(self, data, initial):
        return self.to_python(data)


class LinesField(LineField):
    """A text of several lines, with one character for a line break, where browsers send two."""

    clean_one = staticmethod(clean_lines)
    widget = forms.Textarea


class NameField(LineField):
    """One of a person's names. A hyphen alone is how people say that there is none."""

    def to_python(self, value):
        name = super().to_python(value)
        kinds = [unicodedata.category(letter) for letter in name]
        return name if any(kind[0] in "LN" or kind == "So" for kind in kinds) else ""


class NormalizedEmailField(forms.EmailField):
    """An e-mail address, however it was copied, in the one spelling in which it is stored, compared and used to send.

    The part before the @ must be printable ASCII.
    """

    default_error_messages = {"invalid": EmailValidator.message}

    def widget_attrs(self, widget):
        # In an input for e-mail, browsers write the domain anew: Chromium sends strasse.de for straße.de.
        widget.input_type = "text"
        keyboard = {"inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}
        return super().widget_attrs(widget) | keyboard

    def to_python(self, value):
        try:
            email = encode_domain(read_address(super().to_python(value)))
        except UnicodeError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        if not (email.isascii() and email.isprintable()):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return email

    def bound_data(self, data, initial):
        return read_address(data or "")

    def prepare_value(self, value):
        return decode_domain(value or "")


class SeveralField(forms.MultipleChoiceField):
    """Several choices, each at most once: more values than there are choices are refused unread."""

    def to_python(self, value):
        refuse_too_many(value, len(self.choices), self.error_messages)
        return super().to_python(value)


def refuse_too_many(values: object, most: int, error_messages: Mapping) -> None:
    """Raise ValidationError for a list of more than `most` values, which no browser sends."""
    if isinstance(values, list) and len(values) > most:
        raise ValidationError(
            error_messages["invalid_choice"], "invalid_choice", {"value": str(values[0])[:MAX_QUOTED]}
        )


class NumberField(forms.DecimalField):
    """A number with a decimal point or, as in Latvian, a comma; spaces may part the thousands."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value):
        return super().to_python("".join(clean_line(str(value or "")).split()).replace(",", "."))


class YesNoField(forms.ChoiceField):
    """Asks outright, where an empty tick box could mean that nobody has looked at it."""

    widget = forms.RadioSelect

    def prepare_value(self, value):
        return {True: "yes", False: "no"}.get(value, value)


class DisableFullChoicesMixin:
    """Disables the choices that are full: they can be read but not chosen."""

    full: Collection[str] = ()

    def create_option(self, name, value, label, selected, *args, **kwargs):
        is_full = value in self.full
        option = super().create_option(name, value, label, selected and not is_full, *args, **kwargs)
        if is_full:
            option["attrs"]["disabled"] = True
        return option


class ChoiceRadioSelect(DisableFullChoicesMixin, forms.RadioSelect):
    pass


class ChoiceCheckboxSelect(DisableFullChoicesMixin, forms.CheckboxSelectMultiple):
    pass


def get_field_name(question: Question) -> str:
    return f"question_{question.key}"


def make_question_field(
    question: Question, *, full: Collection[str] = frozenset(), current: object = None, by_organiser: bool = False
) -> forms.Field:
    """Make the form field that asks this question.

    `current` is the person's current answer: a choice that was removed or is in `full` (the keys of the full ones)
    stays open to whoever chose it. An organiser may not know the answer, so `by_organiser` nothing is required.
    """
    common = {
        "label": with_lang(question.label),
        "help_text": with_lang(question.help_text),
        "required": question.is_required and not by_organiser,
    }
    match question.kind:
        case Kind.YES_NO if question.is_required or by_organiser:
            nothing = [("", _("No answer"))] if by_organiser else []
            return YesNoField(choices=[*nothing, ("yes", _("Yes")), ("no", _("No"))], **common)
        case Kind.YES_NO:
            return forms.BooleanField(**common)
        case Kind.ONE_OF | Kind.SEVERAL_OF:
            return make_choice_field(question, full=full, current=get_chosen_keys(current), **common)
        case Kind.NUMBER:
            return NumberField(max_digits=15, decimal_places=4, **common)
        case Kind.DATE:
            limits = [MinValueValidator(MIN_DATE), MaxValueValidator(MAX_DATE)]
            return forms.DateField(input_formats=DATE_FORMATS, widget=DATE_INPUT, validators=limits, **common)
        case Kind.LONG_TEXT:
            widget = forms.Textarea(attrs={"rows": 4})
            return LinesField(max_length=4000, widget=widget, **common)
        case _:
            return LineField(max_length=400, **common)


def make_choice_field(question: Question, *, full: Collection[str], current: Collection[str], **common) -> forms.Field:
    offered = question.get_choices(current)
    full = {choice.key: str(choice.label) for choice in offered if choice.key in full and choice.key not in current}
    full_label = _("%(choice)s (full)")
    choices = [
        (choice.key, format_with_lang(full_label if choice.key in full else "%(choice)s", choice=choice.label))
        for choice in offered
    ]
    if question.kind == Kind.SEVERAL_OF:
        field = SeveralField(choices=choices, widget=ChoiceCheckboxSelect, **common)
    else:
        nothing = [] if common["required"] else [("", _("No answer"))]
        field = forms.ChoiceField(choices=[*nothing, *choices], widget=ChoiceRadioSelect, **common)
    field.widget.full = full.keys()
    field.validators.append(partial(refuse_full_choices, full))
    return field


def refuse_full_choices(full: dict[str, str], value: object) -> None:
    """Raise ValidationError if `value` has one of the `full` choices, which are labels by key."""
    for key in get_chosen_keys(value):
        if key in full:
            raise ValidationError(_("“%(choice)s” is full. Please choose again."), "full", {"choice": full[key]})


def serialize_answer(question: Question, cleaned: object) -> object:
    """Turn a valid field's value into what is stored in Registration.answers; None for no answer."""
    if cleaned in (None, "", []):
        return None
    match question.kind:
        case Kind.YES_NO:
            return cleaned if isinstance(cleaned, bool) else cleaned == "yes"
        case Kind.NUMBER:
            return int(cleaned) if cleaned == cleaned.to_integral_value() else float(cleaned)
        case Kind.DATE:
            return cleaned.isoformat()
        case Kind.SEVERAL_OF:
            return list(dict.fromkeys(cleaned))
        case _:
            return cleaned


def deserialize_answer(question: Question, answer: object) -> object:
    """Turn a stored answer into the field's initial value."""
    match question.kind:
        case Kind.SEVERAL_OF:
            return get_chosen_keys(answer)
        case Kind.ONE_OF:
            return "".join(get_chosen_keys(answer)[:1])
        case Kind.NUMBER:
            return question.format_answer(answer)
        case _:
            return answer
