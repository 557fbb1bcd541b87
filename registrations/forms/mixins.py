"""What the forms of visitors have in common: they doubt an odd address once, and are shown in another language."""

from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _

from registrations.email_typos import suggest_email

# Beside the fields, a form may be sent with the address that it was asked about before, and by language.js with
# whether "errors" stood there, or "nothing", when it was only to be shown in another language.
CHECKED_EMAIL = "checked_email"
LANGUAGE_SWITCH = "language_switch"


class EmailTypoMixin:
    """For a form with a field `email`: asks whether an address that looks mistyped is right, once for an address.

    The template sends `checked_email` along, and the same address sent again is taken: somebody may have it.
    What was sent to be shown in another language is never valid, so nothing comes of it.
    """

    checked_email = ""

    @property
    def is_submitted(self) -> bool:
        """Whether somebody pressed the button."""
        return self.is_bound and LANGUAGE_SWITCH not in self.data

    def is_valid(self) -> bool:
        return self.is_submitted and super().is_valid()

    @property
    def errors(self):
        """Those that stand at the form; none at one that had none before its language was changed."""
        return ErrorDict() if self.data.get(LANGUAGE_SWITCH) == "nothing" else super().errors

    def clean(self) -> dict:
        """Asks when all the rest is right, so that pressing the button once more is an answer to nothing else."""
        cleaned = super().clean()
        email = self.cleaned_data.get("email")
        if email and self.is_submitted and self.data.get(CHECKED_EMAIL) == email:
            self.checked_email = email
        elif not self._errors and email != self.initial.get("email"):
            self.add_typo_question(email)
        return cleaned

    def add_typo_question(self, email: str) -> None:
        meant = suggest_email(email)
        if meant == email:
            return
        self.checked_email = email
        question = _("Did you mean %(meant)s? If the address you entered is correct, just press the button again.")
        self.add_error("email", ValidationError(question, code="mistyped", params={"meant": meant}))
