from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from registrations import operations
from registrations.mail import outbox
from registrations.models import Registration
from registrations.operations import person_details
from registrations.permissions import ORGANISERS
from tests.factories import make_event, make_question, make_registration, make_topic, make_user
from tests.registrations.admin.requests import (
    ADD_URL,
    EXPORT_URL,
    LIST_URL,
    get_first_page,
    get_page,
    post_export,
    read_download,
    run_action,
)

pytestmark = pytest.mark.django_db


PAYLOAD = '"><script>alert(1)</script>'


def get_listed_names(content: str) -> set[str]:
    return {name for name in ("Bērziņš", "Kalniņa", "Ozols") if name in content}


def post_change(client, registration, **values):
    data = {
        "first_name": registration.first_name,
        "last_name": registration.last_name,
        "email": registration.email,
        "language": registration.language,
        "emails-TOTAL_FORMS": 0,
        "emails-INITIAL_FORMS": 0,
        **values,
    }
    return client.post(reverse("admin:registrations_registration_change", args=[registration.pk]), data)


def test_the_list_shows_who_registered(organiser):
    registration = make_registration(make_event(slug="libraries"), last_name="Bērziņš", organisation="LNB")
    content = get_page(organiser, LIST_URL)
    for expected in ("Anna Bērziņš", "LNB", registration.email, "confirmed", "libraries"):
        assert expected in content


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"status__exact": "waitlisted"}, {"Kalniņa"}),
        ({"sector__exact": "library"}, {"Bērziņš"}),
        ({"country": "EE"}, {"Kalniņa"}),
        ({"language": "lv"}, {"Bērziņš"}),
        ({"q": "berzins"}, {"Bērziņš"}),
        ({"q": "K7M2PXQ4"}, {"Bērziņš"}),
        ({"q": "tartu"}, {"Kalniņa"}),
        ({"q": "kalnina@"}, {"Kalniņa"}),
    ],
)
def test_filters_and_search_narrow_the_list_and_the_export_alike(organiser, query, found):
    event = make_event()
    make_registration(
        event, last_name="Bērziņš", sector="library", language="lv", country="LV", reference="K7M2PXQ4", email="b@x.lv"
    )
    make_registration(
        event, "waitlisted", last_name="Kalniņa", country="EE", organisation="Tartu", email="kalnina@x.lv"
    )
    assert get_listed_names(get_page(organiser, LIST_URL, **query)) == found
    assert get_listed_names(read_download(post_export(organiser, **query)).decode()) == found


def test_the_list_filters_by_event_topic_and_date(organiser):
    event, other = make_event(), make_event()
    topic = make_topic(event)
    make_registration(event, last_name="Bērziņš").topics.add(topic)
    make_registration(event, last_name="Kalniņa", created_at=timezone.now() - timedelta(days=3))
    make_registration(other, last_name="Ozols")
    assert get_listed_names(get_page(organiser, LIST_URL, event=event.pk)) == {"Bērziņš", "Kalniņa"}
    assert get_listed_names(get_page(organiser, LIST_URL, topic=topic.pk)) == {"Bērziņš"}
    today = timezone.localdate()
    assert get_listed_names(get_page(organiser, LIST_URL, created_at__gte=f"{today} 00:00:00+02:00")) == {
        "Bērziņš",
        "Ozols",
    }


@pytest.mark.parametrize(
    "query",
    [
        {"event": "x"},
        {"event": "99999999999999999999"},
        {"topic": "x"},
        {"country": "'"},
        {"language": "%"},
        {"status__exact": "x"},
        {"created_at__gte": "x"},
        {"created_at__year": "99999"},
        {"last_name__regex": "["},
        {"answers__range": "1"},
        {"nonsense": "1"},
        {"o": "x.99"},
        {"o": "1.2.-99"},
        {"p": "-1"},
        {"q": "\x00"},
    ],
)
@pytest.mark.parametrize("address", [LIST_URL, EXPORT_URL])
def test_nonsense_in_the_address_is_never_an_error_of_the_site(organiser, query, address):
    make_registration(make_event())
    response = organiser.get(address, query, follow=True)
    list(response)  # to its end, so that the file behind it is closed
    assert response.status_code in (200, 400)


@pytest.mark.parametrize("column", range(1, 7))
def test_every_column_can_be_sorted_by(organiser, column):
    event = make_event()
    for last_name in ("Bērziņš", "Āboliņa"):
        make_registration(event, last_name=last_name)
    assert get_listed_names(get_page(organiser, LIST_URL, o=f"{column}.-1")) == {"Bērziņš"}
    assert get_listed_names(get_page(organiser, LIST_URL, o=f"-{column}")) == {"Bērziņš"}


def test_people_are_sorted_by_last_name(organiser):
    event = make_event()
    for first_name, last_name in (("B", "A"), ("A", "B"), ("A", "A")):
        make_registration(event, first_name=first_name, last_name=last_name)
    listed = organiser.get(LIST_URL, {"o": "1"}).context["cl"].result_list
    assert [registration.full_name for registration in listed] == ["A A", "B A", "A B"]


def test_actions_do_what_they_can_and_say_what_they_could_not(organiser):
    event = make_event(capacity=1)
    holder = make_registration(event)
    cancelled = make_registration(event, "cancelled")
    assert run_action(organiser, "confirm", holder, cancelled) == [
        f"{holder.full_name} ({holder.reference}): no change needed.",
        f"{cancelled.full_name} ({cancelled.reference}): All places are taken.",
    ]
    assert run_action(organiser, "cancel", holder) == ["Cancelled: 1."]
    assert run_action(organiser, "confirm", cancelled) == ["Confirmed: 1."]
    waiting = make_registration(event, "waitlisted")
    assert run_action(organiser, "move_to_waiting_list", cancelled) == [
        "Moved to the waiting list: 1.",
        "1 person got a place from the waiting list.",
    ]
    waiting.refresh_from_db()
    assert waiting.is_confirmed
    assert run_action(organiser, "send_link_again", waiting) == ["Personal links being e-mailed: 1."]
    assert list(waiting.emails.values_list("kind", flat=True)) == ["promoted", "registered"]


def test_the_status_cannot_be_changed_past_the_operations(organiser):
    registration = make_registration(make_event(), "waitlisted")
    response = post_change(organiser, registration, status="confirmed", reference="XXXXXXXX", internal_note="phoned")
    assert response.status_code == 302
    registration.refresh_from_db()
    assert (registration.status, registration.internal_note) == ("waitlisted", "phoned")
    assert registration.reference != "XXXXXXXX"


def test_saving_a_page_opened_earlier_does_not_undo_a_cancellation(organiser):
    registration = make_registration(make_event())
    stale = Registration.objects.get(pk=registration.pk)
    run_action(organiser, "cancel", registration)
    post_change(organiser, stale, organisation="LNB")
    registration.refresh_from_db()
    assert (registration.status, registration.organisation) == ("cancelled", "LNB")


def test_a_corrected_address_gets_the_new_link(organiser):
    registration = make_registration(make_event(), email="old@example.lv")
    assert post_change(organiser, registration, email="new@example.lv").status_code == 302
    (email,) = registration.emails.all()
    assert (email.kind, email.to) == ("registered", "new@example.lv")


def test_the_name_and_address_of_another_live_registration_are_refused(organiser):
    event, told = (
        make_event(),
        "There is already a registration of this person for this event with this e-mail address.",
    )
    make_registration(event, email="library@example.lv", first_name="Anna", last_name="Bērziņa")
    registration = make_registration(event, email="library@example.lv", first_name="Ilze", last_name="Otrā")
    assert told in post_change(organiser, registration, first_name="Berzina", last_name="Anna").content.decode()
    assert post_change(organiser, registration, first_name="Ieva").status_code == 302
    other = make_registration(event, email="other@example.lv", first_name="Anna", last_name="Bērziņa")
    assert told in post_change(organiser, other, email="LIBRARY@example.lv").content.decode()


def test_where_each_address_can_have_one_registration_that_of_another_person_is_refused(organiser):
    event = make_event(one_per_address=True)
    told = "The event takes one registration per e-mail address, and there is one with this address."
    anna, ilze = (make_registration(event, email=f"{name}@example.lv", first_name=name) for name in ("Anna", "Ilze"))
    assert told in post_change(organiser, ilze, email="ANNA@example.lv").content.decode()
    assert post_change(organiser, ilze, email="ILZE@example.lv", last_name="Otrā").status_code == 302
    Registration.objects.filter(pk=ilze.pk).update(email="anna@example.lv")  # since before it was so
    ilze.refresh_from_db()
    for one in (anna, ilze):
        assert post_change(organiser, one, last_name="Trešā").status_code == 302
    assert set(event.registrations.values_list("first_name", "last_name")) == {("Anna", "Trešā"), ("Ilze", "Trešā")}


def test_the_log_names_no_person(organiser):
    registration = make_registration(make_event(), last_name="Bērziņš")
    post_change(organiser, registration, organisation="LNB")
    entry = LogEntry.objects.get()
    assert entry.object_repr == registration.reference
    assert "Bērziņš" not in entry.get_change_message()


def test_registrations_are_cancelled_not_deleted(organiser):
    registration = make_registration(make_event())
    assert organiser.get(reverse("admin:registrations_registration_delete", args=[registration.pk])).status_code == 403
    assert "delete_selected" not in get_page(organiser, LIST_URL)


def test_staff_see_and_export_and_change_nothing(staff):
    registration = make_registration(make_event())
    address = reverse("admin:registrations_registration_change", args=[registration.pk])
    assert registration.email in get_page(staff, address)
    assert staff.get(ADD_URL).status_code == 403
    assert post_change(staff, registration, organisation="LNB").status_code == 403
    run_action(staff, "cancel", registration)
    registration.refresh_from_db()
    assert (registration.status, registration.organisation) == ("confirmed", "")
    for model in ("conference_event", "registrations_outgoingemail", "auth_user"):
        assert staff.get(reverse(f"admin:{model}_changelist")).status_code == 403


def test_visitors_see_nothing_of_the_admin(client):
    registration = make_registration(make_event())
    for address in (
        LIST_URL,
        EXPORT_URL,
        ADD_URL,
        reverse("admin:registrations_registration_change", args=[registration.pk]),
    ):
        response = client.get(address)
        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/")


def test_nothing_that_a_visitor_typed_becomes_markup_in_the_admin(organiser):
    event = make_event()
    make_question(event)
    registration = make_registration(
        event,
        first_name=PAYLOAD,
        last_name=PAYLOAD,
        organisation=PAYLOAD,
        job_title=PAYLOAD,
        answers={"lunch": PAYLOAD},
        internal_note=PAYLOAD,
    )
    email = outbox.queue(registration, "registered")
    email.mark_failed(timezone.now(), PAYLOAD)
    email.save()
    for address in (
        LIST_URL,
        reverse("admin:registrations_registration_change", args=[registration.pk]),
        reverse("admin:registrations_registration_history", args=[registration.pk]),
        reverse("admin:registrations_outgoingemail_changelist"),
    ):
        assert "<script>alert" not in get_page(organiser, address)
    assert "<script>alert" not in get_first_page(organiser)


def test_staff_do_not_see_the_internal_note(staff):
    registration = make_registration(make_event(), internal_note="SECRET-NOTE")
    address = reverse("admin:registrations_registration_change", args=[registration.pk])
    assert "SECRET-NOTE" not in get_page(staff, address)
    staff.force_login(make_user(ORGANISERS))
    assert "SECRET-NOTE" in get_page(staff, address)


@pytest.mark.parametrize("chosen", ["abc", "\x00", "1 OR 1"])
def test_rows_are_chosen_by_their_numbers(organiser, chosen):
    make_registration(make_event())
    assert organiser.post(LIST_URL, {"action": "cancel", "_selected_action": [chosen]}).status_code == 400
    assert Registration.objects.get().is_confirmed


def test_actions_leave_a_record_of_who_did_what(organiser):
    registration = make_registration(make_event())
    run_action(organiser, "cancel", registration)
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_repr, entry.change_message) == (
        organiser.user,
        registration.reference,
        "Cancel the registration: cancelled",
    )


def test_a_busy_event_is_told_and_nothing_is_changed(organiser, monkeypatch):
    registration = make_registration(make_event(), email="old@example.lv")

    def busy(*arguments, **how):
        raise operations.Busy

    monkeypatch.setattr(person_details, "replace_link_with_address", busy)
    response = post_change(organiser, registration, email="new@example.lv", organisation="LNB")
    assert response.status_code == 302
    told = [str(message) for message in organiser.get(response["Location"]).context["messages"]]
    assert told == ["The site is very busy right now. Nothing was saved; please send the form again in a minute."]
    registration.refresh_from_db()
    assert (registration.email, registration.organisation) == ("old@example.lv", "")
