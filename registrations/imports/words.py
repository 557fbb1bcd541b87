"""Words compared as people mean them."""

import unicodedata


def fold(text: str) -> str:
    """`text` without case, diacritics, spaces and punctuation."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if letter.isalnum())
