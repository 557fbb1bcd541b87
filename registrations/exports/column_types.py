"""What a column is made of."""

from enum import StrEnum, auto
from typing import NamedTuple

from django.db.models.expressions import Combinable


class ColumnType(StrEnum):
    """How a spreadsheet shows a column's cells."""

    TEXT = auto()
    NUMBER = auto()
    SHARE = auto()  # a number from 0 to 1
    DATE = auto()
    MOMENT = auto()


class Column(NamedTuple):
    """A column of a table of people. `name` never changes and is not translated; the database computes `value`."""

    name: str
    header: str
    value: Combinable
    type: ColumnType = ColumnType.TEXT
