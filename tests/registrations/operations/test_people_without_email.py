"""People without an e-mail address, whom organisers add: nothing is ever queued to them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from registrations import operations
from registrations.mail import delivery, outbox
from registrations.models import OutgoingEmail, Registration
from tests.factories import build_registration, make_event, make_registration, make_user
from tests.registrations.stored_state import list_email_kinds

pytestmark = pytest.mark.django_db

BY_HAND, IMPORT, ONLINE = Registration.Source.BY_HAND, Registration.Source.IMPORT, Registration.Source.ONLINE


def add(event, **values) -> Registration:
    names = {"first_name": "Milda", "last_name": "Vecā"}
    return operations.register(build_registration(event, **{"email": "", "source": BY_HAND, **names, **values}))[0]


def reload(registration) -> Registration:
    return Registration.objects.get(pk=registration.pk)


def test_no_e_mail_is_queued_whatever_happens_to_them():
    event, organiser = make_event(capacity=1, reminder_days=60), make_user()
    first, second = add(event), add(event, last_name="Jaunā")
    assert (first.status, second.status) == ("confirmed", "waitlisted")
    operations.cancel(first, by=organiser)
    assert reload(second).status == "confirmed"  # promoted as anybody else
    operations.move_to_waiting_list(first, by=organiser)
    operations.promote_beyond_capacity(first, by=organiser)
    operations.change_details(first, values={"first_name": "Mirdza"}, topics=[], email="")
    operations.correct_details(first, values={"last_name": "Veca"}, by=organiser)
    operations.replace_link(first)
    operations.cancel(first)
    operations.rejoin(first)
    assert reload(first).email_confirmed_at is None
    event.registrations.update(confirmed_at=timezone.now() - timedelta(days=90))
    outbox.queue_reminders()
    outbox.queue_all(event.registrations.all(), OutgoingEmail.Kind.MESSAGE, is_bulk=True)
    assert not OutgoingEmail.objects.exists()


def test_of_a_list_only_those_with_an_address_are_e_mailed():
    event = make_event()
    people = [build_registration(event, source=IMPORT), build_registration(event, source=IMPORT, email="")]
    operations.register_all(event, [(person, []) for person in people], notify=True)
    assert [list_email_kinds(person) for person in people] == [["registered"], []]


def test_the_link_is_not_e_mailed_again_and_nobody_is_told_that_it_was():
    with pytest.raises(operations.NoAddress, match="has no e-mail address"):
        operations.resend_link(add(make_event()))


def test_nobody_waits_for_them_to_confirm_an_address():
    """Also of somebody who registered online, and whose address an organiser removed."""
    event, organiser = make_event(capacity=1, confirm_email=True), make_user()
    taken = make_registration(event)
    waiting = make_registration(event, "waitlisted", source=ONLINE)
    operations.correct_details(waiting, values={"email": ""}, by=organiser)
    operations.cancel(taken)
    assert reload(waiting).status == "confirmed"


def test_an_address_that_holds_a_place_cannot_be_removed():
    event, organiser = make_event(), make_user()
    pending, other = make_registration(event, "pending"), add(event)
    event.promotes_automatically = False
    event.save()
    with pytest.raises(operations.AddressNeeded):
        operations.correct_details(pending, values={"email": ""}, by=organiser)
    operations.set_status(other, "waitlisted", by=organiser)
    for keep, drop, taking in ((pending, other, ["email"]), (other, pending, [])):
        with pytest.raises(operations.AddressNeeded):
            operations.merge(keep, drop, taking=taking, by=organiser)
    assert (reload(pending).status, reload(pending).email) == ("pending", pending.email)
    operations.merge(other, pending, taking=["email"], by=organiser)
    assert (reload(other).status, reload(other).email) == ("pending", pending.email)
    with pytest.raises(IntegrityError, match="registration_email_when_pending"), transaction.atomic():
        make_registration(event, "pending", email="")


def test_who_is_confirmed_by_a_merge_can_do_without_the_address():
    event = make_event()
    pending, confirmed = make_registration(event, "pending"), add(event)
    operations.merge(pending, confirmed, taking=["email"], by=make_user())
    assert (reload(pending).status, reload(pending).email) == ("confirmed", "")


def test_what_waits_to_be_sent_is_dropped_with_the_address(mailoutbox):
    event = make_event()
    registration, _has_place = operations.register(build_registration(event))
    operations.correct_details(registration, values={"email": ""}, by=make_user())
    delivery.send_due()
    assert mailoutbox == []
    assert not OutgoingEmail.objects.waiting().exists()
    assert not OutgoingEmail.objects.given_up().exists()


def test_an_address_that_is_added_later_gets_the_status_and_a_new_link(mailoutbox):
    registration = add(make_event())
    printed = registration.manage_token
    operations.correct_details(registration, values={"email": "milda@example.lv"}, by=make_user())
    assert list_email_kinds(registration) == ["registered"]
    delivery.send_due()
    assert mailoutbox[0].to == ["milda@example.lv"]
    assert reload(registration).manage_token in mailoutbox[0].body
    with pytest.raises(Registration.DoesNotExist):
        Registration.objects.get_by_token(printed)
    operations.correct_details(registration, values={"email": ""}, by=make_user())
    with pytest.raises(Registration.DoesNotExist):  # an earlier link stays dead
        Registration.objects.get_by_token(printed)


@pytest.mark.parametrize("names", [{}, {"first_name": "VECA", "last_name": "milda"}])
def test_who_is_added_twice_with_two_clicks_is_added_once(names):
    event = make_event()
    first = add(event)
    with pytest.raises(operations.AlreadyRegistered, match=first.reference):
        add(event, **names)
    add(make_event(), **names)
    add(event, last_name="Jaunā")
    add(event, email="milda@example.lv")
    event.registrations.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(minutes=2))
    assert add(event, **names).reference != first.reference  # a namesake


def test_two_people_without_an_address_can_be_merged():
    event = make_event()
    keep, drop = (make_registration(event, email="", first_name="Milda", last_name="Vecā") for _number in range(2))
    operations.merge(keep, drop, by=make_user(), notify=True)
    assert (reload(keep).status, reload(drop).status) == ("confirmed", "cancelled")
    assert not OutgoingEmail.objects.exists()


def test_nobody_is_found_by_an_empty_address():
    add(make_event())
    assert not Registration.objects.with_email("").exists()
