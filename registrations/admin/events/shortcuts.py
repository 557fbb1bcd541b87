"""What organisers often need of an event, a click from its overview: pages, and lists to take away."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.admin.publication_checks import event_change_url, settings_url
from conference.models import Event, get_limited_access
from registrations.exports.file_formats import FORMATS
from registrations.exports.lists import PRESETS

# Of the ready-made lists, in the format in which they are printed or passed on.
LISTS = {"sign-in-sheet": "pdf", "catering": "xlsx", "report": "xlsx"}


def list_shortcuts(event: Event, user) -> list[tuple[str, str]]:
    """Return label and address of those pages that `user` may open."""
    of_event = {"event": event.pk}
    write = reverse("admin:registrations_mailing_add", query={**of_event, "status__exact": "confirmed"})
    question = reverse("admin:registrations_question_add", query=of_event)
    pages = [
        ("registrations.add_mailing", _("Write to those who have a place"), write),
        ("registrations.add_question", _("Add question"), question),
    ]
    if event.is_coming:
        pages.append(
            ("conference.change_event", describe_reminder(event), event_change_url(event, "#id_reminder_days"))
        )
    pages.append(("conference.change_event", _("Partners and logos"), settings_url(event, "partners")))
    pages.append(("accounts.add_colleague", _("Invite a colleague"), reverse("admin:accounts_colleague_add")))
    if not get_limited_access(user):
        copy = reverse("admin:conference_event_copy", args=[event.pk])
        pages.append(("conference.add_event", _("Copy for the next time"), copy))
        pages.append(("conference.add_event", _("New conference"), reverse("admin:conference_event_add")))
    return [(label, url) for permission, label, url in pages if user.has_perm(permission)]


def describe_reminder(event: Event) -> str:
    if not event.reminder_days:
        return _("Reminder by e-mail: none")
    text = ngettext(
        "Reminder by e-mail: %(number)d day before",
        "Reminder by e-mail: %(number)d days before",
        event.reminder_days,
    )
    return text % {"number": event.reminder_days}


def list_ready_lists(user) -> list[tuple[str, str]]:
    """Return the value of the button on the page of exports, and what it says; none for users who may not export."""
    if not user.has_perm("registrations.export_registration"):
        return []
    return [
        (f"{name}.{format}", f"{PRESETS[name].title} ({FORMATS[format].extension.upper()})")
        for name, format in LISTS.items()
    ]
