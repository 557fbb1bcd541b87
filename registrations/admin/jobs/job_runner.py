"""Doing the jobs: step by step, each one transaction with the note of how far the job is.

So a process that dies leaves nobody out and does nothing twice, and any number of processes may be at work.
"""

import logging
from collections.abc import Callable
from time import monotonic
from types import SimpleNamespace

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import InterfaceError, OperationalError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from conference.database_clock import read_database_clock
from registrations import operations
from registrations.admin.registrations.bulk_actions import BULK_ACTIONS, MAX_NAMES, attempt
from registrations.mail import outbox
from registrations.models import BulkJob, Registration

logger = logging.getLogger(__name__)

# Tags are changed for so many people in one transaction, everything else for one person.
TAGGED_AT_ONCE = 200
TAG_OPERATIONS = {"add_tag": operations.add_tag, "remove_tag": operations.remove_tag}


def work_on_jobs(seconds: float, is_stopped: Callable[[], bool] = lambda: False) -> bool:
    """Go on with the jobs for about so many seconds, at least one step; return whether there was anything to do."""
    until, has_worked = monotonic() + seconds, False
    while not is_stopped() and take_step():
        has_worked = True
        if monotonic() > until:
            break
    return has_worked


def has_waiting_jobs() -> bool:
    """Whether there is a job to go on with. None while e-mail is on hold: a restored database knows old jobs."""
    return BulkJob.objects.unfinished().exists() and not outbox.get_hold()


def take_step() -> bool:
    """Do the next step of the first job that no other process is at; return whether there was one. Raises Busy."""
    if not has_waiting_jobs():
        return False
    with operations.busy_on_lock_timeout(), transaction.atomic():
        waiting = BulkJob.objects.defer("keys").unfinished().filter(pk__in=BulkJob.objects.list_next())
        job = waiting.select_for_update(skip_locked=True).order_by("pk").first()
        if job is None:
            return False
        with translation.override(job.language):
            go_on(job)
    return True


def go_on(job: BulkJob) -> None:
    """Do the action to the next of the people, or finish the job. Requires its lock."""
    job.started_at = job.started_at or read_database_clock()
    user = User.objects.filter(pk=job.created_by_id).first()
    is_about_tags = job.action in TAG_OPERATIONS
    if reason := find_obstacle(job, user):
        finish(job, reason)
    elif not (keys := job.read_next_keys(TAGGED_AT_ONCE if is_about_tags else 1)):
        finish(job)
    else:
        (change_tags if is_about_tags else change_person)(job, user, keys)
        job.position += len(keys)
        job.save(update_fields=["started_at", "position", "done", "unchanged", "refusals"])


def find_obstacle(job: BulkJob, user: User | None) -> str:
    """Return why the job cannot go on, or an empty text."""
    if job.action not in TAG_OPERATIONS and job.action not in BULK_ACTIONS:
        return _("The site no longer knows this action. Please choose the people and another action.")
    if user and admin.site.has_permission(SimpleNamespace(user=user)) and can_do(job, user):
        return ""
    return _("Whoever requested it no longer has the permission for it. Somebody who has it can request the rest.")


def can_do(job: BulkJob, user: User) -> bool:
    """Whether the user has the permission that the job's action needs; to change people for one that is not known."""
    action = BULK_ACTIONS.get(job.action)
    model_admin, permission = admin.site.get_model_admin(Registration), action.permission if action else "change"
    return getattr(model_admin, f"has_{permission}_permission")(SimpleNamespace(user=user))


def change_person(job: BulkJob, user: User, keys: list[int]) -> None:
    """Do the action to the registration with this key, log it, and note the outcome."""
    action = BULK_ACTIONS[job.action]
    registration = Registration.objects.visible_to(user).filter(pk__in=keys).first()
    if registration is None:
        reason = _("The registration no longer exists, or its event is no longer visible to whoever requested this.")
        job.refuse(reason, keys, MAX_NAMES)
        return
    try:
        with transaction.atomic():
            is_changed, reason = attempt(registration, action.operation, by=user, **job.options)
    except (operations.Busy, OperationalError, InterfaceError):
        raise  # about the database and not about the person: the same step will be taken again
    except Exception:  # one person's must not stop the others, nor the e-mail
        logger.exception("Job %s failed for registration %s.", job.pk, registration.pk)
        is_changed, reason = False, _("Something went wrong. Please try it for this person alone.")
    if is_changed:
        text = f"{action.title}: {registration.get_status_display()}"
        LogEntry.objects.log_actions(user.pk, [registration], CHANGE, text)
        job.done += 1
    elif reason:
        job.refuse(reason, keys, MAX_NAMES)
    else:
        job.unchanged += 1


def change_tags(job: BulkJob, user: User, keys: list[int]) -> None:
    """Change the tag of these people, and note the outcome."""
    people = Registration.objects.visible_to(user).filter(pk__in=keys)
    result = TAG_OPERATIONS[job.action](people, job.options["tag"], by=user)
    job.done += len(result.done)
    job.unchanged += len(keys) - len(result.done) - len(result.full)
    if result.full:
        reason = _("They already have %(most)d tags, the most allowed.") % {"most": operations.MAX_TAGS}
        job.refuse(reason, [one.pk for one in result.full], MAX_NAMES)


def finish(job: BulkJob, stop_reason: str = "") -> None:
    """Note that the job is at its end, and how many people have got a place through it. Requires its lock."""
    if job.started_at and job.action in BULK_ACTIONS:
        people = Registration.objects.filter(pk__in=job.keys)
        promoted = Registration.objects.promoted_since(job.started_at).filter(event__in=people.values("event"))
        job.promoted = promoted.exclude(pk__in=people.values("pk")).count()
    job.stop_reason, job.keys, job.finished_at = stop_reason, [], read_database_clock()
    job.save()


def stop_job(job: BulkJob, user: User) -> None:
    """Leave the rest of the people as they are, after the step that is being taken. Raises Busy."""
    with operations.busy_on_lock_timeout(), transaction.atomic():
        if job := BulkJob.objects.unfinished().select_for_update().filter(pk=job.pk).first():
            finish(job, _("%(user)s stopped it.") % {"user": user})
