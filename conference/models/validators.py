"""Validators of the fields of a conference."""

import posixpath
import re
import zoneinfo
from datetime import date
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import SuspiciousFileOperation, ValidationError
from django.utils.translation import gettext_lazy as _

# Paths of other pages of the site, which no event may use.
RESERVED_SLUGS = {"accessibility", "find", "r"}


def validate_slug_is_free(slug: str) -> None:
    if slug in RESERVED_SLUGS:
        text = _("“%(slug)s” is already the address of another page on this site. Please choose another.")
        raise ValidationError(text, params={"slug": slug})


def validate_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones() - {"localtime"}:
        raise ValidationError(_("“%(name)s” is not a time zone; enter one such as Europe/Riga."), params={"name": name})


# An origin as browsers write it: scheme, host in ASCII, and the port unless it is the default.
SITE = re.compile(r"https://[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+(:(?P<port>0|[1-9][0-9]*))?")


def validate_site(address: str) -> None:
    """Raises ValidationError unless `address` is an origin: nothing else may get into the security policy."""
    site = SITE.fullmatch(address)
    if site is None:
        text = _("“%(address)s” is not a website address; enter one such as https://www.example.org.")
        raise ValidationError(text, params={"address": address})
    port = site["port"]
    if port and (len(port) > len("65535") or not 1 <= int(port) <= 65535):
        text = _("“%(address)s” names a port that does not exist: ports are numbered from 1 to 65535.")
        raise ValidationError(text, params={"address": address})


def is_pk(text: str) -> bool:
    """Whether `text` can be a primary key."""
    return text.isascii() and text.isdigit() and len(text) < 19


def validate_static_file(path: str) -> None:
    try:
        found = finders.find(path)
        if not found or not Path(found).is_file() or path != posixpath.normpath(path):
            raise ValueError
        staticfiles_storage.url(path)  # in production it must be in the manifest
    except (ValueError, SuspiciousFileOperation):
        raise ValidationError(_("There is no file “%(path)s” under static/."), params={"path": path}) from None


def validate_year(moment: date) -> None:
    """Raises ValidationError for years outside the range of calendars and time zones."""
    if not 2000 <= moment.year <= 2100:
        raise ValidationError(_("The year must be between 2000 and 2100."))
