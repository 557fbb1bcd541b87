"""Does what is due: expired holds, e-mail, organisers' actions on many people, erasing of what is no longer needed."""

import math
import signal
import threading
import time
from collections import Counter
from contextlib import suppress

from django.core.cache import cache
from django.core.exceptions import ObjectDoesNotExist
from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from conference.database_clock import read_database_clock
from registrations import operations
from registrations.admin.jobs.job_runner import has_waiting_jobs, work_on_jobs
from registrations.mail.delivery import send_due
from registrations.mail.outbox import queue_reminders
from registrations.models import ImportDraft, RequestCount
from registrations.privacy import erase_due_needs, record_erasures

# What reads every registration does not run each time.
SECONDS_BETWEEN_ERASURES = SECONDS_BETWEEN_COUNT_CHECKS = 60 * 60

# With --watch, e-mail is sent for so long at a time: what else is due does not wait until a long mailing is out.
SECONDS_OF_SENDING = 60
# While organisers' actions on many people wait, both take turns.
SECONDS_OF_SENDING_BETWEEN_JOBS, SECONDS_OF_JOBS = 2, 0.5


class Command(BaseCommand):
    help = (
        "Releases held places that nobody confirmed in time, queues the reminders that are due, sends every e-mail "
        "that is due, does what organisers requested for many people, erases dietary and access needs as erase_needs "
        "does, corrects counts as check_counts --repair "
        "does, deletes lists uploaded more than a day ago and not imported, and ends. "
        "With --watch it goes on until it is stopped. "
        "Any number may run at once, on any number of machines."
    )

    def add_arguments(self, parser):
        parser.add_argument("--watch", action="store_true", help="go on until stopped")
        parser.add_argument("--pause", type=float, default=2, help="seconds between runs with --watch; default 2")

    def handle(self, *, watch, pause, **options):
        stopped = threading.Event()
        if not watch:
            self.run_once(stopped, math.inf)
            return
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopped.set())  # after the message that is being sent
        while not stopped.is_set():
            try:
                self.run_once(stopped, SECONDS_OF_SENDING)
            except (DatabaseError, InterfaceError, OSError, ObjectDoesNotExist, operations.Busy) as error:
                self.stderr.write(f"Cannot send now, will try again: {type(error).__name__}")
                connection.close()
            close_old_connections()
            stopped.wait(pause)

    def run_once(self, stopped, seconds):
        operations.renew_untold_holds()
        operations.release_expired_holds()
        queue_reminders()
        if cache.add("needs-erased", True, SECONDS_BETWEEN_ERASURES):
            erase_due_needs(read_database_clock())
            self.record_erasures()
            operations.forget_what_is_due()
        if cache.add("counts-checked", True, SECONDS_BETWEEN_COUNT_CHECKS):
            with suppress(operations.Busy, ObjectDoesNotExist):  # an event or a choice has just been deleted
                operations.correct_counts()
        ImportDraft.objects.expired().delete()
        RequestCount.objects.expired().delete()
        self.send_and_work(stopped, time.monotonic() + seconds)

    def send_and_work(self, stopped, end):
        """Send e-mail and go on with organisers' actions by turns, until nothing is left or the time is over."""

        def is_over() -> bool:
            return stopped.is_set() or time.monotonic() > end

        def is_turn_over() -> bool:
            return is_over() or (time.monotonic() > turn and has_waiting_jobs())

        def wait(pause):
            stopped.wait(max(0, min(pause, SECONDS_OF_SENDING_BETWEEN_JOBS, end - time.monotonic())))

        total, is_working = Counter(), True
        while is_working and not is_over():
            turn = time.monotonic() + SECONDS_OF_SENDING_BETWEEN_JOBS
            sent, failed = send_due(is_turn_over, wait)
            total.update(sent=sent, failed=failed)
            is_working = work_on_jobs(SECONDS_OF_JOBS, is_over)
        if total["sent"] or total["failed"]:
            self.stdout.write(f"Sent: {total['sent']}, failed: {total['failed']}")

    def record_erasures(self):
        """A ledger that cannot be written stops no e-mail; within the hour it is tried again."""
        try:
            record_erasures()
        except OSError as error:
            self.stderr.write(f"Cannot write the ledger of erasures: {error}")
