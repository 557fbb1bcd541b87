"""The reader's own address in a message: it can be copied, and smuggles no link."""

from html import unescape

import pytest
from django.core import mail

from registrations import operations
from registrations.mail import delivery
from registrations.mail.content import ZERO_WIDTH_SPACE, break_links
from tests.factories import build_registration, make_event

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    [
        *("anna@example.lv", "a.b_c-d+conference@mail.example.co.uk", "ANNA1@example.lv"),
        *("siobhan.o'brien@example.org", "o'brien@example.org", "info@xn--strae-oqa.de"),
    ],
)
def test_the_readers_own_address_can_be_copied(address):
    operations.register(build_registration(make_event(), email=address))
    delivery.send_due()
    plain, html = mail.outbox[0].body, mail.outbox[0].alternatives[0].content
    assert f"E-mail: {address}\n" in plain
    assert f"E-mail: {address}</p>\n" in unescape(html)


@pytest.mark.parametrize(
    "address",
    [
        '"http://evil.example/"@example.lv',
        "evil.example/pay@example.lv",
        "anna+www.evil.example@example.lv",
        "www.evil.example@example.lv",
        "http//evil.example?q=1@example.lv",
        "anna=evil.example@example.lv",
        "evil.example'anna@example.lv",
        "anna'evil.example@example.lv",
    ],
)
def test_an_address_that_may_hide_a_link_reads_as_anything_typed(address):
    operations.register(build_registration(make_event(), email=address))
    delivery.send_due()
    assert address not in mail.outbox[0].body
    assert break_links(address) in mail.outbox[0].body
    assert ZERO_WIDTH_SPACE not in mail.outbox[0].body  # it would be copied with the address, unseen


def test_the_address_of_somebody_else_is_no_exception():
    operations.register(build_registration(make_event(), email="anna@example.lv", organisation="pay@evil.example"))
    delivery.send_due()
    assert "Organisation: pay@ evil. example\n" in mail.outbox[0].body


def test_what_people_have_to_copy_has_nothing_invisible_in_it():
    event = make_event()
    registration, _has_place = operations.register(build_registration(event, first_name="Anna", organisation=""))
    delivery.send_due()
    assert ZERO_WIDTH_SPACE not in mail.outbox[0].body
    for copied in (registration.reference, event.contact_email, event.when, registration.manage_token):
        assert copied in mail.outbox[0].body
