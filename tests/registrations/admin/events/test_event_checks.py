import pytest
from django.utils import timezone

from registrations.admin.events.issues import find_event_errors
from tests.conference.admin.test_publication_checks import make_ready_event
from tests.factories import make_choice, make_question

pytestmark = pytest.mark.django_db


def test_questions_choices_and_paragraphs_are_named_with_the_language():
    event = make_ready_event()
    lunch = make_question(event, kind="one_of", help_text={"lv": "Bez maksas"})
    make_choice(lunch, "soup", label={"en": "Soup"})
    event.paragraphs.create(kind="registered", text={"en": "Welcome"})
    page = f"/admin/conference/event/{event.pk}/settings/emails/"
    question_page = f"/admin/registrations/question/{lunch.pk}/change/"
    assert find_event_errors(event) == [
        ("Lunch: help: the English text is missing.", f"{question_page}#id_help_text_1"),
        ("Lunch: Soup: option: the Latvian text is missing.", f"{question_page}#id_choices-0-label_0"),
        ("Registration confirmed: paragraph: the Latvian text is missing.", f"{page}#id_paragraphs-0-text_0"),
    ]


def test_a_question_with_nothing_to_choose_is_named():
    event = make_ready_event()
    make_choice(make_question(event, kind="several_of"), "gone", label="x", removed_at=timezone.now())
    assert [lack.text for lack in find_event_errors(event)] == ["Lunch: there are no options to choose from."]


def test_what_was_removed_lacks_nothing():
    event = make_ready_event()
    make_question(event, "gone", label={"lv": "Vairs ne"}, removed_at=timezone.now())
    make_choice(make_question(event, kind="one_of"), "soup", label="Soup")
    make_choice(event.questions.get(key="lunch"), "gone", label={"lv": "Zivs"}, removed_at=timezone.now())
    assert find_event_errors(event) == []


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_queries_do_not_grow(django_assert_num_queries, number):
    event = make_ready_event()
    for key in range(number):
        make_choice(make_question(event, f"q{key}", kind="one_of"), "a", label={"lv": "A"})
    with django_assert_num_queries(7):
        assert len(find_event_errors(event)) == number
