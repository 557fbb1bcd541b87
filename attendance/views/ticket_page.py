"""Where a ticket's QR code leads: it tells whoever opens it what the code is for, and nothing about it.

A paired phone, whose camera opens codes too, gets a button that looks the code up at its door.
"""

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from attendance.views.door_access import find_own_door
from registrations.views.personal import mark_private


@require_safe
@never_cache
def show_ticket_page(request, code):
    """Show the same page for each code, also for one that no ticket has. Opening it checks nobody in."""
    return mark_private(render(request, "attendance/ticket.html", {"code": code, "door": find_own_door(request)}))
