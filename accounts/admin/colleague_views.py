"""What is done to a colleague's account besides changing it: each page asks first, and its button does it."""

from collections.abc import Callable
from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.admin.colleague_forms import explain_invitations_limit
from accounts.colleagues import count_invitation, deactivate, reactivate
from accounts.models import Colleague
from attendance.models import DoorPairing
from conference.models import Event
from registrations.admin.extra_pages import admin_view, log_change, render_page
from registrations.admin_site import get_visible_log_entries
from registrations.exports.access import list_exports
from registrations.mail.account_emails import is_invited, queue_invitation


class Deed(NamedTuple):
    """Its title is also its button; `done` stands in the log."""

    title: Promise
    explanation: Promise
    done: str
    is_possible: Callable
    do: Callable
    sends_invitation: bool = False


DEEDS = {
    "invite": Deed(
        _("Send the invitation again"),
        _("An e-mail with a new link is sent. The links that were sent before stop working."),
        gettext_noop("The invitation was sent again."),
        is_invited,
        lambda colleague: queue_invitation(colleague, get_language()),
        sends_invitation=True,
    ),
    "deactivate": Deed(
        _("Deactivate the account"),
        _(
            "The colleague is logged out everywhere and can no longer log in. An invitation that is still open is "
            "withdrawn. What the colleague did stays in the log, and the account can be activated again."
        ),
        gettext_noop("The account was deactivated."),
        lambda colleague: colleague.is_active,
        deactivate,
    ),
    "reactivate": Deed(
        _("Activate the account again"),
        _(
            "The colleague can log in as before, with the same role and conferences. A colleague who has never logged "
            "in gets a new invitation."
        ),
        gettext_noop("The account was activated again."),
        lambda colleague: not colleague.is_active,
        lambda colleague: reactivate(colleague, get_language()),
        sends_invitation=True,
    ),
}


def build_deed_paths() -> list:
    return [
        path(f"<int:pk>/{name}/", build_deed_view(deed), name=f"accounts_colleague_{name}")
        for name, deed in DEEDS.items()
    ]


def list_possible_deeds(colleague: Colleague) -> list[tuple[str, Promise]]:
    """Return the address names and titles of what can be done to this account now."""
    return [
        (f"admin:accounts_colleague_{name}", deed.title) for name, deed in DEEDS.items() if deed.is_possible(colleague)
    ]


def build_deed_view(deed: Deed):
    @admin_view(Colleague, "change", scoped=True)
    @require_http_methods(["GET", "HEAD", "POST"])
    def deed_view(request, colleague):
        if request.method == "POST":
            do_deed(request, deed, colleague)
            return redirect("admin:accounts_colleague_change", colleague.pk)
        context = {"colleague": colleague, "deed": deed} | list_taken(colleague, request.user)
        return render_page(request, Colleague, "accounts/colleague/deed.html", str(deed.title), **context)

    return deed_view


@transaction.atomic
def do_deed(request, deed: Deed, colleague: Colleague) -> None:
    """Do it once, however often the button is pressed, and log it."""
    colleague = Colleague.objects.select_for_update().get(pk=colleague.pk)
    if colleague.is_superuser:
        raise PermissionDenied
    if not deed.is_possible(colleague):
        messages.warning(request, _("Nothing was done: the account has changed in the meantime."))
    elif deed.sends_invitation and (seconds := count_invitation(request.user)):
        messages.error(request, explain_invitations_limit(seconds))
    else:
        deed.do(colleague)
        log_change(request, colleague, deed.done)
        messages.success(request, _(deed.done))


def list_taken(colleague: Colleague, user) -> dict:
    """Return what the colleague took along, of the events that `user` sees: lists, from the log, and paired phones."""
    phones = DoorPairing.objects.filter(created_by=colleague.pk, device__isnull=False)
    working = phones.filter(device__revoked_at=None, event__in=Event.objects.visible_to(user))
    exports = list_exports(colleague).filter(pk__in=get_visible_log_entries(user).order_by().values("pk"))
    return {"exports": exports, "pairings": working.select_related("device", "event").order_by("-pk")}
