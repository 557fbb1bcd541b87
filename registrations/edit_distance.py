"""How many typing errors lie between two texts."""


def count_typing_errors(one: str, other: str, *, most: int | None = None) -> int:
    """Return the number of letters that are wrong, missing, too many or swapped; `most` + 1 if there are more."""
    from rapidfuzz.distance import OSA  # few requests need it, and it is large

    return OSA.distance(one, other, score_cutoff=most)
