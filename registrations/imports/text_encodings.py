"""In which encoding a text file is: guessed from the letters that its words would have, as nothing in it says so.

charset-normalizer, which needs more text than a list of names has, reads Latvian in Windows-1257 as Central European.
"""

import codecs
import re
from collections import Counter
from contextlib import suppress
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registrations.imports.tables import UnreadableFile

MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# What organisers see, in the order in which equally likely ones are proposed.
NAMES = {
    "utf-8": gettext_lazy("Unicode (UTF-8)"),
    "utf-8-sig": gettext_lazy("Unicode (UTF-8)"),
    "utf-16": gettext_lazy("Unicode (UTF-16)"),
    "utf-16-le": gettext_lazy("Unicode (UTF-16)"),
    "utf-16-be": gettext_lazy("Unicode (UTF-16, big-endian)"),
    "cp1257": gettext_lazy("Baltic (Windows-1257)"),
    "cp1252": gettext_lazy("Western European (Windows-1252)"),
    "cp1251": gettext_lazy("Cyrillic (Windows-1251)"),
    "cp1250": gettext_lazy("Central European (Windows-1250)"),
    "mac_roman": gettext_lazy("Western European (Macintosh)"),
    "mac_latin2": gettext_lazy("Central European and Baltic (Macintosh)"),
    "mac_cyrillic": gettext_lazy("Cyrillic (Macintosh)"),
}

# The letters beyond ASCII of each language, the usual ones first; the languages that are likely here first, too.
BALTIC = ["āīēšūļņģķžōŗé", "äõüöšžé", "šžėūčęąįų"]  # Latvian, Estonian, Lithuanian
CENTRAL = ["łżąęśćóńź", "íážěčřéšýůúóňďťľôäĺŕ", "üöäß", "áéóíőöüúű", "čšžćđ", "ăâîşţ"]
WESTERN = ["éèàêîïûçôëâùœæ", "üäößé", "äöåšžéü", "æøåéöä", "óáñíúéü", "èàùéòì", "ãçáõúéíêóàâô", "ëéïüçö"]
ICELANDIC = "ðáíþóúöæéý"  # which Mac Roman does not have
CYRILLIC = ["оеаитнсрлвдпкумьыйзябгхчшцюжщэёфъ", "оанеитіврслкдпумяьзбйгїєґюхчшцжщфў"]
LANGUAGES = {
    "cp1257": BALTIC,
    "cp1252": [*WESTERN, ICELANDIC],
    "cp1251": CYRILLIC,
    "cp1250": CENTRAL,
    "mac_roman": WESTERN,
    "mac_latin2": [*BALTIC, *CENTRAL],
    "mac_cyrillic": CYRILLIC,
}
# How unlikely things are, in comparison with the most usual letter of a language, which costs 1.
RANK, UNUSUAL_LETTER, OTHER_SIGN, SIGN_IN_WORD, CAPITAL_IN_WORD, TWO_SCRIPTS, CLUSTER = 0.2, 6, 5, 5, 4, 4, 2
ENCODING = {"cp1257": 0, "cp1252": 0.5, "cp1251": 1, "cp1250": 1.5, "mac_roman": 1, "mac_latin2": 1, "mac_cyrillic": 5}
NOT_MACINTOSH_LINES = 4

LINE = re.compile(rb"[^\r\n]+[\r\n]*")
WORD = re.compile(r"[^\W\d_]+")
SIGN = re.compile(r"[^\w\x00-\x7f]")
# But for the apostrophe of O’Brien, d’Arcy and l’Hôpital.
BETWEEN_LETTERS = re.compile(r"(?<=[^\W\d_])([^\w\x00-\x7f’\xad]|(?<![A-Zdln])’)(?=[^\W\d_])")
USUAL_SIGNS = "“”„‘’–—…°«»\xa0"
VOWELS = set("aeiouyāēīōūėųąęįäöüõáéíóúýàèìòùâêîôûëïãåæøœőűăěů")
VOWELS_ALONE = set("āēīūėòì")  # they seldom stand beside another vowel
MAX_SAMPLE_BYTES = 20_000
MAX_SHOWN_WORDS, MAX_SHOWN_LETTERS = 3, 30


def decode(content: bytes, encoding: str | None = None) -> tuple[str, str]:
    """The text of the file and its encoding, which is guessed unless it is known. Raises UnreadableFile."""
    for name in [encoding] if encoding else list_possible(content):
        with suppress(UnicodeDecodeError, LookupError):
            if "\0" not in (text := content.decode(name)):
                return text.removeprefix("\ufeff"), name
    raise UnreadableFile(_("The file cannot be read as text. Save it as XLSX, or as “CSV UTF-8”, and upload that."))


def list_possible(content: bytes) -> list[str]:
    """The encodings in which the file can be, the likeliest first."""
    if marked := next((name for mark, name in MARKS.items() if content.startswith(mark)), ""):
        return [marked]
    if b"\0" in content:  # of text in UTF-16, mostly every second byte is 0
        is_big_endian = content[::2].count(0) > content[1::2].count(0)
        return ["utf-16-be", "utf-16-le"] if is_big_endian else ["utf-16-le", "utf-16-be"]
    with suppress(UnicodeDecodeError):
        content.decode()
        return ["utf-8", *LANGUAGES]
    sample, has_other_lines = take_sample(content), b"\n" in content
    return sorted(
        LANGUAGES,
        key=lambda name: count_cost(sample, name) + NOT_MACINTOSH_LINES * (has_other_lines and name.startswith("mac")),
    )


def take_sample(content: bytes) -> bytes:
    """The first lines that are not ASCII."""
    sample = bytearray()
    for line in LINE.finditer(content):
        if not line[0].isascii():
            sample += line[0]
        if len(sample) > MAX_SAMPLE_BYTES:
            break
    return bytes(sample[:MAX_SAMPLE_BYTES])


def list_encodings(content: bytes) -> list[tuple[str, str]]:
    """The encodings in which the file can be, each with what its words look like in it; none where all are the same."""
    if content.isascii() and b"\0" not in content:
        return []
    shown, sample = [], take_sample(content)
    for name in list_possible(content):
        with suppress(UnicodeDecodeError):
            text = content.decode(name)
            lines = text if name.startswith("utf-16") else sample.decode(name, "ignore")
            words = [word for word in WORD.findall(lines) if not word.isascii()]
            some = [word[:MAX_SHOWN_LETTERS] for word in list(dict.fromkeys(words))[:MAX_SHOWN_WORDS]]
            shown.append((name, f"{', '.join(some)} – {NAMES[name]}"))
    return shown


def count_cost(content: bytes, encoding: str) -> float:
    """How unlikely it is that the file is in this encoding."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return float("inf")
    cost, used = ENCODING[encoding], set()
    for word in Counter(WORD.findall(text)):
        if not word.isascii():
            of_letters, language = find_language(word.lower(), LANGUAGES[encoding])
            used.add(language)
            cost += of_letters + count_shape(word)
    cost += sum(1 + 0.3 * language for language in used)  # people of a list are mostly of one country
    cost += sum(0.5 if sign in USUAL_SIGNS else OTHER_SIGN for sign in SIGN.findall(text))
    return cost + SIGN_IN_WORD * len(BETWEEN_LETTERS.findall(text))


def find_language(word: str, languages: list[str]) -> tuple[float, int]:
    """How unlikely the letters of the word are in the language to which they fit best, and its place."""
    letters = [letter for letter in word if not letter.isascii()]

    def of_language(letters_of: str) -> float:
        places = (letters_of.find(letter) for letter in letters)
        return sum(UNUSUAL_LETTER if place < 0 else 1 + RANK * place for place in places)

    return min((of_language(letters_of), place) for place, letters_of in enumerate(languages))


def count_shape(word: str) -> float:
    """How unlikely the word is by its order of capitals, scripts, vowels and consonants."""
    cost = CAPITAL_IN_WORD * sum(a.islower() and b.isupper() for a, b in pairwise(word))
    cyrillic = sum("\u0400" <= letter <= "\u04ff" for letter in word)
    if cyrillic:
        return cost + TWO_SCRIPTS * (cyrillic < len(word))
    padded = f" {word.lower()} "
    for before, letter, after in zip(padded, padded[1:], padded[2:], strict=False):
        if letter.isascii():
            continue
        has_vowel_beside = before in VOWELS or after in VOWELS
        if letter in VOWELS:
            cost += CLUSTER * (letter in VOWELS_ALONE and has_vowel_beside)
        else:
            cost += CLUSTER * (" " not in (before, after) and not has_vowel_beside)
    return cost
