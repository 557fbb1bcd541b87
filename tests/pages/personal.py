"""The pages behind the personal link."""

from datetime import timedelta

from django.utils import timezone

from tests.pages.steps import opening, submitted, typing
from tests.realistic import conference, days, somebody


def lapsed():
    return somebody("cancelled", hold_until=timezone.now() - timedelta(hours=1))


def cancelled_and_full():
    return somebody("cancelled", conference(capacity=1, taken=1, waiting_list_enabled=False))


def cancelled_and_line_open():
    return somebody("cancelled", conference(capacity=1, taken=1))


def waiting():
    return somebody("waitlisted", conference(capacity=1, taken=1))


def pending():
    return somebody("pending")


def cancelled():
    return somebody("cancelled")


def changes_over():
    return somebody(event=conference(changes_until=timezone.now()))


def moving():
    return somebody(new_email="annemarija.dzelzkaleja@ziemelaustrumvidzeme.example")


def new_address(open):
    registration = moving()
    return open(registration.manage_path_for(registration.new_email))


STATES = {
    "confirmed": somebody,
    "waiting": waiting,
    "pending": pending,
    "lapsed": lapsed,
    "cancelled": cancelled,
    "cancelled_and_full": cancelled_and_full,
    "cancelled_and_line_open": cancelled_and_line_open,
    "over": lambda: somebody(event=conference(**days(-30))),
    "changes_over": changes_over,
    "event_cancelled": lambda: somebody(event=conference(cancelled_at=timezone.now())),
    "new_address_awaited": moving,
}
EDIT = opening("registrations:edit", somebody)
PAGES = {f"personal_{state}": opening("registrations:show", make) for state, make in STATES.items()} | {
    "personal_changes_saved": submitted(EDIT),
    "personal_address_changed": submitted(EDIT, typing(email="katrina@example.lv")),
    "personal_change_refused": opening("registrations:edit", changes_over),
    "edit": EDIT,
    "edit_errors": submitted(EDIT, typing(first_name="", last_name="", email="annemarija@")),
    "edit_doubts_the_address": submitted(EDIT, typing(email="annemarija@gmial.com")),
    "cancel": opening("registrations:cancel", somebody),
    "cancel_waiting": opening("registrations:cancel", waiting),
    "confirm": opening("registrations:confirm", pending),
    "rejoin": opening("registrations:rejoin", cancelled),
    "rejoin_line": opening("registrations:rejoin", cancelled_and_line_open),
    "rejoin_full": opening("registrations:rejoin", cancelled_and_full),
    "new_address": new_address,
    "new_link": opening("registrations:new-link", somebody),
    "new_link_drops_the_new_address": opening("registrations:new-link", moving),
    "new_link_sent": submitted(opening("registrations:new-link", somebody)),
    "erase": opening("registrations:erase", somebody),
    "erased": submitted(opening("registrations:erase", somebody)),
}
