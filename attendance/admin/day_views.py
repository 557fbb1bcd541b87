"""The live page of an event's day, and the printed guide for who helps at the door."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from attendance.day_figures import get_day_figures
from attendance.models import CheckIn, CheckInQuerySet, DoorDevice, DoorSettings
from attendance.models.door_device import get_expiry
from attendance.verdict_screens import VERDICT_SCREENS, VerdictScreen
from conference.database_clock import read_database_clock
from conference.models import Event
from registrations.admin.extra_pages import admin_view, render_page
from registrations.models import Registration

Verdict = CheckIn.Verdict

# The latest ones; the list of check-ins has all.
MAX_FLAGGED = 50
# A phone that works sends something every few seconds.
SILENT_AFTER = timedelta(minutes=2)
# What organisers can do about each check-in that they should look at.
ADVICE = {
    Verdict.AGAIN: gettext_lazy(
        "The same ticket was let in before, and counts once. If its person did not go out in between, somebody may "
        "have a copy of the ticket: find out who it is."
    ),
    Verdict.WAITLISTED: gettext_lazy("If the person stays, give them a place on their page."),
    Verdict.CANCELLED: gettext_lazy("The person had cancelled and came all the same. Confirm them on their page."),
    Verdict.PENDING: gettext_lazy("The person had not confirmed their e-mail address. Confirm them on their page."),
    Verdict.OTHER_EVENT: gettext_lazy("Find the person in the list, or add them, and check them in there."),
    Verdict.UNKNOWN: gettext_lazy(
        "Nobody has this ticket; it may be an earlier one. Find the person in the list, or add them, and check them in "
        "there."
    ),
    Verdict.OVER_CAPACITY: gettext_lazy(
        "More people have a place than there are places. Check that the room is large enough."
    ),
}

# The screens of a phone that the guide explains.
EXPLAINED = {"welcome", "again", "waitlisted", "pending", "cancelled", "unknown", "no_ticket"}
EXPLAINED_WITH_CHECK_OUT = {"goodbye", "not_in"}


class Flag(NamedTuple):
    check_in: CheckIn
    advice: str


class Phone(NamedTuple):
    device: DoorDevice
    state: str
    is_working: bool


def list_phones(event: Event, now: datetime) -> list[Phone]:
    return [describe_phone(device, now) for device in event.door_devices.select_related("door")]


def describe_phone(device: DoorDevice, now: datetime) -> Phone:
    """Say how the phone is, at this time of the database's."""
    is_working = device.revoked_at is None and get_expiry(device.event) > now
    if device.revoked_at:
        state = _("locked out")
    elif not is_working:
        state = _("expired")
    elif device.last_seen_at is None or device.last_seen_at < now - SILENT_AFTER:
        state = _("not connected")
    else:
        state = _("connected")
    return Phone(device, state, is_working)


@admin_view(Event, "attendance.view_checkin", scoped=True)
def door_view(request, event):
    """Show who came so far, what organisers should look at, and the phones. A script asks for it again and again."""
    door = DoorSettings.objects.get_for(event)
    figures = get_day_figures(event, is_practice=door.is_practice)
    flagged = find_unsettled(event.check_ins.filter(is_practice=door.is_practice))
    shown = flagged.select_related("registration", "door", "device", "user")[:MAX_FLAGGED]
    now = read_database_clock()
    return render_page(
        request,
        CheckIn,
        "attendance/door.html",
        _("Door"),
        subtitle=event.title,
        event=event,
        door=door,
        figures=figures,
        most_at_a_door=max((number for _name, number in figures.by_door), default=0),
        most_in_a_quarter=max((number for _start, number in figures.by_quarter), default=0),
        flags=[Flag(one, ADVICE[one.verdict]) for one in shown],
        flagged=flagged.count(),
        now=now,
        phones=list_phones(event, now),
        rehearsed=event.check_ins.filter(is_practice=True).count(),
    )


def find_unsettled(check_ins: CheckInQuerySet) -> CheckInQuerySet:
    """Those that organisers should look at: not those of people who have got a place since."""
    had_no_place = [Verdict.WAITLISTED, Verdict.CANCELLED, Verdict.PENDING]
    settled = {"verdict__in": had_no_place, "registration__status": Registration.Status.CONFIRMED}
    return check_ins.valid().flagged().exclude(**settled)


@admin_view(Event, "attendance.view_checkin", scoped=True)
def guide_view(request, event):
    """Show one page to print for who helps at the door, in the language that `language` names."""
    wanted = request.GET.get("language")
    language = wanted if wanted in dict(settings.LANGUAGES) else get_language()
    door = DoorSettings.objects.get_for(event)
    others = [code for code, _name in settings.LANGUAGES if code != language]
    explained = EXPLAINED | (EXPLAINED_WITH_CHECK_OUT if door.checks_out else set())
    with override(language):
        screens = [describe_screen(one) for one in VERDICT_SCREENS if one.name in explained]
        context = {"event": event, "door": door, "languages": others, "screens": screens}
        return render(request, "admin/attendance/guide.html", context)


def describe_screen(screen: VerdictScreen) -> dict:
    """What the guide says of this screen, in the active language."""
    advice = str(screen.advice).replace("{time}", "…") or _("Nothing more is to be done.")
    return {"tone": screen.tone, "word": screen.word, "advice": advice, "admit": screen.admit}
