"""The pages on the list are those that their names promise: what takes more than an address comes to its end."""

import pytest

from tests.pages import PAGES

pytestmark = pytest.mark.django_db(transaction=True)

SAYS = {
    "event_few_places_left": "1 place left.",
    "event_organisers_choose": "the organisers choose who gets a place",
    "event_preview": "Only organisers can see this page.",
    "home_with_others": "Other conferences",
    "form_errors": "Nothing was stored yet",
    "form_doubts_the_address": "Did you mean annemarija@gmail.com?",
    "form_errors_in_another_language": "Nothing was stored yet",
    "form_caught_a_robot": "This field is here to catch robots.",
    "form_too_late": "Your form came too late and was not stored.",
    "form_preview_tried": "A visitor would be registered now.",
    "embedded_doubts_the_address": "Did you mean annemarija@gmail.com?",
    "embedded_too_late": "Your form came too late and was not stored.",
    "embedded_thanks": "There is a place for you.",
    "thanks_confirmed": "There is a place for you.",
    "thanks_waiting": "All places are taken, so new registrations join the waiting list.",
    "thanks_held": "it is held for 24 hours",
    "find_doubts_the_address": "Did you mean annemarija@gmail.com?",
    "find_sent": "Check your inbox",
    "personal_lapsed": "so the place was released",
    "personal_cancelled_and_full": "All places are taken.",
    "personal_changes_saved": "Your changes are saved.",
    "personal_address_changed": "An e-mail is on its way to katrina@example.lv.",
    "personal_change_refused": "The time for changes is over.",
    "edit_doubts_the_address": "Did you mean annemarija@gmail.com?",
    "rejoin_line": "you come to the end of the waiting list",
    "new_address": "Confirm this address",
    "erased": "Your data were erased",
    "error_403": "You may not open this page",
    "error_403_csrf": "The form was not sent",
    "error_405": "This address does not work that way",
    "error_413": "That is too much at once",
    "error_429": "Very many sign-ups have come from your network.",
    "error_429_find": "Very many requests have come from your network.",
    "error_500": "Something went wrong",
    "error_503_embedded": "The site is out of order for the moment",
    "out_of_order": "The site is out of order for the moment",
    "maintenance_embedded": "Nothing that you sent was stored.",
    "maintenance": "The site is being worked on",
}


@pytest.mark.parametrize("name", SAYS)
def test_a_page_says_what_its_name_promises(visit, name):
    assert SAYS[name] in visit(name, "en").locator("main").inner_text()


def test_only_pages_on_the_list_promise_something():
    assert set(SAYS) - set(PAGES) == set()
