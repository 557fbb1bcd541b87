"""What this site does differently from allauth: staff only, messages and e-mails of its own, and secrets encrypted."""

import base64
import secrets
from io import BytesIO

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_ipv46_address
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts.second_factor import get_deadline
from accounts.session_expiry import forget_ended_sessions
from accounts.try_limits import asks_for_challenge, remember_device
from registrations.mail.account_emails import queue_account_notice
from registrations.models import OutgoingEmail
from registrations.rate_limit import get_client_address

Kind = OutgoingEmail.Kind

# In the session, between the steps: which password was entered, as a hash.
PASSWORD_KEY = "entered_password"  # noqa: S105 (a name)

WRONG_CODE = _("This was not accepted: it is wrong, was used before, or is no longer valid. Please try again.")
WRONG_PASSWORD = _("The password is wrong. Please enter it again.")
WRONG_LOG_IN = _("The user name or the password is wrong. Capital and small letters are different. Please try again.")
# What the pages say after something is done, by the name of allauth's template.
MESSAGES = {
    "mfa/messages/totp_activated.txt": _("Your authenticator app has been added."),
    "mfa/messages/totp_deactivated.txt": _("Your authenticator app has been removed."),
    "mfa/messages/webauthn_added.txt": _("Your passkey has been added."),
    "mfa/messages/webauthn_removed.txt": _("Your passkey has been removed."),
    "mfa/messages/recovery_codes_generated.txt": _("Your recovery codes have been made. Please keep them safe."),
    "usersessions/messages/sessions_logged_out.txt": _("You have been logged out everywhere else."),
}
# What the user is told by e-mail, likewise.
NOTICES = {
    "mfa/email/totp_activated": Kind.FACTOR_ADDED,
    "mfa/email/totp_deactivated": Kind.FACTOR_REMOVED,
    "mfa/email/webauthn_added": Kind.FACTOR_ADDED,
    "mfa/email/webauthn_removed": Kind.FACTOR_REMOVED,
    "mfa/email/recovery_codes_generated": Kind.RECOVERY_CODES,
}


class StaffAccountAdapter(DefaultAccountAdapter):
    """Accounts that an administrator makes."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": WRONG_LOG_IN,
        "incorrect_password": WRONG_PASSWORD,
        "incorrect_code": WRONG_CODE,
    }

    def is_open_for_signup(self, request):
        return False

    def is_safe_url(self, url):
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_client_ip(self, request):
        """Return the address for the list of sessions; behind a proxy that tells none, nobody's."""
        address = get_client_address(request)
        try:
            validate_ipv46_address(address)
        except ValidationError:
            return "0.0.0.0"  # noqa: S104 (no address to listen on)
        return address

    def is_ajax(self, request):
        return asks_for_challenge(request)

    def add_message(self, request, level, message_template=None, *args, message=None, **kwargs):
        if text := message or MESSAGES.get(message_template):
            messages.add_message(request, level, text)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        queue_account_notice(user, NOTICES[template_prefix])

    def respond_user_inactive(self, request, user):
        raise PermissionDenied

    def pre_login(self, request, user, **kwargs):
        request.session[PASSWORD_KEY] = user.get_session_auth_hash()
        return super().pre_login(request, user, **kwargs)

    def login(self, request, user):
        """Log the user in after the last step, unless the password of the first one is the user's no longer."""
        if request.session.pop(PASSWORD_KEY, "") != user.get_session_auth_hash():
            clear_login(request)
            messages.error(request, _("The password has been changed in the meantime. Please log in again."))
            raise ImmediateHttpResponse(redirect("account_login"))
        super().login(request, user)

    def post_login(self, request, user, **kwargs):
        response = super().post_login(request, user, **kwargs)
        get_deadline(user)  # so that the days of grace begin now
        forget_ended_sessions()
        remember_device(response, user)
        return response


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": WRONG_CODE,
        "cannot_generate_recovery_codes": _("Please add an authenticator app or a passkey first."),
    }

    def get_totp_label(self, user):
        return user.get_username()

    def get_totp_issuer(self):
        return settings.SITE_HOST

    def build_totp_svg(self, url):
        picture = BytesIO()
        segno.make(url, micro=False).save(picture, kind="svg", scale=4, border=4, light="white", xmldecl=False)
        return picture.getvalue().decode()

    def encrypt(self, text):
        return get_cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        """Return the secret. If the site's key has changed, return another one, for which nobody has codes."""
        try:
            return get_cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def generate_authenticator_name(self, user, type):
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return str(_("Passkey") if number == 1 else _("Passkey %(number)d") % {"number": number})

    def _get_site_name(self):
        return settings.SITE_HOST


def get_cipher() -> MultiFernet:
    """What encrypts secrets in the database, so that a copy of it lets nobody in."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(derive_key(key))) for key in keys])


def derive_key(secret: str) -> bytes:
    return salted_hmac("accounts.second_factor", "", secret=secret, algorithm="sha256").digest()
