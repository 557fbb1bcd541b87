"""New links: a new personal link in the place of one that others may have, and the link that confirms a new address."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from registrations import operations
from registrations.models import Registration
from registrations.rate_limit import has_too_many_changes
from registrations.views.personal import (
    TOO_MANY_CHANGES,
    mark_private,
    render_status,
    render_too_many_changes,
    require_get_or_post,
    with_registration,
)


@require_get_or_post
@with_registration
def new_link(request, registration):
    """E-mail a new personal link. The page afterwards knows nobody: the visitor's own link has stopped working.

    Who has no e-mail address gets another one from the organisers.
    """
    if not registration.email:
        return redirect(registration.manage_path)
    if request.method != "POST":
        context = {"registration": registration, "event": registration.event}
        return render(request, "registrations/new_link.html", context)
    if has_too_many_changes(request, registration):
        return render_too_many_changes(request, registration)
    try:
        operations.replace_link(registration)
    except operations.OperationError as refusal:
        return render_status(request, registration, refusal=str(refusal), status=refusal.status_code)
    return redirect("registrations:new-link-sent")


@require_safe
def new_link_sent(request):
    return mark_private(render(request, "registrations/new_link_sent.html"))


@require_get_or_post
@never_cache
def new_address(request, signed):
    """Make the address that got this link the registration's own. Shows nothing about the person before that."""
    try:
        registration = Registration.objects.get_by_new_address_token(signed)
    except Registration.DoesNotExist:
        # Already confirmed, perhaps by the first of two clicks; else there is no such page.
        return mark_private(redirect("registrations:show", signed))
    refusal, status = "", 200
    if request.method == "POST" and has_too_many_changes(request, registration):
        refusal, status = TOO_MANY_CHANGES, 429
    elif request.method == "POST":
        try:
            if operations.confirm_new_address(registration, registration.new_email):
                messages.success(request, _("Your e-mail address has been changed."))
            return mark_private(redirect("registrations:show", signed))
        except operations.OperationError as refused:
            refusal, status = str(refused), 409
    context = {"event": registration.event, "address": registration.new_email, "refusal": refusal}
    return mark_private(render(request, "registrations/new_address.html", context, status=status))
