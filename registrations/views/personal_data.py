"""What people can do with the data held about them: put the event into a calendar, download everything, erase it."""

from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from conference.calendar import CANCEL, PUBLISH
from conference.views import calendar_response
from registrations import operations, privacy
from registrations.views.decorators import mark_private, require_get_or_post, with_registration
from registrations.views.personal import render_status


@require_safe
@with_registration
def calendar(request, registration):
    method = CANCEL if registration.is_cancelled else PUBLISH
    return calendar_response(registration.event, method=method)


@require_safe
@with_registration
def data(request, registration):
    """Send all data held about the person, for them to keep or to use elsewhere."""
    response = JsonResponse(
        privacy.export_personal_data(registration), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    response["Content-Disposition"] = f'attachment; filename="{registration.event.slug}.json"'
    return response


@require_get_or_post
@with_registration
def erase(request, registration):
    """Erase the person's data permanently, after one question."""
    if request.method == "POST":
        try:
            privacy.erase_person(registration)
        except operations.Busy as refusal:
            return render_status(request, registration, refusal=str(refusal), status=503)
        except operations.OperationError:
            pass  # erased by another click a moment before
        return redirect("registrations:erase-done")
    context = {"registration": registration, "event": registration.event}
    return render(request, "registrations/erase.html", context)


@require_safe
def erase_done(request):
    return mark_private(render(request, "registrations/erase_done.html"))
