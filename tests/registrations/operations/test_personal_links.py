"""A link that was dead once never opens anything again, whatever happens to the registration."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.signing import Signer
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from registrations import operations
from registrations.models import ImportDraft, OutgoingEmail, Registration
from registrations.privacy import erase_person
from tests.factories import make_event, make_registration, make_user
from tests.registrations.stored_state import list_email_kinds

KINDS = {"pending": "confirm", "confirmed": "registered", "waitlisted": "waitlisted", "cancelled": "cancelled"}
A, B, C = (f"{letter}@example.lv" for letter in "abc")


def change_address(registration, address: str) -> None:
    """As the person does, without the limit of new addresses an hour."""
    registration.emails.all().delete()
    operations.change_details(registration, values={}, topics=[], email=address)


def correct_address(registration, address: str) -> None:
    operations.correct_details(registration, values={"email": address}, by=None)


def merge_with(registration, address: str) -> None:
    """An organiser merges another registration into this one, and keeps the other's address."""
    if not registration.is_cancelled and address != registration.email:
        other = make_registration(registration.event, email=address)
        operations.merge(registration, other, taking=["email"], by=None)


def confirm_new_address(registration) -> None:
    if registration.new_email:
        operations.confirm_new_address(registration, registration.new_email)


def cancel_and_rejoin(registration) -> None:
    operations.cancel(registration)
    operations.rejoin(registration)


VERBS = [
    *((verb, address) for verb in (change_address, correct_address, merge_with) for address in (A, B, C)),
    *((verb,) for verb in (confirm_new_address, operations.replace_link, cancel_and_rejoin, operations.resend_link)),
]


def list_opened(token: str) -> list[str]:
    """What this token opens."""
    opened = []
    for name in ("get_by_token", "get_by_new_address_token"):
        try:
            getattr(Registration.objects, name)(token)
            opened.append(name)
        except Registration.DoesNotExist:
            pass
    return opened


def get_links(registration) -> set[str]:
    """The tokens that e-mails may have now."""
    addresses = filter(None, (registration.email, registration.new_email))
    return {registration.manage_path_for(address).split("/")[-2] for address in addresses}


class DeadLinksTest(TestCase):
    """Sequences of everything that can change a link: by the person, by organisers, before and after an upgrade."""

    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
    @example([(change_address, B), (confirm_new_address,), (change_address, A), (confirm_new_address,)])
    @example([(change_address, B), (change_address, C), (change_address, B)])
    @example([(change_address, B), (change_address, A), (change_address, B)])
    @example([(change_address, B), (operations.replace_link,), (change_address, B)])
    @example([(correct_address, B), (correct_address, A)])
    @example([(merge_with, B), (merge_with, A)])
    @example([(change_address, B), (correct_address, B), (correct_address, A), (change_address, B)])
    @example([(operations.replace_link,), (operations.replace_link,)])
    @given(st.lists(st.sampled_from(VERBS), max_size=8))
    def test_no_link_ever_dead_opens_anything_again(self, steps):
        registration = make_registration(make_event(), email=A)
        seen, dead = set(), set()
        for verb, *arguments in steps:
            verb(Registration.objects.get(pk=registration.pk), *arguments)
            registration.refresh_from_db()
            seen |= get_links(registration)
            for token in seen:
                if list_opened(token):
                    assert token not in dead, (verb.__name__, arguments)
                else:
                    dead.add(token)
            assert list_opened(registration.manage_token) == ["get_by_token"]
        erase_person(registration)
        assert not any(map(list_opened, seen))


@pytest.mark.django_db
def test_links_sent_before_there_were_versions_still_work():
    registration = make_registration(make_event(), email=A, new_email=B, reference="K7M2PXQ4")
    assert (registration.link_version, registration.new_link_version) == (0, 0)
    salts = {A: f"registrations.manage:{A}", B: f"registrations.manage:{B}"}
    old = {address: Signer(sep=".", salt=salt).sign("K7M2PXQ4") for address, salt in salts.items()}
    assert list_opened(old[A]) == ["get_by_token"]
    assert list_opened(old[B]) == ["get_by_new_address_token"]
    assert operations.confirm_new_address(registration, B)
    assert (list_opened(old[A]), list_opened(old[B])) == ([], ["get_by_token"])


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["pending", "confirmed", "waitlisted", "cancelled"])
def test_a_replaced_link_is_e_mailed_and_a_change_of_address_is_dropped(status):
    registration = make_registration(make_event(), status, email=A)
    if status != "cancelled":
        operations.change_details(registration, values={}, topics=[], email=B)
    old = get_links(registration)
    email = operations.replace_link(registration)
    registration.refresh_from_db()
    assert (email.to, registration.new_email) == (A, "")
    assert not any(map(list_opened, old))
    assert list_email_kinds(registration)[-1] == KINDS[status]
    assert list_opened(registration.manage_token) == ["get_by_token"]


@pytest.mark.django_db
@pytest.mark.parametrize("version", [0, 3])
def test_a_link_opens_as_before_when_the_domain_of_its_address_is_kept_in_ascii(version):
    before = make_registration(make_event(), email="Anna@bibliotēka.lv", link_version=version)
    salt = f"registrations.manage.{version}" if version else "registrations.manage"
    sent = Signer(sep=".", salt=f"{salt}:Anna@bibliotēka.lv").sign(before.reference)
    assert Registration.objects.get_by_token(sent) == before
    Registration.objects.update(email="Anna@xn--bibliotka-hhb.lv")
    after = Registration.objects.get_by_token(sent)
    assert (after, after.manage_token) == (before, sent)
    Registration.objects.update(email="Anna@xn--biblioteka.lv")
    with pytest.raises(Registration.DoesNotExist):
        Registration.objects.get_by_token(sent)


@pytest.mark.django_db
def test_links_of_two_hosts_that_were_once_taken_for_one_differ():
    strasse, straße = make_registration(make_event(), email="a@strasse.de"), make_registration(make_event())
    straße.reference, straße.email = strasse.reference, "a@xn--strae-oqa.de"
    assert straße.manage_token != strasse.manage_token


@pytest.mark.django_db
def test_addresses_are_migrated_to_ascii_and_go_on_to_be_found_and_to_open():
    event = make_event()
    anna = make_registration(event, email="Anna@bibliotēka.lv", new_email="anna@bībele.lv")
    links = anna.manage_token, anna.manage_path_for(anna.new_email).split("/")[-2]
    stays = make_registration(event, email="info@strasse.de")
    twice = [make_registration(event, last_name="B", email=f"b@{host}") for host in ("bībele.lv", "xn--bbele-m3a.lv")]
    unknown = make_registration(event, email="x@bībele..lv")
    email = OutgoingEmail.objects.create(kind="link", to="anna@bībele.lv", language="lv")
    draft = ImportDraft.objects.create(
        event=event, created_by=make_user(), content=b"", addresses=["anna@bībele.lv", "anna@xn--bbele-m3a.lv"]
    )
    migration = import_module("registrations.migrations.0014_one_name_is_enough")
    migration.encode_domains(apps, None)
    for row in (anna, stays, *twice, unknown, email, draft):
        row.refresh_from_db()
    assert (anna.email, anna.new_email) == ("Anna@xn--bibliotka-hhb.lv", "anna@xn--bbele-m3a.lv")
    assert Registration.objects.with_email("anna@xn--bibliotka-hhb.lv").get() == anna
    assert Registration.objects.get_by_token(links[0]) == anna
    assert Registration.objects.get_by_new_address_token(links[1]) == anna
    assert stays.email == "info@strasse.de"
    assert sorted(one.email for one in twice) == ["b@bībele.lv", "b@xn--bbele-m3a.lv"]
    assert unknown.email == "x@bībele..lv"
    assert (email.to, draft.addresses) == ("anna@xn--bbele-m3a.lv", ["anna@xn--bbele-m3a.lv"])
