import re

import pytest

from registrations import privacy
from registrations.models import Registration
from registrations.tickets.ticket_codes import (
    compute_ticket_key,
    generate_ticket_code,
    read_ticket_code,
    spell_ticket_code,
)
from tests.factories import make_event, make_registration

CODE = "7H3K9QX2MZ4B8CDEFGW0"


@pytest.mark.django_db
def test_every_registration_has_a_code_of_its_own_and_the_key_of_it(django_assert_num_queries):
    event = make_event()
    people = [make_registration(event, email=f"p{number}@example.lv") for number in range(20)]
    codes = {one.ticket_code for one in people}
    assert len(codes) == 20
    assert all(re.fullmatch("[0-9A-HJKMNP-TV-Z]{20}", code) for code in codes)
    assert all(one.ticket_key == compute_ticket_key(one.ticket_code) for one in people)


@pytest.mark.django_db
def test_who_is_erased_gets_a_code_that_nobody_has_seen():
    registration = make_registration(make_event())
    code = registration.ticket_code
    privacy.erase_person(registration)
    assert len(Registration.objects.get().ticket_code) == 20
    assert not Registration.objects.filter(ticket_key=compute_ticket_key(code)).exists()


def test_a_code_made_by_python_is_one():
    assert read_ticket_code(code := generate_ticket_code()) == code


@pytest.mark.parametrize(
    "text",
    [CODE, CODE.lower(), "7H3K 9QX2 MZ4B 8CDE FGWO", f"HTTPS://HOST.EXAMPLE/D/{CODE}", f"https://host/D/{CODE}/\n"],
)
def test_a_code_is_read_however_it_is_typed_and_from_its_address(text):
    assert read_ticket_code(text) == CODE


def test_a_code_is_read_as_it_is_spelled_on_the_ticket():
    assert spell_ticket_code(CODE) == "7H3K 9QX2 MZ4B 8CDE FGW0"
    assert read_ticket_code(spell_ticket_code(CODE)) == CODE


@pytest.mark.parametrize("text", ["", CODE[:-1], f"{CODE}X", CODE.replace("7", "U"), "7" * 10_000, "K7M2PXQ4", "\x00"])
def test_what_is_no_code_is_none(text):
    assert read_ticket_code(text) == ""
