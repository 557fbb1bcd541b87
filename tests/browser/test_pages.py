"""Every public page in every state: one visit, in which all that is asked of a page is judged.

It is what its name promises, valid HTML, without a word of English for Latvian readers, also after its scripts have
run; screen readers are told of every control, axe-core finds nothing against it, and nothing keeps anybody out.
"""

from functools import partial

import pytest

from tests.browser.axe import violations_and_doubts
from tests.browser.combinations import LANGUAGES, LOOKS, PAIRWISE, visits
from tests.browser.obstacles import obstacles
from tests.browser.screen_reader import untold
from tests.catalogue import english_words_on
from tests.pages import PAGES

pytestmark = pytest.mark.django_db(transaction=True)

SAYS = {
    "event_few_places_left": "Only a few places are left.",
    "event_organisers_choose": "the organisers choose who gets a place",
    "event_preview": "Only organisers can see this page.",
    "home_with_others": "Other events",
    "form_errors": "Not saved yet – please check the following:",
    "form_requires_everything": "Topics of interest: please choose an answer.",
    "form_doubts_the_address": "Did you mean annemarija@gmail.com?",
    "form_errors_in_another_language": "Not saved yet – please check the following:",
    "form_caught_a_robot": "This field is a trap for spam robots.",
    "form_too_late": "Your form arrived after registration had closed or the last place was taken",
    "form_preview_tried": "A visitor would now be registered.",
    "embedded_doubts_the_address": "Did you mean annemarija@gmail.com?",
    "embedded_too_late": "Your form arrived after registration had closed or the last place was taken",
    "embedded_thanks": "You have a place.",
    "thanks_confirmed": "You have a place.",
    "thanks_waiting": "New registrations go on the waiting list. The e-mail has the status of yours.",
    "thanks_held": "A place is held for you for 24 hours",
    "thanks_one_per_address": "Here, each e-mail address can have one registration.",
    "form_for_colleague": "You are registering another person.",
    "embedded_for_colleague": "You are registering another person.",
    "find_doubts_the_address": "Did you mean annemarija@gmail.com?",
    "find_sent": "Check your inbox",
    "personal_lapsed": "so it has been released",
    "personal_cancelled_and_full": "All places are taken.",
    "personal_changes_saved": "Your changes have been saved.",
    "personal_address_changed": "We have sent an e-mail to katrina@example.lv.",
    "personal_change_refused": "It is too late to change this here.",
    "edit_doubts_the_address": "Did you mean annemarija@gmail.com?",
    "rejoin_line": "you will join the end of the waiting list",
    "new_address": "Confirm this address",
    "new_link_drops_the_new_address": "will be dropped.",
    "new_link_sent": "All earlier links have stopped working.",
    "ticket": "opening it yourself does not check you in",
    "pair": "You need no account.",
    "pair_again": "This code no longer works",
    "plain_door_in": "Welcome",
    "plain_door_waiting": "Why they are let in",
    "plain_door_walk_in_errors": "Please tick this box if the person agrees.",
    "erased": "Your data has been erased",
    "error_403": "You do not have permission to open this page",
    "error_403_csrf": "The form was not sent",
    "error_405": "This page cannot be opened like that",
    "error_413": "That is too much to send at once",
    "error_429": "Too many registrations have come from your network, perhaps",
    "error_429_find": "Too many requests have come from your network.",
    "error_500": "Something went wrong",
    "error_503_embedded": "The site is temporarily unavailable",
    "out_of_order": "The site is temporarily unavailable",
    "took_too_long": "This took too long and was stopped",
    "read_only": "What you sent was not saved.",
    "maintenance_embedded": "What you sent was not saved.",
    "maintenance": "The site is down for maintenance",
    "log_in_refused": "The user name or the password is wrong.",
    "log_in_too_often": "Too many attempts have come from your network",
    "confirm_too_often": "There have been too many attempts to log in to this account or to change it",
    "log_in_second_step_passkey": "Use a passkey",
    "log_in_second_step": "Enter the code from your authenticator app",
    "log_in_code_refused": "This was not accepted",
    "account_with_everything": "Show my recovery codes",
    "account_told_to_set_up": "Please set up two-step log-in by",
    "account_overdue": "Set it up here to use the admin site again.",
    "confirm": "Use a passkey",
    "confirm_passkey": "Use a passkey",
    "passkey_added_in_vain": "The passkey did not work",
    "password_change_refused": "The password is wrong.",
    "password_forgotten_sent": "Check your inbox",
    "password_new": "Choose a new password",
    "password_new_refused": "The two passwords are different.",
    "password_new_dead": "This link does not work",
    "invitation": "You are invited to work on the registrations of this site.",
    "invitation_refused": "The two passwords are different.",
    "invitation_dead": "ask whoever invited you to send the invitation again",
    "door_start": "This phone is not paired with an event.",
    "door": "Practice: nobody who is checked in now counts.",
    "door_search": "Dzelzkalēja",
    "door_already_in": "Already in",
    "door_told_of_another_phone": "was let in twice",
    "door_unknown_ticket": "Unknown ticket",
    "door_cancelled": "This registration was cancelled.",
}
# Names that are the same in every language: the project's, its partner's, and of the page for both languages its title.
NAMES = {"xl", "baltic", "bright"}
IN_BOTH_LANGUAGES = {"error_500": {"error"}}


def pytest_generate_tests(metafunc):
    if "looks" in metafunc.fixturenames:
        rows = visits(PAGES, matrix=metafunc.config.getoption("matrix"))
        names = [f"{name}-{language}" for name, language, _looks in rows]
        metafunc.parametrize(("name", "language", "looks"), rows, ids=names)


@pytest.mark.matrix
def test_every_page(visit, validator, name, language, looks):
    responses = []
    page = visit(name, language, watch=partial(collect_pages, responses))
    found = [
        *validator.complaints(responses[-1].text()),
        *broken_promises(page, name, language),
        *untranslated(page, name, language),
        *untold(page),
        *violations_and_doubts(page, looks),
        *obstacles(page),
    ]
    assert not found, "\n".join(found)


def collect_pages(responses: list, page) -> None:
    page.on("response", lambda response: responses.append(response) if is_page(response) else None)


def is_page(response) -> bool:
    """Whether it is the page itself, not what belongs to it or is in a frame."""
    return response.request.is_navigation_request() and response.frame.parent_frame is None


def broken_promises(page, name: str, language: str) -> list[str]:
    """What the page does not say although its name promises it: it took more than an address to get there."""
    if language != "en" or SAYS.get(name, "") in page.locator("main").inner_text():
        return []
    return [f"“{SAYS[name]}” is not on the page"]


def untranslated(page, name: str, language: str) -> list[str]:
    """English words that a Latvian reader meets, as the page is once its scripts have run."""
    if language != "lv":
        return []
    words = english_words_on(page.content()) - NAMES - IN_BOTH_LANGUAGES.get(name, set())
    return [f"“{word}” is English" for word in sorted(words)]


def test_only_pages_on_the_list_promise_something():
    assert set(SAYS) - set(PAGES) == set()


def test_each_page_is_visited_once_and_every_two_settings_come_together():
    rows = visits(PAGES, matrix=False)
    assert [row.page for row in rows] == list(PAGES)
    met = {(row.language, *look) for row in rows for look in row.looks}
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert len({(settings[one], settings[other]) for settings in met}) == 4
    assert len(met) == len(PAIRWISE)


def test_the_matrix_has_every_page_in_every_setting():
    rows = visits(PAGES, matrix=True)
    assert len(rows) == len(set(rows)) == len(PAGES) * len(LANGUAGES)
    assert {row.looks for row in rows} == {LOOKS}
