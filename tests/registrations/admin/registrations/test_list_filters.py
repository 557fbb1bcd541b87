import pytest
from django.urls import reverse
from django.utils import timezone

from registrations.permissions import HELPERS, ORGANISERS
from tests.factories import make_choice, make_event, make_question, make_registration, make_user, restrict_to_events
from tests.registrations.admin.requests import EXPORT_URL, LIST_URL, get_page, post_export, read_download

pytestmark = pytest.mark.django_db

COMPOSE_URL = reverse("admin:registrations_mailing_add")


def make_lunch_event(**values):
    event = make_event(**values)
    lunch = make_question(event, "lunch", kind="one_of", label="Lunch")
    for key in ("soup", "fish"):
        make_choice(lunch, key)
    return event


def get_listed_names(client, **query) -> set[str]:
    response = client.get(LIST_URL, query)
    assert response.status_code == 200
    return {registration.last_name for registration in response.context["cl"].result_list}


def get_filters(client, **query) -> dict:
    """The filters that the list offers, each with its choices."""
    changelist = client.get(LIST_URL, query).context["cl"]
    return {spec.parameter_name: spec for spec in changelist.filter_specs if hasattr(spec, "parameter_name")}


def get_filter_choices(client, name, **query) -> list[str]:
    return [value for value, _label in get_filters(client, **query)[name].lookup_choices]


def test_the_list_filters_by_each_kind_of_choice(organiser):
    event = make_lunch_event()
    make_question(event, "bus", kind="yes_no")
    make_choice(make_question(event, "days", kind="several_of"), "monday")
    make_question(event, "town")
    make_registration(event, last_name="A", answers={"lunch": "soup", "bus": True, "days": ["monday", "tuesday"]})
    make_registration(event, last_name="B", answers={"lunch": "fish", "bus": False, "days": []})
    make_registration(event, last_name="C", answers={"town": "soup"})
    for query, expected in (
        ({"answer_lunch": "soup"}, {"A"}),
        ({"answer_bus": "yes"}, {"A"}),
        ({"answer_bus": "no"}, {"B"}),
        ({"answer_days": "monday"}, {"A"}),
        ({"answer_days": "-"}, {"B", "C"}),
        ({"answer_lunch": "-"}, {"C"}),
        ({"answer_lunch": "fish", "answer_bus": "no"}, {"B"}),
    ):
        assert get_listed_names(organiser, event=event.pk, **query) == expected, query
        assert get_listed_names(organiser, **query) == expected, query  # the only event need not be chosen
    assert "answer_town" not in get_filters(organiser)


def test_answers_are_filtered_by_where_one_event_is_chosen(organiser):
    event, other = make_lunch_event(), make_event()
    make_registration(event, last_name="A", answers={"lunch": "soup"})
    make_registration(other, last_name="B", answers={"lunch": "soup"})
    assert "answer_lunch" not in get_filters(organiser)
    assert "answer_lunch" not in get_filters(organiser, event=other.pk)
    assert get_listed_names(organiser, event=event.pk, answer_lunch="soup") == {"A"}
    assert organiser.get(LIST_URL, {"answer_lunch": "soup"}).status_code == 400


def test_another_event_is_chosen_without_the_answers_of_this_one(organiser):
    event, other = make_lunch_event(), make_event()
    choices = get_filters(organiser, event=event.pk, answer_lunch="soup", q="anna")["event"]
    changelist = organiser.get(LIST_URL, {"event": event.pk, "answer_lunch": "soup", "q": "anna"}).context["cl"]
    addresses = [choice["query_string"] for choice in choices.choices(changelist)]
    assert f"?event={other.pk}&q=anna" in {"?" + "&".join(sorted(a[1:].split("&"))) for a in addresses}
    assert not any("answer_lunch" in address for address in addresses)
    for address in addresses:
        assert organiser.get(f"{LIST_URL}{address}").status_code == 200


def test_needs_are_never_filtered_by(organiser):
    event = make_event()
    make_question(event, "diet", kind="yes_no", is_about_needs=True)
    make_registration(event, answers={"diet": True})
    assert "answer_diet" not in get_filters(organiser, event=event.pk)
    for address in (LIST_URL, EXPORT_URL, COMPOSE_URL):
        assert organiser.get(address, {"event": event.pk, "answer_diet": "yes"}).status_code == 400


def test_what_only_organisers_answer_is_filtered_by_organisers_only(client):
    event = make_event()
    make_question(event, "vip", kind="yes_no", is_internal=True)
    client.force_login(make_user(ORGANISERS))
    assert "answer_vip" in get_filters(client)
    client.force_login(make_user(HELPERS))
    assert "answer_vip" not in get_filters(client)
    assert client.get(LIST_URL, {"answer_vip": "yes"}).status_code == 400


def test_a_removed_choice_is_offered_while_somebody_holds_it(organiser):
    event = make_lunch_event()
    event.questions.get().choices.update(removed_at=timezone.now())
    make_registration(event, last_name="A", answers={"lunch": "fish"})
    assert get_filter_choices(organiser, "answer_lunch") == ["fish", "-"]
    assert get_listed_names(organiser, answer_lunch="fish") == {"A"}


def test_a_removed_question_is_filtered_by_where_an_old_address_asks(organiser):
    event = make_lunch_event()
    event.questions.update(removed_at=timezone.now())
    make_registration(event, last_name="A", answers={"lunch": "fish"})
    assert "answer_lunch" not in get_filters(organiser)
    assert get_listed_names(organiser, answer_lunch="fish") == {"A"}


def test_tags_of_the_people_shown_are_filtered_by(organiser):
    event, other = make_event(), make_event()
    make_registration(event, last_name="A", tags=["speaker", "VIP"])
    make_registration(event, last_name="B", tags=["VIP", "a, b&c"])
    make_registration(other, last_name="C", tags=["press"])
    assert get_filter_choices(organiser, "tag") == ["a, b&c", "press", "speaker", "VIP"]
    assert get_filter_choices(organiser, "tag", event=event.pk) == ["a, b&c", "speaker", "VIP"]
    assert get_listed_names(organiser, tag="VIP") == {"A", "B"}
    assert get_listed_names(organiser, tag="a, b&c") == {"B"}


def test_the_filters_count_when_asked_to(organiser):
    event = make_lunch_event()
    make_registration(event, answers={"lunch": "soup"}, tags=["VIP"])
    make_registration(event)
    text = get_page(organiser, LIST_URL, event=event.pk, _facets="True")
    for expected in ("soup (1)", "fish (0)", "no answer (1)", "VIP (1)"):
        assert expected in text


def test_who_came_is_filtered_by(organiser):
    event = make_event()
    make_registration(event, last_name="A", checked_in_at=timezone.now())
    make_registration(event, last_name="B")
    assert get_listed_names(organiser, came="yes") == {"A"}
    assert get_listed_names(organiser, came="no") == {"B"}


@pytest.mark.parametrize(
    "query",
    [{"answer_lunch": "soup"}, {"answer_bus": "-"}, {"tag": "VIP"}, {"came": "yes"}],
    ids=lambda query: next(iter(query)),
)
def test_export_and_mailing_go_to_those_whom_the_filters_show(organiser, query):
    event = make_lunch_event()
    make_question(event, "bus", kind="yes_no")
    make_registration(event, last_name="Ozols", answers={"lunch": "soup"}, tags=["VIP"], checked_in_at=timezone.now())
    make_registration(event, last_name="Liepa", answers={"lunch": "fish", "bus": False})
    for more in ({}, {"event": event.pk}):
        text = read_download(post_export(organiser, **query, **more)).decode()
        assert ("Ozols" in text, "Liepa" in text) == (True, False)
        assert "This will be sent to 1 person." in get_page(organiser, COMPOSE_URL, **query, **more)


@pytest.mark.parametrize(
    "query",
    [
        {"answer_lunch": "x"},
        {"answer_lunch": "\x00"},
        {"answer_": "x"},
        {"answer_lunch__contains": "soup"},
        {"answer_nothing": "x"},
        {"tag": "nobody"},
        {"tag": "\x00"},
        {"came": "perhaps"},
        {"tags__contains": "VIP"},
        {"answers__contains": "{}"},
        {"checked_in_at__isnull": "True"},
        {"event": "99999999999999999999", "answer_lunch": "soup"},
    ],
)
@pytest.mark.parametrize("address", [LIST_URL, EXPORT_URL, COMPOSE_URL])
def test_nonsense_is_never_an_error_of_the_site(organiser, address, query):
    make_registration(make_lunch_event())
    response = organiser.get(address, query, follow=True)
    list(response)
    assert response.status_code in (200, 400)


def test_what_is_offered_comes_from_events_that_the_user_may_see(client):
    event, own = make_lunch_event(), make_event()
    make_registration(event, last_name="A", answers={"lunch": "soup"}, tags=["hiddentag"])
    make_registration(own, last_name="B", tags=["tag"])
    user = make_user(ORGANISERS)
    restrict_to_events(user, own)
    client.force_login(user)
    assert get_filter_choices(client, "tag") == ["tag"]
    assert client.get(LIST_URL, {"event": event.pk, "answer_lunch": "soup"}).status_code == 400
    for query in ({"event": event.pk}, {"tag": "hiddentag"}, {"event": event.pk, "tag": "hiddentag"}):
        assert "Lunch" not in get_page(client, LIST_URL, **{**query, "e": "1"})
        response = client.get(LIST_URL, query)
        assert response.status_code == 302  # to the list, which says that there is no such filter
    assert "hiddentag" not in get_page(client, LIST_URL)


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_list_costs_the_same_queries_whatever_is_asked_and_answered(organiser, django_assert_num_queries, number):
    event = make_event()
    for one in range(number):
        question = make_question(event, f"q{one}", kind="one_of")
        make_choice(question, "soup")
        make_choice(question, "fish", removed_at=timezone.now())
        make_registration(event, answers={f"q{one}": "fish"}, tags=[f"tag{one}"])
    get_page(organiser, LIST_URL)
    with django_assert_num_queries(19):
        get_page(organiser, LIST_URL, event=event.pk, answer_q0="fish", tag="tag0")
