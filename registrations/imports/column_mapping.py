"""Which column of a list fills which field: guessed from the words of its header, and from what is in its cells."""

import re
from collections.abc import Callable, Iterable, Sequence

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registrations.exports.columns import TEXT_HEADERS
from registrations.imports.spellings.header_words import (
    BEFORE_ACCOUNT,
    EMPTY_MARKS,
    HEADERS,
    OTHER_WORDS,
    SYNONYMS,
    KnownAs,
    fold,
    recognize,
    split_words,
)
from registrations.models import Question

# The header of a column → the name of what it fills, empty where the column is left out.
ColumnMapping = dict[str, str]

ANSWER_PREFIX = "answers."
FULL_NAMES = {
    "full_name": gettext_lazy("First and last name together"),
    "name_last_first": gettext_lazy("Last and first name together"),
}
# What the columns can fill, as organisers see it.
FIELDS = {name: FULL_NAMES.get(name) or TEXT_HEADERS[name] for name in SYNONYMS}
ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
NOBODY = {"anonymous", "anonims", "anonima", "anonimi"}
SALUTATIONS = {"mr", "mrs", "ms", "miss", "dr", "prof", "kungs", "kundze", "mx"}


def is_address(text: str) -> bool:
    """Whether somebody meant this as an e-mail address, perhaps with a mistake."""
    return "@" in text or "(at)" in text


def is_text(text: str) -> bool:
    """Whether this is words: not a number, a date, an address or a link."""
    letters = fold(text[:60])
    return any(map(str.isalpha, letters)) and not is_address(text) and "://" not in text and letters not in NOBODY


def is_job_title(text: str) -> bool:
    return is_text(text) and fold(text) not in SALUTATIONS


# What most cells of a column for the field are like.
LOOKS: dict[str, Callable[[str], bool]] = {
    **dict.fromkeys(["first_name", "last_name", "organisation", "country", *FULL_NAMES], is_text),
    "job_title": is_job_title,
    "email": is_address,
}
RANK_OF_ACCOUNT, RANK_OF_EMPTY = 4, 8


def get_names(text) -> list[str]:
    """A translated text in the active language, then in every language of the site."""
    return [str(text), *(text.localize(code) for code, _name in settings.LANGUAGES)]


def get_known_headers(questions: Iterable[Question]) -> dict[str, str]:
    """Every header that is recognised as it is, folded, with what it fills."""
    asked = {
        fold(word): ANSWER_PREFIX + question.key
        for question in questions
        for word in [question.key, *get_names(question.label)]
    }
    return asked | HEADERS


def guess_mapping(
    headers: Sequence[str], questions: Iterable[Question], rows: Sequence[Sequence[str]] = ()
) -> ColumnMapping:
    """What each column fills, by its header and the cells under it, in `rows`; nothing where that is not sure.

    Of several columns for the same, the one is taken that is most surely about the person.
    """
    known, found = get_known_headers(questions), []
    cells = [[row[place] for row in rows if row[place] not in EMPTY_MARKS] for place in range(len(headers))]
    is_account = find_account_columns(headers)
    for place, header in enumerate(headers):
        if guess := recognize(header, known):
            rank = rank_column(guess, cells[place], is_account[place], has_rows=bool(rows))
            found += [] if rank is None else [(rank, place, guess.field)]
    taken: dict[str, int] = {}
    for _rank, place, field in sorted(found):
        taken.setdefault(field, place)
    addresses = [place for place, header in enumerate(headers) if holds_addresses(header, cells[place])]
    if "email" not in taken and len(addresses) == 1 and addresses[0] not in taken.values():
        taken["email"] = addresses[0]
    settle_names(taken, headers, cells)
    fields = {place: field for field, place in taken.items()}
    return {header: fields.get(place, "") for place, header in enumerate(headers)}


def rank_column(guess: KnownAs, cells: list[str], is_account: bool, *, has_rows: bool) -> int | None:
    """The rank of this column among those for its field; None if most cells are not what the field holds."""
    looks_right = LOOKS.get(guess.field)
    if looks_right and 2 * sum(map(looks_right, cells)) < len(cells):
        return None
    return guess.rank + RANK_OF_ACCOUNT * is_account + RANK_OF_EMPTY * (has_rows and not cells)


def holds_addresses(header: str, cells: list[str]) -> bool:
    """Whether all cells of a column are e-mail addresses, and its header is not about somebody else."""
    return bool(cells) and all(map(ADDRESS.fullmatch, cells)) and not OTHER_WORDS.intersection(split_words(header))


def find_account_columns(headers: Sequence[str]) -> list[bool]:
    """Whether each column is about whose account a form was filled in with, and not what was typed into it."""
    times = [place for place, header in enumerate(headers) if fold(header) in BEFORE_ACCOUNT]
    return [any(place - time in (1, 2) for time in times) for place in range(len(headers))]


def settle_names(taken: dict[str, int], headers: Sequence[str], cells: list[list[str]]) -> None:
    """Make the columns of names go together: change `taken`, which has the place of each field's column."""
    parts = {"first_name", "last_name"} & taken.keys()
    whole = next((field for field in FULL_NAMES if field in taken), None)
    for field in FULL_NAMES.keys() - {whole}:
        taken.pop(field, None)
    if whole and len(parts) == 2:
        if not cells[taken[whole]]:  # else it stays, for the rows in which the two are empty
            del taken[whole]
    elif whole and parts == {"last_name"} and fold(headers[taken[whole]]) == "name" and not has_two_words(cells, taken):
        taken["first_name"] = taken.pop(whole)  # “Name” and “Surname”
    elif whole:
        for field in parts:
            del taken[field]
    elif parts == {"first_name"} and has_two_words(cells, taken, "first_name"):
        taken["full_name"] = taken.pop("first_name")


def has_two_words(cells: list[list[str]], taken: dict[str, int], field: str = "full_name") -> bool:
    """Whether most cells of the column for this field have more than one word."""
    counts = [len(cell.split()) for cell in cells[taken[field]]]
    return 2 * sum(count > 1 for count in counts) > len(counts)


def find_problems(columns: ColumnMapping, *, has_emails: bool = True) -> list[str]:
    """Why no list can be imported with these columns, in the active language; `has_emails` is whether it should."""
    filled = [field for field in columns.values() if field]
    whole, parts = FULL_NAMES.keys() & set(filled), {"first_name", "last_name"}.intersection(filled)
    found = []
    if len(filled) != len(set(filled)):
        found.append(_("Two columns are set to the same field. Please skip one of them."))
    if len(whole) > 1 or (whole and len(parts) == 1):
        found.append(
            _("Choose either one column for the full name or two for first and last name, and skip the other.")
        )
    if not whole and len(parts) < 2:
        found.append(_("Please choose the columns that contain first and last names."))
    if has_emails and "email" not in filled:
        found.append(_("Please choose the column that contains e-mail addresses."))
    return found
