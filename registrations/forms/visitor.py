"""What the forms of visitors have in common: they doubt an odd address once, and are shown in another language."""

from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _

from registrations.mistyped import meant_address

# Beside the fields, a form may be sent with the address that it was asked about before, and by language.js with
# whether "errors" stood there, or "nothing", when it was only to be shown in another language.
ASKED_ABOUT = "asked_about"
SHOW_WITH = "show_with"


class VisitorForm:
    """For a form with a field `email`: asks whether an address that looks mistyped is right, once for an address.

    The template sends `asked_about` along, and the same address sent again is taken: somebody may have it.
    What was sent to be shown in another language is never valid, so nothing comes of it.
    """

    asked_about = ""

    @property
    def was_sent(self) -> bool:
        """Whether somebody pressed the button."""
        return self.is_bound and SHOW_WITH not in self.data

    def is_valid(self) -> bool:
        return self.was_sent and super().is_valid()

    @property
    def errors(self):
        """Those that stand at the form; none at one that had none before its language was changed."""
        return ErrorDict() if self.data.get(SHOW_WITH) == "nothing" else super().errors

    def clean(self) -> dict:
        """Asks when all the rest is right, so that pressing the button once more is an answer to nothing else."""
        cleaned = super().clean()
        email = self.cleaned_data.get("email")
        if email and self.was_sent and self.data.get(ASKED_ABOUT) == email:
            self.asked_about = email
        elif not self._errors and email != self.initial.get("email"):
            self.ask_about(email)
        return cleaned

    def ask_about(self, email: str) -> None:
        meant = meant_address(email)
        if meant == email:
            return
        self.asked_about = email
        question = _("Did you mean %(meant)s? If the address is right as it is, just press the button once more.")
        self.add_error("email", ValidationError(question, code="mistyped", params={"meant": meant}))
