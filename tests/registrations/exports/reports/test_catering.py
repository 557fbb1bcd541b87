import pytest
from django.utils import timezone

from registrations.exports.reports.catering import count_needs
from tests.factories import make_choice, make_event, make_question, make_registration

pytestmark = pytest.mark.django_db


def make_diet_question(event):
    diet = make_question(event, "diet", label="Diet", kind="several_of", is_about_needs=True)
    for position, key in enumerate(("vegan", "no_nuts")):
        make_choice(diet, key, position=position)
    return diet


def test_the_needs_of_those_with_a_place_are_counted():
    event = make_event()
    diet = make_diet_question(event)
    for key, values in {
        "text": {"label": "Other"},
        "yes": {"label": "Wheelchair", "kind": "yes_no"},
        "gone": {"label": "Gone", "removed_at": timezone.now()},
    }.items():
        make_question(event, key, is_about_needs=True, position=1, **values)
    make_question(event, "lunch", kind="yes_no")
    make_choice(diet, "raw", removed_at=timezone.now(), position=5)
    make_registration(event, answers={"diet": ["vegan", "no_nuts"], "text": "no salt", "yes": True, "lunch": True})
    make_registration(event, "pending", answers={"diet": ["vegan"], "text": "", "yes": False})
    make_registration(event, answers={"diet": []})
    make_registration(event, "waitlisted", answers={"diet": ["vegan"], "text": "x"})
    make_registration(event, "cancelled", answers={"diet": ["vegan"], "gone": "x"})
    make_registration(make_event(), answers={"diet": ["vegan"]})
    assert count_needs(event) == [
        ("Diet", 2, [("vegan", 2), ("no_nuts", 1)]),
        ("Other", 1, []),
        ("Wheelchair", 2, [("yes", 1), ("no", 1)]),
    ]


def test_removed_questions_and_choices_are_counted_where_somebody_needs_them():
    event = make_event()
    make_choice(make_diet_question(event), "raw", removed_at=timezone.now(), position=5)
    make_question(event, "gone", label="Gone", is_about_needs=True, position=1, removed_at=timezone.now())
    make_registration(event, answers={"diet": ["raw"], "gone": "x"})
    assert count_needs(event) == [("Diet", 1, [("vegan", 0), ("no_nuts", 0), ("raw", 1)]), ("Gone", 1, [])]


@pytest.mark.parametrize("number", [1, 3, 300])
def test_counting_costs_a_query_for_each_question_whatever_the_number_of_people(django_assert_num_queries, number):
    event = make_event()
    make_diet_question(event)
    for _number in range(number):
        make_registration(event, answers={"diet": ["vegan"]})
    with django_assert_num_queries(3):
        assert count_needs(event) == [("Diet", number, [("vegan", number), ("no_nuts", 0)])]
