"""Which rows of a list are people: not the numbered empty ones, the headings between them, and the totals below."""

import re
from collections.abc import Iterable, Mapping

from registrations.imports.column_mapping import FULL_NAMES, is_address
from registrations.imports.spellings.full_names import PARTICLES
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
