"""The picture that other sites show beside a link to an event: its title, when and where, and books on a shelf."""

import hashlib
import json
from pathlib import Path

import typst
from django.conf import settings
from django.core.cache import cache
from django.utils.text import Truncator
from django.utils.translation import get_language

from conference.models import Event

WIDTH, HEIGHT = 1200, 630  # pixels; also the size of the page in the layout
LAYOUT = Path(__file__).parent / "typst" / "share_picture.typ"
FONTS = settings.BASE_DIR / "static" / "vendor" / "literata-5.3.0"
SECONDS = 24 * 3600
# More than fit in the smallest letters.
LONGEST_TITLE = 500

NUMBER_OF_BOOKS = 24
BINDINGS = ["#8a1c2f", "#c98b2b", "#3d5a73", "#5f7150", "#e3d8c3"]


def share_picture(event: Event) -> bytes:
    """The picture of `event` in the active language as PNG, drawn once for as long as nothing on it changes."""
    shown = shown_of(event)
    key = f"share-picture:{hashlib.sha256(json.dumps(shown).encode()).hexdigest()}"
    return cache.get_or_set(key, lambda: drawn(shown, event), SECONDS)


def shown_of(event: Event) -> dict:
    """Everything that the picture shows, as the layout takes it."""
    title = Truncator(" ".join(str(event.title).split())).chars(LONGEST_TITLE)
    place = ", ".join(filter(None, [str(event.venue.name), str(event.venue.city)]))
    return {
        "language": get_language(),
        "title": title,
        "about": [event.when.removesuffix(f" ({event.time_zone})"), place],
        "books": books(title),
        "picture": event.picture.digest if event.picture else "",
    }


def drawn(shown: dict, event: Event) -> bytes:
    # As data, not as source: whatever was typed is text there, never markup.
    inputs = {"shown": json.dumps(shown)}
    if event.picture:
        inputs["picture"] = json.dumps(list(bytes(event.picture.content)))
    return typst.compile(
        LAYOUT,
        root=LAYOUT.parent,  # the only folder that it can read: it holds nothing but the layout
        format="png",
        ppi=72,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs=inputs,
    )


def books(title: str) -> list[dict]:
    """The backs of books on a shelf, always the same for a title: as wide as its words are long.

    Widths and heights are in pixels, before the shelf is filled. No two neighbours are bound in the same colour.
    """
    words = title.split() or [""]
    chances = hashlib.sha256(title.encode()).digest()
    binding, found = 0, []
    for number, chance in enumerate(chances[:NUMBER_OF_BOOKS]):
        binding = (binding + 1 + chance % (len(BINDINGS) - 1)) % len(BINDINGS)
        letters = min(len(words[number % len(words)]), 14)
        found.append({"width": 32 + 2 * letters, "height": 64 + chance * 56 // 255, "colour": BINDINGS[binding]})
    return found
