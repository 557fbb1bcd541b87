"""The page of a venue in the admin."""

from decimal import Decimal

import pytest
from django.urls import reverse

from conference.models import Venue
from registrations.permissions import ORGANISERS
from tests.factories import make_user, make_venue
from tests.registrations.admin.page_forms import read_form

pytestmark = pytest.mark.django_db

ADDRESS = {"name_0": "Bibliotēka", "name_1": "Library", "street_0": "Mūkusalas iela 3", "street_1": "Mūkusalas iela 3"}
FORM = {**ADDRESS, "city_0": "Rīga", "city_1": "Riga", "country": "LV", "latitude": "", "longitude": ""}


def post_venue(client, **values):
    client.force_login(make_user(ORGANISERS))
    return client.post(reverse("admin:conference_venue_add"), {**FORM, **values})


def test_a_pasted_link_sets_the_coordinates(client):
    response = post_venue(client, map_link="https://www.openstreetmap.org/#map=17/56.94109/24.09676")
    assert response.status_code == 302
    assert Venue.objects.get().coordinates == (Decimal("56.94109"), Decimal("24.09676"))


def test_a_link_without_coordinates_is_refused_with_what_to_do(client):
    response = post_venue(client, map_link="https://maps.app.goo.gl/6Yx2b5Q7x9Z1")
    (error,) = response.context["adminform"].form.errors["map_link"]
    assert error.startswith("There are no coordinates in this link. Open it in the browser")
    assert not Venue.objects.exists()


def test_without_a_link_the_typed_coordinates_stay(client):
    post_venue(client, latitude="56.9", longitude="24.1")
    assert Venue.objects.get().coordinates == (Decimal("56.90000"), Decimal("24.10000"))


def test_a_link_pasted_later_sets_the_coordinates_in_place_of_those_there_are(client):
    venue = make_venue()
    Venue.objects.update(latitude=Decimal("1.5"), longitude=Decimal("2.5"))
    client.force_login(make_user(ORGANISERS))
    url = reverse("admin:conference_venue_change", args=[venue.pk])
    data = read_form(client, url).data | {"map_link": "https://www.openstreetmap.org/#map=17/56.94109/24.09676"}
    assert client.post(url, data).status_code == 302
    venue.refresh_from_db()
    assert venue.coordinates == (Decimal("56.94109"), Decimal("24.09676"))
