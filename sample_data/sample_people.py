"""Sample people: their names, organisations and times of registration."""

import random
import unicodedata
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate

from django.utils import timezone

from conference.models import Event
from registrations.models import Registration
from registrations.models.registration import REFERENCE_LENGTH, REFERENCE_LETTERS
from sample_data.vocabulary import (
    COUNTRIES,
    DOMAINS,
    JOBS,
    LATVIAN_FIRST_NAMES,
    LATVIAN_LAST_NAMES,
    NAMES,
    ORGANISATIONS,
    PLACES,
    TAGS,
    get_feminine_form,
)

# The internal note that distinguishes them from real people.
NOTE = "Created by make_registrations."
# The shares of people who register in the first days and in between; the others register in the last days.
FIRST_DAYS, IN_BETWEEN = 0.35, 0.4
# How many people register in each hour of a day, in the event's time zone.
HOURS = [1, 0, 0, 0, 0, 1, 3, 8, 20, 38, 40, 36, 30, 34, 36, 30, 24, 16, 12, 12, 14, 12, 7, 3]


def make_people(event: Event, number: int, rng: random.Random, last: int, taken: set[str]) -> Iterator[Registration]:
    """Yield the people in the order of their registration, without a status."""
    sectors = [sector.key for sector in event.sectors.all() if sector.is_offered]
    not_asked = {name: "" for name in event.ASKED_FIELDS if name != "topics" and not event.is_asked(name)}
    countries, weights = list(COUNTRIES), list(accumulate(COUNTRIES.values()))
    for place, moment in enumerate(pick_times(event, number, rng)):
        (country,) = rng.choices(countries, cum_weights=weights)
        first_name, last_name = make_name(country, rng)
        sector, organisation = make_workplace(country, rng)
        asked = {
            "organisation": organisation,
            "job_title": rng.choice(JOBS[sector]) if rng.random() < 0.8 else "",
            "country": country if rng.random() < 0.95 else "",
            "sector": sector if sector in sectors else rng.choice(sectors or [""]),
        }
        yield Registration(
            event=event,
            reference=make_reference(taken, rng),
            first_name=first_name,
            last_name=last_name,
            email=make_address(first_name, last_name, last + place + 1, rng),
            **asked | not_asked,
            language="lv" if country == "LV" and rng.random() < 0.95 else "en",
            source=Registration.Source.ONLINE if rng.random() < 0.93 else Registration.Source.IMPORT,
            created_at=moment,
            consented_at=moment,
            internal_note=NOTE,
            tags=[rng.choice(TAGS)] if rng.random() < 0.03 else [],
        )


def pick_times(event: Event, number: int, rng: random.Random) -> list[datetime]:
    """Return times of registration (UTC) in order: many at first and at the end, none in the future."""
    now = timezone.now()
    end = min(event.registration_closes_at or event.starts_at, now)
    start = event.registration_opens_at or end - timedelta(days=60)
    start = min(start, end - timedelta(days=1))
    days = (end - start) / timedelta(days=1)
    hours = list(accumulate(HOURS))
    found = []
    for _person in range(number):
        part = rng.random()
        if part < FIRST_DAYS:
            day = min(rng.expovariate(1 / 3), days)
        elif part < FIRST_DAYS + IN_BETWEEN:
            day = rng.uniform(0, days)
        else:
            day = max(days - rng.expovariate(1 / 4), 0)
        midnight = (start + timedelta(days=day)).astimezone(event.zone).replace(hour=0, minute=0, second=0)
        (hour,) = rng.choices(range(24), cum_weights=hours)
        moment = midnight + timedelta(hours=hour, seconds=rng.randrange(3600), microseconds=rng.randrange(10**6))
        found.append(min(max(moment, start), end - timedelta(seconds=rng.randrange(3600))))
    return sorted(found)


def make_reference(taken: set[str], rng: random.Random) -> str:
    while (reference := "".join(rng.choices(REFERENCE_LETTERS, k=REFERENCE_LENGTH))) in taken:
        pass
    taken.add(reference)
    return reference


def make_name(country: str, rng: random.Random) -> tuple[str, str]:
    """Return a first and a last name that are common in the country and fit each other."""
    if country == "LV":
        men, women = LATVIAN_FIRST_NAMES
        is_woman = rng.random() < 0.8  # librarians
        last_name = rng.choice(LATVIAN_LAST_NAMES)
        if is_woman:
            return rng.choice(women), get_feminine_form(last_name)
        return rng.choice(men), last_name
    pairs = NAMES.get(country) or NAMES["DE"]
    first_names, last_names = rng.choice(pairs)
    return rng.choice(first_names), rng.choice(last_names)


def make_address(first_name: str, last_name: str, number: int, rng: random.Random) -> str:
    """Return an address at a domain reserved for examples (RFC 2606); the number makes it unique."""
    return f"{convert_to_ascii(first_name)}.{convert_to_ascii(last_name)}{number}@{rng.choice(DOMAINS)}"


def convert_to_ascii(text: str) -> str:
    """Return the text with the lower-case letters a–z only."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(str.maketrans("łøđı", "lodi")))
    return "".join(letter for letter in decomposed if letter.isascii() and letter.isalpha())


def make_workplace(country: str, rng: random.Random) -> tuple[str, str]:
    """Return a sector and an organisation. A few organisations get many people, and many get a few."""
    sector = rng.choices(list(ORGANISATIONS), weights=[70, 20, 10])[0]
    if rng.random() < 0.05:
        return sector, ""
    places = PLACES.get(country) or PLACES["DE"]
    # The first of a list are drawn much more often than the last.
    place = places[min(int(rng.paretovariate(1.1)) - 1, len(places) - 1)]
    forms = ORGANISATIONS[sector]["LV" if country == "LV" else "other"]
    form = forms[min(int(rng.paretovariate(1.3)) - 1, len(forms) - 1)]
    return sector, form.format(place=place)
