"""What people type and paste is taken in every form that asks for it, and stored as they meant it."""

import pytest

from conference.text.email_addresses import decode_domain
from registrations.forms.attendee import EditForm, FindForm, SignUpForm
from registrations.forms.organiser import OrganiserAddForm, OrganiserChangeForm
from registrations.imports.forms import RowForm
from tests.factories import make_event, make_form_data, make_registration

pytestmark = pytest.mark.django_db

TYPED = [
    ("email", "\u200banna@example.org", "anna@example.org"),
    ("email", "\ufeffanna@example.org", "anna@example.org"),
    ("email", "\u202aanna@example.org\u202c", "anna@example.org"),
    ("email", "siobhan.\u200bo'brien@\u200bexample.\u200borg", "siobhan.o'brien@example.org"),
    ("email", "mailto:anna@example.org", "anna@example.org"),
    ("email", "Anna Bērziņa <anna@example.org>", "anna@example.org"),
    ("email", "anna@example.org.", "anna@example.org"),
    ("email", "'anna@example.org'", "anna@example.org"),
    ("email", "info@straße.de", "info@xn--strae-oqa.de"),
    ("email", "info@xn--strae-oqa.de", "info@xn--strae-oqa.de"),
    ("email", "info@κλαρα-σωλις.ευ", "info@xn----ylba7abgd9bnh0e.xn--qxa6a"),
    ("first_name", "Anna\tBērziņa", "Anna Bērziņa"),
    ("first_name", "\u202aAnna\u202c", "Anna"),
    ("first_name", "\u200b", ""),
    ("first_name", "-", ""),
    ("last_name", "", ""),
    ("last_name", "\u00ad", ""),
    ("organisation", "Rīgas\u2028bibliotēka", "Rīgas bibliotēka"),
    ("organisation", "\u3164", ""),
    ("job_title", "\x1bdirektore\u00a0\u00a0un\tlektore", "direktore un lektore"),
]
FORMS = {
    "sign-up": lambda data, person: SignUpForm(data, event=person.event),
    "change": lambda data, person: EditForm(data, instance=person),
    "add by hand": lambda data, person: OrganiserAddForm(data, event=person.event),
    "correct": lambda data, person: OrganiserChangeForm(data, instance=person),
    "row of a list": lambda data, person: RowForm(data, event=person.event, questions=[], full={}),
}


@pytest.mark.parametrize("make_form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize(("name", "typed", "stored"), TYPED)
def test_it_is_stored_as_it_was_meant(make_form, name, typed, stored):
    registration = make_registration(make_event())
    form = make_form(make_form_data(registration.event, language="en", **{name: typed}), registration)
    assert form.errors == {}
    assert form.cleaned_data[name] == stored
    assert form[name].value() == decode_domain(stored)


@pytest.mark.parametrize(("typed", "stored"), [row[1:] for row in TYPED if row[0] == "email"])
def test_links_are_found_by_the_same_address(typed, stored):
    form = FindForm({"email": typed})
    assert form.errors == {}
    assert form.cleaned_data["email"] == stored


@pytest.mark.parametrize("make_form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("nothing", ["", "\u200b", "\u00ad", "-", "\u3164\u2800"])
def test_nobody_is_without_a_name(make_form, nothing):
    registration = make_registration(make_event())
    data = make_form_data(registration.event, language="en", first_name=nothing, last_name=nothing)
    assert list(make_form(data, registration).errors) == ["first_name"]
