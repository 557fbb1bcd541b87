"""The banner of an event without a picture: its title as books on a shelf."""

import hashlib
from itertools import cycle, islice

WIDTH, HEIGHT = 1600, 112
SHADES = 5
BOOKS = 96  # more than fit on the shelf, whatever the title


def draw_shelf(title: str) -> dict[str, str]:
    """Return SVG paths, WIDTH × HEIGHT, with nothing of the title itself: the books of shades "1" to "5", and "bands".

    Each word is a book, thicker for longer words, repeated until the shelf is full; always the same for a title.
    """
    # Always the same numbers from 0 to 255 for a title.
    digests = (hashlib.sha512(seed).digest() for seed in (title.encode(), title[::-1].encode() + b"2"))
    randomness = cycle(b"".join(digests))
    paths = {**{str(shade): "" for shade in range(1, SHADES + 1)}, "bands": ""}
    x, shade = 4, 0
    for word in islice(cycle(title.split() or ["-"]), BOOKS):
        thickness, height = min(14 + 2 * len(word), 40) + next(randomness) % 5, 58 + next(randomness) % 46
        shade = (shade + 1 + next(randomness) % (SHADES - 1)) % SHADES  # never the shade of the previous book
        if x + thickness > WIDTH:
            break
        if next(randomness) % 9 == 0:  # some books lean on the previous one
            paths[str(shade + 1)] += f"M{x + 3} {HEIGHT}l-2-{height}h{thickness}l9 {height}z"
            x += 12
        else:
            paths[str(shade + 1)] += f"M{x} {HEIGHT}v-{height}h{thickness}v{height}z"
            paths["bands"] += draw_bands(x, thickness, height, next(randomness) % 4)
        x += thickness + 1
    return paths


def draw_bands(x: int, thickness: int, height: int, kind: int) -> str:
    """Return the stamp on a book's spine: two lines, a label, a dot, or nothing."""
    top = HEIGHT - height
    lines = f"M{x} {top + 8}h{thickness}v2h-{thickness}zm0 6h{thickness}v2h-{thickness}z"
    label = f"M{x + 4} {top + 16}h{thickness - 8}v{height // 3}h-{thickness - 8}z"
    dot = f"M{x + thickness // 2 - 2} {HEIGHT - 16}h4v4h-4z"
    return [lines, label, dot, ""][kind]
