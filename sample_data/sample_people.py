"""Made-up people: who they are, where they work, and when they signed up."""

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

# What they are all found by, so that they can be told from people who registered.
NOTE = "Made up by make_registrations."
# How large the parts of all are that came in the days after the opening, in between, and before the end.
BURST, TAIL, LAST_DAYS = 0.35, 0.4, 0.25
# How many people sign up in each hour of a day, by the clock of the event.
HOURS = [1, 0, 0, 0, 0, 1, 3, 8, 20, 38, 40, 36, 30, 34, 36, 30, 24, 16, 12, 12, 14, 12, 7, 3]


def make_people(event: Event, number: int, chance: random.Random, last: int, taken: set[str]) -> Iterator[Registration]:
    """The people in the order in which they came, without a standing yet."""
    countries, weights = list(COUNTRIES), list(accumulate(COUNTRIES.values()))
    for place, moment in enumerate(pick_times(event, number, chance)):
        (country,) = chance.choices(countries, cum_weights=weights)
        first_name, last_name = make_name(country, chance)
        sector, organisation = make_workplace(country, chance)
        yield Registration(
            event=event,
            reference=make_reference(taken, chance),
            first_name=first_name,
            last_name=last_name,
            email=make_address(first_name, last_name, last + place + 1, chance),
            organisation=organisation,
            job_title=chance.choice(JOBS[sector]) if chance.random() < 0.8 else "",
            country=country if chance.random() < 0.95 else "",
            sector=sector,
            language="lv" if country == "LV" and chance.random() < 0.95 else "en",
            source=Registration.Source.ONLINE if chance.random() < 0.93 else Registration.Source.IMPORT,
            created_at=moment,
            consented_at=moment,
            internal_note=NOTE,
            tags=[chance.choice(TAGS)] if chance.random() < 0.03 else [],
        )


def pick_times(event: Event, number: int, chance: random.Random) -> list[datetime]:
    """When they came (UTC): many at once, then a tail, then those who remember late. None of it is to come."""
    now = timezone.now()
    end = min(event.registration_closes_at or event.starts_at, now)
    start = event.registration_opens_at or end - timedelta(days=60)
    start = min(start, end - timedelta(days=1))
    days = (end - start) / timedelta(days=1)
    hours = list(accumulate(HOURS))
    found = []
    for _person in range(number):
        part = chance.random()
        if part < BURST:
            day = min(chance.expovariate(1 / 3), days)
        elif part < BURST + TAIL:
            day = chance.uniform(0, days)
        else:
            day = max(days - chance.expovariate(1 / 4), 0)
        midnight = (start + timedelta(days=day)).astimezone(event.zone).replace(hour=0, minute=0, second=0)
        (hour,) = chance.choices(range(24), cum_weights=hours)
        moment = midnight + timedelta(hours=hour, seconds=chance.randrange(3600), microseconds=chance.randrange(10**6))
        found.append(min(max(moment, start), end - timedelta(seconds=chance.randrange(3600))))
    return sorted(found)


def make_reference(taken: set[str], chance: random.Random) -> str:
    while (reference := "".join(chance.choices(REFERENCE_LETTERS, k=REFERENCE_LENGTH))) in taken:
        pass
    taken.add(reference)
    return reference


def make_name(country: str, chance: random.Random) -> tuple[str, str]:
    """A first and a last name as they are given where the person comes from, the last one agreeing with the first."""
    if country == "LV":
        men, women = LATVIAN_FIRST_NAMES
        is_woman = chance.random() < 0.8  # librarians
        last_name = chance.choice(LATVIAN_LAST_NAMES)
        if is_woman:
            return chance.choice(women), get_feminine_form(last_name)
        return chance.choice(men), last_name
    pairs = NAMES.get(country) or NAMES["DE"]
    first_names, last_names = chance.choice(pairs)
    return chance.choice(first_names), chance.choice(last_names)


def make_address(first_name: str, last_name: str, number: int, chance: random.Random) -> str:
    """An address at a domain that is kept for examples for ever (RFC 2606); the number makes it the only such one."""
    return f"{convert_to_ascii(first_name)}.{convert_to_ascii(last_name)}{number}@{chance.choice(DOMAINS)}"


def convert_to_ascii(text: str) -> str:
    """The text in small letters a–z alone."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(str.maketrans("łøđı", "lodi")))
    return "".join(letter for letter in decomposed if letter.isascii() and letter.isalpha())


def make_workplace(country: str, chance: random.Random) -> tuple[str, str]:
    """A sector, and an organisation of it; few organisations send many, and many send few."""
    sector = chance.choices(list(ORGANISATIONS), weights=[70, 20, 10])[0]
    if chance.random() < 0.05:
        return sector, ""
    places = PLACES.get(country) or PLACES["DE"]
    # The first of a list are drawn far more often than the last.
    place = places[min(int(chance.paretovariate(1.1)) - 1, len(places) - 1)]
    forms = ORGANISATIONS[sector]["LV" if country == "LV" else "other"]
    form = forms[min(int(chance.paretovariate(1.3)) - 1, len(forms) - 1)]
    return sector, form.format(place=place)
