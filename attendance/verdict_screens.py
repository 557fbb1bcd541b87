"""What the check-in page says to a helper about each ticket: a word and what to do."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Each has a colour, a border and a sign of its own in door.css.
GOOD, CAREFUL, BAD = "good", "careful", "bad"


@dataclass(frozen=True)
class VerdictScreen:
    """What is shown when a ticket is read; scripts find it by its name, and fill {braces}."""

    name: str
    tone: str
    word: Promise
    advice: Promise | str = ""
    # What the button says that lets somebody in all the same; it asks why, if `asks_why`.
    admit: Promise | str = ""
    asks_why: bool = True


LET_IN = _("Let in all the same")

VERDICT_SCREENS = (
    VerdictScreen("welcome", GOOD, _("Welcome")),
    VerdictScreen("goodbye", GOOD, _("Goodbye")),
    VerdictScreen("admitted", GOOD, pgettext_lazy("verdict", "Let in")),
    VerdictScreen("undone", GOOD, _("Undone")),
    VerdictScreen(
        "again",
        CAREFUL,
        _("Already in"),
        _("If it is the same person, let them in again. If not, ask an organiser."),
        _("Let in again"),
        asks_why=False,
    ),
    VerdictScreen(
        "not_in",
        CAREFUL,
        _("Was not in"),
        _("This ticket has not been checked in, or has been checked out already."),
        _("Check out all the same"),
        asks_why=False,
    ),
    VerdictScreen(
        "waitlisted",
        CAREFUL,
        _("Waiting list"),
        _("This person has no place yet. Ask an organiser whether there is room."),
        LET_IN,
    ),
    VerdictScreen(
        "pending",
        CAREFUL,
        _("Not confirmed yet"),
        _(
            "The e-mail address has not been confirmed. The person can still open the link in the e-mail, or you let "
            "them in."
        ),
        LET_IN,
    ),
    VerdictScreen(
        "cancelled",
        BAD,
        _("Cancelled"),
        _("This registration was cancelled. The person may have another one: ask for its ticket."),
        LET_IN,
    ),
    VerdictScreen(
        "unknown",
        BAD,
        _("Unknown ticket"),
        _(
            "This phone’s list of {time} does not have this ticket. It may be for another event or day, or newer than "
            "the list. You can let the person in, or enter them as not registered."
        ),
        LET_IN,
    ),
    VerdictScreen(
        "no_list",
        CAREFUL,
        _("No list yet"),
        _("This phone has nothing to check the ticket against. It needs a connection once, and to be paired."),
    ),
    VerdictScreen(
        "no_ticket",
        BAD,
        _("Not a ticket"),
        _(
            "This code is none of our tickets. Ask for the one in the e-mail. With a network, the site finds people by "
            "the reference on their ticket too."
        ),
    ),
)
