"""Whether a text looks like somebody's name: anybody can enter any words together with a stranger's address."""

import re
import unicodedata

MAX_LENGTH, MAX_WORDS = 50, 4
# What names have beside letters: spaces, hyphens, apostrophes, middle dots, joiners, dots of initials and titles.
SIGNS = set(" -\u2010\u2011'’‘ʼ`´·・׳״\u200c\u200d.")
# Words that begin with a small letter within a name.
PARTICLES = {
    *("af", "al", "ap", "av", "bin", "bint", "da", "das", "de", "degli", "dei", "del", "della", "den", "der", "des"),
    *("di", "do", "dos", "du", "e", "el", "ibn", "la", "las", "le", "los", "ní", "ó", "of", "op", "san", "ten", "ter"),
    *("the", "tot", "und", "van", "vom", "von", "y", "z", "zu", "zum", "zur"),
}
# A dot within a web address, or at the end of a sentence. Initials and titles are shorter.
DOT_OF_NO_NAME = re.compile(r"\w\w\.\w|\w\.\w\w|\w{5}\.")


def is_name(text: str) -> bool:
    """Whether `text` looks like a person's first or last name, of any script: a few words of letters, most with a
    capital. It has no digits, addresses, sentences or pictures.
    """
    words = text.split()
    return (
        0 < len(words) <= MAX_WORDS
        and len(text) <= MAX_LENGTH
        and all(character in SIGNS or unicodedata.category(character)[0] in "LM" for character in text)
        and all(any(letter.isalpha() for letter in word) for word in words)
        and not DOT_OF_NO_NAME.search(text)
        and (len(words) < 3 or all(map(is_capitalised, words)))
    )


def is_capitalised(word: str) -> bool:
    """Whether the word can stand in a name of several words; most scripts have no capitals."""
    first = next(letter for letter in word if letter.isalpha())
    return not first.islower() or word.rstrip(".").lower() in PARTICLES or word.startswith(("'", "’", "al-", "el-"))
