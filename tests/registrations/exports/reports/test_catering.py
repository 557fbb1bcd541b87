"""What the caterer gets: numbers and texts of those with a place who eat, and no names."""

import pytest
from django.utils import timezone

from registrations.exports.reports.catering import list_catering
from tests.factories import make_choice, make_event, make_question, make_registration

pytestmark = pytest.mark.django_db


def make_diet_question(event, **values):
    diet = make_question(
        event, "diet", label="Diet", kind="several_of", is_about_needs=True, is_for_catering=True, **values
    )
    for position, key in enumerate(("vegan", "no_nuts")):
        make_choice(diet, key, position=position)
    return diet


def test_what_those_with_a_place_need_is_counted_whether_or_not_it_is_about_needs():
    event = make_event()
    make_diet_question(event)
    make_question(event, "wheels", label="Wheelchair", kind="yes_no", is_about_needs=True)  # not for the caterer
    make_question(event, "dinner", label="Dinner", kind="one_of", is_for_catering=True, position=1)
    make_choice(event.questions.get(key="dinner"), "fish")
    make_registration(event, answers={"diet": ["vegan", "no_nuts"], "wheels": True, "dinner": "fish"})
    make_registration(event, "pending", answers={"diet": ["vegan"]})
    make_registration(event, answers={"diet": []})
    for status in ("waitlisted", "cancelled"):
        make_registration(event, status, answers={"diet": ["vegan"], "dinner": "fish"})
    make_registration(make_event(), answers={"diet": ["vegan"]})
    assert list_catering(event) == [
        ("People with a place", "", 3),
        ("People with a place", "of these, still to be confirmed", 1),
        ("Diet", "answered", 2),
        ("Diet", "vegan", 2),
        ("Diet", "no_nuts", 1),
        ("Dinner", "answered", 1),
        ("Dinner", "fish", 1),
    ]


def test_who_eats_nothing_is_counted_for_no_diet():
    event = make_event()
    for key, label in (("lunch", "Lunch"), ("dinner", "Dinner")):
        make_question(event, key, label=label, kind="yes_no", is_for_catering=True)
    make_diet_question(event, position=1)
    for lunch, dinner in ((True, False), (False, False), (False, True), (False, None)):
        answers = {"diet": ["vegan"], "lunch": lunch, "dinner": dinner}
        make_registration(event, answers={key: answer for key, answer in answers.items() if answer is not None})
    assert list_catering(event) == [
        ("People with a place", "", 4),
        ("People with a place", "of these, who said no to each meal", 1),
        ("Lunch", "answered", 4),
        ("Lunch", "yes", 1),
        ("Lunch", "no", 3),
        ("Dinner", "answered", 3),
        ("Dinner", "yes", 1),
        ("Dinner", "no", 2),
        ("Diet", "answered", 3),
        ("Diet", "vegan", 3),
        ("Diet", "no_nuts", 0),
    ]


@pytest.mark.parametrize("values", [{"is_about_needs": True}, {"removed_at": timezone.now()}], ids=["need", "removed"])
def test_no_to_a_need_or_to_a_meal_that_is_no_longer_asked_leaves_nobody_out(values):
    event = make_event()
    make_question(event, "salt", label="Salt", kind="yes_no", is_for_catering=True, **values)
    make_diet_question(event, position=1)
    make_registration(event, answers={"salt": False, "diet": ["no_nuts"]})
    assert list_catering(event) == [
        ("People with a place", "", 1),
        ("Salt", "answered", 1),
        ("Salt", "yes", 0),
        ("Salt", "no", 1),
        ("Diet", "answered", 1),
        ("Diet", "vegan", 0),
        ("Diet", "no_nuts", 1),
    ]


def test_who_no_longer_wants_lunch_is_not_counted_for_what_was_asked_of_those_who_do():
    event = make_event()
    lunch = make_question(event, "lunch", kind="yes_no")
    make_question(event, "dish", label="Dish", is_for_catering=True, shown_if=lunch, shown_if_answer="yes")
    make_registration(event, answers={"lunch": True, "dish": "soup"})
    make_registration(event, answers={"lunch": False, "dish": "soup"})
    assert list_catering(event)[1:] == [("Dish", "answered", 1), ("Dish", "soup", 1)]


def test_texts_are_listed_once_each_in_their_own_order_and_without_names():
    event = make_event()
    make_question(event, "other", label="Other", kind="long_text", is_about_needs=True, is_for_catering=True)
    for text in ("no salt", "allergic to\nshellfish", "no salt", ""):
        make_registration(event, first_name="Zita", answers={"other": text})
    assert list_catering(event)[1:] == [
        ("Other", "answered", 3),
        ("Other", "allergic to shellfish", 1),
        ("Other", "no salt", 2),
    ]


def test_removed_questions_and_choices_are_counted_where_somebody_needs_them():
    event = make_event()
    make_choice(make_diet_question(event), "raw", removed_at=timezone.now(), position=5)
    gone = {"is_for_catering": True, "removed_at": timezone.now()}
    make_question(event, "gone", label="Gone", position=1, **gone)
    make_question(event, "nobody", label="Nobody", kind="yes_no", position=2, **gone)
    make_registration(event, answers={"diet": ["raw"], "gone": "x"})
    assert list_catering(event)[1:] == [
        ("Diet", "answered", 1),
        ("Diet", "vegan", 0),
        ("Diet", "no_nuts", 0),
        ("Diet", "raw", 1),
        ("Gone", "answered", 1),
        ("Gone", "x", 1),
    ]


@pytest.mark.parametrize("number", [1, 100])
def test_counting_costs_a_query_for_each_question_whatever_the_number_of_people(django_assert_num_queries, number):
    event = make_event()
    make_diet_question(event)
    for _number in range(number):
        make_registration(event, answers={"diet": ["vegan"]})
    with django_assert_num_queries(4):
        assert list_catering(event)[-2:] == [("Diet", "vegan", number), ("Diet", "no_nuts", 0)]
