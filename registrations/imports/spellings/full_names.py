"""A full name in one cell → first names and last name."""

import re
from typing import NamedTuple

# They stand before a last name and belong to it.
PARTICLES = {"van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "du", "la", "le", "les", "ten", "ter"}
PARTICLES |= {"zu", "zum", "zur", "af", "av", "al", "el", "bin", "ibn"}
# In front of a name, with a full stop or without one; the others only with one.
TITLES = {"dr", "prof", "mr", "mrs", "ms", "miss", "kungs", "kundze", "k-gs", "k-dze"}
DOTTED_TITLES = {"mg.", "mag.", "bc.", "ing.", "dipl.", "doc.", "asoc.", "assoc."}
SUFFIXES = {"jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "phd", "ph.d."}
EXPLANATION = re.compile(r"\(([^()]*)\)$")


class SplitName(NamedTuple):
    first_name: str
    last_name: str
    # What stood in brackets behind the name, such as what somebody does.
    note: str = ""


def split_full_name(text: str, *, last_name_first: bool = False) -> SplitName:
    """The parts of a name in one line.

    The last name is what stands before a comma, else the last word with the particles before it, or the first one. A
    title in front is taken off.
    """
    text = text.strip()
    explanation = EXPLANATION.search(text)
    note = explanation[1].strip() if explanation else ""
    name = strip_titles(EXPLANATION.sub("", text).strip() or text)
    last, comma, first = name.partition(",")
    if comma and first.strip().lower() not in SUFFIXES:
        return SplitName(first.strip(), last.strip(), note)
    words = name.replace(",", " ").split()
    start = count_last_name(words) if last_name_first else find_last_name(words)
    first, last = (words[start:], words[:start]) if last_name_first else (words[:start], words[start:])
    return SplitName(" ".join(first), " ".join(last), note)


def strip_titles(name: str) -> str:
    """`name` without the titles in front of it, such as “Prof. Dr. habil.”."""
    words = re.sub(r"^(dr|prof|mg)\.(?=\w)", r"\1. ", name, flags=re.IGNORECASE).split()
    start = 0
    for word in words[:-1]:
        is_title = word.lower() in DOTTED_TITLES or word.lower().rstrip(".") in TITLES
        if not (is_title or (start and word.islower() and word.endswith("."))):
            break
        start += 1
    return " ".join(words[start:])


def find_last_name(words: list[str]) -> int:
    """The place at which the last name begins, behind one first name at least."""
    start = len(words) - 1
    if words and words[-1].lower() in SUFFIXES and len(words) > 2:
        start -= 1
    while start > 1 and words[start - 1] in PARTICLES:
        start -= 1
    return max(start, 1)


def count_last_name(words: list[str]) -> int:
    """How many words the last name in front of the first names has."""
    count = 0
    while count < len(words) - 2 and words[count].lower() in PARTICLES:
        count += 1
    return min(count + 1, len(words) - 1) if len(words) > 1 else 0
