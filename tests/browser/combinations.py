"""In which languages, at which widths and in which colour schemes the pages are judged."""

from collections.abc import Iterable
from itertools import product
from typing import NamedTuple


class Look(NamedTuple):
    """How wide the window is, in pixels, and whether the system is light or dark."""

    width: int
    color_scheme: str


LANGUAGES = ("lv", "en")
LOOKS = tuple(Look(*values) for values in product((360, 1440), ("light", "dark")))
# Every two settings occur together in one of these, so a fault that takes two of them is found.
PAIRWISE = (
    ("lv", Look(360, "light")),
    ("lv", Look(1440, "dark")),
    ("en", Look(360, "dark")),
    ("en", Look(1440, "light")),
)


class Visit(NamedTuple):
    """A page, the language that it is opened in, and the looks in which it is then judged."""

    page: object
    language: str
    looks: tuple[Look, ...]


def visits(pages: Iterable, *, matrix: bool) -> list[Visit]:
    """Each page once, in turn in one of the pairwise combinations; or for the matrix in all that there are."""
    if matrix:
        return [Visit(page, language, LOOKS) for page, language in product(pages, LANGUAGES)]
    return [
        Visit(page, language, (look,))
        for number, page in enumerate(pages)
        for language, look in [PAIRWISE[number % len(PAIRWISE)]]
    ]
