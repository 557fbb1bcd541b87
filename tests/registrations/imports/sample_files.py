"""Files as people make them."""

import io
import zipfile
from collections.abc import Callable

from openpyxl import Workbook

from registrations.imports import guess_mapping, preview_rows, read_table
from registrations.imports.column_mapping import get_known_headers

HEADERS = ["Vārds", "Uzvārds", "E-pasts", "Iestāde"]
ANNA = ["Anna", "Bērziņa", "anna@example.lv", "Rīgas Centrālā bibliotēka"]
ILZE = ["Ilze", "Ķēniņa", "ilze@example.lv", "Alūksnes bibliotēka; filiāle"]


def make_csv(*rows, delimiter=";", encoding="cp1257", end="\r\n") -> bytes:
    """What Excel in Latvia saves as CSV, unless told otherwise."""

    def cell(value: str) -> str:
        doubled = value.replace('"', '""')
        return f'"{doubled}"' if any(mark in value for mark in f'{delimiter}"\n') else value

    return "".join(delimiter.join(map(cell, row)) + end for row in rows).encode(encoding)


def make_xlsx(*rows, before=()) -> bytes:
    """A workbook with these rows on its last sheet; `before` it, sheets of these names with nothing in them."""
    book = Workbook()
    for name in before:
        book.create_sheet(name, 0)
    for row in rows:
        book.worksheets[-1].append(row)
    return save(book)


def save(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def replace_parts(content: bytes, change: Callable[[str, bytes], tuple[str, bytes]]) -> bytes:
    """The workbook with its parts changed: `change` takes the name and the content of each, and gives others."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(*change(name, old.read(name)))
    return file.getvalue()


def preview_file(content: bytes, event, **options):
    """What importing this file would do, row by row."""
    questions = list(event.questions.prefetch_related("choices"))
    table = read_table(content, set(get_known_headers(questions)))
    columns = guess_mapping(table.headers, questions, table.rows)
    return preview_rows(table, event, columns, questions, **{"language": "lv", **options})
