"""What is done to few people at once and to many in the background."""

from django.contrib.auth.models import User
from django.db import transaction
from django.shortcuts import redirect
from django.utils.translation import get_language

from registrations.admin.registrations.bulk_actions import BULK_ACTIONS, apply_and_report
from registrations.models import BulkJob, RegistrationQuerySet

# So many take about a second, of which the server ends requests after some.
MOST_AT_ONCE = 200
MOST_TAGGED_AT_ONCE = 5000


def apply_or_queue(request, people: RegistrationQuerySet, name: str, **options):
    """Do the bulk action now and report it, or for many people return the response that leads to its progress."""
    if people.count() > MOST_AT_ONCE:
        return queue_job(request, people, name, **options)
    return apply_and_report(request, people, BULK_ACTIONS[name], by=request.user, **options)


def queue_job(request, people: RegistrationQuerySet, name: str, **options):
    """Have the action done in the background to exactly these people; return the redirect to its page.

    If the same is waiting or under way already, because the button was pressed twice, it is not queued again.
    """
    keys = list(people.order_by("created_at", "pk").values_list("pk", flat=True))
    events = list(people.order_by().values_list("event", flat=True).distinct()[:2])
    values = {"action": name, "options": options, "created_by": request.user, "keys": keys}
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=request.user.pk)
        job = BulkJob.objects.unfinished().filter(**values).first() or BulkJob.objects.create(
            **values,
            event_id=events[0] if len(events) == 1 else None,
            number=len(keys),
            language=get_language(),
        )
    return redirect("admin:registrations_bulkjob_change", job.pk)
