"""Where a phone sends what it has recorded, and hears what it has to know."""

from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db.models.functions import Now
from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST

from attendance import roster
from attendance.models import DoorDevice
from attendance.models.door_device import get_expiry
from attendance.operations import Recorded, record_check_ins
from attendance.sealing import get_seal_key
from attendance.uploads import SCHEMA, MalformedUpload, Upload, read_upload
from attendance.views.door_access import DEVICE_COOKIE, DoorAccess, requires_door_data, set_device_cookie
from conference.models import Event
from registrations.availability import State, count_places, get_availability_by_places
from registrations.models import EventCounts
from registrations.operations import Busy

# In seconds: how old the number of those who came may be, which is counted for all phones together.
FIGURES_AGE = 2
RETRY_AFTER = 5
CONTACT_AGE = timedelta(seconds=5)


@require_POST
@never_cache
@gzip_page  # a list of ten thousand has megabytes
@requires_door_data
def sync(request):
    """Store what the phone sends, and answer with what has changed since it last asked."""
    try:
        upload = read_upload(request.body)
    except MalformedUpload:
        return JsonResponse({"error": _("This could not be read.")}, status=400)
    door = request.door
    try:
        recorded = record_check_ins(
            door.event, upload.records, device_now=upload.now, device=door.device, user=door.user
        )
    except Busy as refusal:
        return JsonResponse({"error": str(refusal)}, status=503, headers={"Retry-After": RETRY_AFTER})
    if door.has_expired:
        return JsonResponse({"wipe": True, **describe_recorded(upload, recorded)}, status=410)
    response = JsonResponse(build_answer(door, upload, recorded))
    if door.device:
        if door.device.expires_at != get_expiry(door.event):  # the event has been moved
            set_device_cookie(response, request.COOKIES[DEVICE_COOKIE], door.event)
        note_contact(door, upload.unsent)
    return response


def note_contact(door: DoorAccess, unsent: int) -> None:
    """Remember when the phone was last heard of, and until when it works if the event has been moved."""
    device, expires_at = door.device, get_expiry(door.event)
    is_recent = device.last_seen_at and door.now - device.last_seen_at < CONTACT_AGE
    if not is_recent or device.unsent != unsent or device.expires_at != expires_at:
        values = {"last_seen_at": Now(), "unsent": unsent, "expires_at": expires_at}
        DoorDevice.objects.filter(pk=device.pk).update(**values)


def build_answer(door: DoorAccess, upload: Upload, recorded: Recorded) -> dict:
    found = roster.read_roster(door.event, upload.cursor, has_names=door.can_see_names)
    names = {"full": found.is_full, "entries": roster.list_names(found.entries)} if door.can_see_names else None
    return {
        "schema": SCHEMA,
        "now": found.now.isoformat(),
        "cursor": str(found.cursor),
        **describe_recorded(upload, recorded),
        "verdicts": {
            str(pk): {"verdict": one.verdict, "since": one.since and one.since.isoformat(), "door": one.door}
            for pk, one in recorded.verdicts.items()
        },
        "list": {"full": found.is_full, "total": found.total, "entries": roster.seal_entries(found.entries)},
        "names": names,
        "check_ins": found.check_ins,
        "event": describe_event(door),
        "device": door.device and {"name": door.device.name, "door": door.device.door_id},
    }


def describe_recorded(upload: Upload, recorded: Recorded) -> dict:
    """Return what leaves the phone's queue: what is stored now, and what never will be, with the reason."""
    refused = {str(pk): reason for pk, reason in recorded.refused.items()}
    return {"stored": [str(pk) for pk in recorded.stored], "refused": upload.refused | refused}


def describe_event(door: DoorAccess) -> dict:
    """Return what a phone has to know of the event."""
    event, choices = door.event, door.settings
    came, expected, is_full = cache.get_or_set(f"door:{event.pk}", lambda: count_people(event), FIGURES_AGE)
    return {
        "slug": event.slug,
        "title": str(event.title),
        "has_names": choices.has_names,
        "exceeds_capacity": choices.exceeds_capacity,
        "checks_out": choices.checks_out,
        "is_practice": choices.is_practice,
        "expires_at": get_expiry(event).isoformat(),
        "came": came,
        "expected": expected,
        "is_full": is_full,
        "doors": [{"id": one.pk, "name": one.name} for one in door.doors],
        "seal_key": get_seal_key(event.pk, settings.SECRET_KEY),
    }


def count_people(event: Event) -> tuple[int, int, bool]:
    """Return how many people came, how many have a place, and whether no place is left for a walk-in."""
    came = event.registrations.filter(checked_in_at__isnull=False).count()
    counts = EventCounts.objects.get(event=event)
    offered = get_availability_by_places(event, count_places(event, stored=counts))
    return came, counts.confirmed, offered.state != State.OPEN
