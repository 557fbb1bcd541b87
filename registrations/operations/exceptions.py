"""What operations raise when they refuse. Each text tells people why, in the active language."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registrations.availability import Availability
from registrations.models import Choice, Registration


class OperationError(Exception):
    """The operation was refused and nothing was changed. `status_code` is for HTTP."""

    status_code = 409


class RegistrationClosed(OperationError):
    """The event does not accept registrations now; `availability` says why."""

    def __init__(self, availability: Availability):
        super().__init__(_("Registration is closed."))
        self.availability = availability


class EventCancelled(OperationError):
    def __init__(self):
        super().__init__(_("The event has been cancelled, so nothing can be changed here."))


class AlreadyRegistered(OperationError):
    """The person already has a live registration for this event with this address: `registration`.

    `reason` says so without its reference, so that many people share it.
    """

    reason = gettext_lazy("There is another registration of this person for this event with this e-mail address.")
    text = gettext_lazy(
        "This person is already registered for this event with this e-mail address: %(reference)s. "
        "Please use that registration."
    )
    text_without_email = gettext_lazy(
        "Somebody with this name and without an e-mail address has just been added: %(reference)s. "
        "If this is another person, please wait a minute and save again."
    )

    def __init__(self, registration: Registration):
        text = self.text if registration.email else self.text_without_email
        super().__init__(text % {"reference": registration.reference})
        self.registration = registration


class NoAddress(OperationError):
    """It needs the person's e-mail address, and there is none."""

    def __init__(self):
        super().__init__(_("This person has no e-mail address. You can print the ticket and the personal link."))


class AddressNeeded(OperationError):
    """The address cannot be removed while the person is to confirm it."""

    def __init__(self):
        super().__init__(
            _(
                "A place is held until this person confirms the e-mail address. "
                "Please confirm the registration before you remove the address."
            )
        )


class AddressTaken(AlreadyRegistered):
    """Another person has a live registration with this address, and the event takes one per address."""

    reason = gettext_lazy("The event takes one registration per e-mail address, and there is one with this address.")
    text = gettext_lazy(
        "The event takes one registration per e-mail address, and there is one with this address: %(reference)s."
    )


class EventFull(OperationError):
    def __init__(self):
        super().__init__(_("All places are taken."))


class ChoiceFull(OperationError):
    """`choice` of `question` has been chosen by as many people as its limit allows."""

    def __init__(self, choice: Choice):
        self.question, self.choice = choice.question, choice
        text = _("“%(choice)s” (%(question)s) is full. Please choose again.")
        super().__init__(text % {"choice": choice, "question": choice.question})


class Busy(OperationError):
    """The event's lock, or another one, was not available in time."""

    status_code = 503

    def __init__(self):
        super().__init__(
            _("The site is very busy right now. Nothing was saved; please send the form again in a minute.")
        )


class BulkRegistrationError(OperationError):
    """Nobody was registered, because some were refused: `refusals` has the reasons by position in the list."""

    def __init__(self, refusals: dict[int, OperationError]):
        super().__init__(_("Nobody was imported, because some rows could not be."))
        self.refusals = refusals
