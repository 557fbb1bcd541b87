"""The columns of the list of registrations."""

import re
from urllib.parse import quote

from django.contrib import admin
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _


@admin.display(description=_("Name"), ordering="sort_name")
def name(registration):
    return registration.full_name or _("(erased)")


@admin.display(description=_("e-mail"), ordering="email")
def address(registration):
    return mailto_link(registration.email) if registration.email else None


@admin.display(description=_("registered"), ordering="created_at")
def registered(registration):
    return format_in_event_zone(registration, registration.created_at)


@admin.display(description=_("event"), ordering="event__slug")
def event_slug(registration):
    return registration.event.slug


@admin.display(description=_("attended"), ordering="checked_in_at")
def came(registration):
    return format_in_event_zone(registration, registration.checked_in_at)


def mailto_link(address: str) -> SafeString:
    """A link to write to this address, which a narrow column breaks before a dot or the @ and not within a word."""
    parts = re.split(r"(?=[.@+_-])", address)
    shown = format_html_join(SafeString("<wbr>"), "{}", ([part] for part in parts))
    return format_html('<a href="mailto:{}">{}</a>', quote(address, safe="@+"), shown)


def format_in_event_zone(registration, moment) -> str | None:
    """Date and time in short, in the time zone of the event; None stays None."""
    return moment and date_format(moment.astimezone(registration.event.zone), "SHORT_DATETIME_FORMAT")
