"""How large a list may be, and what is raised when a file is no list."""

from django.utils.translation import gettext as _

MAX_BYTES = 5 * 1024 * 1024
# So many people are signed up while nobody else can be; bench/imports.py tells how long that takes.
MAX_ROWS = 1000
MAX_COLUMNS = 100


class UnreadableFile(Exception):
    """The file cannot be taken as a list of people. The text tells the organiser why and what to do."""


def make_too_large_error() -> UnreadableFile:
    return UnreadableFile(_("The file is larger than %(number)d MB.") % {"number": MAX_BYTES // 1024**2})
