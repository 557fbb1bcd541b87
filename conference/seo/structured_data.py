"""What search engines and social networks are told of an event: a description, and schema.org's Event as JSON-LD."""

import json
from collections import defaultdict
from collections.abc import Iterable

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from i18nfield.strings import LazyI18nString

from conference.models import Event, Partner, Venue
from conference.site_urls import absolute_url

DESCRIPTION_LENGTH = 300
# Escaped so that no text can end the script, open a comment in it, or break its lines.
ESCAPES = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


def get_description(event: Event) -> str:
    """Return the event's summary on one line, shortened; date and place if it has no summary."""
    words = " ".join(str(event.summary).split()) or f"{event.when}. {event.venue.name}, {event.venue.address}"
    return Truncator(words).chars(DESCRIPTION_LENGTH)


def render_script(data: dict) -> SafeString:
    """Return the data as a script element that no browser executes."""
    content = json.dumps(data, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{content}</script>')  # noqa: S308 (escaped)


def describe_event(event: Event, partners: Iterable[Partner], offers: dict | None = None) -> dict:
    """Return the event in the active language, with its partners and its `offers`."""
    starts, ends = (moment.astimezone(event.zone).isoformat() for moment in (event.starts_at, event.ends_at))
    images = [reverse("conference:og-image", args=[event.slug])]
    if event.picture:
        images.append(event.picture.get_absolute_url())
    organisations = defaultdict(list)
    for partner in partners:
        logo = partner.logo_url and absolute_url(partner.logo_url)
        organisations[partner.role].append(describe("Organization", name=partner.name, url=partner.url, logo=logo))
    return {"@context": "https://schema.org"} | describe(
        "Event",
        name=event.title,
        description=get_description(event),
        url=absolute_url(event.get_absolute_url()),
        image=[absolute_url(path) for path in images],
        startDate=starts,
        endDate=ends,
        eventStatus=f"https://schema.org/{'EventCancelled' if event.is_cancelled else 'EventScheduled'}",
        eventAttendanceMode="https://schema.org/OfflineEventAttendanceMode",
        location=describe_place(event.venue),
        inLanguage=event.working_language and describe("Language", name=event.working_language),
        isAccessibleForFree=event.is_free or None,
        organizer=organisations[Partner.Role.ORGANISER],
        contributor=organisations[Partner.Role.PARTNER],
        funder=organisations[Partner.Role.SUPPORTER],
        offers=offers,
    )


def describe_place(venue: Venue) -> dict:
    address = describe(
        "PostalAddress",
        streetAddress=venue.street,
        addressLocality=venue.city,
        postalCode=venue.postal_code,
        addressCountry=venue.country.code,
    )
    geo = None
    if venue.coordinates:
        latitude, longitude = map(float, venue.coordinates)
        geo = describe("GeoCoordinates", latitude=latitude, longitude=longitude)
    return describe("Place", name=venue.name, address=address, geo=geo)


def describe(kind: str, **values) -> dict:
    """Return a schema.org object of this kind, with translated texts in the active language, without empty values."""
    texts = {name: str(value) if isinstance(value, LazyI18nString) else value for name, value in values.items()}
    return {"@type": kind, **{name: value for name, value in texts.items() if value not in (None, "", [])}}
