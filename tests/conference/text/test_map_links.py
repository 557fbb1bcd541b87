from decimal import Decimal

import pytest

from conference.text.map_links import find_coordinates

LIBRARY = (Decimal("56.94109"), Decimal("24.09676"))


@pytest.mark.parametrize(
    "text",
    [
        "https://www.openstreetmap.org/?mlat=56.94109&mlon=24.09676#map=17/56.94000/24.09000",
        "https://www.openstreetmap.org/#map=17/56.94109/24.09676",
        "https://www.openstreetmap.org/way/30333093#map=18/56.94109/24.09676&layers=N",
        "https://www.google.com/maps/place/Latvijas+Nacion%C4%81l%C4%81+bibliot%C4%93ka/@56.9400,24.0900,17z/"
        "data=!3m1!4b1!4m6!3m5!1s0x46eecfd6:0x7c!8m2!3d56.9410912!4d24.0967634!16s%2Fm%2F0b6jk",
        "https://www.google.lv/maps/@56.9410912,24.0967634,17.25z?entry=ttu",
        "https://www.google.com/maps?q=56.9410912,24.0967634",
        "https://www.google.com/maps/search/?api=1&query=56.9410912%2C24.0967634",
        "https://maps.apple.com/?ll=56.9410912,24.0967634&q=Library",
        "https://maps.apple.com/place?coordinate=56.9410912,24.0967634",
        "https://waze.com/ul?ll=56.9410912,24.0967634&navigate=yes",
        "https://www.bing.com/maps?cp=56.9410912~24.0967634&lvl=16",
        "https://mapy.com/en/zakladni?x=24.0967634&y=56.9410912&z=17",
        "geo:56.9410912,24.0967634?z=17",
        "56.94109, 24.09676",
        " 56.94109 24.09676 ",
        "56,94109; 24,09676",
        "56,94109 24,09676",
        "56.94109°, 24.09676°",
    ],
)
def test_a_link_of_a_map_and_typed_coordinates_name_the_place(text):
    assert find_coordinates(text) == LIBRARY


def test_south_and_west_are_negative():
    assert find_coordinates("-33.8568, -70.6483") == (Decimal("-33.85680"), Decimal("-70.64830"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://maps.app.goo.gl/6Yx2b5Q7x9Z1",
        "https://www.openstreetmap.org/way/30333093",
        "Mūkusalas iela 3, Rīga",
        "956.9, 24.1",
        "56.9, 224.1",
        "24",
        "https://example.org/@home",
    ],
)
def test_what_names_no_point_is_none(text):
    assert find_coordinates(text) is None
