"""Possible duplicates side by side: to merge, or to leave."""

import pytest
from django.urls import reverse

from registrations.models import Difference, Registration
from tests.factories import make_event, make_registration, restrict_to_events
from tests.registrations.admin.requests import get_page

pytestmark = pytest.mark.django_db

DUPLICATES_URL = reverse("admin:registrations_registration_doubles")
NAMES = {"first_name": "Anna", "last_name": "Ozola"}


def merge_url(keep, drop) -> str:
    return reverse("admin:registrations_registration_merge", args=[keep.pk, drop.pk])


@pytest.fixture
def pair():
    event = make_event()
    return [make_registration(event, organisation=name, **NAMES) for name in ("LNB", "RCB")]


def test_a_pair_is_shown_with_what_differs(organiser, pair):
    content = get_page(organiser, DUPLICATES_URL, event=pair[0].event_id)
    assert "The same name." in content
    assert "<strong>LNB</strong>" in content
    assert "<strong>Anna</strong>" not in content


def test_without_an_event_one_is_asked_for(organiser, pair):
    assert f"?event={pair[0].event_id}" in get_page(organiser, DUPLICATES_URL)


def test_who_is_left_does_not_come_back(organiser, pair):
    address = f"{DUPLICATES_URL}?event={pair[0].event_id}"
    for _time in range(2):
        assert organiser.post(address, {"different": [one.pk for one in pair]}).status_code == 302
    assert Difference.objects.values_list("one", "other").get() == (pair[0].pk, pair[1].pk)
    assert "No duplicates found." in get_page(organiser, address)


def test_the_organiser_chooses_who_stays_and_which_value(organiser, pair):
    keep, drop = pair
    assert 'name="organisation" value="keep" checked' in get_page(organiser, merge_url(keep, drop))
    response = organiser.post(merge_url(keep, drop), {"organisation": "drop", "email": "keep"}, follow=True)
    told = [str(message) for message in response.context["messages"]]
    assert told == [f"Merged: {keep.reference} is kept, {drop.reference} is cancelled."]
    keep.refresh_from_db()
    drop.refresh_from_db()
    assert (keep.status, keep.organisation, drop.status) == ("confirmed", "RCB", "cancelled")
    assert not drop.emails.exists()
    assert drop.changes.filter(changed_by=organiser.user).count() == 2
    assert organiser.get(merge_url(keep, drop)).status_code == 404


def test_an_empty_value_is_filled_from_the_other_unless_chosen_otherwise(organiser):
    event = make_event()
    keep, drop = make_registration(event, **NAMES), make_registration(event, organisation="RCB", **NAMES)
    assert 'name="organisation" value="drop" checked' in get_page(organiser, merge_url(keep, drop))


def test_the_one_that_goes_is_told_if_chosen(organiser, pair):
    organiser.post(merge_url(*pair), {"notify": "on"})
    assert list(pair[1].emails.values_list("kind", flat=True)) == ["cancelled"]


def test_only_who_may_change_and_see_addresses_gets_there(staff, pair):
    for address in (f"{DUPLICATES_URL}?event={pair[0].event_id}", merge_url(*pair)):
        assert staff.get(address).status_code == 403
        assert staff.post(address, {"different": [one.pk for one in pair]}).status_code == 403
    assert not Difference.objects.exists()
    assert Registration.objects.live().count() == 2


def test_nothing_of_another_event_is_shown_or_merged(organiser, pair):
    restrict_to_events(organiser.user, make_event())
    for address in (f"{DUPLICATES_URL}?event={pair[0].event_id}", merge_url(*pair)):
        assert organiser.get(address).status_code == 404
        assert organiser.post(address, {"different": [one.pk for one in pair]}).status_code == 404
    assert Registration.objects.live().count() == 2


@pytest.mark.parametrize("event", ["x", "0", "99999999999999999999", "-1"])
def test_nonsense_in_the_address_is_not_found(organiser, event):
    assert organiser.get(DUPLICATES_URL, {"event": event}).status_code == 404


@pytest.mark.parametrize("different", [[], ["x"], ["1"], ["99999999999999999999", "2"]])
def test_nonsense_in_the_form_is_not_found(organiser, pair, different):
    address = f"{DUPLICATES_URL}?event={pair[0].event_id}"
    assert organiser.post(address, {"different": different}).status_code == 404


def test_two_events_people_and_one_with_themselves_are_not_merged(organiser, pair):
    assert organiser.get(merge_url(pair[0], pair[0])).status_code == 404
    assert organiser.get(merge_url(pair[0], make_registration(make_event()))).status_code == 404


@pytest.mark.parametrize("number", [2, 3, 50])
def test_the_page_costs_the_same_queries(organiser, django_assert_num_queries, number):
    event = make_event()
    for _number in range(number):
        make_registration(event, sector="library", **NAMES)
    get_page(organiser, DUPLICATES_URL, event=event.pk)
    with django_assert_num_queries(18):
        get_page(organiser, DUPLICATES_URL, event=event.pk)
