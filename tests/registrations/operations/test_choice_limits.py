import pytest
from django.utils import timezone

from registrations import operations
from registrations.availability import get_full_choices
from registrations.models import Registration
from tests.factories import build_registration, make_choice, make_event, make_question, make_registration
from tests.registrations.stored_state import list_email_kinds

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    event = make_event()
    workshop = make_question(event, "workshop", kind="one_of", label="Workshop")
    for key, limit in {"weaving": 1, "pottery": 2, "talking": None}.items():
        make_choice(workshop, key, label=key.capitalize(), limit=limit)
    tours = make_question(event, "tours", kind="several_of", label="Tours", position=1)
    for key, limit in {"castle": 1, "river": 1, "tower": None}.items():
        make_choice(tours, key, label=key.capitalize(), limit=limit)
    make_question(event, "note", position=2)
    make_question(event, "bus", kind="yes_no", position=3)
    return event


def full(event) -> list[tuple[str, str]]:
    return [(choice.question.key, choice.key) for choice in get_full_choices(event)]


def answers_of(registration) -> dict:
    return Registration.objects.get(pk=registration.pk).answers


def test_everybody_who_is_not_cancelled_counts(event):
    make_registration(event, "waitlisted", answers={"workshop": "weaving", "tours": ["tower", "castle"]})
    make_registration(event, "pending", answers={"workshop": "pottery"})
    make_registration(event, "cancelled", answers={"workshop": "pottery", "tours": ["river"]})
    assert full(event) == [("workshop", "weaving"), ("tours", "castle")]
    make_registration(event, answers={"workshop": "pottery"})
    assert full(event) == [("workshop", "weaving"), ("workshop", "pottery"), ("tours", "castle")]


def test_other_events_and_other_questions_do_not_count(event):
    make_registration(make_event(), answers={"workshop": "weaving"})
    make_registration(event, answers={"tours": ["weaving"], "other": "weaving"})
    assert full(event) == []


def test_answers_from_before_a_change_of_the_type_count(event):
    make_registration(event, answers={"workshop": ["weaving"], "tours": "castle"})
    assert full(event) == [("workshop", "weaving"), ("tours", "castle")]


def test_removed_choices_are_not_full(event):
    make_registration(event, answers={"workshop": "weaving", "tours": ["castle"]})
    event.questions.get(key="workshop").choices.filter(key="weaving").update(removed_at=timezone.now())
    event.questions.filter(key="tours").update(removed_at=timezone.now())
    assert full(event) == []


def test_counting_costs_one_query_and_none_when_nothing_was_chosen(event, django_assert_num_queries):
    with django_assert_num_queries(1):
        get_full_choices(event)
    with django_assert_num_queries(0):
        operations.answer_updates.refuse_full_choices(event, {"dinner": 3, "bus": [], "note": ""}, {})
    event.questions.get(key="workshop").choices.update(limit=None)
    with django_assert_num_queries(1):
        operations.answer_updates.refuse_full_choices(event, {"workshop": "weaving"}, {})


@pytest.mark.parametrize("answers", [{"workshop": "weaving"}, {"tours": ["tower", "castle"]}])
@pytest.mark.parametrize("source", Registration.Source.values)
def test_a_full_choice_is_refused_whoever_registers(event, answers, source):
    make_registration(event, answers={"workshop": "weaving", "tours": ["castle"]})
    with pytest.raises(operations.ChoiceFull) as refused:
        operations.register(build_registration(event, source=source, answers=answers))
    assert refused.value.question.key in answers
    assert refused.value.choice.key in str(answers)
    assert event.registrations.count() == 1


def test_the_refusal_names_choice_and_question(event):
    make_registration(event, answers={"workshop": "weaving"})
    with pytest.raises(operations.ChoiceFull) as refused:
        operations.register(build_registration(event, answers={"workshop": "weaving"}))
    assert str(refused.value) == "“Weaving” (Workshop) is full. Please choose again."


def test_a_known_address_and_a_new_one_get_the_same_refusal(event):
    known = make_registration(event, answers={"workshop": "weaving"})
    for email in (known.email, "new@example.lv"):
        with pytest.raises(operations.ChoiceFull):
            operations.register(build_registration(event, email=email, answers={"workshop": "weaving"}))
    assert list_email_kinds(known) == []


def test_new_answers_are_merged_into_the_saved_ones(event):
    registration = make_registration(event, answers={"workshop": "talking", "note": "old", "gone": "kept"})
    stale = Registration.objects.get(pk=registration.pk)
    Registration.objects.filter(pk=registration.pk).update(
        answers={"workshop": "pottery", "note": "old", "gone": "kept"}
    )
    with operations.lock_event(event) as locked:
        assert operations.answer_updates.update_answers(stale, locked, {"note": None, "bus": False}, by=None)
        assert not operations.answer_updates.update_answers(stale, locked, {"note": None, "bus": False}, by=None)
    assert answers_of(registration) == {"workshop": "pottery", "gone": "kept", "bus": False}


def test_a_chosen_choice_stays_although_it_is_full(event):
    holder = make_registration(event, answers={"workshop": "weaving", "tours": ["castle", "tower"]})
    make_registration(event, answers={"tours": ["river"]})
    values = {"answers": {"workshop": "weaving", "tours": ["castle"], "note": "new"}}
    assert operations.change_details(holder, values=values, topics=[], email=holder.email)
    values = {"answers": {"tours": ["castle", "river"]}, "last_name": "Kalniņa"}
    with pytest.raises(operations.ChoiceFull):
        operations.change_details(holder, values=values, topics=[], email=holder.email)
    assert answers_of(holder) == {"workshop": "weaving", "tours": ["castle"], "note": "new"}
    assert Registration.objects.get(pk=holder.pk).last_name != "Kalniņa"


def test_a_smaller_limit_throws_nobody_out(event):
    holders = [make_registration(event, answers={"workshop": "pottery"}) for _number in range(2)]
    event.questions.get(key="workshop").choices.filter(key="pottery").update(limit=1)
    for holder in holders:
        values = {"answers": {"workshop": "pottery", "note": "new"}}
        assert operations.change_details(holder, values=values, topics=[], email=holder.email)
    with pytest.raises(operations.ChoiceFull):
        operations.register(build_registration(event, answers={"workshop": "pottery"}))


@pytest.mark.parametrize("comes_back", [operations.rejoin, operations.confirm, operations.move_to_waiting_list])
def test_somebody_who_rejoins_loses_choices_that_have_become_full(comes_back):
    event = make_event(capacity=5, promotes_automatically=False)
    question = make_question(event, "tours", kind="several_of")
    for key in ("castle", "river"):
        make_choice(question, key, limit=1)
    workshop = make_question(event, "workshop", kind="one_of")
    make_choice(workshop, "weaving", limit=1)
    answers = {"tours": ["castle", "river"], "workshop": "weaving", "note": "kept"}
    registration = make_registration(event, "cancelled", answers=answers)
    make_registration(event, answers={"tours": ["castle"], "workshop": "weaving"})
    assert comes_back(registration)
    assert answers_of(registration) == registration.answers == {"tours": ["river"], "note": "kept"}


def test_somebody_who_never_cancelled_loses_nothing(event):
    waiting = make_registration(event, "waitlisted", answers={"workshop": "weaving"})
    make_registration(event, answers={"workshop": "weaving"})
    assert operations.confirm(waiting)
    assert answers_of(waiting) == {"workshop": "weaving"}


def test_an_empty_text_in_an_old_registration_is_no_answer(event):
    registration = make_registration(event, answers={"note": "", "tours": []})
    with operations.lock_event(event) as locked:
        assert not operations.answer_updates.update_answers(
            registration, locked, {"note": None, "tours": None}, by=None
        )
        assert operations.answer_updates.update_answers(registration, locked, {"bus": False}, by=None)
        assert not operations.answer_updates.update_answers(registration, locked, {"bus": False}, by=None)
