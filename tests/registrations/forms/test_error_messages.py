"""What a form says of a field that is not right tells what to do, in both languages."""

import pytest
from django.utils import translation

from registrations.forms.attendee import FindForm, SignUpForm
from tests.factories import make_choice, make_event, make_form_data, make_question, make_topic

pytestmark = pytest.mark.django_db

CHOOSE_AGAIN = {
    "en": "This option is no longer available. Please choose again.",
    "lv": "Šis variants vairs netiek piedāvāts. Lūdzu, izvēlieties citu.",
}
ADDRESS = {
    "en": "Please check the e-mail address; it should look like name@example.org.",
    "lv": "Lūdzu, pārbaudiet e-pasta adresi; tai jābūt tādai kā vards@example.org.",
}
NUMBER = {
    "en": "Please enter a number, for example 12 or 2.5.",
    "lv": "Lūdzu, ierakstiet skaitli, piemēram, 12 vai 2,5.",
}
SMALLER_NUMBER = {
    "en": "Please enter a number with at most 11 digits, no more than 4 of them after the decimal point.",
    "lv": "Lūdzu, ierakstiet skaitli, kurā ir ne vairāk kā 11 ciparu, aiz komata – ne vairāk kā 4.",
}
DATE = {
    "en": "Please enter a date, for example 19.09.2027.",
    "lv": "Lūdzu, ierakstiet datumu, piemēram, 19.09.2027.",
}
NEARER_DATE = {
    "en": "Please enter a date between 1900 and 2100.",
    "lv": "Lūdzu, ierakstiet datumu no 1900. līdz 2100. gadam.",
}
FILL_IN = {"en": "Please fill in this field.", "lv": "Lūdzu, aizpildiet šo lauku."}
NO_NAME = {
    "en": "Please enter the first name, the last name or both.",
    "lv": "Lūdzu, ierakstiet vārdu, uzvārdu vai abus.",
}
CHOOSE = {"en": "Please choose an answer.", "lv": "Lūdzu, izvēlieties atbildi."}
CONSENT = {
    "en": "Please tick this box if you agree. Without your agreement the organisers cannot register you.",
    "lv": "Ja piekrītat, lūdzu, atzīmējiet šo lauku. Bez Jūsu piekrišanas organizatori nedrīkst Jūs reģistrēt.",
}
TOO_LONG = {
    "en": "Please shorten this to 100 characters; it has 101 now.",
    "lv": "Lūdzu, saīsiniet tekstu līdz 100 rakstzīmēm; tagad to ir 101.",
}

REFUSED = [
    ("first_name", "x" * 101, TOO_LONG),
    ("email", "", FILL_IN),
    ("email", "\u200b", FILL_IN),
    ("email", "anna@", ADDRESS),
    ("email", "ānna@example.lv", ADDRESS),
    ("email", "anna@-.lv", ADDRESS),
    ("country", "XX", CHOOSE_AGAIN),
    ("sector", "space", CHOOSE_AGAIN),
    ("topics", ["0"], CHOOSE_AGAIN),
    ("topics", ["x"], CHOOSE_AGAIN),
    ("consent", "", CONSENT),
    ("question_guests", "daudz", NUMBER),
    ("question_guests", "1" * 16, SMALLER_NUMBER),
    ("question_guests", "1" * 12, SMALLER_NUMBER),
    ("question_guests", "0.12345", SMALLER_NUMBER),
    ("question_guests", "", FILL_IN),
    ("question_day", "rīt", DATE),
    ("question_day", "2027-02-30", DATE),
    ("question_day", "1066-10-14", NEARER_DATE),
    ("question_day", "2101-01-01", NEARER_DATE),
    ("question_workshop", "dancing", CHOOSE_AGAIN),
    ("question_workshop", "", CHOOSE),
    ("question_bus", "", CHOOSE),
]


@pytest.fixture
def event():
    event = make_event()
    make_topic(event)
    make_choice(make_question(event, "workshop", kind="one_of", is_required=True), "weaving")
    make_question(event, "bus", kind="yes_no", is_required=True)
    make_question(event, "guests", kind="number", is_required=True)
    make_question(event, "day", kind="date")
    return event


def list_errors(form) -> dict[str, list[str]]:
    return {name: [str(error) for error in found] for name, found in form.errors.items()}


@pytest.mark.parametrize("language", ["lv", "en"])
@pytest.mark.parametrize(("name", "typed", "said"), REFUSED)
def test_it_says_what_to_do(event, language, name, typed, said):
    right = {"question_workshop": "weaving", "question_bus": "no", "question_guests": "2", "question_day": "2027-09-19"}
    with translation.override(language):
        form = SignUpForm(make_form_data(event, **{**right, name: typed}), event=event)
        assert list_errors(form) == {name: [said[language]]}


@pytest.mark.parametrize("nothing", ["", "-", "\u200b", "\u00ad", " . "])
@pytest.mark.parametrize("language", ["lv", "en"])
def test_one_error_says_that_there_is_no_name(event, language, nothing):
    right = {"question_workshop": "weaving", "question_bus": "no", "question_guests": "2"}
    with translation.override(language):
        form = SignUpForm(make_form_data(event, first_name=nothing, last_name=nothing, **right), event=event)
        assert list_errors(form) == {"first_name": [NO_NAME[language]]}


def test_the_same_form_filled_in_right_is_not_refused(event):
    right = {
        "question_workshop": "weaving",
        "question_bus": "no",
        "question_guests": "2,5",
        "question_day": "19.9.2027.",
    }
    assert list_errors(SignUpForm(make_form_data(event, **right), event=event)) == {}


@pytest.mark.parametrize(("typed", "said"), [("", FILL_IN), ("anna", ADDRESS), ("anna@ex ample.lv", ADDRESS)])
@pytest.mark.parametrize("language", ["lv", "en"])
def test_so_does_the_search_for_a_link(language, typed, said):
    with translation.override(language):
        assert list_errors(FindForm({"email": typed})) == {"email": [said[language]]}
