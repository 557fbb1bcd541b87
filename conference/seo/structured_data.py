"""Structured data for search engines: schema.org's Event as JSON-LD."""

import json
from collections.abc import Iterable

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from conference.addresses import absolute_url
from conference.models import Event, Partner, Venue
from conference.seo.open_graph import get_description

# Escaped so that no text can end the script, open a comment in it, or break its lines.
ESCAPES = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


def render_script(data: dict) -> SafeString:
    """Return the data as a script element that no browser executes."""
    content = json.dumps(data, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{content}</script>')  # noqa: S308 (escaped)


def describe_event(event: Event, partners: Iterable[Partner], offers: dict | None = None) -> dict:
    """Return the event in the active language, with its partners and its `offers`."""
    partners = list(partners)
    starts, ends = (moment.astimezone(event.zone).isoformat() for moment in (event.starts_at, event.ends_at))
    pictures = [reverse("conference:og-image", args=[event.slug])]
    if event.picture:
        pictures.append(event.picture.get_absolute_url())
    return drop_empty(
        {
            "@context": "https://schema.org",
            "@type": "Event",
            "name": str(event.title),
            "description": get_description(event),
            "url": absolute_url(event.get_absolute_url()),
            "image": [absolute_url(path) for path in pictures],
            "startDate": starts,
            "endDate": ends,
            "eventStatus": "https://schema.org/EventScheduled",
            "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
            "location": describe_place(event.venue),
            "inLanguage": describe_named("Language", event.working_language),
            "isAccessibleForFree": True,
            "organizer": describe_organisations(partners, Partner.Role.ORGANISER),
            "contributor": describe_organisations(partners, Partner.Role.PARTNER),
            "funder": describe_organisations(partners, Partner.Role.SUPPORTER),
            "offers": offers,
        }
    )


def drop_empty(data: dict) -> dict:
    """Return the data without empty values."""
    return {name: value for name, value in data.items() if value not in (None, "", [], {})}


def describe_named(kind: str, name) -> dict | None:
    return {"@type": kind, "name": str(name)} if str(name) else None


def describe_place(venue: Venue) -> dict:
    is_on_the_map = venue.latitude is not None and venue.longitude is not None
    return drop_empty(
        {
            "@type": "Place",
            "name": str(venue.name),
            "address": drop_empty(
                {
                    "@type": "PostalAddress",
                    "streetAddress": str(venue.street),
                    "addressLocality": str(venue.city),
                    "postalCode": venue.postal_code,
                    "addressCountry": venue.country.code,
                }
            ),
            "geo": {
                "@type": "GeoCoordinates",
                "latitude": float(venue.latitude),
                "longitude": float(venue.longitude),
            }
            if is_on_the_map
            else None,
        }
    )


def describe_organisations(partners: list[Partner], role: Partner.Role) -> list[dict]:
    return [
        drop_empty(
            {
                "@type": "Organization",
                "name": str(partner.name),
                "url": partner.url,
                "logo": absolute_url(partner.logo_url) if partner.logo_url else "",
            }
        )
        for partner in partners
        if partner.role == role
    ]
