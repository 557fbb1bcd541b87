"""What search engines read of an event, as they would read it."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from conference.models import Event, Partner, Venue
from conference.seo.structured_data import render_script
from tests.factories import make_event, make_picture, make_registration

pytestmark = pytest.mark.django_db

SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
PAYLOADS = [
    "</script><script>alert(1)</script>",
    "</SCRIPT ><img src=x onerror=alert(1)>",
    "<!-- <script> -->",
    "]]> &lt;/script&gt; &amp;",
    "line\u2028separator\u2029paragraph",
    "\"quoted\" 'and' \\back\\ \n new \t tab",
    '", "@type": "Person',
    "{{ 7|add:35 }} {% now 'Y' %} 🎉 ā",
]


def read_structured_data(client, path: str) -> dict:
    (content,) = SCRIPT.findall(client.get(path).content.decode())
    return json.loads(content)


def test_the_example_is_told_whole(client, settings):
    settings.SITE_URL = "https://conference.example.org"
    with time_machine.travel("2026-11-23T12:00:00+02:00", tick=False):
        call_command("load_conference", verbosity=0)
        event = Event.objects.get()
        told = read_structured_data(client, f"/en/{event.slug}/")
    site = "https://conference.example.org"
    address = f"{site}/en/{event.slug}/"
    organisers = told.pop("organizer"), told.pop("contributor", []), told.pop("funder")
    assert [one["@type"] for group in organisers for one in group] == ["Organization"] * event.partners.count()
    assert organisers[0][0]["name"] == "National Library of Latvia"
    assert told == {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "Libraries as Powerful Partners in Promoting Results of Lifelong Learning Projects",
        "description": str(event.summary),
        "url": address,
        "image": [f"{address}picture.png"],
        "startDate": "2027-09-19T10:00:00+03:00",
        "endDate": "2027-09-19T17:00:00+03:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {
            "@type": "Place",
            "name": "National Library of Latvia",
            "address": {
                "@type": "PostalAddress",
                "streetAddress": "Mūkusalas iela 3",
                "addressLocality": "Riga",
                "addressCountry": "LV",
            },
            "geo": {"@type": "GeoCoordinates", "latitude": 56.9407, "longitude": 24.0969},
        },
        "inLanguage": {"@type": "Language", "name": "English"},
        "isAccessibleForFree": True,
        "offers": {
            "@type": "Offer",
            "url": f"{address}register/",
            "price": 0,
            "priceCurrency": "EUR",
            "availability": "https://schema.org/InStock",
            "validThrough": told["offers"]["validThrough"],
        },
    }


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_ends_the_script_and_each_is_read_back_exactly(client, payload):
    venue = Venue.objects.create(name=payload, street=payload, city=payload, postal_code=payload[:20])
    event = make_event(title=payload, summary=payload, working_language=payload, venue=venue)
    for role in Partner.Role:
        Partner.objects.create(event=event, name=payload, role=role, funding_statement=payload)
    content = client.get(f"/en/{event.slug}/").content.decode()
    (script,) = SCRIPT.findall(content)
    assert not set(script) & set("<>&\u2028\u2029")
    told = json.loads(script)
    assert told["name"] == told["inLanguage"]["name"] == payload
    assert told["description"] == " ".join(payload.split())
    place = told["location"]
    assert place["name"] == place["address"]["streetAddress"] == place["address"]["addressLocality"] == payload
    assert place["address"]["postalCode"] == payload[:20]
    for group in ("organizer", "contributor", "funder"):
        assert told[group] == [{"@type": "Organization", "name": payload}]


@pytest.mark.parametrize("letter", ["<", ">", "&", "\u2028", "\u2029", "\x00", "\x7f", "\ud800"])
def test_every_letter_is_read_back(letter):
    (script,) = SCRIPT.findall(render_script({letter: [letter]}))
    assert json.loads(script) == {letter: [letter]}


def test_what_is_not_known_is_left_out(client):
    event = make_event(venue=Venue.objects.create(name="Hall"))
    told = read_structured_data(client, f"/en/{event.slug}/")
    assert told["location"] == {
        "@type": "Place",
        "name": "Hall",
        "address": {"@type": "PostalAddress", "addressCountry": "LV"},
    }
    assert not {"organizer", "contributor", "funder", "inLanguage"} & set(told)


def test_pictures_and_logos_are_told_with_full_addresses(client, settings):
    settings.SITE_URL = "https://conference.example.org"
    event = make_event(slug="libraries", picture=make_picture())
    logo = make_picture(size=(9, 9))
    Partner.objects.create(event=event, name="One", role="organiser", url="https://lnb.lv/", picture=logo)
    Partner.objects.create(event=event, name="Two", role="organiser", logo="img/eu-emblem.svg")
    told = read_structured_data(client, "/lv/libraries/")
    assert told["image"] == [
        "https://conference.example.org/lv/libraries/picture.png",
        f"https://conference.example.org/pictures/{event.picture.digest}.webp",
    ]
    assert told["organizer"] == [
        {
            "@type": "Organization",
            "name": "One",
            "url": "https://lnb.lv/",
            "logo": f"https://conference.example.org/pictures/{logo.digest}.webp",
        },
        {"@type": "Organization", "name": "Two", "logo": "https://conference.example.org/static/img/eu-emblem.svg"},
    ]


NOW = timezone.now()


@pytest.mark.parametrize(
    ("values", "taken", "availability"),
    [
        ({}, 0, "https://schema.org/InStock"),
        ({"capacity": 2}, 1, "https://schema.org/InStock"),
        ({"capacity": 1}, 1, "https://schema.org/SoldOut"),
        ({"capacity": 1, "waiting_list_enabled": False}, 1, "https://schema.org/SoldOut"),
        ({"registration_opens_at": NOW + timedelta(days=1)}, 0, None),
    ],
)
def test_the_offer_says_whether_there_is_a_place(client, values, taken, availability):
    event = make_event(**values)
    for _number in range(taken):
        make_registration(event)
    offer = read_structured_data(client, f"/en/{event.slug}/")["offers"]
    assert offer.get("availability") == availability
    assert ("validFrom" in offer) is ("registration_opens_at" in values)


@pytest.mark.parametrize(
    "values", [{"registration_closes_at": NOW - timedelta(days=1)}, {"starts_at": NOW - timedelta(days=9)}]
)
def test_nothing_is_offered_once_registration_is_closed(client, values):
    assert "offers" not in read_structured_data(client, f"/en/{make_event(**values).slug}/")


def test_the_offer_is_valid_by_the_clock_of_the_place(client):
    with time_machine.travel("2027-01-10T12:00:00Z", tick=False):
        event = make_event(
            time_zone="Europe/Lisbon",
            starts_at=datetime(2027, 9, 19, 7, tzinfo=UTC),
            registration_opens_at=datetime(2027, 1, 1, 7, tzinfo=UTC),
            registration_closes_at=datetime(2027, 9, 1, 7, tzinfo=UTC),
        )
        told = read_structured_data(client, f"/en/{event.slug}/")
    assert told["startDate"] == "2027-09-19T08:00:00+01:00"
    assert told["offers"]["validFrom"] == "2027-01-01T07:00:00+00:00"
    assert told["offers"]["validThrough"] == "2027-09-01T08:00:00+01:00"
