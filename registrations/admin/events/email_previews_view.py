"""Previews of an event's e-mails."""

from django.conf import settings
from django.utils.translation import gettext as _

from conference.models import Event
from registrations.admin.extra_pages import admin_view, render_page
from registrations.mail.content import render_examples


@admin_view(Event, "view", scoped=True)
def email_previews_view(request, event):
    """Show every message of the event in every language, as a made-up person would get it."""
    return render_page(
        request,
        Event,
        "conference/event/email_previews.html",
        _("E-mails of this event"),
        event=event,
        languages=settings.LANGUAGES,
        messages_by_kind=render_examples(event),
    )
