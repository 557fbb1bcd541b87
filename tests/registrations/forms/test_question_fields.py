from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from registrations.forms.fields import deserialize_answer, make_question_field, serialize_answer
from registrations.models import Question
from tests.factories import make_choice, make_event, make_question

Kind = Question.Kind


def round_trip(question, given):
    """What is stored when this is given, and what the field shows at first to who edits it."""
    answer = serialize_answer(question, make_question_field(question).clean(given))
    return answer, deserialize_answer(question, answer)


def list_errors(field, given) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        field.clean(given)
    return caught.value.messages


@pytest.fixture
def workshop(db):
    question = make_question(make_event(), "workshop", kind=Kind.ONE_OF, label="Workshop")
    make_choice(question, "weaving", label={"lv": "Aušana", "en": "Weaving"})
    make_choice(question, "pottery", label="Pottery")
    make_choice(question, "dancing", label="Dancing", removed_at=timezone.now())
    return question


@pytest.mark.parametrize(
    ("kind", "given", "answer", "shown"),
    [
        (Kind.SHORT_TEXT, " Soup ", "Soup", "Soup"),
        (Kind.SHORT_TEXT, "", None, None),
        (Kind.LONG_TEXT, "one\ntwo", "one\ntwo", "one\ntwo"),
        (Kind.NUMBER, "3", 3, "3"),
        (Kind.NUMBER, "0", 0, "0"),
        (Kind.NUMBER, "2,5", 2.5, "2.5"),
        (Kind.NUMBER, "2.50", 2.5, "2.5"),
        (Kind.NUMBER, "1 000,25", 1000.25, "1000.25"),
        (Kind.NUMBER, "-7", -7, "-7"),
        (Kind.NUMBER, "", None, ""),
        (Kind.YES_NO, True, True, True),
        (Kind.YES_NO, False, False, False),
        (Kind.DATE, "2027-09-19", "2027-09-19", "2027-09-19"),
        (Kind.DATE, "19.09.2027.", "2027-09-19", "2027-09-19"),
        (Kind.DATE, "", None, None),
    ],
)
def test_an_answer_is_stored_and_comes_back(kind, given, answer, shown):
    found, initial = round_trip(Question(key="lunch", label="Lunch", kind=kind), given)
    assert (found, type(found)) == (answer, type(answer))
    assert initial == shown


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (Kind.SHORT_TEXT, "a" * 401),
        (Kind.LONG_TEXT, "a" * 4001),
        (Kind.NUMBER, "many"),
        (Kind.NUMBER, "NaN"),
        (Kind.NUMBER, "Infinity"),
        (Kind.NUMBER, "1e99"),
        (Kind.NUMBER, "1,000,000"),
        (Kind.NUMBER, "0,00001"),
        (Kind.NUMBER, "1234567890123"),
        (Kind.DATE, "soon"),
        (Kind.DATE, "2027-02-30"),
        (Kind.DATE, "1066-10-14"),
        (Kind.DATE, "9999-01-01"),
    ],
)
def test_what_is_no_answer_of_its_kind_is_refused(kind, given):
    assert list_errors(make_question_field(Question(key="lunch", label="Lunch", kind=kind)), given)


def test_who_is_asked_outright_can_say_no():
    question = Question(key="bus", label="Bus", kind=Kind.YES_NO, is_required=True)
    field = make_question_field(question)
    assert [serialize_answer(question, field.clean(given)) for given in ("yes", "no")] == [True, False]
    assert list_errors(field, "") == ["This field is required."]
    assert [field.prepare_value(deserialize_answer(question, answer)) for answer in (True, False, None)] == [
        "yes",
        "no",
        None,
    ]


def test_an_organiser_may_not_know():
    question = Question(key="bus", label="Bus", kind=Kind.YES_NO, is_required=True)
    assert serialize_answer(question, make_question_field(question, by_organiser=True).clean("")) is None
    assert serialize_answer(question, make_question_field(question, by_organiser=True).clean("no")) is False


def test_one_of_the_choices_or_none(workshop):
    field = make_question_field(workshop)
    assert field.choices == [("", "No answer"), ("weaving", "Weaving"), ("pottery", "Pottery")]
    assert round_trip(workshop, "weaving") == ("weaving", "weaving")
    assert round_trip(workshop, "") == (None, "")
    assert list_errors(field, "dancing")
    workshop.is_required = True
    assert make_question_field(workshop).choices == [("weaving", "Weaving"), ("pottery", "Pottery")]


def test_several_of_the_choices(workshop):
    workshop.kind = Kind.SEVERAL_OF
    assert round_trip(workshop, ["weaving", "pottery"]) == (["weaving", "pottery"], ["weaving", "pottery"])
    assert round_trip(workshop, []) == (None, [])
    assert round_trip(workshop, ["weaving", "weaving"]) == (["weaving"], ["weaving"])
    assert list_errors(make_question_field(workshop), ["weaving", "dancing"])


def test_a_removed_choice_stays_open_to_whoever_chose_it(workshop):
    assert make_question_field(workshop, current="dancing").clean("dancing") == "dancing"
    workshop.kind = Kind.SEVERAL_OF
    assert make_question_field(workshop, current=["dancing"]).clean(["dancing"]) == ["dancing"]


def test_a_full_choice_says_so_and_cannot_be_chosen(workshop):
    field = make_question_field(workshop, full={"pottery"})
    assert field.choices[2] == ("pottery", "Pottery (full)")
    assert list_errors(field, "pottery") == ["“Pottery” is full. Please choose again."]
    html = field.widget.render("question_workshop", "pottery")
    assert html.count("disabled") == 1
    assert "checked" not in html


def test_a_full_choice_stays_open_to_whoever_holds_it(workshop):
    field = make_question_field(workshop, full={"pottery"}, current="pottery")
    assert field.choices[2] == ("pottery", "Pottery")
    assert field.clean("pottery") == "pottery"
    assert "disabled" not in field.widget.render("question_workshop", "pottery")


@pytest.mark.parametrize(
    ("kind", "answer", "english", "latvian"),
    [
        (Kind.YES_NO, True, "yes", "jā"),
        (Kind.YES_NO, False, "no", "nē"),
        (Kind.NUMBER, 2.5, "2.5", "2,5"),
        (Kind.NUMBER, 0, "0", "0"),
        (Kind.DATE, "2027-09-19", "19 September 2027", "2027. gada 19. septembris"),
        (Kind.DATE, "some day", "some day", "some day"),
        (Kind.SHORT_TEXT, "Soup", "Soup", "Soup"),
        (Kind.SHORT_TEXT, "", "", ""),
        (Kind.SHORT_TEXT, None, "", ""),
        (Kind.SEVERAL_OF, [], "", ""),
    ],
)
def test_an_answer_reads_in_the_readers_language(kind, answer, english, latvian):
    question = Question(key="lunch", label="Lunch", kind=kind)
    assert question.format_answer(answer) == english
    with translation.override("lv"):
        assert question.format_answer(answer) == latvian


def test_a_choice_reads_by_its_label_even_when_removed_or_unknown(workshop):
    assert workshop.format_answer("weaving") == "Weaving"
    assert workshop.format_answer("dancing") == "Dancing"
    assert workshop.format_answer("gone") == "gone"
    assert workshop.format_answer(["dancing", "weaving"]) == "Dancing\nWeaving"
    with translation.override("lv"):
        assert workshop.format_answer("weaving") == "Aušana"


def test_numbers_and_dates_are_read_as_fields_give_them():
    assert serialize_answer(Question(kind=Kind.NUMBER), Decimal("2.50")) == 2.5
    assert serialize_answer(Question(kind=Kind.DATE), date(2027, 9, 19)) == "2027-09-19"
