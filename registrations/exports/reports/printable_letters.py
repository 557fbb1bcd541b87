"""Which letters of names the fonts of this machine cannot print, and the Debian packages that have them.

Typst has fonts of its own for Latin, Greek and Cyrillic; for all other letters it takes those of the machine.
"""

import json
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from django.db.models import Q

from registrations.models import RegistrationQuerySet

LAYOUT = Path(__file__).parent / "typst" / "missing_letters.typ"
PRINTED = ["last_name", "first_name", "organisation"]
# As PostgreSQL's regular expressions have it: a letter that typst's own fonts may not have.
FOREIGN_LETTER = r"[^\u0001-\u024f\u0300-\u036f\u0370-\u04ff\u1e00-\u1fff\u2010-\u2027]"
PACKAGES = {"CJK": "fonts-noto-cjk", "HIRAGANA": "fonts-noto-cjk", "KATAKANA": "fonts-noto-cjk"}
PACKAGES |= {"HANGUL": "fonts-noto-cjk", "BOPOMOFO": "fonts-noto-cjk"}


def find_unprintable_names(people: RegistrationQuerySet) -> tuple[int, list[str]]:
    """Return how many of these people have a letter that no font here has, and the packages to install."""
    is_foreign = Q(*((f"{name}__regex", FOREIGN_LETTER) for name in PRINTED), _connector=Q.OR)
    texts = ["".join(row) for row in people.filter(is_foreign).values_list(*PRINTED)]
    missing = find_missing_letters(texts)
    number = sum(not missing.isdisjoint(text) for text in texts)
    return number, sorted(set(map(get_package, missing)))


def find_missing_letters(texts: Iterable[str], **options) -> set[str]:
    """Return the letters of these texts that no font here has; `options` are for typst. Nothing to do costs nothing."""
    letters = sorted(set().union(*texts))
    if not letters:
        return set()
    import typst  # few requests need it, and it is large

    inputs = {"letters": json.dumps(letters)}
    found = typst.query(LAYOUT, "<missing>", field="value", one=True, root=LAYOUT.parent, sys_inputs=inputs, **options)
    return set(json.loads(found))


def get_package(letter: str) -> str:
    """Return Debian's package with a font for this letter."""
    if unicodedata.category(letter) == "So":
        return "fonts-noto-color-emoji"
    return PACKAGES.get(unicodedata.name(letter, "").partition(" ")[0], "fonts-noto-core")
