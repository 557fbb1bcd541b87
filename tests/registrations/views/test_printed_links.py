"""The personal page of people without e-mail, whose link organisers have printed."""

import pytest

from registrations.models import Registration
from registrations.models.personal_link import get_manage_signer
from registrations.privacy import erase_person, export_personal_data
from tests.factories import make_event, make_form_data, make_registration

pytestmark = pytest.mark.django_db

NAMES = {"first_name": "Milda", "last_name": "Vecā"}


@pytest.fixture
def milda():
    return make_registration(
        make_event(), "waitlisted", email="", first_name="Milda", last_name="Vecā", source="by_hand"
    )


def get_form(registration, **values) -> dict:
    return make_form_data(
        registration.event, **{"first_name": "Milda", "last_name": "Vecā", "language": "en", **values}
    )


def test_the_page_opens_and_promises_no_e_mail(client, milda):
    content = client.get(milda.manage_path).content.decode()
    assert "The organisers will tell you when you get a place." in content
    assert "ask the organisers for another one" in content
    assert "e-mail you" not in content
    assert "Replace my link" not in content
    assert client.get(f"{milda.manage_path}new-link/").status_code == 302
    assert client.post(f"{milda.manage_path}new-link/").status_code == 302
    assert client.get(milda.manage_path).status_code == 200  # still


def test_no_other_link_opens_it(client, milda):
    forged = get_manage_signer("anna@example.lv", 0).sign(milda.reference)
    other = get_manage_signer("", 0).sign(make_registration(milda.event).reference)
    for token in (forged, other, milda.reference, f"{milda.reference}.", milda.manage_token[:-1]):
        assert client.get(f"/en/r/{token}/").status_code == 404
    with pytest.raises(Registration.DoesNotExist):
        Registration.objects.get_by_new_address_token(milda.manage_token)


def test_nothing_opens_who_was_erased(client, milda):
    address, event = milda.manage_path, milda.event
    erase_person(milda)
    assert client.get(address).status_code == 404
    assert client.get(event.registrations.get().manage_path).status_code == 404


def test_details_can_be_changed_without_an_address(client, milda):
    address = milda.manage_path
    assert client.post(f"{address}edit/", get_form(milda, email="", organisation="LNB"))["Location"] == address
    milda.refresh_from_db()
    assert (milda.organisation, milda.email) == ("LNB", "")
    assert not milda.emails.exists()


def test_an_address_that_the_person_enters_is_confirmed_by_e_mail_as_any_new_one(client, milda):
    client.post(f"{milda.manage_path}edit/", get_form(milda, email="milda@example.lv"))
    milda.refresh_from_db()
    assert (milda.email, milda.new_email) == ("", "milda@example.lv")
    assert list(milda.emails.values_list("kind", "to")) == [("new_address", "milda@example.lv")]
    client.post(
        f"/en/r/{get_manage_signer(milda.new_email, milda.new_link_version).sign(milda.reference)}/new-address/"
    )
    milda.refresh_from_db()
    assert milda.email == "milda@example.lv"


@pytest.mark.parametrize("page", ["register", "edit"])
def test_online_an_address_is_required(client, page):
    registration = make_registration(make_event())
    address = f"/en/{registration.event.slug}/register/" if page == "register" else f"{registration.manage_path}edit/"
    response = client.post(address, get_form(registration, email=""))
    assert response.status_code == 200
    assert response.context["form"].errors.keys() == {"email"}


def test_their_data_can_be_downloaded(milda):
    assert export_personal_data(milda)["registration"]["email"] == ""
