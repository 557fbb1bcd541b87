"""The next thing to do for an event, by the calendar and by its numbers."""

from datetime import datetime, timedelta
from enum import Enum, auto
from typing import NamedTuple

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.admin.publication_checks import Issue, event_change_url
from conference.models import Event, get_limited_access
from registrations.admin.registrations.person_state import PersonState
from registrations.permissions import ERASE
from registrations.statistics import Summary, get_list_url

# How long before it closes registration is said to close soon, and when after the event most data is no longer needed.
CLOSING_SOON, SETTLED = timedelta(days=3), timedelta(days=30)


class Stage(Enum):
    DRAFT = auto()
    NOT_YET_OPEN = auto()
    OPEN = auto()
    PLACES_TO_GIVE = auto()
    FULL = auto()
    CLOSING_SOON = auto()
    CLOSED = auto()
    TOMORROW = auto()
    TODAY = auto()
    AFTER = auto()
    SETTLED = auto()
    CANCELLED = auto()


class NextStep(NamedTuple):
    """A sentence about how things stand, and what to do: links, the first of which is the main one."""

    text: str
    links: list[tuple[str, str]]


def find_stage(event: Event, summary: Summary, now: datetime) -> Stage:
    """Return how far the event is at `now`; days are those of its time zone."""
    if event.is_cancelled:
        return Stage.CANCELLED
    if now >= event.ends_at:
        return Stage.SETTLED if now >= event.ends_at + SETTLED else Stage.AFTER
    if not event.is_published:
        return Stage.DRAFT
    first_day, today = event.starts_at.astimezone(event.zone).date(), now.astimezone(event.zone).date()
    if first_day <= today:
        return Stage.TODAY
    if first_day == today + timedelta(days=1):
        return Stage.TOMORROW
    return find_registration_stage(event, summary, now)


def find_registration_stage(event: Event, summary: Summary, now: datetime) -> Stage:
    closes_at = event.registration_closes_at or event.starts_at
    is_full = event.capacity is not None and summary.taken >= event.capacity
    if now >= closes_at:
        return Stage.CLOSED
    if event.registration_opens_at and now < event.registration_opens_at:
        return Stage.NOT_YET_OPEN
    if summary.waiting and not is_full and not event.promotes_automatically:
        return Stage.PLACES_TO_GIVE
    if is_full:
        return Stage.FULL
    return Stage.CLOSING_SOON if now >= closes_at - CLOSING_SOON else Stage.OPEN


def find_next_step(event: Event, summary: Summary, now: datetime, user, missing: list[Issue]) -> NextStep:
    """Return the next step, with those of its links that `user` may open; `missing` is what a draft still lacks."""
    stage = find_stage(event, summary, now)
    hidden = ["conference.add_event"] if get_limited_access(user) else []
    links = [
        (label, url)
        for label, url, permission in LINKS[stage](event, missing)
        if user.has_perm(permission) and permission not in hidden
    ]
    return NextStep(describe(stage, event, summary, missing), links)


def describe(stage: Stage, event: Event, summary: Summary, missing: list[Issue]) -> str:
    opens, closes = (
        date_format(moment.astimezone(event.zone), "SHORT_DATETIME_FORMAT") if moment else ""
        for moment in (event.registration_opens_at, event.registration_closes_at or event.starts_at)
    )
    match stage:
        case Stage.DRAFT if missing:
            return ngettext(
                "This is a draft, and %(number)d thing is missing.",
                "This is a draft, and %(number)d things are missing.",
                len(missing),
            ) % {"number": len(missing)}
        case Stage.NOT_YET_OPEN:
            return _("Registration will open: %(time)s.") % {"time": opens}
        case Stage.FULL if summary.waiting:
            return ngettext(
                "All places are taken, and %(number)d person is waiting.",
                "All places are taken, and %(number)d people are waiting.",
                summary.waiting,
            ) % {"number": summary.waiting}
        case Stage.OPEN | Stage.CLOSING_SOON:
            return _("Registration is open. It will close: %(time)s.") % {"time": closes}
    return {
        Stage.DRAFT: _("This is a draft, and nothing is missing. Look at the preview, then publish it."),
        Stage.FULL: _("All places are taken."),
        Stage.PLACES_TO_GIVE: _("There are places available and people waiting. Choose who gets one."),
        Stage.CLOSED: _("Registration is closed. Print the badges, and write to the people what they should know."),
        Stage.TOMORROW: _("The event is tomorrow. Pair the phones, and print the badges."),
        Stage.TODAY: _("The event is today. Check people in at the door."),
        Stage.AFTER: _("The event is over. Take the lists that you need, and thank the people."),
        Stage.SETTLED: _("The event is long over. Erase the data of people that nobody needs any longer."),
        Stage.CANCELLED: _("The event is cancelled. Look whether everybody was told."),
    }[stage]


def build_page(name: str, event: Event, *, in_path: bool = False, **query: str) -> str:
    if in_path:
        return reverse(f"admin:{name}", args=[event.pk])
    return reverse(f"admin:{name}", query={"event": event.pk, **query})


def list_draft_links(event: Event, missing: list[Issue]):
    if missing:
        yield _("Add what is missing"), missing[0].url, "conference.change_event"
    yield _("Publish"), build_page("conference_event_publish", event, in_path=True), "conference.change_event"
    yield _("Preview"), event.get_absolute_url(), "conference.view_event"
    yield _("Preview the e-mails"), build_page("conference_event_emails", event, in_path=True), "conference.view_event"


def list_share_links(event: Event, missing: list[Issue]):
    yield _("Make the event known"), build_page("conference_event_share", event, in_path=True), "conference.view_event"
    yield _("See who has registered"), get_list_url(event), "registrations.view_registration"


def list_form_links(event: Event, missing: list[Issue]):
    yield _("Check the form"), build_page("registrations_question_changelist", event), "registrations.view_question"


def list_waiting_links(event: Event, missing: list[Issue]):
    waiting = build_page("registrations_registration_changelist", event, status__exact="waitlisted")
    yield _("See who is waiting"), waiting, "registrations.view_registration"
    if first := event.registrations.on_waiting_list().first():
        text = _("Give the first in line a place: %(name)s") % {"name": first.full_name}
        page = reverse("admin:registrations_registration_action", args=[first.pk, PersonState(first).giving])
        yield text, page, "registrations.change_registration"
    yield _("Change the number of places"), event_change_url(event, "#id_capacity"), "conference.change_event"


def list_badge_links(event: Event, missing: list[Issue]):
    yield _("Badges"), build_page("attendance_badges", event), "registrations.export_registration"
    mailing = build_page("registrations_mailing_add", event, status__exact="confirmed")
    yield _("Write to those who have a place"), mailing, "registrations.add_mailing"


def list_door_links(event: Event, missing: list[Issue]):
    yield _("Go to the door"), build_page("attendance_door", event, in_path=True), "attendance.view_checkin"
    yield _("Badges"), build_page("attendance_badges", event), "registrations.export_registration"
    yield _("See who has registered"), get_list_url(event), "registrations.view_registration"


def list_after_links(event: Event, missing: list[Issue]):
    came = build_page("registrations_mailing_add", event, came="yes")
    yield _("Export"), build_page("registrations_registration_export", event), "registrations.export_registration"
    yield _("Write to those who came"), came, "registrations.add_mailing"
    yield _("Copy for the next time"), build_page("conference_event_copy", event, in_path=True), "conference.add_event"


def list_erasure_links(event: Event, missing: list[Issue]):
    yield _("Choose who is erased"), build_page("registrations_registration_changelist", event), ERASE
    yield from list_after_links(event, missing)


def list_cancellation_links(event: Event, missing: list[Issue]):
    emails = build_page("registrations_outgoingemail_changelist", event)
    yield _("See the e-mails"), emails, "registrations.view_outgoingemail"


LINKS = {
    Stage.DRAFT: list_draft_links,
    Stage.NOT_YET_OPEN: list_form_links,
    Stage.OPEN: list_share_links,
    Stage.CLOSING_SOON: list_share_links,
    Stage.PLACES_TO_GIVE: list_waiting_links,
    Stage.FULL: list_waiting_links,
    Stage.CLOSED: list_badge_links,
    Stage.TOMORROW: list_door_links,
    Stage.TODAY: list_door_links,
    Stage.AFTER: list_after_links,
    Stage.SETTLED: list_erasure_links,
    Stage.CANCELLED: list_cancellation_links,
}
