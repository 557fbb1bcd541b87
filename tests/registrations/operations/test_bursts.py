"""Registrations of which too many come from one network within a short time."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models import F
from django.utils import timezone

from registrations import operations, privacy
from registrations.models import Burst, Registration
from tests.factories import build_registration, make_counts_older, make_event, make_form_data, make_registration

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _few_are_many(settings):
    settings.BURST_LIMIT = (3, 600)


def sign_up(client, event, number=1, page="register", address="203.0.113.7", **values) -> list[str]:
    """Register so many people from this network, and return what their pages are headed."""
    headings = []
    for _number in range(number):
        response = client.post(
            f"/en/{event.slug}/{page}/", make_form_data(event, **values), REMOTE_ADDR=address, follow=True
        )
        headings.append(response.content.decode().partition("Thank you – ")[2].partition(" · ")[0].strip())
    return headings


def list_statuses(event) -> list[str]:
    return list(event.registrations.order_by("pk").values_list("status", flat=True))


def let_pass(seconds):
    make_counts_older(timedelta(seconds=seconds))
    Registration.objects.update(created_at=F("created_at") - timedelta(seconds=seconds))


@pytest.mark.parametrize("page", ["register", "embed"])
def test_beyond_the_limit_of_one_network_places_are_held_and_all_are_named_together(client, page):
    event = make_event(embed_sites=["https://www.example.org"])
    headings = sign_up(client, event, 5, page)
    assert headings == ["you are registered"] * 3 + ["please confirm your place"] * 2
    assert list_statuses(event) == ["confirmed"] * 3 + ["pending"] * 2
    burst = Burst.objects.with_people().get()
    assert (burst.event, burst.number, burst.live) == (event, 5, 5)
    assert set(event.registrations.values_list("emails__kind", flat=True)) == {"registered", "confirm"}


def test_one_network_never_has_more_confirmed_places_than_the_limit_without_a_burst(client):
    event = make_event()
    for number in range(1, 9):
        sign_up(client, event)
        confirmed = event.registrations.filter(status="confirmed").count()
        assert confirmed == min(number, 3)
        assert Burst.objects.exists() == (number > 3)
        assert event.registrations.filter(burst=None).count() == (number if number <= 3 else 0)


def test_a_known_address_and_a_new_one_get_the_same_page(client):
    event = make_event()
    make_registration(event, email="known@example.lv", last_name="Bērziņa")
    sign_up(client, event, 3)
    known, new = (sign_up(client, event, email=email) for email in ("known@example.lv", "new@example.lv"))
    assert known == new == ["please confirm your place"]
    assert Burst.objects.with_people().get().number == 4  # the known person came from elsewhere


def test_people_of_other_networks_and_other_events_are_not_touched(client):
    event, other = make_event(), make_event()
    sign_up(client, event, 2, address="198.51.100.1")
    sign_up(client, other, 2)
    assert sign_up(client, event, 3) == ["you are registered", *["please confirm your place"] * 2]
    assert Burst.objects.with_people().get().number == 3
    assert other.registrations.filter(burst=None).count() == 2
    assert sign_up(client, event, 1, address="198.51.100.1") == ["you are registered"]


def test_the_networks_of_one_ipv6_customer_are_one(client):
    event = make_event()
    for number in range(5):
        sign_up(client, event, address=f"2001:db8:1:{number}::1")
    assert list_statuses(event) == ["confirmed"] * 3 + ["pending"] * 2


def test_as_many_over_a_longer_time_are_none_too_many(client):
    event = make_event()
    for _number in range(3):
        assert sign_up(client, event, 3) == ["you are registered"] * 3
        let_pass(700)
    assert not Burst.objects.exists()


def test_who_goes_on_joins_the_same_burst(client):
    event = make_event()
    sign_up(client, event, 4)
    let_pass(300)
    sign_up(client, event, 2)
    let_pass(400)
    sign_up(client, event, 2)
    assert [burst.number for burst in Burst.objects.with_people()] == [8]


def test_honest_people_confirm_by_e_mail_or_are_confirmed_by_organisers(client, admin_user):
    event = make_event()
    sign_up(client, event, 5)
    first, second = event.registrations.filter(status="pending")
    client.post(f"/en/r/{first.manage_token}/confirm/")
    assert operations.confirm(second, by=admin_user)
    assert list_statuses(event) == ["confirmed"] * 5


def test_who_is_promoted_from_a_burst_has_to_confirm_too_until_organisers_accept_it(client):
    event = make_event(capacity=1)
    taken = make_registration(event)
    sign_up(client, event, 5)
    operations.cancel(taken)
    first = event.registrations.exclude(pk=taken.pk).order_by("pk")[0]
    assert first.status == "pending"
    Burst.objects.get().delete()
    operations.cancel(first)
    assert event.registrations.filter(status="confirmed").count() == 1


def test_the_network_is_kept_as_a_hash_for_a_week_and_not_of_who_is_erased(client):
    event = make_event()
    sign_up(client, event, 4)
    origins = set(event.registrations.values_list("origin", flat=True))
    assert [len(origin) for origin in origins] == [64]
    erased, recent, *_others = event.registrations.order_by("pk")
    privacy.erase_person(erased)
    erased.refresh_from_db()
    assert (erased.origin, erased.burst) == ("", None)
    event.registrations.exclude(pk=recent.pk).update(created_at=timezone.now() - timedelta(days=8))
    call_command("send_emails")
    assert list(event.registrations.exclude(origin="")) == [recent]
    assert Burst.objects.with_people().get().number == 3  # which stay together until an organiser decides


def test_who_is_added_by_hand_or_import_comes_from_no_network(admin_user):
    event = make_event()
    people = [build_registration(event, source="import") for _number in range(5)]
    operations.register_all(event, [(person, ()) for person in people], notify=False)
    assert list_statuses(event) == ["confirmed"] * 5
    assert not Burst.objects.exists()
