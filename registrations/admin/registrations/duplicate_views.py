"""People who may have registered twice: side by side, to merge or to leave."""

from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from conference.admin.mixins import is_pk
from conference.models import Event
from registrations import audit, duplicates, operations
from registrations.models import Difference, Registration

# So many pairs are shown at once.
MAX_PAIRS = 50
COMPARED_FIELDS = [*operations.MERGE_FIELDS, "status", "created_at", "tags", "internal_note"]


class ComparisonRow(NamedTuple):
    """A fact about both: its field, its name, both values as people read them."""

    field: str
    label: str
    one: str
    other: str

    @property
    def is_different(self) -> bool:
        return self.one != self.other


class DuplicatesMixin:
    """For the ModelAdmin of registrations: the pages of possible doubles."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("doubles/", view(self.duplicates_view), name="registrations_registration_doubles"),
            path("doubles/<int:keep>/<int:drop>/", view(self.merge_view), name="registrations_registration_merge"),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        context = {"doubles_address": self.duplicates_url(request)}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def duplicates_url(self, request) -> str:
        """Where the doubles of the event are that the list shows, or of one to choose; empty for who may not merge."""
        if not self.has_merge_permission(request):
            return ""
        event = request.GET.get("event", "")
        return reverse("admin:registrations_registration_doubles") + (f"?event={event}" if is_pk(event) else "")

    def has_merge_permission(self, request):
        return self.has_change_permission(request) and request.user.has_perm("registrations.view_email")

    def duplicates_view(self, request):
        """The likeliest doubles of one event; a POST says of a pair that they are two people."""
        if not self.has_merge_permission(request):
            raise PermissionDenied
        events = Event.objects.visible_to(request.user).order_by("-starts_at")
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": _("Possible duplicates")}
        chosen = request.GET.get("event", "")
        if not chosen:
            return render(request, "admin/registrations/choose_event.html", {**context, "events": events})
        event = get_object_or_404(events, pk=chosen if is_pk(chosen) else None)
        if request.method == "POST":
            self.mark_as_distinct(request, event)
            return redirect(request.get_full_path())
        found = duplicates.find_duplicates(event, MAX_PAIRS)
        context |= {
            "event": event,
            "pairs": [(pair, compare(pair.one, pair.other)) for pair in found],
            "is_full": len(found) == MAX_PAIRS,
            "shown": MAX_PAIRS,
        }
        return render(request, "admin/registrations/registration/duplicates.html", context)

    def mark_as_distinct(self, request, event: Event) -> None:
        """Remember that two people of this event who look alike are two."""
        keys = [key for key in request.POST.getlist("different") if is_pk(key)]
        pair = list(event.registrations.filter(pk__in=keys).order_by("pk"))
        if len(pair) != 2:
            raise Http404
        Difference.objects.get_or_create(one=pair[0], other=pair[1])
        messages.success(request, _("Both kept: they are two people."))

    def merge_view(self, request, keep: int, drop: int):
        """Choose which values stay with the one that is kept; a POST merges the two."""
        if not self.has_merge_permission(request):
            raise PermissionDenied
        live = self.get_queryset(request).live().not_erased().select_related("event").prefetch_related("topics")
        pair = [get_object_or_404(live, pk=key) for key in (keep, drop)]
        if keep == drop or pair[0].event_id != pair[1].event_id:
            raise Http404
        if request.method == "POST":
            return self.merge(request, *pair)
        rows = compare(*pair)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Merge two registrations"),
            "keep": pair[0],
            "drop": pair[1],
            "event": pair[0].event,
            "rows": rows,
            "choices": [row for row in rows if row.is_different and row.field in operations.MERGE_FIELDS],
        }
        return render(request, "admin/registrations/registration/merge.html", context)

    def merge(self, request, keep: Registration, drop: Registration):
        taking = [name for name in operations.MERGE_FIELDS if request.POST.get(name) == "drop"]
        address = f"{reverse('admin:registrations_registration_doubles')}?event={keep.event_id}"
        try:
            operations.merge(keep, drop, taking=taking, by=request.user, notify="notify" in request.POST)
        except operations.OperationError as refusal:
            messages.error(request, str(refusal))
            return redirect(address)
        label = _("Registrations merged")
        self.log_change(request, keep, f"{label}: {drop.reference}")
        self.log_change(request, drop, f"{label}: {keep.reference}")
        text = _("Merged: %(keep)s is kept, %(drop)s is cancelled.")
        messages.success(request, text % {"keep": keep.reference, "drop": drop.reference})
        return redirect(address)


def compare(one: Registration, other: Registration) -> list[ComparisonRow]:
    """What is known of both, side by side."""
    rows = [
        ComparisonRow(
            name,
            capfirst(audit.get_field_label(name, {})),
            audit.format_value(one, name, getattr(one, name)),
            audit.format_value(other, name, getattr(other, name)),
        )
        for name in COMPARED_FIELDS
    ]
    topics = [", ".join(str(topic) for topic in person.topics.all()) for person in (one, other)]
    return [*rows, ComparisonRow(audit.TOPICS, capfirst(audit.get_field_label(audit.TOPICS, {})), *topics)]
