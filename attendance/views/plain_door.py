"""The door without a script: one field to find somebody, and buttons. Everything is sent by POST, also a search."""

from contextlib import contextmanager
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from attendance.forms import WalkInForm
from attendance.models import CheckIn
from attendance.operations import record_check_ins, record_walk_in
from attendance.person_lookup import find_people, get_screen
from attendance.uploads import MalformedUpload, Record, read_record
from attendance.views.door_access import requires_door
from attendance.views.sync import note_contact
from registrations.operations import OperationError
from registrations.rate_limit import TooManyRequests, is_refused

# Codes and names that find nobody, from one network: a whole team at the door mistypes less often.
MISSES_LIMIT = (300, 3600)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires_door
def plain_door(request) -> HttpResponse:
    """Show the field, and who was found with what was entered in it."""
    return show(request)


@require_POST
@never_cache
@requires_door
def plain_check_in(request) -> HttpResponse:
    """Record that somebody comes in, goes out, or that this was a mistake."""
    with problems_explained(request) as page:
        record = read_plain_record(request)
        now = {"device_now": record.at, **request.door.who}
        verdict = record_check_ins(request.door.event, [record], **now).verdicts.get(record.id)
        names = {CheckIn.Kind.OUT: "goodbye", CheckIn.Kind.UNDO: "undone"}
        done = get_screen(verdict.verdict if verdict else names[record.kind])
        page.update(verdict=verdict, done=done, done_key=record.key)
    return show(request, **page)


@require_POST
@never_cache
@requires_door
def plain_walk_in(request) -> HttpResponse:
    """Register somebody who is not registered, and let them in."""
    form, choices = WalkInForm(request.POST), request.door.settings
    if not form.is_valid():
        return show(request, form=form)
    with problems_explained(request) as page:
        record = read_plain_record(request)._replace(walk_in=form, method=CheckIn.Method.WALK_IN)
        exceeds = choices.exceeds_capacity and "beyond" in request.POST
        verdict = record_walk_in(request.door.event, record, exceeds_capacity=exceeds, **request.door.who)
        walked_in = form.build_registration(request.door.event).full_name
        page.update(verdict=verdict, done=get_screen(verdict.verdict), walked_in=walked_in)
    return show(request, form=form if "problem" in page else None, **page)


@contextmanager
def problems_explained(request):
    """Yield what the page shows, with the reason if nothing was changed."""
    page = {}
    try:
        yield page
    except MalformedUpload:
        page.update(status=400, problem=_("Nothing was changed. Please go back and try again."))
    except OperationError as refusal:
        page.update(status=refusal.status_code, problem=str(refusal))


def read_plain_record(request) -> Record:
    """Return what a button of the page says. Raises MalformedUpload."""
    row = {name: request.POST.get(name, "") for name in ("id", "kind", "key", "reason")}
    row |= {"undoes": request.POST.get("undoes") or None, "at": timezone.now().isoformat()}
    return read_record({**row, "method": CheckIn.Method.SEARCH, "practice": request.door.settings.is_practice})


def show(request, *, status: int = 200, form: WalkInForm | None = None, **context) -> HttpResponse:
    """Render the page; after something was done, with the same people as before."""
    door, text = request.door, request.POST.get("q", "")[:200].replace("\0", "")
    choices = door.settings
    if door.device:
        note_contact(door, door.device.unsent)
    found = []
    if text.strip():
        found = find_people(door.event, text, by_name=door.can_see_names, is_practice=choices.is_practice)
        if not any(one.registration for one in found) and is_refused(request, "door lookup", MISSES_LIMIT):
            raise TooManyRequests
    context |= {"door": door, "event": door.event, "choices": choices, "text": text, "found": found}
    context["form"] = form or WalkInForm(initial={"language": get_language()})
    context["walk_in_id"] = request.POST.get("id") if form else uuid4()
    return render(request, "attendance/plain.html", context, status=status)
