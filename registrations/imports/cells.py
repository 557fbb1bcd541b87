"""What stands in a cell → what the form takes for it. One widget for each way in which people write things."""

import re
from collections.abc import Iterable
from functools import cache

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_countries import countries
from import_export.widgets import DateWidget, Widget

from registrations.imports.column_mapping import ANSWER_PREFIX, translate_to_all
from registrations.imports.words import fold
from registrations.models import Question, Registration
from registrations.operations import MAX_TAGS

# So many words are named when a cell holds none of them.
MAX_NAMED_CHOICES = 12
EMPTY_MARKS = ("", "-", "–", "—")  # how people say that there is nothing
YES = ["y", "true", "1", "x", "jā", "j", "patiess", "+", "✓", "✔"]
NO = ["n", "false", "0", "nē", "nav", "aplams", "-"]
DATE_FORMATS = [
    "%d.%m.%Y",
    "%d.%m.%Y.",
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%d-%m-%Y",
    "%Y.%m.%d",
    "%Y.%m.%d.",
    "%d.%m.%y",
    "%d.%m.%y.",
]
LANGUAGES = {"lv": ["lav", "latviešu valoda"], "en": ["eng", "angļu valoda"]}
SECTORS = {"library": ["bibliotēka", "libraries"], "other": ["cits", "citi"]}
COUNTRIES = {"GB": ["UK", "Great Britain", "Anglija", "England"], "US": ["USA", "ASV"], "LV": ["Latvijas Republika"]}


class Text(Widget):
    """A line of text, as it was before the site's own export guarded it against spreadsheets."""

    def clean(self, value, row=None, **kwargs):
        return " ".join(value.split())


class LongText(Widget):
    """Text with its line breaks."""

    def clean(self, value, row=None, **kwargs):
        return value.replace("\r\n", "\n").replace("\r", "\n").strip()


class Address(Text):
    """An e-mail address, also where the name stands before it or the cell was a link."""

    def clean(self, value, row=None, **kwargs):
        text = super().clean(value)
        named = re.fullmatch(r"[^<>]*<([^<>]+)>", text)
        return (named[1] if named else text).removeprefix("mailto:").strip(" ;,")


class Tags(Text):
    """Words with commas or semicolons between, each once, as many as a person can have."""

    def clean(self, value, row=None, **kwargs):
        words = [" ".join(word.split()) for word in re.split(r"[,;\n]", value)]
        if any(len(word) > 40 for word in words):
            raise ValueError(_("A tag has at most 40 characters."))
        if not all(word.isprintable() for word in words):
            raise ValueError(_("Please remove the invisible control characters."))
        tags = list(dict.fromkeys(filter(None, words)))
        if len(tags) > MAX_TAGS:
            raise ValueError(make_too_many_tags_message())
        return ", ".join(tags)


def make_too_many_tags_message() -> str:
    return _("Give a person at most %(most)d tags.") % {"most": MAX_TAGS}


class OneOf(Text):
    """One of a few values, by any of its names. `names` has each value with its names, the one to show first."""

    def __init__(self, names: dict[str, list[str]]):
        super().__init__()
        self.shown = [words[0] for words in names.values()]
        self.values = {normalize(word): value for value, words in names.items() for word in [*words, value]}

    def clean(self, value, row=None, **kwargs):
        text = super().clean(value)
        is_nothing = text in EMPTY_MARKS and text not in self.values
        return "" if is_nothing else self.value_of(text)

    def value_of(self, text: str) -> str:
        if (value := self.values.get(normalize(text))) is not None:
            return value
        if len(self.shown) > MAX_NAMED_CHOICES:
            raise ValueError(_("“%(text)s” is not known here.") % {"text": text[:60]})
        raise ValueError(
            _("“%(text)s” is not one of: %(words)s.") % {"text": text[:60], "words": ", ".join(self.shown)}
        )


class SeveralOf(OneOf):
    """Several of a few values, with commas, semicolons or line breaks between; their names may hold commas."""

    def clean(self, value, row=None, **kwargs):
        found = []
        for part in re.split(r"[;\n|]", value):
            words = [word.strip() for word in part.split(",") if word.strip() not in EMPTY_MARKS]
            while words:
                taken = next((n for n in range(len(words), 1, -1) if normalize(",".join(words[:n])) in self.values), 1)
                found.append(self.value_of(",".join(words[:taken])))
                words = words[taken:]
        return list(dict.fromkeys(found))


class Number(Text):
    """A number, with a decimal comma or point, and spaces between the thousands."""

    def clean(self, value, row=None, **kwargs):
        return super().clean(value).replace(" ", "").replace(",", ".")


class Date(DateWidget):
    """A day, as YYYY-MM-DD; in the orders in which it is written in Latvia."""

    def __init__(self):
        super().__init__()
        self.formats = DATE_FORMATS

    def clean(self, value, row=None, **kwargs):
        text = value.replace(" ", "")
        try:
            day = super().clean(text)
        except ValueError:
            message = _("“%(text)s” is not a date such as 19.09.2026.") % {"text": text[:60]}
            raise ValueError(message) from None
        return day.isoformat() if day else ""


def normalize(text: str) -> str:
    """What `text` is looked up by: itself where it is a mark only, such as ✓."""
    return fold(text) or text.strip()


def get_cell_readers(event, questions: Iterable[Question]) -> dict[str, Widget]:
    """How each of the things that a column can fill is read."""
    topics = {str(topic.pk): [str(topic.title), *translate_to_all(topic.title)] for topic in event.topics.all()}
    return {
        "first_name": Text(),
        "last_name": Text(),
        "full_name": Text(),
        "email": Address(),
        "organisation": Text(),
        "job_title": Text(),
        "country": OneOf(get_country_names()),
        "sector": OneOf(collect_names(Registration.Sector.choices, SECTORS)),
        "topics": SeveralOf(topics),
        "language": OneOf(collect_names(settings.LANGUAGES, LANGUAGES)),
        "internal_note": LongText(),
        "tags": Tags(),
        **{ANSWER_PREFIX + question.key: get_answer_reader(question) for question in questions},
    }


def get_answer_reader(question: Question) -> Widget:
    match question.kind:
        case Question.Kind.LONG_TEXT:
            return LongText()
        case Question.Kind.NUMBER:
            return Number()
        case Question.Kind.YES_NO:
            return OneOf({"yes": [_("yes"), *YES], "no": [_("no"), *NO]})
        case Question.Kind.ONE_OF:
            return OneOf(get_choice_names(question))
        case Question.Kind.SEVERAL_OF:
            return SeveralOf(get_choice_names(question))
        case Question.Kind.DATE:
            return Date()
        case _:
            return Text()


def get_choice_names(question: Question) -> dict[str, list[str]]:
    chosen_from = [choice for choice in question.choices.all() if not choice.removed_at]
    return {choice.key: [str(choice.label), *translate_to_all(choice.label)] for choice in chosen_from}


def collect_names(pairs: Iterable, others: dict[str, list[str]]) -> dict[str, list[str]]:
    """Each value with its label in the active language, then in all, then its other names."""
    found = {value: [str(label)] for value, label in pairs}
    for code, _name in settings.LANGUAGES:
        with override(code):
            for value, label in pairs:
                found[value].append(str(label))
    return {value: [*words, *others.get(value, [])] for value, words in found.items()}


@cache
def get_country_names() -> dict[str, list[str]]:
    """Every country with its names. Runs once."""
    pairs = [(code, countries.alpha3(code)) for code in countries.countries]
    found = {code: [code, alpha3] for code, alpha3 in pairs}
    for language, _name in settings.LANGUAGES:
        with override(language):
            for code, name in countries:
                found[code].append(str(name))
    return {code: [*words, *COUNTRIES.get(code, [])] for code, words in found.items()}
