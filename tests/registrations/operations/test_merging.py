from datetime import timedelta

import pytest
from django.utils import timezone

from registrations import operations
from registrations.models import Registration
from tests.factories import make_event, make_registration, make_topic, make_user
from tests.registrations.stored_state import list_email_kinds, list_statuses

pytestmark = pytest.mark.django_db


def merge(keep, drop, **how) -> list[str]:
    """Merge as an organiser, and return both statuses."""
    operations.merge(keep, drop, **{"by": make_user(), **how})
    stored = Registration.objects.in_bulk([keep.pk, drop.pk])
    return [stored[keep.pk].status, stored[drop.pk].status]


@pytest.mark.parametrize(
    ("kept", "dropped", "becomes"),
    [
        ("confirmed", "confirmed", "confirmed"),
        ("confirmed", "waitlisted", "confirmed"),
        ("waitlisted", "confirmed", "confirmed"),
        ("pending", "confirmed", "confirmed"),
        ("waitlisted", "pending", "pending"),
        ("waitlisted", "waitlisted", "waitlisted"),
    ],
)
def test_the_better_status_stays_and_no_more_places_are_taken(kept, dropped, becomes):
    event = make_event(capacity=2, promotes_automatically=False)
    keep, drop = make_registration(event, kept), make_registration(event, dropped)
    before = event.registrations.occupying_place().count()
    assert merge(keep, drop) == [becomes, "cancelled"]
    assert event.registrations.occupying_place().count() <= before


def test_nobody_is_overtaken_and_a_released_place_goes_to_the_first_on_the_waiting_list():
    event = make_event(capacity=2)
    keep, drop = make_registration(event), make_registration(event)
    first, second = make_registration(event, "waitlisted"), make_registration(event, "waitlisted")
    merge(keep, drop)
    assert [Registration.objects.get(pk=one.pk).status for one in (first, second)] == ["confirmed", "waitlisted"]


def test_the_earlier_time_on_the_waiting_list_counts():
    event = make_event(capacity=0)
    now = timezone.now()
    drop = make_registration(event, "waitlisted", waiting_since=now - timedelta(days=2))
    between = make_registration(event, "waitlisted", waiting_since=now - timedelta(days=1))
    keep = make_registration(event, "waitlisted", waiting_since=now)
    merge(keep, drop)
    assert list(event.registrations.on_waiting_list()) == [keep, between]


def test_values_are_combined_or_taken_as_chosen():
    event = make_event()
    topics = [make_topic(event, "Reading"), make_topic(event, "Play")]
    keep = make_registration(
        event, organisation="LNB", answers={"lunch": "soup", "bus": ""}, internal_note="one", tags=["vip"]
    )
    drop = make_registration(
        event,
        organisation="RCB",
        job_title="x",
        answers={"lunch": "fish", "bus": "yes"},
        internal_note="two",
        tags=["VIP", "press"],
    )
    keep.topics.add(topics[0])
    drop.topics.add(topics[1])
    merge(keep, drop, taking=["organisation", "status", "nonsense"])
    keep = Registration.objects.get(pk=keep.pk)
    assert (keep.organisation, keep.job_title, keep.answers) == ("RCB", "", {"lunch": "soup", "bus": "yes"})
    assert (keep.internal_note, keep.tags) == ("one\ntwo", ["vip", "press"])
    assert set(keep.topics.all()) == set(topics)


def test_the_chosen_name_and_address_of_a_third_person_are_refused():
    event, address = make_event(), "library@example.lv"
    third = make_registration(event, email=address, first_name="Anna", last_name="Ozola")
    keep = make_registration(event, first_name="Anna", last_name="Ozola")
    drop = make_registration(event, email=address, first_name="Anne", last_name="Ozola")
    with pytest.raises(operations.AlreadyRegistered) as refusal:
        merge(keep, drop, taking=["email"])
    assert refusal.value.registration == third
    assert list_statuses(event) == ["confirmed"] * 3
    merge(keep, drop, taking=["email", "first_name"])
    assert Registration.objects.get(pk=keep.pk).email == address


def test_nobody_is_e_mailed_unless_requested_or_the_last_e_mail_is_out_of_date():
    event = make_event()
    keep, drop = make_registration(event), make_registration(event)
    merge(keep, drop)
    assert (list_email_kinds(keep), list_email_kinds(drop)) == ([], [])
    other = make_registration(event)
    merge(keep, other, taking=["email"], notify=True)
    assert (list_email_kinds(keep), list_email_kinds(other)) == (["registered"], ["cancelled"])
    assert keep.emails.get().to == other.email
    assert Registration.objects.get(pk=keep.pk).email == other.email


def test_both_change_histories_mention_it():
    event, organiser = make_event(), make_user()
    keep, drop = make_registration(event), make_registration(event)
    operations.merge(keep, drop, by=organiser)
    assert keep.changes.get(field="merged").new == drop.reference
    assert drop.changes.get(field="merged_into").new == keep.reference
    assert set(drop.changes.values_list("field", flat=True)) == {"status", "merged_into"}


@pytest.mark.parametrize("status", ["cancelled", "elsewhere", "itself"])
def test_only_two_live_registrations_of_one_event_are_merged(status):
    event = make_event()
    keep = make_registration(event)
    drop = {
        "cancelled": lambda: make_registration(event, "cancelled"),
        "elsewhere": lambda: make_registration(make_event()),
        "itself": lambda: Registration.objects.get(pk=keep.pk),
    }[status]()
    with pytest.raises(operations.OperationError):
        operations.merge(keep, drop, taking=["email"], by=make_user())
    assert Registration.objects.get(pk=keep.pk).is_confirmed
    assert not keep.changes.exists()


def test_an_expired_hold_is_not_a_better_status():
    event = make_event(capacity=1, confirm_email=True)
    drop = make_registration(event, "pending", hold_until=timezone.now() - timedelta(hours=1))
    first, keep = make_registration(event, "waitlisted"), make_registration(event, "waitlisted")
    with pytest.raises(operations.OperationError):
        operations.merge(keep, drop, by=make_user())
    operations.release_expired_holds()
    assert Registration.objects.get(pk=first.pk).status == "pending"
    assert Registration.objects.get(pk=keep.pk).is_waitlisted
