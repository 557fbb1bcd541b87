"""Searching people as they are typed: without case, without diacritics, with core PostgreSQL alone."""

from django.db.models import Func, TextField

# Letters that Unicode does not take apart into a base letter and a mark.
UNDECOMPOSED, PLAIN = "ØøŁłĐđĦħı", "OoLlDdHhi"


class Folded(Func):
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
        super().__init__(*(Folded(column) for column in columns), **extra)
