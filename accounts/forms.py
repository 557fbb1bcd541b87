"""The forms of accounts: allauth's and Django's, in this site's words and looks."""

import json
import struct

from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm as CodeForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeAgainForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.contrib.auth.models import User
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.adapters import WRONG_PASSWORD
from accounts.second_factor import use_code
from registrations.forms.attendee import FieldsHelper, set_error_messages
from registrations.forms.fields import NormalizedEmailField

CODE_ATTRS = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}


class AccountFormMixin:
    """For a form in the site's looks: labels above the fields, nothing in the fields, the site's errors."""

    helper = FieldsHelper()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.help_texts.get(name, field.help_text)
            field.widget.attrs |= self.attrs.get(name, {})
        set_error_messages(self.fields.values())

    labels = help_texts = attrs = {}


class StaffLogInForm(AccountFormMixin, LoginForm):
    """With an e-mail address, too: it is the user name of who was invited, and capital letters do not matter in it."""

    labels = {"login": _("User name or e-mail"), "password": _("Password")}
    help_texts = {"password": ""}
    attrs = {"login": {"autofocus": True, "autocapitalize": "none", "spellcheck": "false"}}

    def clean_login(self):
        return find_username(super().clean_login())


def find_username(typed: str) -> str:
    """Return the user name of the only account with this e-mail address; else what was typed."""
    if "@" not in typed or User.objects.filter(username=typed).exists():
        return typed
    is_meant = Q(username__iexact=typed) | Q(email__iexact=typed, is_active=True)
    names = list(User.objects.filter(is_meant).values_list("username", flat=True)[:2])
    return names[0] if len(names) == 1 else typed


class PasswordAgainForm(AccountFormMixin, ReauthenticateForm):
    labels = {"password": _("Password")}
    help_texts = {"password": ""}


class CodeFormMixin(AccountFormMixin):
    """For a form with a code of an authenticator app or a recovery code: each is accepted once, by any process."""

    labels = {"code": _("Code")}
    attrs = {"code": CODE_ATTRS}

    def clean_code(self):
        code = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP and not use_code(self.authenticator, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class LogInCodeForm(CodeFormMixin, CodeForm):
    pass


class ConfirmationCodeForm(CodeFormMixin, CodeAgainForm):
    pass


class AddAppForm(AccountFormMixin, ActivateTOTPForm):
    labels = {"code": _("Code that the app shows")}
    attrs = {"code": CODE_ATTRS}


# What reading raises if no browser made it. RecursionError: it is nested too deeply.
UNREADABLE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, struct.error)


class AnswerDecoder(json.JSONDecoder):
    """Reads JSON and knows one error, for what Django's field reads again when it shows the form."""

    def decode(self, text):
        try:
            return super().decode(text)
        except (RecursionError, ValueError) as error:  # nested too deeply, or a number of thousands of digits
            raise json.JSONDecodeError(str(error), "", 0) from None


class PasskeyFormMixin:
    """For a form with what a browser says of a passkey, which can be anything."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["credential"].decoder = AnswerDecoder

    def full_clean(self):
        try:
            super().full_clean()
        except UNREADABLE:
            self.add_error("credential", get_adapter().validation_error("incorrect_code"))


class PasskeyLogInForm(PasskeyFormMixin, LoginWebAuthnForm):
    pass


class PasskeyStepForm(PasskeyFormMixin, AuthenticateWebAuthnForm):
    pass


class PasskeyConfirmationForm(PasskeyFormMixin, ReauthenticateWebAuthnForm):
    pass


class AddPasskeyForm(AccountFormMixin, PasskeyFormMixin, AddWebAuthnForm):
    name = forms.CharField(required=False, max_length=60)
    labels = {
        "name": _("Name of the passkey"),
        "passwordless": _("Log in with this passkey alone, without a password"),
        "credential": _("Passkey"),
    }
    help_texts = {
        "passwordless": _(
            "Your device will ask for your fingerprint, face or PIN. Clear this for a security key that has none."
        )
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True


class NewPasswordForm(AccountFormMixin, SetPasswordForm):
    labels = {"new_password1": _("New password"), "new_password2": _("New password again")}
    help_texts = {"new_password2": ""}
    error_messages = {"password_mismatch": _("The two passwords are different. Please enter them again.")}


class ChangePasswordForm(AccountFormMixin, PasswordChangeForm):
    labels = {"old_password": _("Current password"), **NewPasswordForm.labels}
    help_texts = NewPasswordForm.help_texts
    error_messages = {**NewPasswordForm.error_messages, "password_incorrect": WRONG_PASSWORD}


class PasswordResetRequestForm(AccountFormMixin, forms.Form):
    email = NormalizedEmailField(label=_("E-mail"), max_length=254)
    attrs = {"email": {"autocomplete": "email", "inputmode": "email"}}
