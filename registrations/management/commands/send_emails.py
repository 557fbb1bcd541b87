"""Does what is due: places released, reminders queued, e-mail sent, needs and forgotten lists erased."""

import signal
import threading

from django.core.cache import cache
from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import timezone

from registrations import operations
from registrations.mail.delivery import send_due
from registrations.mail.outbox import queue_reminders
from registrations.models import ImportDraft
from registrations.privacy import erase_due_needs

# It reads every registration of past events, so not at each look.
NEEDS_SECONDS = 60 * 60


class Command(BaseCommand):
    help = (
        "Releases held places that nobody confirmed in time, queues the reminders that are due, sends every e-mail "
        "that is due, erases dietary and access needs as erase_needs does, deletes lists uploaded more than a day ago "
        "and not imported, and ends. With --watch it goes on until it is stopped. "
        "Any number may run at once, on any number of machines."
    )

    def add_arguments(self, parser):
        parser.add_argument("--watch", action="store_true", help="go on until stopped")
        parser.add_argument("--pause", type=float, default=2, help="seconds between looks with --watch; default 2")

    def handle(self, *, watch, pause, **options):
        stopped = threading.Event()
        if not watch:
            self.send(stopped)
            return
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopped.set())  # the message under way is finished first
        while not stopped.is_set():
            try:
                self.send(stopped)
            except (DatabaseError, InterfaceError, OSError, operations.Busy) as error:
                self.stderr.write(f"Cannot send now, will try again: {type(error).__name__}")
                connection.close()
            close_old_connections()
            stopped.wait(pause)

    def send(self, stopped):
        operations.release_expired_holds()
        queue_reminders()
        if cache.add("needs-erased", True, NEEDS_SECONDS):
            erase_due_needs(timezone.now())
        ImportDraft.objects.expired().delete()
        sent, failed = send_due(stopped.is_set, stopped.wait)
        if sent or failed:
            self.stdout.write(f"Sent: {sent}, failed: {failed}")
