"""Protects spreadsheets from CSV injection: CSV cannot say that a value is text and not a formula.

A value whose first character, after any apostrophes, starts a formula gets one more apostrophe in front. To restore
what was typed, take one apostrophe off every value of that shape.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.db.models import Func, TextField
from django.db.models.expressions import Combinable

# A spreadsheet runs a cell that starts with one of these; the last four are the full-width forms.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def escape_formula(text: str) -> str:
    """`text`, with an apostrophe in front where a spreadsheet would run it."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_STARTS) else text


def unescape_formula(text: str) -> str:
    """`text` without the apostrophe that `escape_formula` put in front."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA_STARTS) else text


class EscapeFormula(Func):
    """`escape_formula`, computed by the database."""

    arity = 1
    output_field = TextField()

    def as_sql(self, compiler, connection, **extra):
        value, params = compiler.compile(self.source_expressions[0])
        # Most values start with a letter or are empty, and this test is much faster than the exact one.
        sql = (
            f"CASE WHEN ascii({value}) BETWEEN {ord('A')} AND {0xFF00} OR {value} = '' THEN {value} "
            f"WHEN left(ltrim({value}, ''''), 1) = ANY (%s) THEN '''' || {value} ELSE {value} END"
        )
        return sql, [*params, *params, *params, *params, list(FORMULA_STARTS), *params, *params]


class Escape(NamedTuple):
    """What is done to text that people typed: to a database expression, and to a string."""

    expression: Callable[[Combinable], Combinable]
    text: Callable[[str], str]


ESCAPE_FORMULAS = Escape(EscapeFormula, escape_formula)
NO_ESCAPE = Escape(lambda expression: expression, str)
