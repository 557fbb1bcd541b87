"""Addresses for new events that no event has or had."""

from datetime import date

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext_lazy
from i18nfield.strings import LazyI18nString

from conference.models import EarlierAddress, Event

MAX_ROOT_LENGTH = 40
ATTEMPTS = 100
SLUG_TAKEN = gettext_lazy("Another event already has this address. Please choose another.")


def find_free_address(root: str, day: date) -> str:
    """Return `root` with the year, and a number if needed; empty if even that is taken."""
    wanted = [f"{root}-{day.year}{ending}" for ending in ("", *(f"-{number}" for number in range(2, ATTEMPTS)))]
    taken = {*Event.objects.filter(slug__in=wanted).values_list("slug", flat=True)}
    taken |= {*EarlierAddress.objects.filter(slug__in=wanted).values_list("slug", flat=True)}
    return next((slug for slug in wanted if slug not in taken), "")


def make_root(title: LazyI18nString | str, day: date) -> str:
    """Return whole words of the title in plain letters, without the year; for titles without any such letter, “event”.

    Of titles in several languages, it is that in the site's first.
    """
    text = title.localize(settings.LANGUAGES[0][0]) if isinstance(title, LazyI18nString) else title
    root = slugify(text).removesuffix(f"-{day.year}").strip("-_")
    if len(root) > MAX_ROOT_LENGTH:
        root = root[: MAX_ROOT_LENGTH + 1].rpartition("-")[0] or root[:MAX_ROOT_LENGTH]
    return root or "event"
