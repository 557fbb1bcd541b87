"""Which of black and white can be read on a colour."""

BLACK, WHITE = "#000000", "#ffffff"


def choose_ink(colour: str) -> str:
    """Return black or white, whichever has more contrast with `colour`: always at least 4.5 to 1."""
    return max(BLACK, WHITE, key=lambda ink: compute_contrast(ink, colour))


def compute_contrast(one: str, other: str) -> float:
    """Return the contrast of two colours such as #8a1c2f, as WCAG 2.2 defines it."""
    lower, higher = sorted(map(compute_luminance, (one, other)))
    return (higher + 0.05) / (lower + 0.05)


def compute_luminance(colour: str) -> float:
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
