"""Names as people type them: found, compared and sorted without regard to case, diacritics and punctuation.

PostgreSQL folds the texts, so that there is one folding for all of these. It needs no extension for that.
"""

from collections.abc import Iterable

from django.db import connection
from django.db.models import Func, TextField, Value

# Letters that Unicode does not decompose into a base letter and a mark; and those that two letters stand for.
UNDECOMPOSED, PLAIN = "ØøŁłĐđÐðĦħŦŧıςẞ", "OoLlDdDdHhTtiσß"
IN_TWO_LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
# Accents that stand alone, as apostrophes, and would become a space and a mark.
LONE_ACCENTS = "\u00b4\u0384\u1fbd\u1fbf\u1ffd\u1ffe"
# As PostgreSQL's regular expressions have them: what leaves no trace, and what parts words like a space. A line break
# is neither, as it parts columns.
MARKS = (
    r"\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670"
    r"\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
INVISIBLE = (
    r"\u0001-\u0008\u000e-\u001f\u007f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
)
APOSTROPHES = r"\u0027\u0060\u02b9-\u02bf\u02c8\u02ca\u02cb\u055a\u05f3\u05f4\u2018\u2019\u201b\u2032\u2035\ua78b\ua78c"
SEPARATORS = (
    r"\t\v\f\r !\u0022(),\-./:;<>?[\\\]_{|}\u0080-\u009f\u00a1\u00ab\u00b7\u00bb\u00bf\u058a\u05be\u060c\u061b\u061f"
    r"\u1680\u2010-\u2017\u201a\u201c-\u201f\u2022-\u2029\u2033\u2034\u2036\u2037\u2039\u203a\u2043\u2212\u3001\u3002"
    r"\u3008-\u3011\u30fb"
)
# In letters. An index entry holds 2,704 bytes, a letter takes up to four, and some become eighteen when folded.
MAX_SEARCHED_LENGTH, MAX_KEY_LENGTH = 640, 300


def fold(text: str) -> str:
    """Return the SQL that folds the SQL expression `text`."""
    text = f"normalize(translate({text}, '{LONE_ACCENTS}', ''), NFKD)"
    text = f"regexp_replace({text}, '[{MARKS}{INVISIBLE}{APOSTROPHES}]', '', 'g')"
    text = f"regexp_replace({text}, '[{SEPARATORS}]+', ' ', 'g')"
    text = f"lower(translate({text}, '{UNDECOMPOSED}', '{PLAIN}'))"
    for letter, letters in IN_TWO_LETTERS.items():
        text = f"replace({text}, '{letter}', '{letters}')"
    return f"btrim({text})"


class FoldedText(Func):
    """The text in lower case without diacritics and punctuation: “Bērziņš-O’Connor,” becomes berzins oconnor."""

    template = fold("%(expressions)s")
    output_field = TextField()


class SearchText(FoldedText):
    """The columns as one folded text, a line each, so that no match extends from one column to the next."""

    arg_joiner = " || E'\\n' || "


class PersonKey(Func):
    """What makes two names one person's: the folded parts of the first and the last name, in the order of letters."""

    function = "registrations_person_key"
    output_field = TextField()


# The parts are sorted by their bytes, as PostgreSQL has other orders on other machines.
CREATE_FUNCTIONS = f"""
    CREATE FUNCTION registrations_fold(text text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN {fold("text")};

    CREATE FUNCTION registrations_person_key(first_name text, last_name text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN (
        SELECT left(coalesce(string_agg(part, ' ' ORDER BY part COLLATE "C"), ''), {MAX_KEY_LENGTH})
        FROM string_to_table(registrations_fold(first_name || ' ' || last_name), ' ') AS part WHERE part <> ''
    )
"""  # noqa: S608 (no value of others)
PERSON_KEYS = """
    SELECT registrations_person_key(first_name, last_name)
    FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS name (first_name, last_name, place) ORDER BY place
"""


def compute_person_keys(names: Iterable[tuple[str, str]]) -> list[str]:
    """Return the `PersonKey` of each of these first and last names, in one query."""
    names = list(names)
    with connection.cursor() as cursor:
        cursor.execute(PERSON_KEYS, [[first for first, _last in names], [last for _first, last in names]])
        return [key for (key,) in cursor.fetchall()]


class FoldedWords(Func):
    """What `FoldedText` is, in fewer letters: it works in the database only since migration 0013."""

    function = "registrations_fold"
    output_field = TextField()

    def __init__(self, text: str, **extra):
        super().__init__(Value(text), **extra)


# The Latvian alphabet, in which long vowels and soft consonants are separate letters; foreign letters are where
# Latvian lists put them.
ALPHABET = "aābcčdeēfgģhiījkķlļmnņoōpqrŗsštuūvwxyzž"
OWN_LETTERS = "".join(letter for letter in ALPHABET if not letter.isascii())
# Letters that no name has: first replacements that `FoldedText` does not change, then one for each letter in the order
# of the alphabet, above ASCII and below other scripts.
STAND_INS = "".join(chr(0xE000 + number) for number in range(len(OWN_LETTERS)))
IN_ORDER = "".join(chr(0x180 + number) for number in range(len(ALPHABET)))


class LatvianOrder(Func):
    """The text converted so that sorting it by bytes gives the Latvian order: Azars, Āboliņš, Cers, Čakste.

    Case and diacritics of other languages do not matter. PostgreSQL may not have a collation that does this.
    """

    template = (
        f"translate(%(expressions)s, '{ALPHABET.translate(str.maketrans(OWN_LETTERS, STAND_INS))}', '{IN_ORDER}')"
    )
    output_field = TextField(db_collation="C")

    def __init__(self, expression, **extra):
        letters = f"'{OWN_LETTERS}{OWN_LETTERS.upper()}', '{STAND_INS}{STAND_INS}'"
        kept = Func(expression, template=f"translate(normalize(%(expressions)s, NFC), {letters})")
        super().__init__(FoldedText(kept), **extra)
