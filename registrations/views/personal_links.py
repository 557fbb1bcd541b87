"""New links: a new personal link in the place of one that others may have, and the link that confirms a new address."""

import re

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from conference.text.cleanup import clean_line
from conference.text.email_addresses import decode_domain
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
from registrations.views.same_site import same_site_form

# A personal link in an address that is none: its secret part, whatever follows, and the page that it leads to.
MANGLED_LINK = re.compile(
    r"\b([0-9A-Z]+\.[\w-]+)[^/]*(?:/+(edit|confirm|cancel|rejoin|new-address|new-link|calendar|data|erase)\b)?",
    re.ASCII,
)


@require_get_or_post
@same_site_form
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
@same_site_form
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
    context = {"event": registration.event, "address": decode_domain(registration.new_email), "refusal": refusal}
    return mark_private(render(request, "registrations/new_address.html", context, status=status))


@require_safe
@never_cache
def mend(request, mangled):
    """Redirect to the link in an address that was broken on its way, by a full stop, a bracket or a space after it."""
    found = MANGLED_LINK.search(clean_line(mangled).replace(" ", ""))
    if not found:
        raise Http404
    signed, page = found.groups()
    return mark_private(redirect(f"registrations:{page or 'show'}", signed))
