"""The pages of people who log in: logging in, and their accounts."""

from datetime import timedelta
from functools import partial

from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts import try_limits
from accounts.models import SecondFactorGrace
from registrations.mail.account_emails import build_invitation_url, build_reset_url
from tests.accounts.factors import add_app, add_codes, add_passkey, confirm
from tests.factories import make_user, use_up
from tests.pages.steps import doing, logged_in, submitted, typing
from tests.realistic import conference

PASSWORD = "correct horse"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Mobile/15E148 Safari/604.1"


def staff(*factors):
    user = make_user(is_superuser=True, email="anna@example.lv")
    for add in factors:
        add(user)
    return user


def visiting(name: str):
    """An entry that opens the page with this name in the site map, of the logged out."""

    def entry(open):
        conference()
        return open(reverse(name))

    return entry


def own(name: str, *factors, kwargs=None):
    """An entry that opens a page of somebody's account, who has these factors and has just entered the password."""

    def entry(open):
        conference()
        user = staff(*factors)
        found = {key: find(user) for key, find in (kwargs or {}).items()}
        return open(reverse(name, kwargs=found), **logged_in(user, confirm, begin_elsewhere))

    return entry


def begin_elsewhere(client, user) -> None:
    """Let the user have logged in with a phone too."""
    other = Client()
    other.force_login(user)
    keys = (client.session.session_key, other.session.session_key)
    for key, agent, ip in zip(keys, ("", PHONE), ("2001:db8::1", "192.0.2.1"), strict=True):
        UserSession.objects.create(user=user, session_key=key, user_agent=agent, ip=ip)


def log_in_with(*factors, password=PASSWORD):
    """An entry that logs in as far as the password goes."""

    def entry(open):
        user = staff(*factors)
        return submitted(LOG_IN, typing(login=user.username, password=password))(open)

    return entry


def overdue(open):
    with override_settings(REQUIRE_TWO_FACTOR=True):
        conference()
        user = staff()
        SecondFactorGrace.objects.create(user=user)
        SecondFactorGrace.objects.update(began_at=timezone.now() - timedelta(days=8))
        return open(reverse("admin:index"), **logged_in(user))


def told_to_set_up(open):
    with override_settings(REQUIRE_TWO_FACTOR=True):
        return own("mfa_index")(open)


def new_password(open, link=build_reset_url):
    conference()
    return open(link(staff()).partition("/account/")[2].join(["/account/", ""]))


def invited(open):
    """The page that the link of an invitation leads to."""
    conference()
    user = make_user(email="anna@example.lv")
    user.set_unusable_password()
    user.save()
    return open(build_invitation_url(user).partition("/account/")[2].join(["/account/", ""]))


def let_others_guess(_page) -> None:
    """Let very many passwords have been guessed from the browser's network."""
    use_up("account", "127.0.0.1", try_limits.PER_NETWORK)


def let_all_tries_be_used_up(_page) -> None:
    """Let somebody have tried to confirm changes in the only account very often."""
    use_up("account", str(User.objects.get().pk), try_limits.PER_USER)


LOG_IN = visiting("account_login")
FORGOTTEN = visiting("account_reset_password")
PAGES = {
    "log_in": LOG_IN,
    "log_in_refused": log_in_with(password="wrong"),
    "log_in_too_often": submitted(LOG_IN, typing(login="nobody", password="wrong"), let_others_guess),
    "log_in_second_step": log_in_with(add_app),
    "log_in_second_step_passkey": log_in_with(add_passkey),
    "log_in_code_refused": submitted(log_in_with(add_app), typing(code="000000")),
    "account_with_everything": own("mfa_index", add_app, add_passkey, partial(add_passkey, name="Windows"), add_codes),
    "account_told_to_set_up": told_to_set_up,
    "account_overdue": overdue,
    "confirm": own("account_reauthenticate", add_app, add_passkey),
    "confirm_too_often": submitted(own("account_reauthenticate"), typing(password="wrong"), let_all_tries_be_used_up),
    "confirm_passkey": own("mfa_reauthenticate_webauthn", add_passkey),
    "app_add": own("mfa_activate_totp"),
    "passkey_add": own("mfa_add_webauthn"),
    "passkey_remove": own(
        "mfa_remove_webauthn", add_passkey, kwargs={"pk": lambda user: user.authenticator_set.get().pk}
    ),
    "codes": own("mfa_view_recovery_codes", add_app, add_codes),
    "sessions": own("usersessions_list"),
    "password_change_refused": submitted(
        own("account_change_password"), typing(old_password="wrong", new_password1="12345", new_password2="12345")
    ),
    "password_forgotten": FORGOTTEN,
    "password_forgotten_sent": submitted(FORGOTTEN, typing(email="anna@example.lv")),
    "password_new": new_password,
    "password_new_refused": submitted(new_password, typing(new_password1="12345678", new_password2="123")),
    "password_new_dead": partial(new_password, link=lambda user: build_reset_url(user)[:-3] + "x/"),
}
PAGES |= {
    "invitation": invited,
    "invitation_refused": submitted(invited, typing(new_password1="12345678", new_password2="123")),
    "invitation_dead": partial(new_password, link=build_invitation_url),
}
PAGES["passkey_added_in_vain"] = doing(
    PAGES["passkey_add"],
    lambda page: page.evaluate("() => { navigator.credentials.create = () => Promise.reject() }"),
    lambda page: page.locator("main form button").click(),
    lambda page: page.locator("[data-passkey-failed]").wait_for(),
)
