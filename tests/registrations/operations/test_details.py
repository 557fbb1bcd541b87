from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from registrations import emails, operations
from registrations.models import OutgoingEmail, Registration
from tests.factories import make_event, make_registration, person

pytestmark = pytest.mark.django_db
BY_HAND = Registration.Source.BY_HAND


def test_a_changed_address_takes_unsent_mail_with_it():
    event = make_event()
    registration, _has_place = operations.register(person(event, email="old@example.lv"))
    sent = OutgoingEmail.objects.get()
    sent.mark_sent(timezone.now())
    sent.save()
    operations.cancel(registration)
    stale = Registration.objects.get(pk=registration.pk)
    operations.change_address(registration, "new@example.lv")
    operations.send_link_again(stale)
    emails.send_due()
    assert list(registration.emails.order_by("pk").values_list("kind", "to")) == [
        ("registered", "old@example.lv"),
        ("cancelled", "new@example.lv"),
        ("cancelled", "new@example.lv"),
        ("cancelled", "new@example.lv"),
    ]
    assert {message.to[0] for message in mail.outbox} == {"new@example.lv"}


def test_a_message_that_failed_goes_to_the_new_address_with_the_new_link():
    event = make_event()
    registration, _has_place = operations.register(person(event, email="old@example.lv"))
    old_token = registration.manage_token
    email = OutgoingEmail.objects.get()
    emails.message(email)
    email.mark_failed(timezone.now() - timedelta(hours=1), "refused")
    email.save()
    operations.change_address(registration, "new@example.lv")
    emails.send_due()
    assert {message.to[0] for message in mail.outbox} == {"new@example.lv"}
    assert all(old_token not in message.body for message in mail.outbox)


def test_an_address_that_another_live_registration_has_cannot_be_taken():
    event = make_event()
    other = make_registration(event, email="anna@example.lv")
    registration = make_registration(event, email="old@example.lv")
    with pytest.raises(operations.AlreadyRegistered) as refusal:
        operations.change_address(registration, "ANNA@example.lv")
    assert refusal.value.registration == other
    operations.change_address(registration, "OLD@example.lv")
    assert Registration.objects.get(pk=registration.pk).email == "OLD@example.lv"
