"""What is deleted because nobody needs it any more, once an hour; apps above this one add what they keep."""

from collections.abc import Callable
from datetime import timedelta

from django.db.models.functions import Now

from registrations.models import BulkJob
from registrations.operations.bursts import forget_origins

# So long the outcome of an action in the background can be looked up.
JOB_RETENTION = timedelta(days=30)


def forget_jobs() -> None:
    BulkJob.objects.filter(finished_at__lt=Now() - JOB_RETENTION).delete()


FORGETTERS: list[Callable[[], object]] = [forget_origins, forget_jobs]


def forget_what_is_due() -> None:
    for forget in FORGETTERS:
        forget()
