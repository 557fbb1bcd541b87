import re

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.urls import reverse

from conference.models import Event
from registrations.mail import delivery
from registrations.models import Mailing, OutgoingEmail
from tests.factories import make_event, make_registration, make_user, restrict_to_events
from tests.registrations.admin.requests import LIST_URL, get_page

pytestmark = pytest.mark.django_db

COMPOSE_URL = reverse("admin:registrations_mailing_add")
TEXT = {
    "subject_0": "Ziņa, {first_name}",
    "subject_1": "News, {first_name}",
    "text_0": "**Sveiki**, {first_name}!",
    "text_1": "**Hello**, {first_name}!",
}


def get_hidden_fields(response) -> dict:
    """What the page keeps for the next button."""
    return dict(re.findall(r'<input type="hidden" name="(id|previewed)" value="([^"]*)">', response.content.decode()))


def of_event() -> str:
    """The query of the only event's people."""
    return f"?event={Event.objects.get().pk}"


def post_preview(client, query=None, **values):
    query = of_event() if query is None else query
    response = client.post(f"{COMPOSE_URL}{query}", {**TEXT, **values, "preview": "Preview"})
    assert response.status_code == 200
    return response


def post_send(client, response, query=None, **values):
    query = of_event() if query is None else query
    return client.post(f"{COMPOSE_URL}{query}", {**TEXT, **get_hidden_fields(response), **values, "send": "Send"})


def test_a_message_is_previewed_counted_confirmed_and_sent_in_each_persons_language(organiser):
    event = make_event()
    make_registration(event, first_name="Anna", language="lv")
    john = make_registration(event, "waitlisted", first_name="John", language="en")
    make_registration(event, "cancelled", first_name="Gone", language="en")
    query = "?status__exact=confirmed"
    assert "This will be sent to 1 person." in get_page(organiser, COMPOSE_URL, status__exact="confirmed")

    response = post_preview(organiser, **{"as": str(john.pk)})
    text = response.content.decode()
    assert "This will be sent to 2 people." in text  # not to who cancelled, unless that is asked for
    assert "Confirmed: 1. On the waiting list: 1." in text
    assert "This will be sent to 1 person." in get_page(organiser, COMPOSE_URL, status__exact="cancelled")
    assert f"What {john.full_name} will receive" in text
    assert "<strong>Hello</strong>, John!" in text
    assert "<strong>Sveiki</strong>, John!" in text
    assert not OutgoingEmail.objects.exists()

    response = post_preview(organiser, query)
    sent = post_send(organiser, response, query)
    mailing = Mailing.objects.get()
    assert sent["Location"] == reverse("admin:registrations_mailing_change", args=[mailing.pk])
    assert "The e-mail is on its way to 1 person." in get_page(organiser, sent["Location"])
    assert mailing.created_by == organiser.user
    assert delivery.send_due() == (1, 0)
    assert mail.outbox[0].subject == "Ziņa, Anna"
    assert "Sveiki, Anna!" in mail.outbox[0].body


def test_a_double_click_sends_once(organiser):
    registration = make_registration(make_event())
    response = post_preview(organiser)
    first, second = (post_send(organiser, response) for _number in range(2))
    assert first["Location"] == second["Location"]
    assert registration.emails.count() == 1
    assert Mailing.objects.count() == 1


def test_what_was_changed_after_the_preview_is_not_sent(organiser):
    event = make_event()
    make_registration(event)
    response = post_preview(organiser)
    answer = post_send(organiser, response, text_1="Something else")
    assert "Nothing was sent; please check it again." in answer.content.decode()
    make_registration(event)
    answer = post_send(organiser, response)
    assert "Nothing was sent; please check it again." in answer.content.decode()
    assert not Mailing.objects.exists()
    assert not OutgoingEmail.objects.exists()


def test_sending_without_a_preview_sends_nothing(organiser):
    make_registration(make_event())
    response = organiser.post(f"{COMPOSE_URL}{of_event()}", {**TEXT, "send": "Send"})
    assert response.status_code == 200
    assert not OutgoingEmail.objects.exists()


def test_only_the_ticked_people_are_written_to(organiser):
    event = make_event()
    people = [make_registration(event) for _number in range(3)]
    chosen = [str(registration.pk) for registration in people[:2]]
    response = organiser.post(LIST_URL, {"action": "send_email", "_selected_action": chosen})
    assert response["Location"] == f"{COMPOSE_URL}?selected={'%2C'.join(chosen)}"
    query = f"?selected={','.join(chosen)}"
    post_send(organiser, post_preview(organiser, query), query)
    assert sorted(OutgoingEmail.objects.values_list("registration", flat=True)) == [one.pk for one in people[:2]]


def test_everybody_that_the_list_shows_is_written_to_when_all_are_ticked(organiser):
    event, other = make_event(), make_event()
    people = [make_registration(event) for _number in range(3)]
    make_registration(other)
    data = {"action": "send_email", "_selected_action": [str(people[0].pk)], "select_across": "1"}
    response = organiser.post(f"{LIST_URL}?event={event.pk}", data)
    assert response["Location"] == f"{COMPOSE_URL}?event={event.pk}"
    assert "This will be sent to 3 people." in get_page(organiser, response["Location"])


def test_who_was_erased_is_not_written_to(organiser):
    event = make_event()
    make_registration(event, "cancelled", email="", first_name="", last_name="", erased_at=event.updated_at)
    assert "There is nobody to write to in this list." in get_page(organiser, COMPOSE_URL, event=event.pk)


def test_an_unknown_placeholder_is_told_at_the_field(organiser):
    make_registration(make_event())
    response = post_preview(organiser, text_1="Hello {event.__class__}")
    assert "{event.__class__} is not a placeholder." in response.content.decode()
    assert get_hidden_fields(response).get("previewed") is None


def test_filters_that_do_not_exist_lead_back_to_the_list(organiser):
    make_registration(make_event())
    response = organiser.get(COMPOSE_URL, {"event": "999999"})
    assert response["Location"] == LIST_URL


def test_what_a_visitor_typed_is_text_in_the_preview(organiser):
    make_registration(make_event(), first_name="<script>alert(1)</script>", last_name="[x](http://evil.example)")
    text = post_preview(organiser).content.decode()
    assert "<script>alert" not in text
    assert 'href="http://evil' not in text


def test_no_personal_link_is_shown_in_the_preview(organiser):
    registration = make_registration(make_event())
    text = post_preview(organiser, text_1="See {link} or [here]({link}).").content.decode()
    assert registration.manage_token not in text
    assert registration.manage_token.partition(".")[2] not in text
    assert "/en/r/…/" in text


def test_progress_and_failures_are_counted(organiser):
    event = make_event()
    for _number in range(3):
        make_registration(event)
    post_send(organiser, post_preview(organiser))
    sent, failed, _waiting = OutgoingEmail.objects.order_by("pk")
    OutgoingEmail.objects.filter(pk=sent.pk).update(next_attempt_at=None, sent_at=event.updated_at)
    OutgoingEmail.objects.filter(pk=failed.pk).update(next_attempt_at=None, last_error="550 No such user")
    mailing = Mailing.objects.get()
    shown = get_page(organiser, reverse("admin:registrations_mailing_change", args=[mailing.pk]))
    for label in ("Sent", "Waiting to be sent", "Failed"):
        assert re.search(rf"<label>{label}:</label>\s*<div class=\"readonly\">1</div>", shown), label
    outbox = reverse("admin:registrations_outgoingemail_changelist")
    listed = get_page(organiser, outbox, mailing__id__exact=str(mailing.pk), state="given_up")
    assert "550 No such user" in listed
    assert "1 e-mail" in listed


def test_staff_write_to_nobody(staff):
    make_registration(make_event())
    assert staff.get(COMPOSE_URL).status_code == 403
    assert staff.post(COMPOSE_URL, TEXT).status_code == 403
    assert "Send e-mail" not in get_page(staff, LIST_URL)


def test_who_may_not_see_the_list_writes_to_nobody_on_it(client):
    user = make_user()
    user.user_permissions.set(Permission.objects.filter(codename="add_mailing"))
    client.force_login(user)
    make_registration(make_event())
    assert client.get(COMPOSE_URL).status_code == 403


@pytest.mark.parametrize("number", [1, 60])
def test_a_mailing_costs_the_same_queries_for_few_and_for_many(organiser, django_assert_num_queries, number):
    event = make_event()
    for _number in range(number):
        make_registration(event)
    response = post_preview(organiser)
    with django_assert_num_queries(25):
        post_send(organiser, response)
    assert OutgoingEmail.objects.filter(is_bulk=True).count() == number


def test_a_second_message_written_after_going_back_is_sent_too(organiser):
    registration = make_registration(make_event())
    first = post_preview(organiser)
    post_send(organiser, first)
    second = post_preview(organiser, text_1="Room changed!", id=get_hidden_fields(first)["id"])
    post_send(organiser, second, text_1="Room changed!")
    assert Mailing.objects.count() == 2
    assert registration.emails.count() == 2


@pytest.mark.parametrize("values", [{"as": "9" * 5000}, {"as": "-1"}, {"id": "nonsense"}, {"as": "\u0665"}])
def test_nonsense_in_the_form_is_no_error_of_the_site(organiser, values):
    make_registration(make_event())
    assert get_hidden_fields(post_preview(organiser, **values))["previewed"]
    assert organiser.get(COMPOSE_URL, {"selected": "9" * 5000}).status_code == 200


def test_a_language_that_is_left_empty_though_people_read_it_is_told(organiser):
    event = make_event()
    for language in ("lv", "en", "en"):
        make_registration(event, language=language)
    response = post_preview(organiser, subject_1="", text_1="")
    assert "There is no English text for 2 people who get e-mail in that language." in " ".join(
        response.content.decode().split()
    )
    assert "There is no English text" not in post_preview(organiser).content.decode()


def test_a_subject_holds_no_personal_link(organiser):
    make_registration(make_event())
    response = post_preview(organiser, subject_1="See {link}")
    assert "{link} is not a placeholder." in response.content.decode()


def test_nonsense_in_the_choice_of_people_chooses_nobody(organiser):
    make_registration(make_event())
    assert "There is nobody to write to in this list." in get_page(organiser, COMPOSE_URL, selected="abc")


def test_without_a_list_it_asks_for_the_event_and_the_people_and_writes_to_nobody_else(organiser):
    event, other = make_event(), make_event()
    waiting = make_registration(event, "waitlisted")
    for one, status in ((event, "confirmed"), (other, "waitlisted"), (event, "cancelled")):
        make_registration(one, status)
    page = get_page(organiser, COMPOSE_URL)
    assert "Choose who will get the message." in page
    assert "This will be sent to" not in page
    assert f'<option value="{event.pk}">{event}</option>' in page
    assert not re.search(r'name="people"[^>]* checked', get_page(organiser, COMPOSE_URL))
    assert "Please correct the error" in get_page(organiser, COMPOSE_URL, people="waitlisted")  # no event
    response = organiser.get(COMPOSE_URL, {"event": event.pk, "people": "waitlisted"})
    assert response["Location"] == f"{COMPOSE_URL}?event={event.pk}&status__exact=waitlisted"
    query = response["Location"].removeprefix(COMPOSE_URL)
    post_send(organiser, post_preview(organiser, query), query)
    assert list(OutgoingEmail.objects.values_list("registration", flat=True)) == [waiting.pk]
    response = organiser.get(COMPOSE_URL, {"event": event.pk, "people": "all"})
    assert "This will be sent to 2 people." in get_page(organiser, response["Location"])


def test_what_is_sent_to_the_page_without_a_list_goes_to_nobody(organiser):
    make_registration(make_event())
    response = organiser.post(COMPOSE_URL, {**TEXT, "send": "Send"})
    assert "Choose who will get the message." in response.content.decode()
    assert not OutgoingEmail.objects.exists()


def test_filters_that_show_people_of_several_events_stay_when_the_event_is_chosen(organiser):
    event, other = make_event(), make_event()
    for one in (event, other):
        make_registration(one, tags=["press"])
        make_registration(one)
    page = get_page(organiser, COMPOSE_URL, tag="press", status__exact="confirmed")
    assert '<input type="hidden" name="tag" value="press">' in page
    assert re.search(r'value="confirmed"[^>]* checked', page)
    response = organiser.get(COMPOSE_URL, {"tag": "press", "event": event.pk, "people": "confirmed"})
    assert response["Location"] == f"{COMPOSE_URL}?tag=press&event={event.pk}&status__exact=confirmed"
    assert "This will be sent to 1 person." in get_page(organiser, response["Location"])


def test_only_events_that_the_user_may_see_are_offered_and_taken(organiser):
    event, other = make_event(), make_event()
    for one in (event, other):
        make_registration(one)
    restrict_to_events(organiser.user, event)
    page = get_page(organiser, COMPOSE_URL)
    assert f'<input type="hidden" name="event" value="{event.pk}"' in page
    assert f'value="{other.pk}"' not in page
    assert "Select a valid choice" in get_page(organiser, COMPOSE_URL, event=other.pk, people="all")
