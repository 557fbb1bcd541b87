"""An XLSX workbook → its sheets.

openpyxl tells hidden rows and merged cells only of a workbook that is in memory as a whole, and reads no Strict Open
XML. So the parts are read as streams here, and openpyxl is asked about dates and formats only.
"""

from django.utils.translation import gettext as _
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from registrations.imports.tables import Sheet, UnreadableFile
from registrations.imports.workbook_parts import Package, PartHandler, raise_too_large, unescape
from registrations.imports.worksheets import CellTexts, SheetHandler

MAX_SHEETS = 100
MAX_SHEET_NAME = 100
MAX_CODE_LENGTH = 255  # of a format, as in Excel


def read_sheets(content: bytes) -> list[Sheet]:
    """The sheets of a workbook, in their order, each with the lines that hold something.

    Raises UnreadableFile for the workbook as a whole; what is wrong with a sheet is its `problem`.
    """
    try:
        return list_sheets(Package(content))
    except UnreadableFile:
        raise
    except Exception as error:  # zipfile, expat and openpyxl raise all kinds of errors for a broken workbook
        message = _("The workbook is damaged. Open it in a spreadsheet program, save it again and upload that.")
        raise UnreadableFile(message) from error


def list_sheets(package: Package) -> list[Sheet]:
    name = package.read_relations("").find("officeDocument") or "xl/workbook.xml"
    if name not in package or name.endswith(".bin"):
        raise UnreadableFile(_("This is not an XLSX workbook. Save the table as XLSX or CSV and upload that."))
    book, relations = package.read(name, WorkbookHandler()), package.read_relations(name)
    strings, styles = relations.find("sharedStrings"), relations.find("styles")
    texts = CellTexts(
        package.read(strings, StringsHandler()).strings if strings in package else [],
        package.read(styles, StylesHandler()).list_formats() if styles in package else [],
        MAC_EPOCH if book.counts_from_1904 else WINDOWS_EPOCH,
    )
    paths = {}  # each part once, for many names of one part would make a small file large
    for title, is_hidden, key in book.sheets:
        if relations.types.get(key) == "worksheet" and relations.by_key[key] in package:
            paths.setdefault(relations.by_key[key], (title, is_hidden))
    if len(paths) > MAX_SHEETS:
        raise_too_large()
    in_view_first = sorted(paths.items(), key=lambda item: item[1][1])
    found = {path: read_sheet(package, path, texts, *named) for path, named in in_view_first}
    return [found[path] for path in paths]


def read_sheet(package: Package, path: str, texts: CellTexts, title: str, is_hidden: bool) -> Sheet:
    try:
        read = package.read(path, SheetHandler(texts))
    except UnreadableFile as problem:
        return Sheet(title, [], is_hidden, problem=problem)
    return Sheet(title, read.list_lines(), is_hidden, read.hidden_columns)


class WorkbookHandler(PartHandler):
    """The names of the sheets, whether they are hidden, and the keys of their parts."""

    def __init__(self):
        super().__init__()
        self.sheets: list[tuple[str, bool, str]] = []
        self.counts_from_1904 = False

    def start(self, name, attrs):
        if name == "sheet":
            key = next((value for key, value in attrs.items() if key.endswith(":id")), "")
            title = unescape(attrs.get("name", "")).replace("\0", "")[:MAX_SHEET_NAME]
            self.sheets.append((title, attrs.get("state", "visible") != "visible", key))
        elif name == "workbookPr":
            self.counts_from_1904 = attrs.get("date1904") in ("1", "true", "on")


class StringsHandler(PartHandler):
    """The texts to which cells refer by their numbers, without their formats and readings."""

    def __init__(self):
        super().__init__()
        self.strings: list[str] = []
        self.string: list[str] = []
        self.is_reading = False

    def start(self, name, attrs):
        if name == "si":
            self.string = []
        elif name == "rPh":
            self.is_reading = True
        elif name == "t" and not self.is_reading:
            self.texts = []

    def end(self, name):
        if name == "t":
            self.string.append(self.take_text())
        elif name == "rPh":
            self.is_reading = False
        elif name == "si":
            self.strings.append(unescape("".join(self.string)))


class StylesHandler(PartHandler):
    """The formats of numbers, by the numbers of the styles that cells have."""

    def __init__(self):
        super().__init__()
        self.codes: dict[str, str] = {}
        self.styles: list[str] = []
        self.is_in_cells = False

    def start(self, name, attrs):
        if name == "numFmt":
            self.codes.setdefault(attrs["numFmtId"], unescape(attrs["formatCode"])[:MAX_CODE_LENGTH])
        elif name == "cellXfs":
            self.is_in_cells = True
        elif name == "xf" and self.is_in_cells:
            self.styles.append(attrs.get("numFmtId", "0"))

    def end(self, name):
        if name == "cellXfs":
            self.is_in_cells = False

    def list_formats(self) -> list[str]:
        return [self.codes.get(key) or BUILTIN_FORMATS.get(int(key), "General") for key in self.styles]
