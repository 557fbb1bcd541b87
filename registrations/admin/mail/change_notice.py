"""The message that tells people of an event's new time or place, ready to be changed and sent."""

from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from i18nfield.strings import LazyI18nString

from conference.models import Event

# What the address of the message's page has where it starts with this text.
PARAMETER = "moved"


def get_notice_url(event: Event) -> str:
    return f"{reverse('admin:registrations_mailing_add')}?{urlencode({'event': event.pk, PARAMETER: 1})}"


def remember_before(session, event: Event) -> None:
    """Keep the time and the place before the first change that people were not told of, in each language."""
    before = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            before[code] = describe(event)
    session.setdefault(get_session_key(event.pk), before)


def describe(event: Event) -> list[str]:
    return [event.when, f"{event.venue.name}, {event.venue.address}"]


def forget_before(session, event_key: str | None) -> None:
    session.pop(get_session_key(event_key), None)


def get_session_key(key: int | str | None) -> str:
    return f"moved-{key}"


def write_notice(session, event_key: str | None) -> dict:
    """Return the message's initial values: what is new, by placeholders, and instead of what, if that is known."""
    before, subjects, texts = session.get(get_session_key(event_key), {}), {}, {}
    event = Event.objects.select_related("venue").filter(pk=event_key).first() if before else None
    for code, _name in settings.LANGUAGES:
        with override(code):
            now = describe(event) if event else ["", ""]
            when, where = ("" if old == new else old for old, new in zip(before.get(code, now), now, strict=True))
            subjects[code] = _("New time or place: {event}")
            texts[code] = "\n\n".join(
                [
                    _("The time or the place has changed. This is how it is now:"),
                    "\n".join([format_line(_("When"), "{when}", when), format_line(_("Where"), "{venue}", where)]),
                    _("If you have a place, open the attached file: it moves the entry in your calendar."),
                    _("If you can no longer come, please cancel at your personal link."),
                ]
            )
    return {"subject": LazyI18nString(subjects), "text": LazyI18nString(texts), "has_calendar": True}


def format_line(label: str, placeholder: str, before: str) -> str:
    line = f"- {label}: **{placeholder}**"
    return " ".join([line, _("(before: %(earlier)s)") % {"earlier": before}]) if before else line
