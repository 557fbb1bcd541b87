"""People's answers to the event's questions on their pages in the admin."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from registrations.models import Registration
from registrations.permissions import HELPERS, ORGANISERS, STAFF
from tests.factories import make_choice, make_event, make_question, make_registration, make_user
from tests.registrations.admin import page_forms
from tests.registrations.admin.requests import ADD_URL, get_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    event = make_event()
    workshop = make_question(event, "workshop", kind="one_of", label="Workshop", is_required=True)
    make_choice(workshop, "weaving", label="Weaving", limit=1)
    make_choice(workshop, "talking", label="Talking")
    make_question(event, "guests", kind="number", label="Guests", is_required=True)
    make_question(event, "paid", kind="yes_no", label="Paid", is_internal=True)
    make_question(event, "diet", label="Diet", is_about_needs=True)
    make_question(event, "bus", label="Bus", removed_at=timezone.now())
    return event


ANSWERS = {"workshop": "talking", "guests": 2, "paid": False, "diet": "No nuts", "bus": "Yes please"}


def change_url(registration) -> str:
    return reverse("admin:registrations_registration_change", args=[registration.pk])


def read_form(client, registration) -> dict:
    """What a browser posts that opened the page and changed nothing."""
    return page_forms.read_form(client, change_url(registration)).data


def post_change(client, registration, data, **changed):
    response = client.post(change_url(registration), data | {f"question_{key}": one for key, one in changed.items()})
    registration.refresh_from_db()
    return response


def test_answers_are_fields_like_the_others_but_for_needs(organiser, event):
    registration = make_registration(event, answers=ANSWERS)
    shown = get_page(organiser, change_url(registration))
    for expected in ("Workshop", "Guests", "Paid", "Bus: Yes please"):
        assert expected in shown
    for hidden in ("No nuts", "question_bus", "question_diet"):
        assert hidden not in shown


def test_what_only_organisers_saw_stays_theirs_when_its_question_is_removed(client, event):
    registration = make_registration(event, answers=ANSWERS | {"paid": True})
    event.questions.filter(key="paid").update(removed_at=timezone.now())
    for group, is_shown in ((ORGANISERS, True), (STAFF, False), (HELPERS, False)):
        client.force_login(make_user(group))
        page = get_page(client, change_url(registration))
        assert "Bus: Yes please" in page
        assert ("Paid: yes" in page) == ("Paid" in page) == is_shown, group


def test_what_an_organiser_corrects_is_stored_and_logged_by_the_questions_names(organiser, event):
    registration = make_registration(event, answers=ANSWERS)
    data = read_form(organiser, registration)
    assert post_change(organiser, registration, data, guests="2,5", paid="yes", workshop="weaving").status_code == 302
    assert registration.answers == ANSWERS | {"guests": 2.5, "paid": True, "workshop": "weaving"}
    assert LogEntry.objects.get().get_change_message() == "Changed Workshop, Guests and Paid."


def test_nothing_is_required_of_organisers_who_may_not_know(organiser, event):
    registration = make_registration(event, answers=ANSWERS)
    data = read_form(organiser, registration)
    assert post_change(organiser, registration, data, guests="", paid="", workshop="").status_code == 302
    assert registration.answers == {"diet": "No nuts", "bus": "Yes please"}


def test_saving_without_a_change_changes_nothing(organiser, event):
    registration = make_registration(event, answers=ANSWERS)
    assert post_change(organiser, registration, read_form(organiser, registration)).status_code == 302
    assert registration.answers == ANSWERS


def test_a_page_opened_earlier_does_not_undo_what_the_person_answered_since(organiser, event):
    registration = make_registration(event, answers=ANSWERS)
    data = read_form(organiser, registration)
    make_question(event, "seat", label="Seat")
    newer = ANSWERS | {"workshop": "weaving", "diet": "Vegan", "seat": "12"}
    Registration.objects.filter(pk=registration.pk).update(answers=newer)
    assert post_change(organiser, registration, data, guests="3").status_code == 302
    assert registration.answers == newer | {"guests": 3}


@pytest.mark.parametrize(("key", "given"), [("guests", "many"), ("workshop", "nonsense"), ("paid", "perhaps")])
def test_what_is_no_answer_is_refused_at_its_field(organiser, event, key, given):
    registration = make_registration(event, answers=ANSWERS)
    response = post_change(organiser, registration, read_form(organiser, registration), **{key: given})
    assert list(response.context["adminform"].form.errors) == [f"question_{key}"]
    assert registration.answers == ANSWERS


def test_what_was_refused_in_a_fold_is_in_the_open(organiser, event):
    registration = make_registration(event, answers=ANSWERS)
    data = read_form(organiser, registration)
    folds = {}
    for guests in ("2", "many"):
        response = organiser.post(change_url(registration), {**data, "language": "", "question_guests": guests})
        folds[guests] = [str(one.name) for one in response.context["adminform"] if one.is_collapsible]
        assert 'href="#id_language"' in response.content.decode()
    assert folds == {"2": ["Answers"], "many": []}


def test_a_full_choice_is_refused_to_organisers_too_but_not_to_who_holds_it(organiser, event):
    holder = make_registration(event, answers={"workshop": "weaving"})
    registration = make_registration(event, answers=ANSWERS)
    response = post_change(organiser, registration, read_form(organiser, registration), workshop="weaving")
    assert response.context["adminform"].form.errors == {
        "question_workshop": ["“Weaving” is full. Please choose again."]
    }
    assert post_change(organiser, holder, read_form(organiser, holder), guests="1").status_code == 302
    assert holder.answers == {"workshop": "weaving", "guests": 1}


def test_a_choice_that_becomes_full_meanwhile_is_told_and_nothing_is_changed(organiser, event, monkeypatch):
    registration = make_registration(event, answers=ANSWERS)
    data = read_form(organiser, registration) | {"organisation": "LNB"}
    make_registration(event, answers={"workshop": "weaving"})
    monkeypatch.setattr("registrations.forms.questionnaire.get_full_choice_keys", lambda event: {})
    response = organiser.post(change_url(registration), data | {"question_workshop": "weaving"}, follow=True)
    assert "“Weaving” (Workshop) is full. Please choose again." in response.content.decode()
    registration.refresh_from_db()
    assert (registration.answers, registration.organisation) == (ANSWERS, "")


def test_a_condition_is_kept_only_where_its_question_is_on_the_form(organiser):
    event = make_event()
    lunch = make_question(event, "lunch", kind="yes_no", label="Lunch")
    make_question(event, "dish", label="Dish", shown_if=lunch, shown_if_answer="yes", position=1)
    diet = make_question(event, "diet", kind="yes_no", label="Diet", is_about_needs=True)
    make_question(event, "menu", label="Menu", shown_if=diet, shown_if_answer="yes", position=1)
    registration = make_registration(event, answers={"lunch": True, "dish": "Soup"})
    data = read_form(organiser, registration)
    assert post_change(organiser, registration, data, lunch="no", menu="B").status_code == 302
    assert registration.answers == {"lunch": False, "menu": "B"}
    assert "Only if you answered “Yes” to “Diet”" not in get_page(organiser, change_url(registration))


def test_somebody_added_by_hand_can_have_answers(organiser, event):
    shown = get_page(organiser, ADD_URL, event=event.pk)
    assert "Workshop" in shown
    assert "Diet" not in shown
    data = {"first_name": "Ilze", "last_name": "Kalniņa", "email": "ilze@example.lv", "language": "lv"}
    added = {"question_workshop": "weaving", "question_guests": "", "question_paid": "no"}
    assert organiser.post(f"{ADD_URL}?event={event.pk}", data | added).status_code == 302
    assert event.registrations.get().answers == {"workshop": "weaving", "paid": False}
    response = organiser.post(f"{ADD_URL}?event={event.pk}", data | added | {"email": "other@example.lv"})
    assert list(response.context["form"].errors) == ["question_workshop"]


def test_who_may_only_look_sees_neither_needs_nor_what_only_organisers_see(staff, event):
    shown = get_page(staff, change_url(make_registration(event, answers=ANSWERS | {"paid": "Waived"})))
    for expected in ("Workshop: Talking", "Guests: 2", "Bus: Yes please"):
        assert expected in shown
    for hidden in ("No nuts", "Waived", "question_"):
        assert hidden not in shown


def test_a_page_opened_earlier_writes_only_what_was_changed_on_it(organiser, event):
    registration = make_registration(event, organisation="LNB", tags=["old"])
    data = read_form(organiser, registration)
    Registration.objects.filter(pk=registration.pk).update(organisation="Rīgas Centrālā bibliotēka", last_name="Ozola")
    post_change(organiser, registration, {**data, "job_title": "director"})
    assert (registration.organisation, registration.last_name) == ("Rīgas Centrālā bibliotēka", "Ozola")
    assert registration.job_title == "director"
    assert [change.field for change in registration.changes.all()] == ["job_title"]
