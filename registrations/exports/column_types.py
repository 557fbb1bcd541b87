"""A column of a table: what it is called, what stands in it, and who may see it."""

from enum import StrEnum, auto
from typing import NamedTuple

from django.db.models.expressions import Combinable


class ColumnType(StrEnum):
    """What a spreadsheet makes of a column's cells."""

    TEXT = auto()
    NUMBER = auto()
    SHARE = auto()  # a number from 0 to 1
    DATE = auto()
    MOMENT = auto()


class Column(NamedTuple):
    """A column of people: `name` is stable and in no language, `value` is what the database fills it with."""

    name: str
    header: str
    value: Combinable
    kind: ColumnType = ColumnType.TEXT


class ExportAccess(NamedTuple):
    """What whoever takes an export may see of people. Dietary and access needs nobody sees there."""

    can_see_email: bool
    can_change: bool

    @classmethod
    def for_user(cls, user) -> "ExportAccess":
        return cls(user.has_perm("registrations.view_email"), user.has_perm("registrations.change_registration"))


# Who runs the commands on the server.
OPERATOR_ACCESS = ExportAccess(can_see_email=True, can_change=True)
