import re
from uuid import uuid4

import pytest

from attendance.models import Badge, DoorSettings
from attendance.operations import revoke
from registrations.permissions import HELPERS
from registrations.privacy import erase_person
from tests.attendance.doors import Phone
from tests.factories import make_event, make_registration, make_user
from tests.registrations.exports.file_readers import read_pdf_text, run_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return make_event()


@pytest.fixture
def phone(event):
    return Phone(event)


def let_in(phone, person) -> str:
    record = phone.record(person)
    phone.sync(record)
    return f"/door/{phone.event.slug}/badge/{record['id']}/"


def get_pdf(client, url: str) -> bytes:
    response = client.get(url)
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response["Content-Disposition"] == 'inline; filename="badge.pdf"'
    return b"".join(response.streaming_content)


def test_a_phone_prints_the_badge_of_whom_it_let_in_and_it_counts_as_printed(phone, event):
    person = make_registration(event, first_name="Anna", last_name="Ozola", organisation="LNB")
    text = read_pdf_text(get_pdf(phone.client, let_in(phone, person)))
    assert "Ozola" in text
    assert "LNB" in text
    assert Badge.objects.get().printed_at is not None


@pytest.mark.parametrize(("layout", "size"), [("a7", "209.764 x 297.638"), ("label-62", "175.748 x 283.465")])
def test_it_has_the_size_that_organisers_have_chosen(phone, event, layout, size):
    DoorSettings.objects.create(event=event, badge_layout=layout)
    pdf = get_pdf(phone.client, let_in(phone, make_registration(event)))
    assert re.search(r"Page size: +([\d.]+ x [\d.]+)", run_program("pdfinfo", "-", content=pdf).decode())[1] == size


def test_a_walk_in_gets_one_too_and_whoever_waits(phone, event):
    waiting = make_registration(event, status="waitlisted", last_name="Liepa")
    assert "Liepa" in read_pdf_text(get_pdf(phone.client, let_in(phone, waiting)))


def test_nobody_gets_the_badge_of_whom_another_phone_or_user_let_in(phone, event, client):
    url = let_in(phone, make_registration(event))
    assert Phone(event).client.get(url).status_code == 404
    client.force_login(make_user(HELPERS))
    assert client.get(url).status_code == 404
    assert Phone(make_event()).client.get(url).status_code == 403
    revoke(phone.device)
    assert phone.client.get(url).status_code == 410


def test_what_has_not_arrived_yet_or_is_about_nobody_says_so(phone, event):
    person = make_registration(event)
    url = let_in(phone, person)
    erase_person(person)
    for path in (url, let_in(phone, "0" * 32), f"/door/{event.slug}/badge/{uuid4()}/"):
        response = phone.client.get(path)
        assert response.status_code == 404
        assert "Please try again in a few seconds." in response.content.decode()
