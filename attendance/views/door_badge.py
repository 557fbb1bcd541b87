"""The badge of somebody whom a helper has just let in, for the browser to print."""

from django.http import FileResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from attendance.badges.badge_sheets import BadgeOptions, list_people, write_badges
from attendance.models import Badge, BadgeRole, CheckIn, DoorSettings
from attendance.views.door_access import render_refusal, requires_door
from registrations.models import Registration


@require_safe
@never_cache
@requires_door
def door_badge(request, check_in):
    """Show the badge, in the size that organisers have chosen; of nobody else than whom this phone or user let in."""
    door = request.door
    let_in = CheckIn.objects.filter(pk=check_in, event=door.event, kind=CheckIn.Kind.IN, **door.who)
    registrations = Registration.objects.filter(check_ins__in=let_in)
    people = list_people(door.event, registrations, has_place=False)
    if not people:
        explanation = _("The phone has not sent yet who was let in. Please try again in a few seconds.")
        return render_refusal(request, 404, _("There is no badge yet"), explanation)
    BadgeRole.objects.list_or_create(door.event)
    written = write_badges(
        door.event, people, BadgeOptions(layout=DoorSettings.objects.get_for(door.event).badge_layout)
    )
    Badge.objects.mark_printed(people)
    return FileResponse(written.file, filename="badge.pdf", content_type="application/pdf")
