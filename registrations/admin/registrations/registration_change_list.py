"""The list of registrations: its columns, and links to pages about the same people."""

import re
from urllib.parse import quote

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from conference.models import is_pk
from registrations import audit
from registrations.admin.selection import get_selection_query


class RegistrationChangeList(ChangeList):
    def __init__(self, request, *args, **kwargs):
        super().__init__(request, *args, **kwargs)
        self.title = _("Registrations")
        selection, event = get_selection_query(request.GET), request.GET.get("event", "")
        of_event = f"event={event}" if is_pk(event) else ""
        pages = [
            ("send", _("Send e-mail"), "registrations_mailing_add", selection),
            ("export", _("Export"), "registrations_registration_export", selection),
            ("import", _("Import"), "registrations_registration_import", of_event),
            ("merge", _("Possible duplicates"), "registrations_registration_doubles", of_event),
        ]
        self.tools = [
            (label, f"{reverse(f'admin:{page}')}?{query}".rstrip("?"))
            for permission, label, page, query in pages
            if getattr(self.model_admin, f"has_{permission}_permission")(request)
        ]


@admin.display(description=_("Name"), ordering="sort_name")
def name(registration):
    return registration.full_name or _("(erased)")


@admin.display(description=_("e-mail"), ordering="email")
def address(registration):
    """A link to write to the person, which a narrow column breaks before a dot or the @ and not within a word."""
    if not registration.email:
        return None
    parts = re.split(r"(?=[.@+_-])", registration.email)
    shown = format_html_join(SafeString("<wbr>"), "{}", ([part] for part in parts))
    return format_html('<a href="mailto:{}">{}</a>', quote(registration.email, safe="@+"), shown)


@admin.display(description=_("registered"), ordering="created_at")
def registered(registration):
    return audit.format_value(registration, "created_at", registration.created_at)


@admin.display(description=_("event"), ordering="event__slug")
def event_slug(registration):
    return registration.event.slug


@admin.display(description=_("attended"), ordering="checked_in_at")
def came(registration):
    return audit.format_value(registration, "checked_in_at", registration.checked_in_at) or None
