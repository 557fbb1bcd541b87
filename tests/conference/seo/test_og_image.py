import io
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.utils import translation
from PIL import Image

from conference.event_banner import draw_shelf
from conference.models import Event
from conference.seo.og_image import SHADES, SHELF_WIDTH, collect_content, draw_shelf_svg, render_image
from registrations.permissions import ORGANISERS
from tests.factories import make_event, make_picture, make_user

pytestmark = pytest.mark.django_db

TEN_IN_RIGA = datetime(2027, 9, 19, 7, tzinfo=UTC)
PAPER, CARMINE = (0xFB, 0xF9, 0xF4), (0x8A, 0x1C, 0x2F)


def open_image(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    assert (image.format, image.size) == ("PNG", (1200, 630))
    return image.convert("RGB")


def has_colour(image: Image.Image, colour) -> bool:
    return colour in {found for _number, found in image.getcolors(image.width * image.height)}


@pytest.mark.parametrize(
    ("language", "title", "about"),
    [
        (
            "lv",
            "Bibliotēkas",
            ["svētdiena, 2027. gada 19. septembris, 10:00–17:00", "Latvijas Nacionālā bibliotēka, Rīga"],
        ),
        ("en", "Libraries", ["Sunday, 19 September 2027, 10:00–17:00", "National Library of Latvia, Riga"]),
    ],
)
def test_it_says_what_when_and_where_in_the_language_of_the_page(language, title, about):
    event = make_event(title={"lv": "Bibliotēkas", "en": "Libraries"}, starts_at=TEN_IN_RIGA)
    with translation.override(language):
        shown = collect_content(event)
    assert (shown["language"], shown["title"], shown["about"], shown["picture"]) == (language, title, about, None)


@pytest.mark.parametrize("title", ["Books", "Ļoti gara konference " * 15, "x" * 300, "Words and " * 300, "🎉 図書館"])
@pytest.mark.parametrize("days", [0, 3])
def test_every_title_leaves_the_margins_free(title, days):
    event = make_event(title=title, ends_at=datetime(2027, 9, 19, 14, tzinfo=UTC) + timedelta(days=days))
    image = open_image(render_image(event))
    left, below_the_title = image.crop((0, 0, 60, 460)), image.crop((0, 364, 1200, 376))
    right = image.crop((1140, 0, 1200, 460))
    for empty in (left, right, below_the_title):
        assert empty.getcolors() == [(empty.width * empty.height, PAPER)]
    assert not image.crop((64, 44, 1136, 364)).getcolors(10) or title == "🎉 図書館"


def test_the_uploaded_picture_stands_beside_the_title():
    without = open_image(render_image(make_event(title="Same")))
    with_picture = open_image(render_image(make_event(title="Same", picture=make_picture(colour="#00ff00"))))
    green = with_picture.getpixel((1000, 300))
    assert all(abs(one - other) < 8 for one, other in zip(green, (0, 255, 0), strict=True))
    assert without.getpixel((1000, 300)) == PAPER
    assert with_picture.getpixel((700, 300)) == PAPER


@pytest.mark.parametrize(
    "title",
    [
        '"); #panic("x"); ("',
        '#image("share_picture.typ")',
        "$ x $ _a_ *b* = c @d <e> \\ #{1+1}",
        '#read("/etc/passwd")',
    ],
)
def test_what_was_typed_is_never_markup(title):
    assert has_colour(open_image(render_image(make_event(title=title))), PAPER)


def test_the_books_are_those_of_the_events_page_in_the_sites_colours():
    svg = ElementTree.fromstring(draw_shelf_svg("</svg> Libraries & Partners", SHELF_WIDTH))  # noqa: S314 (our own)
    assert svg.get("viewBox") == f"0 0 {SHELF_WIDTH} 112"
    paths = {path.get("fill"): path.get("d") for path in svg}
    assert list(paths.values()) == list(draw_shelf("</svg> Libraries & Partners").values())
    assert set(paths) == set(SHADES.values())
    assert has_colour(open_image(render_image(make_event(title="Libraries"))), CARMINE)


def test_it_is_drawn_again_only_when_something_on_it_has_changed(client, monkeypatch):
    drawn = []
    monkeypatch.setattr("conference.views.render_image", lambda event: drawn.append(str(event.title)) or b"png")
    event = make_event(title="One")
    etag = ""
    for _number in range(3):
        etag = client.get(f"/en/{event.slug}/picture.png", headers={"If-None-Match": etag})["ETag"]
    assert drawn == ["One"]
    event.venue.city = "Liepāja"
    event.venue.save()
    etag = client.get(f"/en/{event.slug}/picture.png", headers={"If-None-Match": etag})["ETag"]
    Event.objects.filter(pk=event.pk).update(title={"en": "Two"})
    client.get(f"/en/{event.slug}/picture.png", headers={"If-None-Match": etag})
    assert drawn == ["One", "One", "Two"]


def find_image_url(client, event) -> str:
    """Where the event's page, drawn anew, says that its picture is."""
    cache.clear()
    page = client.get(f"/en/{event.slug}/").content.decode()
    return page.partition('property="og:image" content="')[2].partition('"')[0]


def test_another_picture_has_another_address_and_the_same_one_keeps_its_own(client):
    event = make_event(title="One")
    addresses = [find_image_url(client, event)]
    event.summary = "Not on the picture"
    event.save()
    assert find_image_url(client, event) == addresses[0]
    event.venue.city = "Liepāja"
    event.venue.save()
    addresses.append(find_image_url(client, event))
    for values in ({"title": "Two"}, {"ends_at": event.ends_at + timedelta(hours=1)}, {"picture": make_picture()}):
        Event.objects.filter(pk=event.pk).update(**values)
        addresses.append(find_image_url(client, event))
    assert len(set(addresses)) == 5
    assert client.get(addresses[-1]).status_code == 200


def test_it_is_kept_by_browsers_and_asked_for_again_by_its_tag(client, django_assert_num_queries):
    event = make_event(picture=make_picture())
    address = f"/lv/{event.slug}/picture.png"
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert open_image(response.content)
    assert set(response["Cache-Control"].split(", ")) == {"public", "max-age=3600", "s-maxage=5"}
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies
    with django_assert_num_queries(1):
        again = client.get(address, headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_unpublished_event_has_one_for_its_organisers_alone(client):
    event = make_event(is_published=False)
    assert client.get(f"/en/{event.slug}/picture.png").status_code == 404
    client.force_login(make_user(ORGANISERS))
    response = client.get(f"/en/{event.slug}/picture.png")
    assert response.status_code == 200
    assert set(response["Cache-Control"].split(", ")) == {"private", "no-store"}


def test_no_event_no_picture(client):
    assert client.get("/en/nothing/picture.png").status_code == 404
    assert client.post(f"/en/{make_event().slug}/picture.png").status_code == 405
