from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from registrations import operations
from registrations.mail import delivery
from registrations.models import OutgoingEmail, Registration
from tests.factories import build_registration, make_event, make_question, make_registration, make_topic
from tests.registrations.stored_state import list_email_kinds, list_statuses

pytestmark = pytest.mark.django_db
BY_HAND = Registration.Source.BY_HAND


def test_unsent_e_mails_go_to_the_changed_address():
    event = make_event()
    registration, _has_place = operations.register(build_registration(event, email="old@example.lv"))
    sent = OutgoingEmail.objects.get()
    sent.mark_sent(timezone.now())
    sent.save()
    operations.cancel(registration)
    stale = Registration.objects.get(pk=registration.pk)
    operations.correct_details(registration, values={"email": "new@example.lv"}, by=None)
    operations.resend_link(stale)
    delivery.send_due()
    told = registration.emails.exclude(sent_at=None).order_by("pk")
    assert list(told.values_list("kind", "to")) == [("registered", "old@example.lv"), ("cancelled", "new@example.lv")]
    assert [message.to for message in mail.outbox] == [["new@example.lv"]]


def test_who_gets_another_persons_place_gets_a_new_ticket_and_a_correction_keeps_it():
    registration = make_registration(make_event(), email="anna@example.lv", first_name="Ana")
    ticket = registration.ticket_code
    for values in ({"first_name": "Anna"}, {"email": "anna.ozola@example.lv"}):
        operations.correct_details(registration, values=values, by=None)
        assert Registration.objects.get().ticket_code == ticket
    operations.correct_details(registration, values={"first_name": "Ilze", "email": "ilze@example.lv"}, by=None)
    assert Registration.objects.get().ticket_code == registration.ticket_code != ticket


def test_a_message_that_failed_goes_to_the_new_address_with_the_new_link():
    event = make_event()
    registration, _has_place = operations.register(build_registration(event, email="old@example.lv"))
    old_token = registration.manage_token
    email = OutgoingEmail.objects.get()
    delivery.build_message(email)
    email.mark_failed(timezone.now() - timedelta(hours=1), "refused")
    email.save()
    operations.correct_details(registration, values={"email": "new@example.lv"}, by=None)
    delivery.send_due()
    assert {message.to[0] for message in mail.outbox} == {"new@example.lv"}
    assert all(old_token not in message.body for message in mail.outbox)


def test_an_address_that_another_live_registration_has_cannot_be_taken():
    event = make_event()
    other = make_registration(event, email="anna@example.lv", last_name="Bērziņa")
    registration = make_registration(event, email="old@example.lv", last_name="Berzina")
    with pytest.raises(operations.AlreadyRegistered) as refusal:
        operations.correct_details(registration, values={"email": "ANNA@example.lv"}, by=None)
    assert refusal.value.registration == other
    operations.correct_details(registration, values={"email": "OLD@example.lv"}, by=None)
    assert Registration.objects.get(pk=registration.pk).email == "OLD@example.lv"


@pytest.mark.parametrize(
    "values", [{"first_name": "ANNA"}, {"first_name": "Ozola", "last_name": "Anna"}, {"first_name": "Anna "}]
)
def test_nobody_becomes_a_colleague_who_shares_the_address(values):
    event, address = make_event(), "library@example.lv"
    make_registration(event, email=address, first_name="Anna", last_name="Ozola")
    ilze = make_registration(event, email=address, first_name="Ilze", last_name="Ozola")
    with pytest.raises(operations.AlreadyRegistered):
        operations.correct_details(ilze, values=values, by=None)
    with pytest.raises(operations.AlreadyRegistered):
        change(ilze, **values)
    assert Registration.objects.get(pk=ilze.pk).first_name == "Ilze"
    operations.correct_details(ilze, values={**values, "email": "ilze@example.lv"}, by=None)
    with pytest.raises(operations.AlreadyRegistered):
        operations.correct_details(ilze, values={"email": address}, by=None)


def change(registration, *, topics=(), email=None, **values) -> bool:
    return operations.change_details(registration, values=values, topics=topics, email=email or registration.email)


def test_a_change_is_saved_and_confirmed_by_e_mail():
    event = make_event()
    make_question(event, "lunch")
    registration = make_registration(event, answers={"lunch": "Soup"})
    topic = make_topic(event)
    assert change(registration, last_name="Kalniņa", answers={"lunch": "Salad"}, topics=[topic])
    registration.refresh_from_db()
    assert (registration.last_name, registration.answers) == ("Kalniņa", {"lunch": "Salad"})
    assert list(registration.topics.all()) == [topic]
    assert list_email_kinds(registration) == ["changed"]


def test_no_e_mail_confirms_a_change_of_nothing():
    registration = make_registration(make_event(), last_name="Kalniņa")
    assert not change(registration, last_name="Kalniņa")
    assert list_email_kinds(registration) == []


def test_a_change_touches_no_other_field():
    registration = make_registration(make_event(), organisation="LNB")
    stale = Registration.objects.get(pk=registration.pk)
    Registration.objects.filter(pk=registration.pk).update(internal_note="by an organiser meanwhile")
    change(stale, organisation="RCB")
    registration.refresh_from_db()
    assert (registration.organisation, registration.internal_note) == ("RCB", "by an organiser meanwhile")


@pytest.mark.parametrize(
    ("values", "is_allowed"),
    [
        ({}, True),
        ({"changes_until": timezone.now() - timedelta(hours=1)}, False),
        ({"registration_closes_at": timezone.now() - timedelta(hours=1)}, False),
        (
            {
                "registration_closes_at": timezone.now() - timedelta(hours=1),
                "changes_until": timezone.now() + timedelta(hours=1),
            },
            True,
        ),
        ({"starts_at": timezone.now() - timedelta(days=2), "changes_until": timezone.now() + timedelta(days=9)}, False),
    ],
)
def test_changes_end_when_the_event_says_so(values, is_allowed):
    registration = make_registration(make_event(**values))
    if is_allowed:
        assert change(registration, last_name="Kalniņa")
        return
    with pytest.raises(operations.OperationError, match="It is too late to change this here"):
        change(registration, last_name="Kalniņa")
    registration.refresh_from_db()
    assert registration.last_name != "Kalniņa"


def test_a_cancelled_registration_is_not_changed():
    registration = make_registration(make_event(), "cancelled")
    with pytest.raises(operations.OperationError):
        change(registration, last_name="Kalniņa")


def test_a_new_address_takes_effect_when_it_is_confirmed():
    event = make_event()
    registration = make_registration(event, email="old@example.lv")
    old = registration.manage_token
    assert change(registration, email="new@example.lv")
    registration.refresh_from_db()
    assert (registration.email, registration.new_email) == ("old@example.lv", "new@example.lv")
    assert list(registration.emails.order_by("pk").values_list("kind", "to")) == [
        ("new_address", "new@example.lv"),
        ("address_notice", "old@example.lv"),
    ]
    assert Registration.objects.get_by_token(old) == registration

    assert operations.confirm_new_address(registration, "new@example.lv")
    assert not operations.confirm_new_address(registration, "new@example.lv")
    registration.refresh_from_db()
    assert (registration.email, registration.new_email) == ("new@example.lv", "")
    with pytest.raises(Registration.DoesNotExist):
        Registration.objects.get_by_token(old)
    assert list_email_kinds(registration)[2:] == ["registered"]
    assert registration.emails.latest("pk").to == "new@example.lv"


def count_links_to(registration, email: str) -> int:
    return registration.emails.filter(kind="new_address", to=email).count()


def test_who_enters_a_new_address_again_gets_another_link_only_if_the_last_one_never_went_out():
    registration = make_registration(make_event(), email="old@example.lv")
    assert change(registration, email="new@example.lv")
    version = registration.new_link_version
    assert not change(registration, email="new@example.lv")  # it waits
    drop = {"sent_at": None, "next_attempt_at": None}
    registration.emails.update(**drop)
    assert change(registration, email="new@example.lv")
    assert not change(registration, email="new@example.lv")
    registration.emails.update(next_attempt_at=None, sent_at=timezone.now())
    assert not change(registration, email="new@example.lv")
    assert (count_links_to(registration, "new@example.lv"), registration.new_link_version) == (2, version)
    assert list_email_kinds(registration).count("address_notice") == 1
    # What was sent to the address when it was entered before another one opens nothing any more.
    assert change(registration, email="other@example.lv")
    OutgoingEmail.objects.update(created_at=timezone.now() - timedelta(hours=2))
    assert change(registration, email="new@example.lv")
    registration.emails.filter(pk=registration.emails.filter(kind="new_address").latest("pk").pk).update(**drop)
    assert change(registration, email="new@example.lv")


def test_a_new_address_that_gets_no_more_links_for_an_hour_keeps_nobody_from_changing_other_things():
    registration = make_registration(make_event(), first_name="Ana")
    for _time in range(3):
        assert change(registration, email="new@example.lv")
        registration.emails.update(next_attempt_at=None)
    assert change(registration, email="new@example.lv", first_name="Anna")
    registration.refresh_from_db()
    assert (registration.first_name, count_links_to(registration, "new@example.lv")) == ("Anna", 3)


def test_the_link_to_the_new_address_becomes_the_personal_link():
    registration = make_registration(make_event(), new_email="new@example.lv")
    token = registration.manage_path_for(registration.new_email).split("/")[-2]
    assert Registration.objects.get_by_new_address_token(token) == registration
    with pytest.raises(Registration.DoesNotExist):
        Registration.objects.get_by_token(token)
    operations.confirm_new_address(registration, registration.new_email)
    assert Registration.objects.get_by_token(token) == registration
    with pytest.raises(Registration.DoesNotExist):
        Registration.objects.get_by_new_address_token(token)


def test_changing_to_a_known_address_looks_the_same_and_takes_nothing():
    event = make_event()
    make_registration(event, email="known@example.lv", last_name="Bērziņa")
    one, other = make_registration(event, last_name="Bērziņa"), make_registration(event)
    assert change(one, email="known@example.lv") is change(other, email="unknown@example.lv") is True
    assert list_email_kinds(one) == list_email_kinds(other)
    with pytest.raises(operations.AlreadyRegistered):
        operations.confirm_new_address(one, one.new_email)
    one.refresh_from_db()
    assert one.email != "known@example.lv"


def test_entering_the_old_address_again_ends_the_change():
    registration = make_registration(make_event(), new_email="new@example.lv")
    token = registration.manage_path_for(registration.new_email).split("/")[-2]
    change(registration)
    registration.refresh_from_db()
    assert registration.new_email == ""
    with pytest.raises(Registration.DoesNotExist):
        Registration.objects.get_by_new_address_token(token)


def test_one_registration_cannot_be_used_to_pester_many_addresses():
    registration = make_registration(make_event())
    for number in range(3):
        change(registration, email=f"somebody{number}@example.lv")
    with pytest.raises(operations.OperationError, match="wait an hour"):
        change(registration, email="yet.another@example.lv")
    assert list_email_kinds(registration).count("new_address") == 3


def test_a_new_address_confirms_a_held_place():
    event = make_event(confirm_email=True)
    registration, _has_place = operations.register(build_registration(event))
    change(registration, email="new@example.lv")
    operations.confirm_new_address(registration, registration.new_email)
    assert registration.status == "confirmed"


def test_a_link_does_not_confirm_an_address_entered_later():
    registration = make_registration(make_event(), new_email="first@example.lv")
    Registration.objects.filter(pk=registration.pk).update(new_email="second@example.lv")
    assert not operations.confirm_new_address(registration, "first@example.lv")
    registration.refresh_from_db()
    assert registration.new_email == "second@example.lv"
    assert registration.email not in ("first@example.lv", "second@example.lv")


def test_confirming_a_new_address_too_late_overtakes_nobody_on_the_waiting_list():
    event = make_event(capacity=1, confirm_email=True)
    lapsed = timezone.now() - timedelta(minutes=1)
    late = make_registration(event, "pending", hold_until=lapsed, new_email="new@example.lv")
    waiting = make_registration(event, "waitlisted", email_confirmed_at=timezone.now())
    assert operations.confirm_new_address(late, "new@example.lv")
    assert list_statuses(event) == ["cancelled", "confirmed"]
    assert list_email_kinds(waiting) == ["promoted"]
