"""What visitors see whose request is refused, or fails."""

from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings
from django.urls import reverse

from conference.models import Event
from registrations.rate_limit import REFRESHES_PER_SIGN_UP
from tests.database import disconnect_everybody_else
from tests.factories import make_user, use_up
from tests.pages.accounts import visiting
from tests.pages.signing_up import EMBEDDED, find
from tests.pages.steps import doing, fill_in, logged_in, opening, opening_form, press, submitted, typing
from tests.realistic import conference

FORM = opening_form(conference)


def refuse_any_more(_page) -> None:
    """Let very many forms have come from the browser's network."""
    use_up("sign-up", "127.0.0.1", settings.SIGNUP_RATE_LIMIT)
    use_up("find", "127.0.0.1", settings.FIND_RATE_LIMIT)
    use_up("refresh", "127.0.0.1", (settings.SIGNUP_RATE_LIMIT[0] * REFRESHES_PER_SIGN_UP, 3600))


def only_look(page) -> None:
    """Let the form be sent as it is when only its language is changed."""
    page.locator("main form button").evaluate("button => { button.name = 'language_switch'; button.value = 'nothing' }")


def lose_cookies(page) -> None:
    page.context.clear_cookies()


def log_in_elsewhere(open):
    """Send a form with a token to a page that takes none."""
    path, page = conference().get_absolute_url(), open(reverse("account_login"))
    page.locator("main form").first.evaluate("(form, path) => { form.action = path; form.noValidate = true }", path)
    press(page)
    return page


def type_too_much(page) -> None:
    page.locator("[name=job_title]").evaluate("field => { field.maxLength = 1e6; field.value = 'a'.repeat(3e5) }")


def not_understood(open):
    return open(f"{conference().get_absolute_url()}?q=%00")


def forbidden(open):
    return open(reverse("admin:registrations_registration_changelist"), **logged_in(make_user()))


def no_such_page(open):
    conference()
    return open(reverse("conference:event", args=["no-such-conference"]))


def dead_link(open):
    conference()
    return open(reverse("registrations:show", args=["K7M2PXQ4.cut-short"]))


def broken(open):
    event = conference()
    Event.objects.update(time_zone="Atlantis")  # nobody can say when it is
    return open(event.get_absolute_url())


def out_of_order(name: str):
    """An entry that opens the event's page of this name while nobody listens where the database is looked for."""

    def entry(open):
        event = conference()
        disconnect_everybody_else()
        there = dict(connection.settings_dict)
        connection.settings_dict.update(HOST="127.0.0.1", PORT="1")
        try:
            return open(reverse(name, args=[event.slug]))
        finally:
            connection.settings_dict.update(there)

    return entry


def took_too_long(open):
    """The event's page while its table is locked, so that the query waits until its time is over."""
    event = conference()
    with override_settings(STATEMENT_TIMEOUT=1), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE conference_event")
        return open(event.get_absolute_url())


def save_nothing(page) -> None:
    """Send the form while nobody who connects to the database from now on can write."""
    change = f"ALTER DATABASE {connection.ops.quote_name(connection.settings_dict['NAME'])}"
    with connection.cursor() as cursor:
        cursor.execute(f"{change} SET default_transaction_read_only = on")
        try:
            press(page)
        finally:
            cursor.execute(f"{change} RESET default_transaction_read_only")


def maintenance(open):
    with override_settings(MAINTENANCE=True):
        return open(reverse("conference:home"))


def sent_in_vain(page) -> None:
    with override_settings(MAINTENANCE=True):
        press(page)


PAGES = {
    "error_400": not_understood,
    "error_403": forbidden,
    "error_403_csrf": submitted(visiting("account_login"), typing(login="anna", password="x"), lose_cookies),
    "error_404": no_such_page,
    "error_404_without_event": lambda open: open(reverse("conference:event", args=["no-such-conference"])),
    "error_404_personal": dead_link,
    "error_405": log_in_elsewhere,
    "error_413": submitted(FORM, type_too_much),
    "error_429": submitted(FORM, fill_in, refuse_any_more),
    "error_429_find": submitted(find, typing(email="annemarija@example.lv"), refuse_any_more),
    "error_429_look": submitted(find, typing(email="annemarija@example.lv"), refuse_any_more, only_look),
    "error_500": broken,
    "error_503_embedded": out_of_order("registrations:embed"),
    "maintenance_embedded": doing(opening(EMBEDDED, conference), sent_in_vain),
    "out_of_order": out_of_order("conference:event"),
    "took_too_long": took_too_long,
    "read_only": doing(FORM, fill_in, save_nothing),
    "maintenance": maintenance,
}
