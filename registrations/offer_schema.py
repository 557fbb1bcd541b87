"""schema.org data about registering, for search engines: it is free of charge, and whether there are places."""

from datetime import datetime

from django.urls import reverse

from conference.addresses import absolute_url
from conference.models import Event
from registrations.availability import Availability, State

AVAILABILITY = {
    State.NOT_YET_OPEN: "",
    State.OPEN: "https://schema.org/InStock",
    State.WAITING_LIST: "https://schema.org/SoldOut",
    State.FULL: "https://schema.org/SoldOut",
}


def build_offer(event: Event, offered: Availability) -> dict | None:
    """Return schema.org's Offer of a place at `event`; None if nobody can register any more."""
    if offered.state not in AVAILABILITY:
        return None
    data = {
        "@type": "Offer",
        "url": absolute_url(reverse("registrations:register", args=[event.slug])),
        "price": 0,
        "priceCurrency": "EUR",
        "availability": AVAILABILITY[offered.state],
        "validFrom": format_local(event, event.registration_opens_at),
        "validThrough": format_local(event, event.registration_closes_at or event.starts_at),
    }
    return {name: value for name, value in data.items() if value != ""}


def format_local(event: Event, moment: datetime | None) -> str:
    return moment.astimezone(event.zone).isoformat() if moment else ""
