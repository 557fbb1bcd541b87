"""The charts of a small event, counted by hand."""

from datetime import UTC, datetime

import pytest

from registrations import privacy
from registrations.statistics import get_overview, summarize
from tests.factories import make_choice, make_event, make_question, make_registration, make_topic

pytestmark = pytest.mark.django_db


def get_bars(event, key, *, with_internal=True) -> dict[str, int]:
    """The bars of a chart, and the rest beside them."""
    found = next(one for one in get_overview(event, with_internal=with_internal).charts if one.key == key)
    return {bar.label: bar.number for bar in [*found.bars, *found.rest]}


def get_chart_keys(event, *, with_internal=True) -> list[str]:
    return [one.key for one in get_overview(event, with_internal=with_internal).charts]


def test_an_event_without_people_has_empty_charts():
    event = make_event()
    make_question(event, kind="yes_no")
    seen = get_overview(event, with_internal=True)
    assert seen.periods == []
    assert seen.summary.people == 0
    assert get_bars(event, "organisation") == {}
    assert get_bars(event, "answer_lunch") == {"yes": 0, "no": 0}


def test_sectors_countries_and_languages():
    event, other = make_event(), make_event()
    make_registration(event, sector="library", country="LV", language="lv")
    make_registration(event, "waitlisted", sector="library", country="EE", language="en")
    make_registration(event, "pending", country="EE", language="xx")
    make_registration(event, "cancelled", sector="other", country="FI", language="en")
    make_registration(other, sector="other", country="SE", language="en")
    assert get_bars(event, "sector") == {"libraries": 2, "lifelong learning": 0, "other": 0, "not given": 1}
    assert get_bars(event, "country") == {"Estonia": 2, "Latvia": 1}
    assert get_bars(event, "language") == {"English": 1, "Latvian": 1, "xx": 1}


def test_organisations_are_grouped_without_case_in_their_most_frequent_spelling():
    event = make_event()
    for name in ("LNB", "LNB", "lnb", "Ātrā bibliotēka", "ĀTRĀ BIBLIOTĒKA", "Ātrā bibliotēka", ""):
        make_registration(event, organisation=name)
    make_registration(event, "cancelled", organisation="LNB")
    assert get_bars(event, "organisation") == {"LNB": 3, "Ātrā bibliotēka": 3, "not given": 1}


def test_smaller_organisations_are_counted_together():
    event = make_event()
    for number in range(22):
        for _person in range(2 if number < 20 else 1):
            make_registration(event, organisation=f"Library {number:02}")
    counted = get_bars(event, "organisation")
    assert len(counted) == 21
    assert counted["Library 19"] == 2
    assert counted["2 other organisations"] == 2


def test_erased_people_still_count_where_data_is_left():
    event = make_event(ends_at=datetime(2020, 1, 2, tzinfo=UTC), starts_at=datetime(2020, 1, 1, tzinfo=UTC))
    make_question(event, kind="yes_no")
    registration = make_registration(event, country="LV", organisation="LNB", answers={"lunch": True})
    privacy.erase_person(registration)
    assert summarize(event).taken == 1
    assert get_bars(event, "country") == {"Latvia": 1}
    assert get_bars(event, "organisation") == {"not given": 1}
    assert get_bars(event, "answer_lunch") == {"yes": 0, "no": 0}


def test_topics_count_everybody_who_chose_them():
    event, other = make_event(), make_event()
    first, second, third = (make_topic(event, title, position=n) for n, title in enumerate(["One", "Two", "Three"]))
    make_registration(event).topics.set([first, second])
    make_registration(event, "waitlisted").topics.set([second])
    make_registration(event, "cancelled").topics.set([first, third])
    make_registration(other).topics.set([make_topic(other)])
    assert get_bars(event, "topic") == {"One": 1, "Two": 2, "Three": 0}


def test_answers_to_questions_with_choices():
    event, other = make_event(), make_event()
    lunch = make_question(event, kind="one_of")
    for key in ("soup", "fish"):
        make_choice(lunch, key)
    workshops = make_question(event, "workshops", kind="several_of", position=1)
    for key in ("a", "b"):
        make_choice(workshops, key)
    make_question(event, "first_time", kind="yes_no", position=2)
    make_question(event, "wish", kind="short_text")
    make_registration(event, answers={"lunch": "soup", "workshops": ["a", "b"], "first_time": True})
    make_registration(event, answers={"lunch": "soup", "workshops": ["b"], "first_time": False, "wish": "soup"})
    make_registration(event, "waitlisted", answers={"lunch": "", "workshops": [], "first_time": None})
    make_registration(event, "cancelled", answers={"lunch": "fish"})
    make_registration(other, answers={"lunch": "fish"})
    assert get_bars(event, "answer_lunch") == {"soup": 2, "fish": 0}
    assert get_bars(event, "answer_workshops") == {"a": 1, "b": 2}
    assert get_bars(event, "answer_first_time") == {"yes": 1, "no": 1}
    assert "answer_wish" not in get_chart_keys(event)


@pytest.mark.parametrize("kind", ["one_of", "several_of", "yes_no"])
@pytest.mark.parametrize("answer", ["soup?", ["gone"], [1, None, {"a": []}], {"a": 1}, 7, "[]", None, ""])
def test_answers_of_another_kind_break_nothing(kind, answer):
    event = make_event()
    make_choice(make_question(event, kind=kind), "soup")
    make_registration(event, answers={"lunch": answer})
    assert set(get_bars(event, "answer_lunch").values()) == {0}


def test_removed_questions_and_choices_are_counted_while_somebody_chose_them():
    event, removed_at = make_event(), datetime(2027, 1, 1, tzinfo=UTC)
    lunch = make_question(event, kind="one_of")
    make_choice(lunch, "soup")
    for key in ("fish", "meat"):
        make_choice(lunch, key, removed_at=removed_at)
    make_question(event, "old", kind="yes_no", removed_at=removed_at)
    make_question(event, "older", kind="yes_no", removed_at=removed_at)
    make_registration(event, answers={"lunch": "fish", "old": True})
    assert get_bars(event, "answer_lunch") == {"soup": 0, "fish (removed)": 1}
    assert get_bars(event, "answer_old") == {"yes": 1, "no": 0}
    assert "answer_older" not in get_chart_keys(event)


def test_needs_are_never_counted_and_internal_answers_only_for_those_who_may_change_them():
    event = make_event()
    make_question(event, "diet", kind="yes_no", is_about_needs=True)
    make_question(event, "speaker", kind="yes_no", is_internal=True)
    make_registration(event, answers={"diet": True, "speaker": True})
    assert "answer_diet" not in get_chart_keys(event)
    assert get_bars(event, "answer_speaker") == {"yes": 1, "no": 0}
    assert "answer_speaker" not in get_chart_keys(event, with_internal=False)


def test_many_questions_are_all_counted():
    event = make_event()
    for number in range(33):
        make_question(event, f"q{number}", kind="yes_no", position=number)
    make_registration(event, answers={f"q{number}": number % 2 == 0 for number in range(33)})
    assert get_bars(event, "answer_q0") == {"yes": 1, "no": 0}
    assert get_bars(event, "answer_q31") == {"yes": 0, "no": 1}
    assert get_bars(event, "answer_q32") == {"yes": 1, "no": 0}


@pytest.mark.parametrize("number", [1, 3, 300])
def test_the_charts_cost_the_same_queries_whatever_the_size(number, django_assert_num_queries):
    event = make_event()
    topic = make_topic(event)
    for key in ("lunch", "dinner"):
        question = make_question(event, key, kind="one_of")
        make_choice(question, "soup")
    for person in range(number):
        make_registration(event, organisation=f"Library {person}", answers={"lunch": "soup"}).topics.add(topic)
    # Transaction and memory 3, days 1, backgrounds 1, organisations 1, topics 2, questions and choices 2, answers 1.
    with django_assert_num_queries(12):
        get_overview(event, with_internal=True)
