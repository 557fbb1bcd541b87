"""The sizes in which badges are printed."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class BadgeLayout(NamedTuple):
    """A badge's size and the page's, in millimetres, and how many badges a page has.

    `is_label`: for a label printer, which knows one colour and one side.
    """

    title: Promise
    width: float
    height: float
    padding: float
    page_width: float
    page_height: float
    columns: int = 1
    rows: int = 1
    is_label: bool = False

    @classmethod
    def for_single(cls, title: Promise, width: float, height: float, padding: float, **options) -> "BadgeLayout":
        return cls(title, width, height, padding, width, height, **options)


LAYOUTS = {
    "a7-sheet": BadgeLayout(_("A4 sheet with 8 badges of A7 (74 × 105 mm)"), 74, 105, 6, 297, 210, 4, 2),
    "a6-sheet": BadgeLayout(_("A4 sheet with 4 badges of A6 (105 × 148 mm)"), 105, 148, 7, 210, 297, 2, 2),
    "a7": BadgeLayout.for_single(_("A7 (74 × 105 mm), one a page"), 74, 105, 6),
    "a6": BadgeLayout.for_single(_("A6 (105 × 148 mm), one a page"), 105, 148, 7),
    "label-62": BadgeLayout.for_single(_("Label of a 62 mm roll (62 × 100 mm), black only"), 62, 100, 3, is_label=True),
    "label-90": BadgeLayout.for_single(_("Label of 90 × 54 mm, black only"), 90, 54, 3, is_label=True),
}
