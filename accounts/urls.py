"""The pages of an account: only those that this site needs of allauth's, and under the names that allauth knows."""

from functools import cache

from django.contrib.auth.decorators import login_required
from django.urls import path
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache

from accounts.try_limits import limit_strangers, limit_tries


def public_page(route: str, view: str, name: str, decorate=lambda view: view, limit=limit_tries):
    """A page that no cache stores and whose tries are limited. What it needs is loaded when it is first asked for."""
    load = cache(lambda: import_string(view))
    lazy_view = decorate(lambda request, **kwargs: load()(request, **kwargs))
    return path(route, never_cache(limit(lazy_view)), name=name)


def own_page(route: str, view: str, name: str, limit=limit_tries):
    """A page of the user's own account. Nothing of what anybody else sends there is kept."""
    return public_page(route, view, name, login_required, limit)


OWN = "accounts.views."
ALLAUTH = "allauth.account.views."
MFA = "allauth.mfa."

urlpatterns = [
    own_page("", f"{MFA}base.views.index", "mfa_index"),
    public_page("log-in/", f"{ALLAUTH}login", "account_login"),
    public_page("log-in/code/", f"{OWN}enter_code", "mfa_authenticate"),
    public_page("log-in/passkey/", f"{MFA}webauthn.views.login_webauthn", "mfa_login_webauthn"),
    public_page("log-out/", f"{OWN}log_out", "account_logout", limit=limit_strangers),
    own_page("confirm/", f"{ALLAUTH}reauthenticate", "account_reauthenticate"),
    own_page("confirm/code/", f"{MFA}base.views.reauthenticate", "mfa_reauthenticate"),
    own_page("confirm/passkey/", f"{OWN}confirm_with_passkey", "mfa_reauthenticate_webauthn"),
    own_page("password/", f"{OWN}change_password", "account_change_password"),
    public_page("password/forgotten/", f"{OWN}request_new_password", "account_reset_password"),
    public_page("password/forgotten/sent/", f"{OWN}new_password_requested", "account_reset_password_done"),
    # After /r/, no log shows an address.
    public_page("password/r/<uidb64>.<token>/", f"{OWN}set_new_password", "account_set_new_password"),
    public_page("invitation/r/<uidb64>.<token>/", f"{OWN}accept_invitation", "account_accept_invitation"),
    own_page("app/", f"{MFA}totp.views.activate_totp", "mfa_activate_totp"),
    own_page("app/remove/", f"{MFA}totp.views.deactivate_totp", "mfa_deactivate_totp"),
    own_page("passkeys/add/", f"{MFA}webauthn.views.add_webauthn", "mfa_add_webauthn"),
    own_page("passkeys/<int:pk>/remove/", f"{OWN}remove_passkey", "mfa_remove_webauthn"),
    own_page("codes/", f"{MFA}recovery_codes.views.view_recovery_codes", "mfa_view_recovery_codes"),
    own_page("codes/new/", f"{MFA}recovery_codes.views.generate_recovery_codes", "mfa_generate_recovery_codes"),
    own_page("sessions/", "allauth.usersessions.views.list_usersessions", "usersessions_list", limit_strangers),
]
