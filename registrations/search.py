"""Search and sorting of names, without regard to case and diacritics, with no PostgreSQL extension."""

from django.db.models import Func, TextField

# Letters that Unicode does not decompose into a base letter and a mark.
UNDECOMPOSED, PLAIN = "ØøŁłĐđĦħı", "OoLlDdHhi"


class FoldedText(Func):
    """The text in lower case without diacritics: Bērziņš becomes berzins."""

    template = (
        "lower(translate(regexp_replace(normalize(%(expressions)s, NFKD), "
        f"'[\\u0300-\\u036f]', '', 'g'), '{UNDECOMPOSED}', '{PLAIN}'))"
    )
    output_field = TextField()


class SearchText(Func):
    """The columns as one folded text, a line each, so that no match extends from one column to the next."""

    arg_joiner = " || E'\\n' || "
    template = "(%(expressions)s)"
    output_field = TextField()

    def __init__(self, *columns, **extra):
        super().__init__(*(FoldedText(column) for column in columns), **extra)


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
