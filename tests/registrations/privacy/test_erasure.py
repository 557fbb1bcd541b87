from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from registrations import operations, privacy
from registrations.imports import find_addresses
from registrations.mail import delivery, outbox
from registrations.models import ImportDraft, OutgoingEmail, Registration
from registrations.privacy import erase_person
from tests.factories import build_registration, make_event, make_question, make_registration, make_topic, make_user
from tests.registrations.privacy.marked_person import MARKS, register_marked
from tests.registrations.stored_state import dump_database, list_email_kinds, list_statuses

pytestmark = pytest.mark.django_db


def test_after_erasing_nothing_in_the_database_identifies_the_person():
    event = make_event()
    make_question(event, "lunch")
    registration = register_marked(event)
    secrets = [registration.reference, registration.manage_token, registration.reference.lower()]
    assert "marka" in dump_database()
    erase_person(registration)
    stored = dump_database()
    assert "marka" not in stored.lower()
    for secret in secrets:
        assert secret not in stored
    assert delivery.send_due() == (0, 0)


def test_no_trace_is_left_of_an_earlier_address():
    registration, _has_place = operations.register(build_registration(make_event(), email="senakmarka@example.lv"))
    outbox.queue_links("senakmarka@example.lv", "lv")
    delivery.send_due()
    operations.correct_details(registration, values={"email": "tagadmarka@example.lv"}, by=None)
    delivery.send_due()
    erase_person(registration)
    assert "marka" not in dump_database()


def test_an_earlier_cancelled_registration_is_erased_too():
    event = make_event()
    cancelled, _has_place = operations.register(build_registration(event, **MARKS))
    operations.cancel(cancelled)
    registration, _has_place = operations.register(build_registration(event, **MARKS))
    erase_person(registration)
    assert "marka" not in dump_database()
    assert list_statuses(event) == ["cancelled", "cancelled"]


def test_an_e_mail_queued_while_its_person_is_erased_is_not_sent_and_not_kept():
    registration = make_registration(make_event(), email="gone@example.lv")
    seen_by_the_sender = Registration.objects.get(pk=registration.pk)
    erase_person(registration)
    outbox.queue_all([seen_by_the_sender], OutgoingEmail.Kind.REMINDER, is_bulk=True)
    assert delivery.send_due() == (0, 0)
    assert "gone@example.lv" not in dump_database()


def test_erasing_leaves_everybody_else_as_they_were():
    event = make_event()
    other = make_registration(event, first_name="Cits", email="cits@example.lv")
    outbox.queue(other, "registered")
    delivery.send_due()
    before = list(OutgoingEmail.objects.order_by("pk").values()), Registration.objects.values().get()
    registration = register_marked(event)
    erase_person(registration)
    assert list(other.emails.values()) == before[0]
    assert Registration.objects.filter(pk=other.pk).values().get() == before[1]


def test_erasing_leaves_colleagues_who_share_the_address_as_they_were():
    event, address = make_event(), "library@example.lv"
    ilze = make_registration(event, email=address, first_name="Ilze", last_name="Kalna")
    outbox.queue_links(address, "lv")  # lists her alone
    delivery.send_due()
    outbox.queue(ilze, "registered")
    before = list(OutgoingEmail.objects.order_by("pk").values()), Registration.objects.values().get()
    annas = [
        make_registration(event, status, email=address, first_name=name, last_name="Kalnamarka")
        for status, name in (("cancelled", "ANNA"), ("confirmed", "Anna"))
    ]
    outbox.queue_links(address, "lv")
    earlier = OutgoingEmail.objects.filter(kind="link", sent_at__isnull=False)
    earlier.update(created_at=timezone.now() - timedelta(hours=1))
    delivery.send_due()
    outbox.queue_links(address, "lv")
    assert "marka" in OutgoingEmail.objects.filter(kind="link", sent_at__isnull=False).last().text
    erase_person(annas[1])
    assert "marka" not in dump_database().lower()
    assert Registration.objects.filter(pk=ilze.pk).values().get() == before[1]
    first = OutgoingEmail.objects.order_by("pk").first()
    assert (first.to, first.text) == (address, before[0][0]["text"])
    assert delivery.send_due()[1] == 0
    assert OutgoingEmail.objects.filter(kind="link").last().text.count("/r/") == 1


def test_without_the_last_of_them_no_trace_is_left_of_a_shared_address():
    event, address = make_event(), "adresesmarka@example.lv"
    people = [make_registration(event, email=address, first_name=name, last_name="Kalna") for name in ("Anna", "Ilze")]
    for registration in people:
        outbox.queue_links(address, "lv")
        delivery.send_due()
        erase_person(registration)
    assert "marka" not in dump_database()


def test_a_name_without_an_address_says_nothing():
    event = make_event()
    one, other = (make_registration(event, email="", first_name="Anna", last_name="Kalna") for _number in range(2))
    erase_person(one)
    assert set(event.registrations.not_erased()) == {other}


def test_after_erasing_the_counts_are_correct():
    event = make_event()
    topic = make_topic(event)
    registration = register_marked(event, country="LV", sector="library")
    number = OutgoingEmail.objects.count()
    erase_person(registration)
    registration.refresh_from_db()
    assert (registration.status, registration.country.code, registration.sector) == ("cancelled", "LV", "library")
    assert list(registration.topics.all()) == [topic]
    assert registration.erased_at
    assert OutgoingEmail.objects.count() == number
    assert not OutgoingEmail.objects.given_up().exists()


def test_the_place_of_an_erased_person_goes_to_the_next_and_they_get_no_e_mail():
    event = make_event(capacity=1)
    registration, waiting = make_registration(event), make_registration(event, "waitlisted")
    erase_person(registration)
    assert list_statuses(event) == ["cancelled", "confirmed"]
    assert (list_email_kinds(registration), list_email_kinds(waiting)) == ([], ["promoted"])


def test_after_the_event_an_erased_person_still_counts_as_one_who_had_a_place():
    event = make_event(starts_at=timezone.now() - timedelta(days=2))
    people = [make_registration(event) for _number in range(2)]
    for registration in people:
        erase_person(registration)
    assert list_statuses(event) == ["confirmed", "confirmed"]


def test_an_erased_person_can_register_again():
    event = make_event()
    registration, _has_place = operations.register(build_registration(event, email="anna@example.lv"))
    erase_person(registration)
    again, _has_place = operations.register(build_registration(event, email="anna@example.lv"))
    assert again != registration
    assert list_statuses(event) == ["cancelled", "confirmed"]


def test_erasing_that_fails_halfway_erases_nothing(monkeypatch):
    def broken(*arguments):
        raise IntegrityError("killed")

    event = make_event()
    registration = register_marked(event)
    before = dump_database()
    monkeypatch.setattr(privacy, "get_log_entries", broken)
    with pytest.raises(IntegrityError), transaction.atomic():
        erase_person(registration)
    assert dump_database() == before


def test_merged_registrations_are_erased_too_but_not_the_other_way_round():
    event = make_event()
    keep, drop = make_registration(event), make_registration(event, internal_note="phoned")
    stranger = make_registration(event)
    operations.merge(keep, drop, by=None)
    erase_person(Registration.objects.get(pk=keep.pk))
    assert set(event.registrations.not_erased()) == {stranger}
    keep, drop = make_registration(event), make_registration(event)
    operations.merge(keep, drop, by=None)
    erase_person(Registration.objects.get(pk=drop.pk))
    assert set(event.registrations.not_erased()) == {stranger, keep}


def test_registrations_merged_with_merged_ones_are_erased_too():
    event = make_event()
    keep, middle, first = (make_registration(event) for _number in range(3))
    before = make_registration(event, "cancelled", email=first.email)
    stranger = make_registration(event)
    operations.merge(middle, first, by=None)
    operations.merge(keep, middle, by=None)
    erase_person(Registration.objects.get(pk=keep.pk))
    assert set(event.registrations.not_erased()) == {stranger}
    before.refresh_from_db()
    assert (before.email, before.first_name) == ("", "")


def add_draft(event, *addresses: str, **values) -> ImportDraft:
    rows = [["Anna", f"mailto:{address}; or by phone"] for address in addresses]
    values = {"addresses": find_addresses(rows), **values}
    return ImportDraft.objects.create(event=event, created_by=make_user(), file_name="x.csv", content=b"", **values)


def test_only_lists_that_hold_the_person_are_dropped_before_their_import():
    """Otherwise anybody who registers and erases themselves deletes the organisers' work."""
    event, other_event = make_event(), make_event()
    registration = make_registration(event, email="anna@bībele.lv", new_email="stranger@example.lv")
    operations.correct_details(registration, values={"email": "anna.jauna@bībele.lv"}, by=None)
    kept = [
        add_draft(event, "joanna.jauna@bībele.lv", "stranger@example.lv"),
        add_draft(event),
        add_draft(other_event, "anna.jauna@bībele.lv"),
    ]
    dropped = [
        add_draft(event, "ilze@example.lv", "Anna.Jauna@BĪBELE.lv"),
        add_draft(event, "anna.jauna@xn--bbele-m3a.lv"),
        add_draft(event, "anna@bībele.lv"),
        add_draft(event, addresses=None),
    ]
    erase_person(registration)
    assert set(ImportDraft.objects.values_list("pk", flat=True)) == {draft.pk for draft in kept}
    assert len(dropped) == 4


def test_an_address_that_is_none_is_erased_too():
    registration = make_registration(make_event(), email=f"anna@{'x' * 70}..lv")
    erase_person(registration)
    assert registration.email == ""
