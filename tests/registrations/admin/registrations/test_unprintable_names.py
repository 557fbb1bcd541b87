"""The warning beside the button of the sign-in sheet."""

from functools import partial

import pytest

from registrations.exports.reports import printable_letters
from tests.factories import make_event, make_registration
from tests.registrations.admin.requests import EXPORT_URL, get_page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _machine_without_fonts(monkeypatch):
    with_typsts_own = partial(printable_letters.find_missing_letters, ignore_system_fonts=True)
    monkeypatch.setattr(printable_letters, "find_missing_letters", with_typsts_own)


def test_organisers_are_warned_beside_the_button(organiser):
    event = make_event()
    make_registration(event, last_name="王")
    make_registration(event, "waitlisted", last_name="김")  # who is not on the sheet
    content = get_page(organiser, EXPORT_URL, event=event.pk)
    warning = "1 name has letters that this server cannot print. Ask whoever runs it to install: fonts-noto-cjk."
    assert content.count(warning) == 1
    assert content.index("Sign-in sheet") < content.index(warning) < content.index("sign-in-sheet.pdf")
    make_registration(event, last_name="สมชาย")
    warning = "2 names have letters that this server cannot print. Ask whoever runs it to install: fonts-noto-cjk, "
    assert f"{warning}fonts-noto-core." in get_page(organiser, EXPORT_URL, event=event.pk)


def test_nobody_is_warned_of_letters_that_can_be_printed(organiser):
    event = make_event()
    make_registration(event, last_name="יוסף")
    assert "cannot print" not in get_page(organiser, EXPORT_URL, event=event.pk)
    assert "cannot print" not in get_page(organiser, EXPORT_URL)
