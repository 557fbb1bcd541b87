from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from conference.admin.publication_checks import settings_url
from registrations.models import Choice, Question
from registrations.permissions import HELPERS, ORGANISERS
from tests.factories import make_choice, make_event, make_question, make_registration, make_user, restrict_to_events
from tests.registrations.admin.requests import get_page

pytestmark = pytest.mark.django_db

LIST_URL = reverse("admin:registrations_question_changelist")
ADD_URL = reverse("admin:registrations_question_add")


def question_url(name: str, *arguments) -> str:
    return reverse(f"admin:registrations_question_{name}", args=arguments)


def make_question_form(*choices, **values) -> dict:
    """What a browser posts from a question's page; each of `choices` is an English label, or the values of a row."""
    data = {"label_0": "Pusdienas", "label_1": "Lunch", "help_text_0": "", "help_text_1": "", "position": 1}
    data |= {"kind": "short_text", "condition": "", "key": ""}
    rows = [{"label_1": row} if isinstance(row, str) else row for row in choices]
    kept = sum("id" in row for row in rows)
    data |= {"choices-TOTAL_FORMS": len(rows), "choices-INITIAL_FORMS": kept}
    for number, row in enumerate(rows):
        data |= {f"choices-{number}-{name}": value for name, value in {"position": 0, **row}.items()}
    return {**data, **values}


def make_choice_row(choice: Choice, **values) -> dict:
    return {"id": choice.pk, "label_1": str(choice.label), "position": choice.position, **values}


def get_messages(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def post_question(client, event, *choices, **values):
    return client.post(f"{ADD_URL}?event={event.pk}", make_question_form(*choices, **values), follow=True)


def get_errors(response) -> str:
    form = response.context["adminform"].form
    found = [str(error) for field in form.errors.values() for error in field]
    for inline in response.context["inline_admin_formsets"]:
        found += [str(error) for error in inline.formset.non_form_errors()]
    return " ".join(found)


def without_needs():
    """Somebody who may do all with questions but see needs."""
    user = make_user()
    user.user_permissions.set(Permission.objects.filter(codename__endswith="_question"))
    user.user_permissions.add(*Permission.objects.filter(codename__endswith="_choice"))
    return user


def test_a_question_with_choices_gets_its_keys_by_itself(organiser):
    event = make_event()
    response = post_question(
        organiser, event, "Fish", "Soup of the day", "Soup, of the day!", kind="several_of", is_required="on"
    )
    assert response.redirect_chain[-1][0] == f"{LIST_URL}?event={event.pk}"
    question = event.questions.get()
    assert (question.key, question.kind, question.is_required) == ("lunch", "several_of", True)
    assert list(question.choices.values_list("key", flat=True)) == ["fish", "soup_of_the_day", "soup_of_the_day_2"]
    post_question(organiser, event)
    assert set(event.questions.values_list("key", flat=True)) == {"lunch", "lunch_2"}


def test_a_key_of_ones_own_is_kept_unless_it_is_taken(organiser):
    event = make_event()
    make_question(event, "taken", removed_at=timezone.now())
    post_question(organiser, event, key="menu")
    assert event.questions.asked().get().key == "menu"
    assert "already has a question with this key" in get_errors(post_question(organiser, event, key="taken"))
    assert "Lower-case letters" in get_errors(post_question(organiser, event, key="Ēst"))


@pytest.mark.parametrize(
    ("choices", "kind", "said"),
    [
        ([], "one_of", "Please enter at least one option."),
        (["Fish"], "short_text", "Questions of this type have no options."),
    ],
)
def test_choices_stand_with_the_kinds_that_have_them(organiser, choices, kind, said):
    event = make_event()
    assert said in get_errors(post_question(organiser, event, *choices, kind=kind))
    assert not event.questions.exists()


def test_the_key_the_event_and_the_needs_of_a_question_never_change(organiser):
    event, other = make_event(), make_event()
    question = make_question(event, "lunch")
    values = make_question_form(key="new", event=other.pk, is_about_needs="on", label_1="Dinner")
    organiser.post(question_url("change", question.pk), values)
    question.refresh_from_db()
    assert (question.key, question.event, question.is_about_needs) == ("lunch", event, False)
    assert str(question.label) == "Dinner"


def test_the_kind_and_who_sees_it_change_only_until_somebody_answers(organiser):
    event = make_event()
    question = make_question(event, "lunch")
    organiser.post(question_url("change", question.pk), make_question_form(kind="long_text", is_internal="on"))
    question.refresh_from_db()
    assert (question.kind, question.is_internal) == ("long_text", True)
    make_registration(event, answers={"lunch": "a difficult guest"})
    organiser.post(question_url("change", question.pk), make_question_form(kind="number"))
    question.refresh_from_db()
    assert (question.kind, question.is_internal) == ("long_text", True)
    assert "can no longer be changed because the question has been answered" in get_page(
        organiser, question_url("change", question.pk)
    )


def test_a_kind_that_another_question_rests_on_stays(organiser):
    event = make_event()
    bus = make_question(event, "bus", kind="yes_no")
    make_question(event, "town", shown_if=bus, shown_if_answer="yes")
    organiser.post(question_url("change", bus.pk), make_question_form(kind="number"))
    bus.refresh_from_db()
    assert bus.kind == "yes_no"


def get_offered_conditions(client, address) -> dict:
    form = client.get(address).context["adminform"].form
    return {str(group): [label for _value, label in pairs] for group, pairs in form.fields["condition"].choices[1:]}


def test_a_question_is_shown_by_an_answer_to_another(organiser):
    event = make_event()
    bus = make_question(event, "bus", kind="yes_no", label="Bus?")
    lunch = make_question(event, "lunch", kind="one_of", label="Lunch", position=1)
    make_choice(lunch, "soup")
    make_choice(lunch, "gone", removed_at=timezone.now())
    make_question(event, "text", label="Text")
    make_question(event, "old", kind="yes_no", removed_at=timezone.now())
    make_question(make_event(), "other", kind="yes_no")
    address = f"{ADD_URL}?event={event.pk}"
    assert get_offered_conditions(organiser, address) == {"Bus?": ["Bus?: yes", "Bus?: no"], "Lunch": ["Lunch: soup"]}
    post_question(organiser, event, key="town", condition=f"{bus.pk}:yes")
    town = event.questions.get(key="town")
    assert (town.shown_if, town.shown_if_answer) == (bus, "yes")
    assert f'value="{bus.pk}:yes" selected' in get_page(organiser, question_url("change", town.pk))
    organiser.post(question_url("change", town.pk), make_question_form(condition=""))
    town.refresh_from_db()
    assert (town.shown_if, town.shown_if_answer) == (None, "")


def test_conditions_never_go_round_in_a_circle(organiser):
    event = make_event()
    one = make_question(event, "one", kind="yes_no", label="One")
    two = make_question(event, "two", kind="yes_no", label="Two", shown_if=one, shown_if_answer="yes")
    three = make_question(event, "three", kind="yes_no", label="Three", shown_if=two, shown_if_answer="yes")
    assert get_offered_conditions(organiser, question_url("change", one.pk)) == {}
    assert set(get_offered_conditions(organiser, question_url("change", three.pk))) == {"One", "Two"}
    response = organiser.post(
        question_url("change", one.pk), make_question_form(kind="yes_no", condition=f"{three.pk}:yes")
    )
    assert "Select a valid choice" in get_errors(response)


@pytest.mark.parametrize("nonsense", ["x", "1:", ":yes", "99999999999999999999:yes", "1:yes:no", "\x00"])
def test_a_condition_that_is_none_is_told_at_the_field(organiser, nonsense):
    assert get_errors(post_question(organiser, make_event(), condition=nonsense)) != ""
    assert not Question.objects.exists()


def test_a_question_to_everybody_is_not_shown_by_needs_or_by_what_only_organisers_answer(organiser):
    event = make_event()
    needs = make_question(event, "needs", kind="yes_no", label="Needs", is_about_needs=True)
    inside = make_question(event, "inside", kind="yes_no", label="Inside", is_internal=True)
    assert "everyone who can see the list" in get_errors(post_question(organiser, event, condition=f"{needs.pk}:yes"))
    assert "Only organisers answer that question" in get_errors(
        post_question(organiser, event, condition=f"{inside.pk}:yes")
    )
    post_question(organiser, event, key="a", condition=f"{needs.pk}:yes", is_about_needs="on")
    post_question(organiser, event, key="b", condition=f"{inside.pk}:yes", is_internal="on")
    assert set(event.questions.filter(shown_if__isnull=False).values_list("key", flat=True)) == {"a", "b"}
    assert "Needs" not in get_offered_conditions(organiser, question_url("change", make_question(event, "c").pk))


def test_a_question_that_shows_one_to_everybody_stays_one_to_everybody(organiser):
    event = make_event()
    bus = make_question(event, "bus", kind="yes_no")
    make_question(event, "town", label="Town", shown_if=bus, shown_if_answer="yes")
    response = organiser.post(question_url("change", bus.pk), make_question_form(is_internal="on"))
    assert "depend on its answer: “Town”." in get_errors(response)


def test_a_chosen_choice_that_is_deleted_is_offered_again_by_a_button(organiser):
    event = make_event()
    question = make_question(event, kind="one_of")
    soup, fish, meat = (make_choice(question, key) for key in ("soup", "fish", "meat"))
    make_registration(event, answers={"lunch": "fish"})
    rows = [make_choice_row(soup), make_choice_row(fish, DELETE="on"), make_choice_row(meat, DELETE="on")]
    response = organiser.post(
        question_url("change", question.pk), make_question_form(*rows, kind="one_of"), follow=True
    )
    assert get_messages(response)[0] == "“fish” is no longer offered. People who chose it keep it."
    assert {choice.key: choice.removed_at is None for choice in question.choices.all()} == {"soup": True, "fish": False}
    assert "Options no longer offered" in get_page(organiser, question_url("change", question.pk))
    response = organiser.post(question_url("choice_again", question.pk, fish.pk), follow=True)
    assert get_messages(response) == ["“fish” is offered again."]
    fish.refresh_from_db()
    assert fish.removed_at is None


def test_a_choice_that_shows_a_question_is_not_deleted(organiser):
    event = make_event()
    question = make_question(event, kind="one_of")
    fish = make_choice(question, "fish")
    make_question(event, "bones", label="Bones", shown_if=question, shown_if_answer="fish")
    rows = [make_choice_row(fish, DELETE="on"), "Soup"]
    response = organiser.post(question_url("change", question.pk), make_question_form(*rows, kind="one_of"))
    assert "These questions depend on it: “Bones”." in get_errors(response)
    assert list(question.choices.values_list("key", flat=True)) == ["fish"]


def test_removing_an_unanswered_question_deletes_it(organiser):
    question = make_question(make_event())
    assert "Nobody has answered it" in get_page(organiser, question_url("delete", question.pk))
    assert get_messages(organiser.post(question_url("delete", question.pk), follow=True)) == [
        "“Lunch” was deleted; nobody had answered it."
    ]
    assert not Question.objects.exists()


def test_removing_asking_again_and_erasing_an_answered_question(organiser):
    event = make_event()
    question = make_question(event)
    registration = make_registration(event, answers={"lunch": "soup"})
    assert "1 person has answered it." in get_page(organiser, question_url("delete", question.pk))
    assert get_messages(organiser.post(question_url("delete", question.pk), follow=True)) == [
        "“Lunch” is no longer asked. The answers already given are kept."
    ]
    assert "Restore the question" in get_page(organiser, question_url("change", question.pk))
    assert get_messages(organiser.post(question_url("again", question.pk), follow=True)) == ["“Lunch” is asked again."]
    assert get_messages(organiser.post(question_url("erase", question.pk), follow=True)) == [
        "This question is still asked. Remove it first."
    ]
    organiser.post(question_url("delete", question.pk))
    assert "its options and 1 answer will be erased" in get_page(organiser, question_url("erase", question.pk))
    assert get_messages(organiser.post(question_url("erase", question.pk), follow=True)) == [
        "“Lunch” was erased with 1 answer."
    ]
    registration.refresh_from_db()
    assert registration.answers == {}
    assert LogEntry.objects.first().change_message == "Erased the question “Lunch” with all its answers: 1."


def test_a_question_that_shows_another_is_not_removed_and_says_which(organiser):
    event = make_event()
    bus = make_question(event, "bus", kind="yes_no")
    make_question(event, "town", label="Town", shown_if=bus, shown_if_answer="yes")
    (said,) = get_messages(organiser.post(question_url("delete", bus.pk), follow=True))
    assert said == "These questions depend on it: “Town”. Change their conditions, then remove it."
    assert event.questions.asked().count() == 2


def test_removed_questions_are_listed_apart(organiser):
    event = make_event()
    make_question(event, "one", label="AskedNow")
    make_question(event, "two", label="AskedBefore", removed_at=timezone.now())

    def listed(**query):
        changelist = organiser.get(LIST_URL, query, follow=True).context["cl"]
        return {str(question) for question in changelist.result_list}

    assert listed() == listed(event=event.pk) == {"AskedNow"}
    assert listed(asked="removed") == {"AskedBefore"}
    assert listed(asked="all") == {"AskedNow", "AskedBefore"}


def test_the_list_says_how_many_answered_and_by_what_a_question_is_shown(organiser):
    event = make_event()
    lunch = make_question(event, "lunch", kind="one_of", label="Lunch")
    make_choice(lunch, "fish", label="Trout")
    make_question(event, "bones", label="Bones", shown_if=lunch, shown_if_answer="fish", position=1)
    make_registration(event, answers={"lunch": "fish", "bones": ""})
    make_registration(event, answers={"lunch": "fish"})
    make_registration(make_event(), answers={"bones": "x"})
    assert "Lunch: Trout" in get_page(organiser, LIST_URL, event=event.pk)
    listed = organiser.get(LIST_URL, {"event": event.pk}).context["cl"].result_list
    assert [(question.key, question.number_of_answers) for question in listed] == [("lunch", 2), ("bones", 0)]


def test_the_events_page_leads_to_its_questions(organiser):
    event = make_event()
    text = get_page(organiser, settings_url(event, "form"))
    assert f'<a href="{LIST_URL}?event={event.pk}">Questions</a>' in text


def test_the_event_is_chosen_first_and_kept_from_the_lists_filter(organiser):
    event = make_event(title="OneEvent")
    assert 'name="label_0"' in get_page(organiser, ADD_URL)
    other = make_event(title="OtherEvent")
    assert {name for name in ("OneEvent", "OtherEvent") if name in get_page(organiser, ADD_URL)} == {
        "OneEvent",
        "OtherEvent",
    }
    text = get_page(organiser, ADD_URL, _changelist_filters=f"event={other.pk}")
    form = text.partition('id="question_form"')[2]
    assert "OtherEvent" in form
    assert "OneEvent" not in form
    assert event.questions.count() == other.questions.count() == 0


def test_ready_made_questions_are_added_by_a_button(organiser):
    event = make_event()
    address = question_url("ready_made", event.pk, "dietary_needs")
    assert address in get_page(organiser, LIST_URL, event=event.pk)
    response = organiser.post(address, follow=True)
    assert get_messages(response) == ["“Dietary needs” was added. Adapt it to your event here."]
    assert list(event.questions.values_list("key", "is_about_needs")) == [
        ("dietary_needs", True),
        ("dietary_needs_other", True),
    ]
    assert get_messages(organiser.post(address, follow=True)) == [
        "This event already had the question “Dietary needs”."
    ]
    assert event.questions.count() == 2
    assert address not in get_page(organiser, LIST_URL, event=event.pk)


@pytest.mark.parametrize("name", ["again", "choice_again", "ready_made"])
def test_what_changes_something_is_posted(organiser, name):
    event = make_event()
    question = make_question(event, kind="one_of")
    choice = make_choice(question, "soup")
    arguments = {
        "again": [question.pk],
        "choice_again": [question.pk, choice.pk],
        "ready_made": [event.pk, "access_needs"],
    }
    assert organiser.get(question_url(name, *arguments[name])).status_code == 405
    assert event.questions.count() == 1


def list_addresses(event, question, choice) -> list[tuple[str, str]]:
    """Every page and button of a question, each with its method."""
    return [
        ("get", question_url("change", question.pk)),
        ("post", question_url("change", question.pk)),
        ("get", question_url("history", question.pk)),
        ("get", question_url("delete", question.pk)),
        ("post", question_url("delete", question.pk)),
        ("post", question_url("again", question.pk)),
        ("get", question_url("erase", question.pk)),
        ("post", question_url("erase", question.pk)),
        ("post", question_url("choice_again", question.pk, choice.pk)),
        ("post", question_url("ready_made", event.pk, "photo_consent")),
    ]


def answered_question():
    event = make_event(title="OfTheOtherEvent")
    question = make_question(event, "secret", label="SecretQuestion", kind="one_of", removed_at=timezone.now())
    make_registration(event, answers={"secret": "soup"})
    return event, question, make_choice(question, "soup", removed_at=timezone.now())


def is_unchanged(event, question, choice) -> bool:
    question.refresh_from_db()
    choice.refresh_from_db()
    asked_again = question.removed_at is None or choice.removed_at is None
    return not asked_again and event.questions.count() == 1 and event.registrations.get().answers == {"secret": "soup"}


def test_whoever_is_limited_to_other_events_finds_nothing_of_a_question(client):
    hidden = answered_question()
    own = make_event()
    user = make_user(ORGANISERS)
    restrict_to_events(user, own)
    client.force_login(user)
    for method, address in list_addresses(*hidden):
        response = getattr(client, method)(address)
        found = response.status_code == 404 or response.headers.get("Location") == "/admin/"
        assert found, (method, address)
        assert "SecretQuestion" not in response.content.decode()
    for query in ({}, {"asked": "all"}, {"event": hidden[0].pk, "asked": "all"}):
        text = client.get(LIST_URL, query, follow=True).content.decode()
        assert "SecretQuestion" not in text
        assert "OfTheOtherEvent" not in text
    response = client.get(ADD_URL, {"event": hidden[0].pk})
    assert "OfTheOtherEvent" not in response.content.decode()
    post_question(client, hidden[0])
    assert is_unchanged(*hidden)


@pytest.mark.parametrize("group", [HELPERS, "Staff", None])
def test_questions_are_not_for_everybody_who_logs_in(client, group):
    hidden = answered_question()
    client.force_login(make_user(group))
    for method, address in [*list_addresses(*hidden), ("get", LIST_URL), ("get", ADD_URL), ("post", ADD_URL)]:
        assert getattr(client, method)(address).status_code == 403, (method, address)
    assert is_unchanged(*hidden)


def test_whoever_may_not_see_needs_makes_changes_and_erases_no_question_about_them(client):
    event, question, _choice = hidden = answered_question()
    Question.objects.update(is_about_needs=True)
    client.force_login(without_needs())
    text = get_page(client, ADD_URL, event=event.pk)
    assert "is_about_needs" not in text
    client.post(f"{ADD_URL}?event={event.pk}", make_question_form(key="mine", is_about_needs="on"))
    assert not event.questions.get(key="mine").is_about_needs
    event.questions.filter(key="mine").delete()
    assert question_url("ready_made", event.pk, "access_needs") not in get_page(client, LIST_URL, event=event.pk)
    assert client.post(question_url("ready_made", event.pk, "access_needs")).status_code == 403
    assert client.get(question_url("change", question.pk)).status_code == 200
    for method, address in list_addresses(*hidden)[3:-1]:
        assert getattr(client, method)(address).status_code == 403, (method, address)
    client.post(question_url("change", question.pk), make_question_form(label_1="Changed"))
    question.refresh_from_db()
    assert str(question.label) == "SecretQuestion"
    assert is_unchanged(*hidden)


def test_whoever_may_not_see_needs_is_not_told_how_many_have_some(client):
    event, _question, _choice = answered_question()
    client.force_login(without_needs())
    Question.objects.update(removed_at=None)

    def counted():
        (listed,) = client.get(LIST_URL, {"event": event.pk}).context["cl"].result_list
        return listed.number_of_answers

    assert counted() == 1
    Question.objects.update(is_about_needs=True)
    assert counted() is None


@pytest.mark.parametrize("pk", ["0", "999999", "99999999999999999999", "x", "%00"])
@pytest.mark.parametrize("page_name", ["change", "delete", "erase", "again", "history"])
def test_nonsense_in_an_address_is_never_an_error_of_the_site(organiser, pk, page_name):
    response = organiser.post(f"{LIST_URL}{pk}/{page_name}/")
    assert response.status_code in (302, 404)


@pytest.mark.parametrize(
    "query",
    [
        {"_facets": "True"},
        {"event": "x"},
        {"event": "99999999999999999999"},
        {"asked": "x"},
        {"event": "\x00"},
        {"key": "x"},
        {"o": "9.x"},
    ],
)
@pytest.mark.parametrize("address", [LIST_URL, ADD_URL])
def test_nonsense_in_a_query_is_never_an_error_of_the_site(organiser, address, query):
    make_question(make_event())
    assert organiser.get(address, query, follow=True).status_code in (200, 400)


@pytest.mark.parametrize("name", ["nonsense", "-"])
def test_there_is_no_ready_made_question_of_another_name(organiser, name):
    assert organiser.post(question_url("ready_made", make_event().pk, name)).status_code == 404


def test_what_is_written_into_a_question_is_no_markup(organiser):
    payload = '"><script>alert(1)</script>'
    event = make_event()
    question = make_question(event, label=payload, help_text=payload, kind="one_of", removed_at=timezone.now())
    make_choice(question, "soup", label=payload, removed_at=timezone.now())
    for address in (
        question_url("change", question.pk),
        question_url("delete", question.pk),
        question_url("erase", question.pk),
    ):
        assert "<script>alert" not in get_page(organiser, address)
    assert "<script>alert" not in get_page(organiser, LIST_URL, asked="all")


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_list_costs_the_same_queries_whatever_its_length(organiser, django_assert_num_queries, number):
    event = make_event(starts_at=timezone.now() + timedelta(days=9))
    bus = make_question(event, "bus", kind="yes_no")
    for one in range(number):
        question = make_question(event, f"q{one}", kind="one_of", shown_if=bus, shown_if_answer="yes")
        make_choice(question, "soup")
        make_registration(event, answers={"bus": True, f"q{one}": "soup"})
    get_page(organiser, LIST_URL)
    with django_assert_num_queries(19):
        get_page(organiser, LIST_URL, event=event.pk)


@pytest.mark.parametrize("number", [1, 3, 30])
def test_a_questions_page_costs_the_same_queries_whatever_it_holds(organiser, django_assert_num_queries, number):
    event = make_event()
    question = make_question(event, "lunch", kind="one_of")
    for one in range(number):
        make_choice(question, f"c{one}")
        make_choice(question, f"r{one}", removed_at=timezone.now())
        make_question(event, f"q{one}", kind="yes_no")
        make_registration(event, answers={"lunch": f"r{one}"})
    get_page(organiser, question_url("change", question.pk))
    with django_assert_num_queries(25):
        get_page(organiser, question_url("change", question.pk))
