"""What was changed, on the person's page; tags and the organisers' corrections."""

import pytest
from django.urls import reverse

from registrations import operations
from registrations.permissions import HELPERS, STAFF
from tests.factories import make_event, make_form_data, make_question, make_registration, make_topic, make_user
from tests.registrations.admin.requests import ADD_URL, LIST_URL, get_page

pytestmark = pytest.mark.django_db


def change_url(registration) -> str:
    return reverse("admin:registrations_registration_change", args=[registration.pk])


def post_change(client, registration, **values):
    data = {
        "first_name": registration.first_name,
        "last_name": registration.last_name,
        "email": registration.email,
        "language": registration.language,
        "tags": ", ".join(registration.tags),
        "emails-TOTAL_FORMS": 0,
        "emails-INITIAL_FORMS": 0,
        **values,
    }
    return client.post(change_url(registration), data)


def test_the_page_tells_who_changed_what_the_newest_first(organiser):
    event = make_event()
    topic = make_topic(event, "Reading")
    registration = make_registration(event, organisation="LNB")
    assert post_change(organiser, registration, organisation="RCB", topics=[topic.pk]).status_code == 302
    operations.cancel(registration)
    lines = organiser.get(change_url(registration)).context["history"]
    assert [(line.what, line.old, line.new) for line in lines] == [
        ("status", "confirmed", "cancelled"),
        ("topics of interest", "", "Reading"),
        ("organisation", "LNB", "RCB"),
    ]
    content = get_page(organiser, change_url(registration))
    assert "the person (personal link)" in content
    assert organiser.user.username in content


def test_nothing_saved_is_nothing_written(organiser):
    registration = make_registration(make_event(), tags=["vip"])
    post_change(organiser, registration)
    assert not registration.changes.exists()


@pytest.mark.parametrize(
    ("values", "secret"), [({"email": "SECRET@example.lv"}, "SECRET"), ({"internal_note": "SECRET"}, "SECRET")]
)
def test_who_may_not_see_addresses_and_notes_does_not_see_them_in_the_changes(client, values, secret):
    registration = make_registration(make_event())
    operations.correct_details(registration, values=values, by=make_user())
    operations.correct_details(registration, values=dict.fromkeys(values, "other@example.lv"), by=make_user())
    client.force_login(make_user(HELPERS))
    content = get_page(client, change_url(registration))
    assert secret not in content
    assert content.count("not shown") == 2
    client.force_login(make_user(is_superuser=True))
    assert secret in get_page(client, change_url(registration))


def test_answers_to_what_is_about_needs_by_now_are_not_shown(organiser):
    event = make_event()
    question = make_question(event, "lunch")
    registration = make_registration(event)
    operations.correct_details(registration, values={"answers": {"lunch": "COELIAC"}}, by=make_user())
    (line,) = organiser.get(change_url(registration)).context["history"]
    assert line.is_hidden is False
    question.is_about_needs = True
    question.save()
    (line,) = organiser.get(change_url(registration)).context["history"]
    assert line.is_hidden is True


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_page_costs_the_same_queries_however_much_was_changed(organiser, django_assert_num_queries, number):
    registration = make_registration(make_event())
    for count in range(number):
        registration.changes.create(actor="organiser", changed_by=organiser.user, field="organisation", new=count)
    get_page(organiser, change_url(registration))
    with django_assert_num_queries(24):
        get_page(organiser, change_url(registration))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("vip, press", ["vip", "press"]),
        (" VIP ,vip,, big   donor ", ["VIP", "big donor"]),
        ("", []),
        (",".join(map(str, range(20))), [str(number) for number in range(20)]),
    ],
)
def test_tags_are_words_with_commas(organiser, typed, stored):
    registration = make_registration(make_event(), tags=["old"])
    assert post_change(organiser, registration, tags=typed).status_code == 302
    registration.refresh_from_db()
    assert registration.tags == stored


@pytest.mark.parametrize("typed", ["x" * 41, ",".join(map(str, range(21)))])
def test_tags_that_cannot_be_are_refused(organiser, typed):
    registration = make_registration(make_event(), tags=["old"])
    assert post_change(organiser, registration, tags=typed).status_code == 200
    registration.refresh_from_db()
    assert registration.tags == ["old"]


def test_tags_in_use_are_suggested_after_those_that_somebody_has(organiser):
    event = make_event()
    make_registration(event, tags=["press"])
    registration = make_registration(event, tags=["vip"])
    assert '<option value="vip, press"></option>' in get_page(organiser, change_url(registration))
    assert '<option value="press"></option>' in get_page(organiser, f"{ADD_URL}?event={event.pk}")


def test_somebody_added_by_hand_has_their_tags(organiser):
    event = make_event()
    organiser.post(f"{ADD_URL}?event={event.pk}", make_form_data(event, language="lv", tags="vip, press"))
    assert event.registrations.get().tags == ["vip", "press"]
    assert "vip, press" in get_page(organiser, LIST_URL)


def test_what_only_organisers_answer_is_not_told_by_the_changes_to_who_only_looks(client):
    event = make_event()
    make_question(event, "rank", label="Rank", is_internal=True)
    make_question(event, "lunch", label="Lunch")
    registration = make_registration(event)
    operations.correct_details(registration, values={"answers": {"rank": "SECRET", "lunch": "soup"}}, by=make_user())
    client.force_login(make_user(STAFF))
    content = get_page(client, change_url(registration))
    assert "soup" in content
    assert "SECRET" not in content
