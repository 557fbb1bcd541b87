"""Who may use the door of an event: a phone that is paired with it, or a user who may check people in there."""

from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import NamedTuple

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from attendance.door_permissions import CHECK_IN
from attendance.door_rows import read_door
from attendance.models import Door, DoorDevice, DoorSettings
from attendance.models.door_device import KEPT, get_expiry
from conference.models import EarlierAddress, Event
from registrations.rate_limit import get_refusal, is_refused
from registrations.views.same_site import is_cross_site

DEVICE_COOKIE = "door_device"
# How many requests without a right come from one network before they get no answer; a phone never sends one.
REFUSALS_LIMIT = (100, 3600)


class DoorAccess(NamedTuple):
    """Who is at the door, a phone or a user; `now` is the database's clock.

    A phone whose time is over may still send what it holds, and nothing else.
    """

    event: Event
    doors: list[Door]
    now: datetime
    device: DoorDevice | None = None
    user: User | None = None
    has_expired: bool = False

    @property
    def who(self) -> dict:
        """What operations are told of who records something."""
        return {"device": self.device, "user": self.user}

    @property
    def settings(self) -> DoorSettings:
        return self.event.door_settings

    @property
    def can_see_names(self) -> bool:
        """Whether they may search by name: where the organisers allow it, and users who see registrations anyway."""
        return self.settings.has_names or bool(self.user and self.user.has_perm("registrations.view_registration"))


class DoorRefused(Exception):
    """Nobody may use the door like that; `status` says why."""

    def __init__(self, status: int):
        super().__init__(status)
        self.status = status


def set_device_cookie(response, token: str, event: Event) -> None:
    """Let the browser be the phone with this token, for as long as phones of the event are known."""
    options = {"secure": settings.HTTPS, "httponly": True, "samesite": "Lax"}
    response.set_cookie(DEVICE_COOKIE, token, expires=get_expiry(event) + KEPT, **options)


def find_own_door(request) -> Event | None:
    """Return the event at whose door the phone may check people in. No query for anybody else."""
    token = request.COOKIES.get(DEVICE_COOKIE, "")
    rows = read_door(token=token) if token else None
    works = rows and rows.event.is_published and not rows.device.revoked_at and get_expiry(rows.event) > rows.now
    return rows.event if works else None


def is_of_event(device: DoorDevice, slug: str) -> bool:
    """Whether the phone is paired with the event at this address, or at one that it had before."""
    return device.event.slug == slug or EarlierAddress.objects.filter(slug=slug, event=device.event_id).exists()


def can_check_in(request) -> bool:
    """Whether the user may check people in: not if the admin is closed to them, as without a second factor."""
    return request.user.has_perm(CHECK_IN) and admin.site.has_permission(request)


def find_access(request, slug: str, *, takes_late: bool = False) -> DoorAccess:
    """Return who is at the door of this event; with `takes_late`, also a phone whose time is over.

    Raises DoorRefused, and Http404 if a user asks for no such event.
    """
    token = request.COOKIES.get(DEVICE_COOKIE, "")
    rows = read_door(token=token) if token else None
    if rows and rows.event.is_published and is_of_event(rows.device, slug):
        has_expired = get_expiry(rows.event) <= rows.now
        if rows.device.revoked_at or (has_expired and not takes_late):
            raise DoorRefused(HTTPStatus.GONE)
        return DoorAccess(rows.event, rows.doors, rows.now, device=rows.device, has_expired=has_expired)
    if can_check_in(request):
        event = get_object_or_404(Event.objects.visible_to(request.user).published().only("pk"), slug=slug)
        rows = read_door(event_pk=event.pk)
        return DoorAccess(rows.event, rows.doors, rows.now, user=request.user)
    if rows or request.user.is_authenticated:
        raise DoorRefused(HTTPStatus.FORBIDDEN)
    if is_refused(request, "door", REFUSALS_LIMIT):
        raise DoorRefused(HTTPStatus.TOO_MANY_REQUESTS)
    raise DoorRefused(HTTPStatus.UNAUTHORIZED)


def requires_door(view):
    """Declare a page of an event's door, whose view gets `request.door`; anybody else reads why they cannot use it.

    Its forms work only from the site's own pages. The cookies of phones and users are sent by no other site.
    """

    @csrf_exempt
    @wraps(view)
    def door_view(request, slug, *args, **kwargs):
        try:
            if request.method == "POST" and is_cross_site(request):
                raise DoorRefused(HTTPStatus.FORBIDDEN)
            request.door = find_access(request, slug)
        except DoorRefused as refusal:
            return explain(request, refusal.status)
        return view(request, *args, **kwargs)

    return door_view


def requires_door_data(view):
    """Declare what the script of the door's page asks for, whose view gets `request.door`; refusals have a status."""

    @csrf_exempt
    @wraps(view)
    def door_view(request, slug, *args, **kwargs):
        try:
            if is_cross_site(request):
                raise DoorRefused(HTTPStatus.FORBIDDEN)
            request.door = find_access(request, slug, takes_late=True)
        except DoorRefused as refusal:
            return JsonResponse({"wipe": True} if refusal.status == HTTPStatus.GONE else {}, status=refusal.status)
        except Http404:
            return JsonResponse({}, status=404)
        return view(request, *args, **kwargs)

    return door_view


def explain(request, status: int):
    """Return the page that says why this browser cannot use the door, and what to do."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return render_refusal(request, status, _("Too many requests"), get_refusal(request))
    titles = {
        HTTPStatus.GONE: _("This phone is no longer paired"),
        HTTPStatus.FORBIDDEN: _("This is not the entrance of your event"),
        HTTPStatus.UNAUTHORIZED: _("This phone is not paired yet"),
    }
    text = _("Please ask the organisers to show you the code that pairs this phone, and open it with the camera.")
    return render_refusal(request, status, titles[status], text)


def render_refusal(request, status: int, title: str, explanation: str):
    """Return the page of errors, which no cache keeps."""
    response = render(request, "error.html", {"title": title, "explanation": explanation}, status=status)
    add_never_cache_headers(response)
    return response
