import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from registrations.permissions import HELPERS, ORGANISERS, STAFF
from tests.factories import make_choice, make_event, make_question, make_registration, make_user, restrict_to_events
from tests.registrations.admin.requests import get_page

pytestmark = pytest.mark.django_db


def needs_url(registration) -> str:
    return reverse("admin:registrations_registration_needs", args=[registration.pk])


def change_url(registration) -> str:
    return reverse("admin:registrations_registration_change", args=[registration.pk])


def make_registration_with_needs(**values):
    """A person with needs, at an event that asks for them."""
    event = make_event()
    diet = make_question(event, "diet", label="Diet", kind="several_of", is_about_needs=True)
    make_choice(diet, "vegan", label="VeganFood")
    make_choice(diet, "nuts", label="NoNuts")
    make_question(event, "access", label="Access", is_about_needs=True)
    make_question(event, "lunch", label="Lunch")
    return make_registration(event, **{"answers": {"diet": ["vegan"], "access": "ramp", "lunch": "soup"}, **values})


def make_user_with_permissions(*codenames):
    """Somebody in no group who may see registrations and needs."""
    user = make_user()
    names = ["view_registration", "view_needs", *codenames]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    return user


def get_log_messages() -> list[str]:
    return list(LogEntry.objects.order_by("pk").values_list("change_message", flat=True))


def test_each_look_is_logged_and_the_log_names_no_need(organiser):
    registration = make_registration_with_needs()
    text = get_page(organiser, needs_url(registration))
    for expected in ("Diet", "VeganFood", "checked", "ramp"):
        assert expected in text
    assert "Lunch" not in text
    get_page(organiser, needs_url(registration))
    assert get_log_messages() == ["Looked at dietary and access needs"] * 2
    entry = LogEntry.objects.first()
    assert (entry.user, entry.object_repr) == (organiser.user, registration.reference)


def test_the_page_is_not_kept_by_browsers(organiser):
    assert "no-store" in organiser.get(needs_url(make_registration_with_needs()))["Cache-Control"]


def test_an_organiser_corrects_the_needs_and_nothing_else(organiser):
    registration = make_registration_with_needs()
    data = {"question_diet": ["nuts"], "question_access": "", "question_lunch": "fish", "last_name": "Other"}
    response = organiser.post(needs_url(registration), data, follow=True)
    assert [str(message) for message in response.context["messages"]] == ["The needs were saved."]
    last_name = registration.last_name
    registration.refresh_from_db()
    assert registration.answers == {"diet": ["nuts"], "lunch": "soup"}
    assert registration.last_name == last_name
    assert get_log_messages() == ["Changed dietary and access needs"]
    assert set(registration.changes.values_list("field", "old", "new")) == {
        ("answers.diet", "", ""),
        ("answers.access", "", ""),
    }


def test_saving_what_was_there_is_no_change(organiser):
    registration = make_registration_with_needs()
    organiser.post(needs_url(registration), {"question_diet": ["vegan"], "question_access": "ramp"})
    assert get_log_messages() == []
    assert not registration.changes.exists()


@pytest.mark.parametrize("nonsense", ["meat", "\x00", "'"])
def test_a_need_that_is_not_offered_is_told_at_the_field(organiser, nonsense):
    registration = make_registration_with_needs()
    response = organiser.post(needs_url(registration), {"question_diet": [nonsense]})
    assert response.status_code == 200
    assert "Select a valid choice" in response.content.decode()
    registration.refresh_from_db()
    assert registration.answers["diet"] == ["vegan"]


def test_answers_to_removed_questions_are_shown_and_kept(organiser):
    registration = make_registration_with_needs()
    registration.event.questions.filter(key="access").update(removed_at=timezone.now())
    text = get_page(organiser, needs_url(registration))
    assert "ramp" in text
    assert "question_access" not in text
    organiser.post(needs_url(registration), {"question_diet": ["nuts"], "question_access": "x"})
    registration.refresh_from_db()
    assert registration.answers == {"diet": ["nuts"], "access": "ramp", "lunch": "soup"}


def test_whoever_may_only_look_only_looks(client):
    registration = make_registration_with_needs()
    client.force_login(make_user_with_permissions())
    text = get_page(client, needs_url(registration))
    assert "VeganFood" in text
    assert "ramp" in text
    assert "NoNuts" not in text
    assert "question_diet" not in text
    assert client.post(needs_url(registration), {"question_access": "x"}).status_code == 403
    assert get_log_messages() == ["Looked at dietary and access needs"]


@pytest.mark.parametrize("group", [HELPERS, STAFF, None])
def test_needs_are_not_for_everybody_who_logs_in(client, group):
    registration = make_registration_with_needs()
    client.force_login(make_user(group))
    assert client.get(needs_url(registration)).status_code == 403
    assert client.post(needs_url(registration), {"question_access": "x"}).status_code == 403
    if group:
        assert needs_url(registration) not in get_page(client, change_url(registration))
    registration.refresh_from_db()
    assert registration.answers["access"] == "ramp"
    assert get_log_messages() == []


def test_whoever_may_change_registrations_but_not_see_needs_does_neither_with_them(client):
    registration = make_registration_with_needs()
    user = make_user()
    codenames = ["view_registration", "change_registration"]
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    assert client.post(needs_url(registration), {"question_access": "x"}).status_code == 403
    assert needs_url(registration) not in get_page(client, change_url(registration))


def test_needs_of_other_events_are_not_found_by_whoever_is_limited(client):
    registration, own = make_registration_with_needs(), make_registration_with_needs()
    user = make_user(ORGANISERS)
    restrict_to_events(user, own.event)
    client.force_login(user)
    assert client.get(needs_url(registration)).status_code == 404
    assert client.post(needs_url(registration), {"question_access": "x"}).status_code == 404
    assert client.get(needs_url(own)).status_code == 200
    registration.refresh_from_db()
    assert registration.answers["access"] == "ramp"


def test_needs_are_for_those_who_log_in(client):
    assert client.get(needs_url(make_registration_with_needs())).headers["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("pk", ["0", "99999999999999999999999", "x"])
def test_nobodys_needs_are_not_found(organiser, pk):
    response = organiser.get(f"/admin/registrations/registration/{pk}/needs/")
    assert response.status_code in (302, 404)
    assert get_log_messages() == []


def test_the_way_to_the_needs_is_where_the_event_asks_for_some(organiser):
    registration = make_registration_with_needs()
    assert needs_url(registration) in get_page(organiser, change_url(registration))
    other = make_registration(make_event())
    assert needs_url(other) not in get_page(organiser, change_url(other))


def test_nobody_has_needs_after_they_were_erased(organiser):
    registration = make_registration_with_needs(erased_at=timezone.now(), answers={})
    assert "not stated any needs" in get_page(organiser, needs_url(registration))
    assert organiser.post(needs_url(registration), {"question_access": "x"}).status_code == 403


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_page_costs_the_same_queries_whatever_is_asked(organiser, django_assert_num_queries, number):
    registration = make_registration_with_needs()
    for one in range(number):
        question = make_question(registration.event, f"q{one}", kind="several_of", is_about_needs=True)
        make_choice(question, "soup")
    get_page(organiser, needs_url(registration))
    with django_assert_num_queries(14):
        get_page(organiser, needs_url(registration))


def test_a_page_opened_long_ago_takes_nothing_back_that_was_answered_meanwhile(organiser):
    registration = make_registration_with_needs()
    posted = {"shown_values": organiser.get(needs_url(registration)).context["shown_values"]}
    make_question(registration.event, "allergy", label="Allergy", is_about_needs=True)
    registration.answers |= {"diet": ["nuts"], "allergy": "wasps"}
    registration.save()
    organiser.post(needs_url(registration), {**posted, "question_diet": ["vegan"], "question_access": "lift"})
    registration.refresh_from_db()
    assert registration.answers == {"diet": ["nuts"], "allergy": "wasps", "access": "lift", "lunch": "soup"}
    refused = organiser.post(
        needs_url(registration), {**posted, "question_diet": ["vegan"], "question_access": "ramp up"}
    )
    (told,) = refused.context["form"].errors["question_access"]
    assert told.startswith("Somebody else has changed this in the meantime to “lift”. You entered “ramp up”.")
