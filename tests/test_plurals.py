"""Numbers stand in Latvian sentences in their three forms: 1, 21 and 101; 2, 10, 11 and 111; and naught."""

import re

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from tests.catalogue import NUMBERS, catalogue
from tests.factories import make_event
from tests.reading import read

PLURALS = [entry for entry in catalogue() if entry.msgid_plural]


def said(template: str, **context) -> str:
    """All that the template says in Latvian, as one line."""
    with translation.override("lv"):
        return " ".join(one.text for one in read(render_to_string(template, context)))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "held"),
    [
        (0, "uz 0 stundām"),
        (1, "uz 1 stundu"),
        (2, "uz 2 stundām"),
        (10, "uz 10 stundām"),
        (11, "uz 11 stundām"),
        (21, "uz 21 stundu"),
        (100, "uz 100 stundām"),
        (101, "uz 101 stundu"),
        (111, "uz 111 stundām"),
        (121, "uz 121 stundu"),
    ],
)
def test_hours_held(rf, number, held):
    event = make_event(confirm_email=True)
    event.hold_hours = number
    thanks = said("registrations/thanks.html", event=event, has_place=True, is_held=True, request=rf.get("/lv/"))
    assert f"Vieta Jums ir paturēta {held}. Lai vietu nezaudētu, atveriet" in thanks


@pytest.mark.parametrize("entry", PLURALS, ids=lambda entry: entry.msgid)
@pytest.mark.parametrize("number", NUMBERS)
def test_every_number_takes_its_form(entry, number):
    form = 0 if number in (1, 21, 101, 121) else 1 if number else 2
    with translation.override("lv"):
        assert translation.ngettext(entry.msgid, entry.msgid_plural, number) == entry.msgstr_plural[form]


@pytest.mark.parametrize("entry", PLURALS, ids=lambda entry: entry.msgid)
def test_every_form_says_all_that_is_filled_in(entry):
    filled_in = sorted(re.findall(r"%\(\w+\)\w|%\w", entry.msgid_plural))
    forms = entry.msgstr_plural.values()
    assert [sorted(re.findall(r"%\(\w+\)\w|%\w", form)) for form in forms] == [filled_in] * 3
