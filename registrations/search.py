"""Searching people as they are typed: without case, without diacritics, with core PostgreSQL alone."""

from django.db.models import Func, TextField

# Letters that Unicode does not take apart into a base letter and a mark.
UNDECOMPOSED, PLAIN = "ØøŁłĐđĦħı", "OoLlDdHhi"


class FoldedText(Func):
    """The text in small letters without diacritics: Bērziņš becomes berzins."""

    template = (
        "lower(translate(regexp_replace(normalize(%(expressions)s, NFKD), "
        f"'[\\u0300-\\u036f]', '', 'g'), '{UNDECOMPOSED}', '{PLAIN}'))"
    )
    output_field = TextField()


class SearchText(Func):
    """The named columns as one folded text, a line each, so that no match runs over from one into the next."""

    arg_joiner = " || E'\\n' || "
    template = "(%(expressions)s)"
    output_field = TextField()

    def __init__(self, *columns, **extra):
        super().__init__(*(FoldedText(column) for column in columns), **extra)


# The Latvian alphabet, long vowels and softened consonants being letters of their own; the letters that it lacks
# stand where Latvian lists put them.
ALPHABET = "aābcčdeēfgģhiījkķlļmnņoōpqrŗsštuūvwxyzž"
OWN_LETTERS = "".join(letter for letter in ALPHABET if not letter.isascii())
# Letters that no name has: first stand-ins that `Folded` leaves alone, then a row of them in the alphabet's order,
# above ASCII and below other scripts.
STAND_INS = "".join(chr(0xE000 + number) for number in range(len(OWN_LETTERS)))
IN_ORDER = "".join(chr(0x180 + number) for number in range(len(ALPHABET)))


class LatvianOrder(Func):
    """The text as something that compares byte by byte as a Latvian list sorts: Azars, Āboliņš, Cers, Čakste.

    Case does not matter, nor do the marks of other languages' letters. PostgreSQL may lack collations that know this.
    """

    template = (
        f"translate(%(expressions)s, '{ALPHABET.translate(str.maketrans(OWN_LETTERS, STAND_INS))}', '{IN_ORDER}')"
    )
    output_field = TextField(db_collation="C")

    def __init__(self, expression, **extra):
        super().__init__(FoldedText(StandInLetters(expression)), **extra)


class StandInLetters(Func):
    """The text with something else for the letters that `Folded` would take apart."""

    template = (
        f"translate(normalize(%(expressions)s, NFC), '{OWN_LETTERS}{OWN_LETTERS.upper()}', '{STAND_INS}{STAND_INS}')"
    )
    output_field = TextField()
