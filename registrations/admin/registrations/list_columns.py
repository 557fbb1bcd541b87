"""The columns of the list of registrations."""

import re
from urllib.parse import quote

from django.contrib import admin
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _


class ListColumnsMixin:
    """For the ModelAdmin of registrations: what stands in its list."""

    list_display = ["name", "organisation", "address", "status", "registered", "event_slug", "tags_shown", "came"]

    @admin.display(description=_("Name"), ordering="sort_name")
    def name(self, registration):
        return registration.full_name or _("(erased)")

    @admin.display(description=_("e-mail"), ordering="email")
    def address(self, registration):
        return mailto_link(registration.email) if registration.email else None

    @admin.display(description=_("registered"), ordering="created_at")
    def registered(self, registration):
        return format_in_event_zone(registration, registration.created_at)

    @admin.display(description=_("event"), ordering="event__slug")
    def event_slug(self, registration):
        return registration.event.slug

    @admin.display(description=_("tags"))
    def tags_shown(self, registration):
        return ", ".join(registration.tags)

    @admin.display(description=_("attended"), ordering="checked_in_at")
    def came(self, registration):
        return format_in_event_zone(registration, registration.checked_in_at)


def mailto_link(address: str) -> SafeString:
    """A link to write to this address, which a narrow column breaks before a dot or the @ and not within a word."""
    parts = re.split(r"(?=[.@+_-])", address)
    shown = format_html_join(SafeString("<wbr>"), "{}", ([part] for part in parts))
    return format_html('<a href="mailto:{}">{}</a>', quote(address, safe="@+"), shown)


def format_in_event_zone(registration, moment) -> str | None:
    """Date and time in short, by the clock of the place; None stays None."""
    return moment and date_format(moment.astimezone(registration.event.zone), "SHORT_DATETIME_FORMAT")
