"""The pages of an account: only those that this site needs of allauth's, and under the names that allauth knows."""

from functools import cache

from django.urls import path
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache

from accounts.try_limits import limit_tries


def account_page(route: str, view: str, name: str):
    """A page that no cache stores and whose tries are limited. What it needs is loaded when it is first asked for."""
    load = cache(lambda: import_string(view))
    return path(route, never_cache(limit_tries(lambda request, **kwargs: load()(request, **kwargs))), name=name)


PASSWORDS = "accounts.views."
ALLAUTH = "allauth.account.views."
MFA = "allauth.mfa."

urlpatterns = [
    account_page("", f"{MFA}base.views.index", "mfa_index"),
    account_page("log-in/", f"{ALLAUTH}login", "account_login"),
    account_page("log-in/code/", f"{MFA}base.views.authenticate", "mfa_authenticate"),
    account_page("log-in/passkey/", f"{MFA}webauthn.views.login_webauthn", "mfa_login_webauthn"),
    account_page("log-out/", f"{PASSWORDS}log_out", "account_logout"),
    account_page("confirm/", f"{ALLAUTH}reauthenticate", "account_reauthenticate"),
    account_page("confirm/code/", f"{MFA}base.views.reauthenticate", "mfa_reauthenticate"),
    account_page("confirm/passkey/", f"{MFA}webauthn.views.reauthenticate_webauthn", "mfa_reauthenticate_webauthn"),
    account_page("password/", f"{PASSWORDS}change_password", "account_change_password"),
    account_page("password/forgotten/", f"{PASSWORDS}request_new_password", "account_reset_password"),
    account_page("password/forgotten/sent/", f"{PASSWORDS}new_password_requested", "account_reset_password_done"),
    # After /r/, no log shows an address.
    account_page("password/r/<uidb64>.<token>/", f"{PASSWORDS}set_new_password", "account_set_new_password"),
    account_page("app/", f"{MFA}totp.views.activate_totp", "mfa_activate_totp"),
    account_page("app/remove/", f"{MFA}totp.views.deactivate_totp", "mfa_deactivate_totp"),
    account_page("passkeys/add/", f"{MFA}webauthn.views.add_webauthn", "mfa_add_webauthn"),
    account_page("passkeys/<int:pk>/remove/", f"{PASSWORDS}remove_passkey", "mfa_remove_webauthn"),
    account_page("codes/", f"{MFA}recovery_codes.views.view_recovery_codes", "mfa_view_recovery_codes"),
    account_page("codes/new/", f"{MFA}recovery_codes.views.generate_recovery_codes", "mfa_generate_recovery_codes"),
    account_page("sessions/", "allauth.usersessions.views.list_usersessions", "usersessions_list"),
]
