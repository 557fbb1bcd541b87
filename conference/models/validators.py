"""What may be typed about a conference."""

import posixpath
import re
import zoneinfo
from datetime import date
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import SuspiciousFileOperation, ValidationError
from django.utils.translation import gettext_lazy as _

# First parts of addresses that are pages of the site, so no event can have them.
RESERVED_SLUGS = {"accessibility", "find", "r"}


def validate_slug_is_free(slug: str) -> None:
    """Raises ValidationError for a slug whose address is a page of the site."""
    if slug in RESERVED_SLUGS:
        raise ValidationError(
            _("“%(slug)s” is already the address of another page on this site. Please choose another."),
            params={"slug": slug},
        )


def validate_time_zone(name: str) -> None:
    """Raises ValidationError unless `name` is in the IANA time zone database."""
    if name not in zoneinfo.available_timezones() - {"localtime"}:
        raise ValidationError(_("“%(name)s” is not a time zone; enter one such as Europe/Riga."), params={"name": name})


# What a browser calls an origin: the scheme, the host in ASCII, and the port where it is not the usual one.
SITE = re.compile(r"https://[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+(:(?P<port>0|[1-9][0-9]*))?")


def validate_site(address: str) -> None:
    """Raises ValidationError unless `address` is one site's: nothing else may get into the security policy."""
    site = SITE.fullmatch(address)
    if not site:
        raise ValidationError(
            _("“%(address)s” is not a website address; enter one such as https://www.example.org."),
            params={"address": address},
        )
    if site["port"] and not is_port(site["port"]):
        raise ValidationError(
            _("“%(address)s” names a port that does not exist: ports are numbered from 1 to 65535."),
            params={"address": address},
        )


def is_pk(text: str) -> bool:
    """Whether `text` can be the number of a row."""
    return text.isascii() and text.isdigit() and len(text) < 19


def is_port(digits: str) -> bool:
    """Whether the digits are the number of a port, however many of them there are."""
    return len(digits) <= len("65535") and 1 <= int(digits) <= 65535


def validate_static_file(path: str) -> None:
    """Raises ValidationError unless `path` names one of the site's static files, so that pages can show it."""
    try:
        found = finders.find(path)
        if not found or not Path(found).is_file() or path != posixpath.normpath(path):
            raise ValueError
        staticfiles_storage.url(path)  # on a server: collected too
    except (ValueError, SuspiciousFileOperation):
        raise ValidationError(_("There is no file “%(path)s” under static/."), params={"path": path}) from None


def validate_year(moment: date) -> None:
    """Raises ValidationError for years that calendars and time zones do not reach."""
    if not 2000 <= moment.year <= 2100:
        raise ValidationError(_("The year must be between 2000 and 2100."))
