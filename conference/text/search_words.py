"""The words of a search, and no more of them than a database should look for at once."""

from conference.text.email_addresses import get_stored_spelling

MAX_LETTERS = 200
MAX_WORDS = 10


def get_search_words(text: str) -> list[str]:
    """Return the first different words of a search, addresses as stored; upper and lower case are the same."""
    words: dict[str, str] = {}
    for word in text[:MAX_LETTERS].split():
        words.setdefault(word.casefold(), get_stored_spelling(word) if "@" in word else word)
    return list(words.values())[:MAX_WORDS]


def is_search_shortened(text: str) -> bool:
    """Whether a search leaves out a part of `text`, other than repeated words."""
    return len(text.strip()) > MAX_LETTERS or len({word.casefold() for word in text.split()}) > MAX_WORDS
