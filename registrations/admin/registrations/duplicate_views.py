"""People who may have registered twice: compare, merge, or mark as different people."""

from typing import NamedTuple

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from conference.models import Event, is_pk
from registrations import audit, duplicates, operations
from registrations.admin.extra_pages import (
    admin_view,
    log_change,
    refusals_as_messages,
    render_event_choice,
    render_page,
)
from registrations.models import Difference, Registration

MAX_PAIRS = 50
COMPARED_FIELDS = [*operations.MERGE_FIELDS, "status", "created_at", "tags", "internal_note", audit.TOPICS]


class ComparisonRow(NamedTuple):
    """A field of two registrations: its name, its label, and both values for display."""

    field: str
    label: str
    one: str
    other: str

    @property
    def is_different(self) -> bool:
        return self.one != self.other


@admin_view(Registration, "merge", of_chosen_event=True)
def duplicates_view(request):
    """The most likely duplicates of one event; a POST marks a pair as different people."""
    key = request.GET.get("event", "")
    if not key:
        return render_event_choice(request, Registration, _("Possible duplicates"))
    event = get_object_or_404(Event.objects.visible_to(request.user), pk=key if is_pk(key) else None)
    if request.method == "POST":
        keys = [key for key in request.POST.getlist("different") if is_pk(key)]
        pair = list(event.registrations.filter(pk__in=keys).order_by("pk"))
        if len(pair) != 2:
            raise Http404
        Difference.objects.get_or_create(one=pair[0], other=pair[1])
        messages.success(request, _("Both kept: they are two people."))
        return redirect(request.get_full_path())
    found = duplicates.find_duplicates(event, MAX_PAIRS)
    return render_page(
        request,
        Registration,
        "registrations/registration/duplicates.html",
        _("Possible duplicates"),
        event=event,
        pairs=[(one, other, why, compare(one, other)) for one, other, why in found],
        is_full=len(found) == MAX_PAIRS,
        shown=MAX_PAIRS,
    )


@admin_view(Registration, "merge")
def merge_view(request, keep: int, drop: int):
    """Choose which values to keep; a POST merges the two registrations."""
    people = Registration.objects.visible_to(request.user).live().not_erased()
    people = people.select_related("event").prefetch_related("topics")
    keep, drop = (get_object_or_404(people, pk=key) for key in (keep, drop))
    if keep == drop or keep.event_id != drop.event_id:
        raise Http404
    if request.method == "POST":
        taking = [name for name in operations.MERGE_FIELDS if request.POST.get(name) == "drop"]
        with refusals_as_messages(request):
            operations.merge(keep, drop, taking=taking, by=request.user, notify="notify" in request.POST)
            label = _("Registrations merged")
            log_change(request, keep, f"{label}: {drop.reference}")
            log_change(request, drop, f"{label}: {keep.reference}")
            text = _("Merged: %(keep)s is kept, %(drop)s is cancelled.")
            messages.success(request, text % {"keep": keep.reference, "drop": drop.reference})
        return redirect(f"{reverse('admin:registrations_registration_doubles')}?event={keep.event_id}")
    rows = compare(keep, drop)
    return render_page(
        request,
        Registration,
        "registrations/registration/merge.html",
        _("Merge two registrations"),
        keep=keep,
        drop=drop,
        event=keep.event,
        rows=rows,
        choices=[row for row in rows if row.is_different and row.field in operations.MERGE_FIELDS],
    )


def compare(one: Registration, other: Registration) -> list[ComparisonRow]:
    """Return the fields of both registrations side by side, without those that are not asked and empty."""

    def format_field(person: Registration, name: str) -> str:
        value = getattr(person, name)
        return audit.format_value(person, name, value.all() if name == audit.TOPICS else value)

    rows = (
        ComparisonRow(
            name, capfirst(audit.get_field_label(name, {})), format_field(one, name), format_field(other, name)
        )
        for name in COMPARED_FIELDS
    )
    return [row for row in rows if one.event.is_asked(row.field) or row.one or row.other]
