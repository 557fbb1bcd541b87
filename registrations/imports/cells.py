"""The text of a cell → what the form takes for it. One reader for each way in which people write things."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override

from conference.models import Event
from conference.text.cleanup import clean_line, clean_lines
from conference.text.email_addresses import get_stored_spelling
from registrations.forms.fields import MAX_QUOTED, get_field_name
from registrations.imports.column_mapping import get_names
from registrations.imports.spellings.country_names import CountryReader
from registrations.imports.spellings.date_reader import DateReader
from registrations.imports.spellings.header_words import EMPTY_MARKS, fold
from registrations.models import Question
from registrations.operations import MAX_TAGS

# Takes the text of a cell. Raises ValidationError, in words for the organiser, when it cannot be read.
CellReader = Callable[[str], object]

# The values that a cell may have are listed in the message when there are not more of them than this.
MAX_NAMED_CHOICES = 12
# Whatever may be an e-mail address.
ADDRESS = re.compile(r"""[^\s<>()\[\],;:"']+@[^\s<>()\[\],;:"']+""")
MAX_ADDRESSES = 10_000
YES = ["y", "true", "1", "x", "jā", "j", "patiess", "+", "✓", "✔"]
NO = ["n", "false", "0", "nē", "nav", "aplams", "-"]
LANGUAGES = {"lv": ["lav", "latviešu valoda"], "en": ["eng", "angļu valoda"]}
SECTORS = {"library": ["bibliotēka", "libraries"], "other": ["cits", "citi"]}


def find_addresses(rows: Iterable[Iterable[str]]) -> list[str] | None:
    """The e-mail addresses in any of the cells, in lower case; None when they are more than a list of people has."""
    cells = (clean_line(cell) for row in rows for cell in row if "@" in cell)
    found = {get_stored_spelling(address.lower().rstrip(".")) for cell in cells for address in ADDRESS.findall(cell)}
    return sorted(found) if len(found) <= MAX_ADDRESSES else None


def read_tags(text: str) -> list[str]:
    """Words with commas or semicolons between, each once, as many as a person can have."""
    words = [clean_line(word) for word in re.split(r"[,;\n]", text)]
    if any(len(word) > 40 for word in words):
        raise ValidationError(_("A tag has at most 40 characters."))
    return limit_tags(filter(None, words))


def limit_tags(tags: Iterable[str]) -> list[str]:
    """The tags, each once. Raises ValidationError when they are more than a person can have."""
    tags = list(dict.fromkeys(tags))
    if len(tags) > MAX_TAGS:
        raise ValidationError(_("A person can have at most %(most)d tags.") % {"most": MAX_TAGS})
    return tags


class ChoiceReader:
    """Finds values by any of their names. `names` has each value with its names, the one to show first.

    How much it looks up does not depend on the cell's length: more than all names together is refused unread.
    """

    def __init__(self, names: dict[str, list[str]]):
        self.shown = [words[0] for words in names.values()]
        self.values = {normalize(word): value for value, words in names.items() for word in [*words, value]}
        commas = [max(word.count(",") for word in words) for words in names.values()]
        self.most_parts = 1 + max(commas, default=0)  # of one name, split at its commas
        self.most_words = 2 * (len(commas) + sum(commas))
        # A cell may have more spaces and punctuation than the name that it holds.
        self.most_letters = 100 + 2 * max((len(word) for words in names.values() for word in words), default=0)

    def read_one(self, text: str) -> str:
        line = clean_line(text)
        return "" if line in EMPTY_MARKS and line not in self.values else self.find(line)

    def read_several(self, text: str) -> list[str]:
        """Several values with commas, semicolons or line breaks between; their names may hold commas."""
        parts = [[word.strip() for word in part.split(",")] for part in re.split(r"[;\n|]", text)]
        parts = [[word for word in words if word not in EMPTY_MARKS] for words in parts]
        if sum(map(len, parts)) > self.most_words > 0:
            raise ValidationError(_("This cell names more than there is to choose from."))
        found = []
        for words in parts:
            while words:
                longest = range(min(len(words), self.most_parts), 1, -1)
                count = next((n for n in longest if self.look_up(",".join(words[:n])) is not None), 1)
                found.append(self.find(",".join(words[:count])))
                words = words[count:]
        return list(dict.fromkeys(found))

    def look_up(self, text: str) -> str | None:
        return self.values.get(normalize(text)) if len(text) <= self.most_letters else None

    def find(self, text: str) -> str:
        if (value := self.look_up(text)) is not None:
            return value
        words = {"text": text[:MAX_QUOTED], "words": ", ".join(self.shown)}
        if len(self.shown) > MAX_NAMED_CHOICES:
            raise ValidationError(_("“%(text)s” is not recognised.") % words)
        raise ValidationError(_("“%(text)s” is not one of: %(words)s.") % words)


def normalize(text: str) -> str:
    """What `text` is looked up by: the text itself where it is only a sign, such as ✓."""
    return fold(text) or text.strip()


def get_cell_readers(
    event: Event, questions: Iterable[Question], columns: Mapping[str, Sequence[str]]
) -> dict[str, CellReader]:
    """How cells for these fields of the form are read; those for other fields are lines.

    `columns` has all cells of each column: what one means may depend on the others.
    """
    topics = {str(topic.pk): get_names(topic.title) for topic in event.topics.all()}
    sectors = {
        one.key: [*get_names(one.label), *SECTORS.get(one.key, [])] for one in event.sectors.all() if one.is_offered
    }
    return {
        "country": CountryReader(columns.get("country", ())).read,
        "sector": ChoiceReader(sectors).read_one,
        "topics": ChoiceReader(topics).read_several,
        "language": ChoiceReader(collect_names(settings.LANGUAGES, LANGUAGES)).read_one,
        "internal_note": clean_lines,
        "tags": read_tags,
        **{
            name: get_answer_reader(question, columns.get(name, ()))
            for question in questions
            for name in [get_field_name(question)]
        },
    }


def get_answer_reader(question: Question, cells: Sequence[str]) -> CellReader:
    yes_or_no = ChoiceReader({"yes": [_("yes"), *YES], "no": [_("no"), *NO]})
    choices = ChoiceReader({choice.key: get_names(choice.label) for choice in question.get_choices()})
    readers = {
        Question.Kind.LONG_TEXT: clean_lines,
        Question.Kind.YES_NO: yes_or_no.read_one,
        Question.Kind.ONE_OF: choices.read_one,
        Question.Kind.SEVERAL_OF: choices.read_several,
        Question.Kind.DATE: DateReader(cells).read,
    }
    return readers.get(question.kind, clean_line)


def collect_names(pairs: Iterable, others: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Each value with its label in the active language, then in every language, then its other names."""
    found = {value: [str(label)] for value, label in pairs}
    for code, _name in settings.LANGUAGES:
        with override(code):
            for value, label in pairs:
                found[value].append(str(label))
    return {value: [*words, *others.get(value, [])] for value, words in found.items()}
