"""Text that a spreadsheet shows and never runs, for CSV, which cannot say that something is text.

A value whose first character, after any apostrophes, is risky gets one more apostrophe in front.
So what was typed can always be had back: take one apostrophe off every value of that shape.
"""

from django.db.models import Func, TextField

# A spreadsheet runs a cell that starts with one of these; the wide ones are their East Asian twins.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def escape_formula(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet would run it."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_STARTS) else text


def unescape_formula(text: str) -> str:
    """`text` without the apostrophe that the site's own export put in front of what a spreadsheet would run."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA_STARTS) else text


class EscapeFormula(Func):
    """What `defused` makes of a text in the database."""

    arity = 1
    output_field = TextField()

    def as_sql(self, compiler, connection, **extra):
        value, params = compiler.compile(self.source_expressions[0])
        # Most values start with a letter or are empty, and that is told far faster than by the exact test.
        sql = (
            f"CASE WHEN ascii({value}) BETWEEN {ord('A')} AND {0xFF00} OR {value} = '' THEN {value} "
            f"WHEN left(ltrim({value}, ''''), 1) = ANY (%s) THEN '''' || {value} ELSE {value} END"
        )
        return sql, [*params, *params, *params, *params, list(FORMULA_STARTS), *params, *params]
