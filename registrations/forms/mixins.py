"""What the forms of visitors share: a question about an address that looks mistyped, and switching the language."""

from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _

from registrations.email_typos import suggest_email

# The name under which the template sends the address that the person was asked about.
CHECKED_EMAIL = "checked_email"
# The name under which language.js sends whether the form shows "errors" or "nothing", when a filled-in form is only to
# be shown in another language.
LANGUAGE_SWITCH = "language_switch"


class LanguageSwitchMixin:
    """For a form that can be shown in another language with what was typed: nothing is saved then."""

    @property
    def is_submitted(self) -> bool:
        """Whether the person pressed the button."""
        return self.is_bound and LANGUAGE_SWITCH not in self.data

    def is_valid(self) -> bool:
        return self.is_submitted and super().is_valid()

    @property
    def errors(self):
        """The form's errors; none if it showed none before its language was switched."""
        return ErrorDict() if self.data.get(LANGUAGE_SWITCH) == "nothing" else super().errors


class EmailTypoMixin:
    """For a form with a field `email`: asks once whether an address that looks mistyped is right.

    The template sends `checked_email` along. The same address sent again is accepted: it may exist.
    Needs LanguageSwitchMixin.
    """

    checked_email = ""

    def clean(self) -> dict:
        """Ask only when everything else is valid, so that pressing the button again answers this question alone."""
        cleaned = super().clean()
        email = self.cleaned_data.get("email")
        if email and self.is_submitted and self.data.get(CHECKED_EMAIL) == email:
            self.checked_email = email
        elif not self._errors and email != self.initial.get("email"):
            self.add_typo_question(email)
        return cleaned

    def add_typo_question(self, email: str) -> None:
        suggestion = suggest_email(email)
        if suggestion == email:
            return
        self.checked_email = email
        question = _("Did you mean %(meant)s? If the address you entered is correct, just press the button again.")
        self.add_error("email", ValidationError(question, code="mistyped", params={"meant": suggestion}))
