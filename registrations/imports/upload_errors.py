"""What is raised when a file cannot be imported, and how large it may be."""

from django.utils.translation import gettext as _

MAX_BYTES = 5 * 1024 * 1024
# Nobody else can register while a list is imported; bench/imports.py measures how long that takes.
MAX_ROWS = 1000
MAX_COLUMNS = 100


class UnreadableFile(Exception):
    """The file cannot be read as a list of people. The text tells the organiser why and what to do."""


def make_too_large_error() -> UnreadableFile:
    return UnreadableFile(_("The file is larger than %(number)d MB.") % {"number": MAX_BYTES // 1024**2})
