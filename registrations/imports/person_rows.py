"""Which rows of a list are people: not the numbered empty ones, the headings between, the totals below; their names."""

import re
from collections.abc import Iterable, Mapping

from conference.text.cleanup import clean_line
from registrations.imports.column_mapping import FULL_NAMES, is_address
from registrations.imports.spellings.full_names import PARTICLES, split_full_name
from registrations.imports.spellings.header_words import EMPTY_MARKS, fold

PERSON_FIELDS = (*FULL_NAMES, "first_name", "last_name", "email")
TOTALS = {"kopa", "kopskaits", "pavisam", "summa", "total", "totals", "grandtotal", "sum", "итого", "всего"}
# How people write, folded, that somebody has no e-mail address; among them what our own lists say.
NO_EMAIL = {"noemail", "none", "no", "na", "bezepasta", "navepasta", "nav", "bez"}
TOTAL = re.compile(r"([^\d:=]+?)\s*[:=]?\s*\d*")


def is_person(cells: Mapping[str, str], texts: Iterable[str]) -> bool:
    """Whether a row names somebody. `cells` are those that fill a field, by its name; `texts` are all in the row."""
    filled = [text for text in texts if text not in EMPTY_MARKS]
    named = {name: cells[name] for name in PERSON_FIELDS if cells.get(name, "") not in EMPTY_MARKS}
    if not named or "email" in named or any(map(is_address, filled)):
        return bool(named)
    if any(map(is_total, filled)):
        return False
    # A heading stands alone in its row, where it is a name only if it looks like one.
    return len(filled) > 1 or any(
        looks_like_full_name(cells.get(name, "")) for name in ("full_name", "name_last_first")
    )


def has_no_email(text: str) -> bool:
    """Whether the cell of an address says that there is none."""
    return text in EMPTY_MARKS or (len(text) < 40 and fold(text) in NO_EMAIL)


def is_total(text: str) -> bool:
    found = TOTAL.fullmatch(text) if len(text) < 40 else None
    return found is not None and fold(found[1]) in TOTALS


def looks_like_full_name(text: str) -> bool:
    words = re.split(r"[\s,]+", text.strip())
    return len(words) > 1 and all(word[:1].isupper() or word in PARTICLES for word in words)


def split_name_cell(cells: dict[str, str]) -> dict[str, str]:
    """The cells with a full name split, where the two parts do not stand in cells of their own."""
    whole = {name: cells.pop(name) for name in FULL_NAMES if name in cells}
    if not whole or cells.get("first_name") or cells.get("last_name"):
        return cells
    [(name, text)] = whole.items()
    split = split_full_name(clean_line(text), last_name_first=name == "name_last_first")
    names = {"first_name": split.first_name, "last_name": split.last_name}
    cells = names | cells | names
    if split.note:
        cells["internal_note"] = "\n".join(filter(None, [cells.get("internal_note"), split.note]))
    return cells
