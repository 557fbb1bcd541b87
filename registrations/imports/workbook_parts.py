"""The parts of an XLSX workbook, which are XML files in a ZIP archive, read as streams that cannot become huge."""

import io
import itertools
import posixpath
import re
import zipfile
from contextlib import suppress
from xml.sax.handler import ContentHandler

import defusedxml.sax
from django.utils.translation import gettext as _

from registrations.imports.tables import UnreadableFile

# The size of an unpacked workbook. A thousand people take less than a hundredth of it.
MAX_UNPACKED_BYTES = 40 * 1024 * 1024
MAX_PARTS = 1000
# Of all parts together: more than a full list has, and what is read in some seconds.
MAX_ELEMENTS = 1_000_000
# A character that XML cannot hold, or what looks like one.
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class StopReading(Exception):
    """The rest of the part is of no interest."""


def raise_too_large():
    raise UnreadableFile(_("The workbook is too large. Copy only the list into a new one and upload that."))


class PartHandler(ContentHandler):
    """Gets the elements of a part by their names without prefix, so that Strict Open XML is read like any other.

    While `texts` is a list, text is added to it.
    """

    budget: itertools.repeat
    texts: list[str] | None = None

    def startElement(self, name, attrs):
        if next(self.budget, None) is None:
            raise_too_large()
        self.start(name.rpartition(":")[2], attrs)

    def endElement(self, name):
        self.end(name.rpartition(":")[2])

    def characters(self, content):
        if self.texts is not None:
            self.texts.append(content)

    def take_text(self) -> str:
        """The text collected since `texts` became a list; no more is collected."""
        text, self.texts = "".join(self.texts or []), None
        return text

    def start(self, name: str, attrs) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""


class Relations(PartHandler):
    """The other parts that a part names: by their keys, and by the ends of their types."""

    def __init__(self, folder: str):
        super().__init__()
        self.folder, self.by_key, self.types = folder, {}, {}

    def start(self, name, attrs):
        if name == "Relationship" and attrs.get("TargetMode") != "External":
            target = posixpath.join("/", self.folder, attrs["Target"].replace("\\", "/"))
            self.by_key[attrs["Id"]] = target
            self.types[attrs["Id"]] = attrs["Type"].rpartition("/")[2]

    def find(self, kind: str) -> str:
        """The first part of this type; empty if there is none."""
        return next((self.by_key[key] for key, found in self.types.items() if found == kind), "")


class Package:
    """An archive's parts, by their names. Programs differ in their slashes and capitals. Raises UnreadableFile."""

    def __init__(self, content: bytes):
        self.archive = zipfile.ZipFile(io.BytesIO(content))
        infos = self.archive.infolist()
        if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > MAX_UNPACKED_BYTES:
            raise_too_large()
        self.infos = {normalize_name(info.filename): info for info in infos}
        self.budget = itertools.repeat(True, MAX_ELEMENTS)

    def __contains__(self, name: str) -> bool:
        return normalize_name(name) in self.infos

    def read(self, name: str, handler: PartHandler) -> PartHandler:
        """The handler after it was given the part. Whatever could make a small part endless is refused."""
        handler.budget = self.budget
        with self.archive.open(self.infos[normalize_name(name)]) as part, suppress(StopReading):
            defusedxml.sax.parse(part, handler, forbid_dtd=True)
        return handler

    def read_relations(self, name: str) -> Relations:
        """What the part with this name names; an empty name is for the package."""
        folder, file = posixpath.split(name)
        relations, path = Relations(folder), posixpath.join(folder, "_rels", f"{file}.rels")
        return self.read(path, relations) if path in self else relations


def normalize_name(name: str) -> str:
    return posixpath.normpath(posixpath.join("/", name.replace("\\", "/"))).lower()


def unescape(text: str) -> str:
    """The text with the characters that a workbook writes as `_x000D_`."""
    if "_x" not in text:
        return text
    text = ESCAPED.sub(lambda escaped: chr(int(escaped[1], 16)), text)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
