"""The actions in the background: their list, and the page of each that shows how far it is and what came of it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from conference.admin.mixins import EventTimeZoneMixin
from conference.database_clock import read_database_clock
from registrations.admin.extra_pages import admin_view, describe_promoted, refusals_as_messages, render_page
from registrations.admin.jobs.job_runner import can_do, stop_job
from registrations.admin.list_filters import EventFilter
from registrations.admin.mixins import OperationsAdmin, ReadOnlyMixin
from registrations.admin.registrations.bulk_actions import (
    BULK_ACTIONS,
    MAX_NAMES,
    describe_tagged,
    describe_unchanged,
    format_names,
)
from registrations.models import BulkJob, Registration, Sender
from registrations.permissions import ERASE

# After so long without a sign of it, the page says that the sender does not run.
MAX_SILENCE = timedelta(minutes=1)


@admin.display(description=_("action"), ordering="action")
def title(job):
    """What the list of people calls the action."""
    actions = admin.site.get_model_admin(Registration).actions
    return next((one.short_description for one in actions if one.__name__ == job.action), job.action)


@admin.display(description=_("state"))
def state(job):
    if job.stop_reason:
        return _("stopped")
    if job.finished_at:
        return _("finished")
    return _("under way") if job.started_at else _("waiting")


@admin.register(BulkJob)
class BulkJobAdmin(EventTimeZoneMixin, ReadOnlyMixin, OperationsAdmin):
    is_of_one_event = True
    time_zone_path = "event__time_zone"
    list_display = [title, "event", state, "number", "done", "created_by", "created_at", "finished_at"]
    list_filter = [EventFilter]
    list_select_related = ["event", "created_by"]
    ordering = ["-pk"]
    actions = None

    def get_queryset(self, request):
        return super().get_queryset(request).defer("keys")

    def has_view_permission(self, request, obj=None):
        """For who can request such actions."""
        user = request.user
        return user.has_perm("registrations.change_registration") or user.has_perm(ERASE)

    has_module_permission = has_view_permission

    def get_urls(self):
        return [path("<int:pk>/stop/", stop_view, name="registrations_bulkjob_stop"), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return progress_view(request, pk=object_id)


@admin_view(BulkJob, "view", scoped=True)
def progress_view(request, job):
    """How far the job is, and what came of it so far."""
    sender = Sender.objects.first() or Sender()
    names = Registration.objects.visible_to(request.user).not_erased()
    found = names.in_bulk([key for _number, keys in job.refusals.values() for key in keys])
    return render_page(
        request,
        BulkJob,
        "registrations/bulkjob/change_form.html",
        capfirst(title(job)),
        event=job.event,
        job=job,
        state=state(job),
        outcomes=list_outcomes(job),
        refusals=[
            (reason, number, format_names([found[key] for key in keys if key in found][:MAX_NAMES], number))
            for reason, (number, keys) in job.refusals.items()
        ],
        can_stop=can_do(job, request.user),
        on_hold_since=sender.on_hold_since,
        is_sender_silent=not job.finished_at and is_silent(job, sender.last_ran_at),
    )


def list_outcomes(job: BulkJob) -> Iterator[str]:
    """Yield what has been done and what was not needed."""
    action = BULK_ACTIONS.get(job.action)
    yield action.done % {"number": job.done} if action else describe_tagged(job.done)
    if job.unchanged:
        yield describe_unchanged(job.unchanged)
    if job.promoted:
        yield describe_promoted(job.promoted)


def is_silent(job: BulkJob, last_ran_at: datetime | None) -> bool:
    """Whether no sender has been seen for a while although this job waits."""
    return read_database_clock() - max(job.created_at, last_ran_at or job.created_at) > MAX_SILENCE


@admin_view(BulkJob, "view", scoped=True)
@require_POST
def stop_view(request, job):
    """Leave the rest of the people as they are; for users who could have requested it."""
    if not can_do(job, request.user):
        raise PermissionDenied
    with refusals_as_messages(request):
        stop_job(job, request.user)
    return redirect("admin:registrations_bulkjob_change", job.pk)
