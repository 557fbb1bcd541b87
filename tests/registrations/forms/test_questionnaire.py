import pytest
from django.utils import timezone

from registrations.forms.attendee import EditForm, SignUpForm
from tests.factories import make_choice, make_event, make_form_data, make_question, make_registration

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    """Lunch? If so, which? If fish, with bones?"""
    event = make_event()
    lunch = make_question(event, "lunch", kind="yes_no", label="Lunch", is_required=True)
    dish = make_question(
        event, "dish", kind="one_of", label="Dish", is_required=True, shown_if=lunch, shown_if_answer="yes"
    )
    make_choice(dish, "fish", label="Fish")
    make_choice(dish, "soup", label="Soup")
    make_question(event, "bones", label="Bones", is_required=True, shown_if=dish, shown_if_answer="fish")
    return event


def make_form(event, **answers) -> SignUpForm:
    return SignUpForm(
        make_form_data(event, **{f"question_{key}": given for key, given in answers.items()}), event=event
    )


def list_asked(event, **kwargs) -> list[str]:
    return [question.key for question in SignUpForm(event=event, **kwargs).questions]


def test_questions_are_asked_in_their_order_of_everyone_and_no_others(event):
    make_question(event, "first", position=0, label="First").delete()
    make_question(event, "internal", is_internal=True)
    make_question(event, "removed", removed_at=timezone.now())
    make_question(make_event(), "elsewhere")
    make_question(event, "needs", is_about_needs=True)
    assert list_asked(event) == ["lunch", "dish", "bones", "needs"]
    event.questions.filter(key="needs").update(position=0)
    event.questions.exclude(key="needs").update(position=1)
    assert list_asked(type(event).objects.get(pk=event.pk)) == ["needs", "lunch", "dish", "bones"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"lunch": "no"}, {"lunch": False}),
        ({"lunch": "no", "dish": "fish", "bones": "no"}, {"lunch": False}),
        ({"lunch": "no", "dish": "nonsense"}, {"lunch": False}),
        ({"lunch": "yes", "dish": "soup"}, {"lunch": True, "dish": "soup"}),
        ({"lunch": "yes", "dish": "soup", "bones": "no"}, {"lunch": True, "dish": "soup"}),
        ({"lunch": "yes", "dish": "fish", "bones": "no"}, {"lunch": True, "dish": "fish", "bones": "no"}),
    ],
)
def test_only_those_asked_answer(event, given, kept):
    form = make_form(event, **given)
    assert form.errors == {}
    assert form.build_registration(language="en").answers == kept


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, ["question_lunch"]),
        ({"dish": "fish"}, ["question_lunch"]),
        ({"lunch": "yes"}, ["question_dish"]),
        ({"lunch": "yes", "dish": "nonsense"}, ["question_dish"]),
        ({"lunch": "yes", "dish": "fish"}, ["question_bones"]),
    ],
)
def test_those_asked_must_answer_what_is_required(event, given, wrong):
    assert list(make_form(event, **given).errors) == wrong


def test_a_question_says_whom_it_is_for_and_that_it_is_required(event):
    fields = SignUpForm(event=event).fields
    assert "Only if you answered “Yes” to “Lunch”." in fields["question_dish"].help_text
    assert "Only if you answered “Fish” to “Dish”." in fields["question_bones"].help_text
    assert fields["question_lunch"].help_text == ""
    assert str(fields["question_bones"].label) == "Bones (required)"


def test_what_organisers_wrote_is_no_markup(event):
    event.questions.filter(key="lunch").update(label="<b>Lunch</b>")
    event.questions.filter(key="dish").update(help_text="<i>really</i>")
    help_text = SignUpForm(event=event).fields["question_dish"].help_text
    assert "&lt;b&gt;Lunch&lt;/b&gt;" in help_text
    assert "&lt;i&gt;really&lt;/i&gt;" in help_text


def test_a_condition_on_no_and_on_a_tick_box():
    event = make_event()
    coming = make_question(event, "evening", kind="yes_no")
    make_question(event, "why", shown_if=coming, shown_if_answer="no", position=1)
    assert make_form(event, why="Tired").is_valid()
    form = make_form(event, evening="on", why="Tired")
    assert form.is_valid()
    assert form.build_registration(language="en").answers == {"evening": True}
    assert make_form(event, why="Tired").questions[1].key == "why"


def test_one_of_several_answers_is_enough_for_a_condition():
    event = make_event()
    tours = make_question(event, "tours", kind="several_of")
    for key in ("castle", "river"):
        make_choice(tours, key)
    make_question(event, "swims", shown_if=tours, shown_if_answer="river", position=1, is_required=True)
    assert make_form(event, tours=["castle"]).is_valid()
    assert list(make_form(event, tours=["castle", "river"]).errors) == ["question_swims"]


def test_what_depends_on_a_question_that_is_not_asked_is_not_asked_either(event):
    event.questions.filter(key="lunch").update(removed_at=timezone.now())
    assert list_asked(event) == []
    ate = make_registration(event, answers={"lunch": True, "dish": "soup"})
    form = EditForm(instance=ate)
    assert [question.key for question in form.questions] == ["dish", "bones"]
    assert not form.is_conditional(form.questions[0])


def test_questions_in_a_circle_are_not_asked_and_break_nothing(event):
    lunch, bones = event.questions.get(key="lunch"), event.questions.get(key="bones")
    event.questions.filter(key="lunch").update(shown_if=bones, shown_if_answer="no")
    make_question(event, "free", shown_if=None)
    assert lunch.pk
    assert list_asked(event) == ["free"]


def test_a_form_without_questions_or_limits_asks_the_database_nothing_more(django_assert_num_queries):
    event = make_event()
    assert event.venue  # read here
    # The topics, sectors and questions, then the choices, then which of them are full.
    with django_assert_num_queries(3):
        SignUpForm(event=event)
    choice = make_choice(make_question(event, "workshop", kind="one_of"), "weaving")
    event = type(event).objects.select_related("venue").get(pk=event.pk)
    with django_assert_num_queries(4):
        SignUpForm(event=event)
    choice.limit = 1
    choice.save()
    event = type(event).objects.select_related("venue").get(pk=event.pk)
    with django_assert_num_queries(5):
        SignUpForm(event=event)
