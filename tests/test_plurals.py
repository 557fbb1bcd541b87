"""Numbers stand in Latvian sentences in their three forms: 1, 21 and 101; 2, 10, 11 and 111; and naught."""

import re

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from registrations.availability import Availability, State
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
    ("number", "left", "held"),
    [
        (0, "Atlicis 0 vietu.", "uz 0 stundām"),
        (1, "Atlikusi 1 vieta.", "uz 1 stundu"),
        (2, "Atlikušas 2 vietas.", "uz 2 stundām"),
        (10, "Atlikušas 10 vietas.", "uz 10 stundām"),
        (11, "Atlikušas 11 vietas.", "uz 11 stundām"),
        (21, "Atlikusi 21 vieta.", "uz 21 stundu"),
        (100, "Atlikušas 100 vietas.", "uz 100 stundām"),
        (101, "Atlikusi 101 vieta.", "uz 101 stundu"),
        (111, "Atlikušas 111 vietas.", "uz 111 stundām"),
        (121, "Atlikusi 121 vieta.", "uz 121 stundu"),
    ],
)
def test_places_left_and_hours_held(rf, number, left, held):
    event = make_event(confirm_email=True)
    event.hold_hours = number
    offered = Availability(State.OPEN, number)
    assert left in said("registrations/_registration_box.html", event=event, offered=offered, is_scarce=True)
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
