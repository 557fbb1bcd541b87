import pytest
from django.contrib.admin.widgets import AdminEmailInputWidget
from django.core.exceptions import ValidationError
from django.forms import Form
from django.utils import translation

from registrations.forms.choice_fields import list_country_choices
from registrations.forms.fields import LineField, LinesField, NameField, NormalizedEmailField


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Anna\tBērziņa", "Anna Bērziņa"),
        ("\u202aAnna\u202c", "Anna"),
        ("A\u030a", "Å"),
        ("-", ""),
        (" – ", ""),
        (".", ""),
        ("\u200b", ""),
        ("\u00ad", ""),
        ("X Æ A-12", "X Æ A-12"),
        ("Ng", "Ng"),
        ("王", "王"),
        ("Anna-", "Anna-"),
    ],
)
def test_a_name_is_what_can_be_seen_of_it(typed, stored):
    assert NameField(required=False).clean(typed) == stored


@pytest.mark.parametrize(("typed", "stored"), [("Rīgas\u2028bibliotēka", "Rīgas bibliotēka"), ("-", "-"), ("\x1b", "")])
def test_another_line_is_cleaned_too(typed, stored):
    assert LineField(required=False).clean(typed) == stored


@pytest.mark.parametrize("field", [LineField, LinesField, NameField])
def test_a_required_text_of_nothing_visible_is_not_filled_in(field):
    with pytest.raises(ValidationError) as refused:
        field().clean(" \u200b\u3164\u00ad")
    assert [error.code for error in refused.value.error_list] == ["required"]


@pytest.mark.parametrize("widget", [None, AdminEmailInputWidget])
def test_no_browser_writes_a_domain_anew(widget):
    assert 'type="text"' in NormalizedEmailField(widget=widget).widget.render("email", "info@straße.de")
    assert 'type="email"' in AdminEmailInputWidget().render("email", "")


def test_a_form_shows_again_what_it_understood():
    class Person(Form):
        name, email = NameField(), NormalizedEmailField()

    person = Person({"name": "\u202aAnna\u202c\tB", "email": "Anna <mailto:anna@xn--strae-oqa.de>"})
    assert (person["name"].value(), person["email"].value()) == ("Anna B", "anna@straße.de")
    assert person.is_valid()
    assert person.cleaned_data == {"name": "Anna B", "email": "anna@xn--strae-oqa.de"}


def test_lines_are_parted_by_one_sign_whatever_the_browser_sends():
    assert LinesField().clean(" soup\r\nbread\nfish ") == "soup\nbread\nfish"


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("lv", ["Afganistāna", "Albānija", "ASV", "Centrālāfrikas", "Čada", "Kuveita", "Ķīna", "Sudāna", "Šrilanka"]),
        ("en", ["Afghanistan", "Åland Islands", "Albania", "Chad", "Cuba", "Zimbabwe"]),
    ],
)
def test_countries_stand_as_a_list_in_the_language_sorts_with_the_events_own_on_top(language, names):
    with translation.override(language):
        listed = [name for _code, name in list_country_choices(language, "LV")]
    assert listed[1] == {"lv": "Latvija", "en": "Latvia"}[language]
    places = [next(at for at, name in enumerate(listed[2:]) if name.startswith(start)) for start in names]
    assert places == sorted(places)
