"""What the admin's own views share: permissions, event scope, the frame of the page, refusals, reports, the log."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps

from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.models import Event
from registrations import operations
from registrations.admin_site import redirect_to_chosen_event


def admin_view(model: type[Model], *permissions: str, scoped: bool = False, of_chosen_event: bool = False):
    """Decorate a view of the admin: it is only for users with all of `permissions`.

    They name permissions of the ModelAdmin of `model`, such as "change"; with a dot, permissions of the user.
    A `scoped` view gets the row of `model` whose `pk` the address has, as second argument; there is a 404 for rows
    that the user may not see. A view `of_chosen_event` is about the event that the user has chosen in the menu, if its
    address names none. Filters in the address that do not exist lead back to the list of registrations.
    """

    def decorate(view):
        @wraps(view)
        def checked_view(request, pk=None, **kwargs):
            model_admin = admin.site.get_model_admin(model)
            check_permissions(request, model_admin, permissions)
            try:
                if of_chosen_event and (elsewhere := redirect_to_chosen_event(request)):
                    return elsewhere
                if not scoped:
                    return view(request, **kwargs)
                row = model_admin.get_object(request, str(pk))
                if row is None:
                    raise Http404
                check_permissions(request, model_admin, permissions, row)
                return view(request, row, **kwargs)
            except IncorrectLookupParameters:
                messages.error(request, _("These filters do not exist. Please choose the people again."))
                return redirect("admin:registrations_registration_changelist")

        return admin.site.admin_view(checked_view)

    return decorate


def check_permissions(request, model_admin: admin.ModelAdmin, names, *row: Model) -> None:
    """Raise PermissionDenied unless the user has all these permissions; with `row`, for this row."""
    if not has_permissions(request, model_admin, names, *row):
        raise PermissionDenied


def has_permissions(request, model_admin: admin.ModelAdmin, names, *row: Model) -> bool:
    for name in names:
        if "." in name:
            is_allowed = request.user.has_perm(name)
        else:
            about = row if name in ("view", "change", "delete") else ()
            is_allowed = getattr(model_admin, f"has_{name}_permission")(request, *about)
        if not is_allowed:
            return False
    return True


def render_page(request, model: type[Model], template: str, title: str, **context):
    """Render a page whose breadcrumbs lead to the list of `model`; `template` is its path below admin/."""
    can_view_list = admin.site.get_model_admin(model).has_view_permission(request)
    frame = {"opts": model._meta, "title": title, "can_view_list": can_view_list}
    return render(request, f"admin/{template}", admin.site.each_context(request) | frame | context)


def render_event_choice(request, model: type[Model], title: str):
    events = Event.objects.visible_to(request.user).order_by("-starts_at")
    return render_page(request, model, "registrations/choose_event.html", title, events=events)


@contextmanager
def refusals_as_messages(request) -> Iterator[None]:
    """Turn an OperationError, or a lock that could not be had in time, into a message to the user."""
    try:
        with operations.busy_on_lock_timeout():
            yield
    except operations.OperationError as refusal:
        messages.error(request, str(refusal))


def report_promoted(request, number: int) -> None:
    """Tell the user how many people got a place from the waiting list, if any."""
    if number:
        messages.info(request, describe_promoted(number))


def describe_promoted(number: int) -> str:
    text = ngettext(
        "%d person got a place from the waiting list.", "%d people got places from the waiting list.", number
    )
    return text % number


def log_addition(request, row: Model) -> None:
    """Log it as the stock pages do."""
    LogEntry.objects.log_actions(request.user.pk, [row], ADDITION, [{"added": {}}])


def log_change(request, row: Model, change) -> None:
    """Log it as the stock pages do; `change` is a text, or their structured data."""
    LogEntry.objects.log_actions(request.user.pk, [row], CHANGE, change)
