"""Finding registrations that may be of the same person, by name and address."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from conference.models import Event
from registrations.email_typos import count_typing_errors
from registrations.models import Difference, Registration

# An address is compared with this many that follow it in alphabetical order. A similar one is usually among them.
NEIGHBOURS_COMPARED = 4
# Of people with the same name, or the same mailbox at any host, each is compared with this many that follow.
EQUALS_COMPARED = 20
# In shorter mailbox names, one different letter probably means another person.
MIN_MAILBOX_LENGTH = 5

SIMILAR_NAME = _("The same e-mail address and a similar name.")
SAME_ADDRESS = _("The same e-mail address except for dots or a part after a plus sign.")
SAME_MAILBOX = _("The same name before @, and a domain that may be a typo.")
ONE_LETTER_OFF = _("The e-mail addresses differ by one letter.")
SAME_NAME = _("The same name.")


class ComparedPerson(NamedTuple):
    """What people are compared by: the address in lower case, and the folded names, as `Registration.person_key`."""

    pk: int
    email: str
    person_key: str

    @property
    def names(self) -> set[str]:
        return set(self.person_key.split())

    @property
    def mailbox(self) -> str:
        """The part before the @, without dots and without what follows a plus sign."""
        return self.email.rpartition("@")[0].partition("+")[0].replace(".", "")

    @property
    def host(self) -> str:
        return self.email.rpartition("@")[2]


def find_duplicates(event: Event, most: int) -> list[tuple[Registration, Registration, str]]:
    """Return the likeliest pairs among the event's live registrations, at most `most`: the older, the other, and why.

    Pairs that an organiser has marked as not duplicates are left out. The same queries, however many people there are.
    """
    rows = event.registrations.live().not_erased().order_by("pk").values_list("pk", "email", "person_key")
    people = [ComparedPerson(pk, email.lower(), key) for pk, email, key in rows.iterator(chunk_size=10_000)]
    different = set(Difference.objects.filter(one__event=event).values_list("one", "other"))
    found: dict[tuple[int, int], str] = {}
    for one, other, why in find_candidates(people):
        key = (min(one.pk, other.pk), max(one.pk, other.pk))
        if key not in different:
            found.setdefault(key, why)
        if len(found) == most:
            break
    registrations = Registration.objects.select_related("event").prefetch_related("event__sectors", "topics")
    by_key = registrations.in_bulk({key for pair in found for key in pair})
    return [(by_key[one], by_key[other], why) for (one, other), why in found.items()]


def find_candidates(people: list[ComparedPerson]) -> Iterator[tuple[ComparedPerson, ComparedPerson, str]]:
    """Yield similar pairs, the likeliest first; a pair may be repeated."""
    with_address = [person for person in people if person.email]
    for one, other in pair_equals(with_address, lambda person: person.mailbox, by_host):
        if one.email == other.email:
            if has_similar_name(one, other):
                yield one, other, SIMILAR_NAME
        elif one.host == other.host:
            yield one, other, SAME_ADDRESS
        elif is_host_typo(one.host, other.host):
            yield one, other, SAME_MAILBOX
    by_start = sorted(with_address, key=lambda person: person.email)
    by_end = sorted(with_address, key=lambda person: person.email[::-1])
    for ordered in (by_start, by_end):
        for place, one in enumerate(ordered):
            for other in ordered[place + 1 : place + 1 + NEIGHBOURS_COMPARED]:
                if one.names & other.names and is_one_letter_off(one.email, other.email):
                    yield one, other, ONE_LETTER_OFF
    for one, other in pair_equals(people, lambda person: person.person_key):
        yield one, other, SAME_NAME


def by_host(person: ComparedPerson) -> tuple[str, int]:
    return person.host, person.pk


def pair_equals(
    people: list[ComparedPerson], key: Callable[[ComparedPerson], object], order: Callable | None = None
) -> Iterator[tuple[ComparedPerson, ComparedPerson]]:
    """Yield pairs of people with the same `key`: each with the next ones, in this order if it is given.

    All pairs of a small group; in a large one, which anybody can make, their number grows with the people only.
    """
    groups = defaultdict(list)
    for person in people:
        groups[key(person)].append(person)
    for group in groups.values():
        ordered = sorted(group, key=order) if order else group
        for place, one in enumerate(ordered):
            for other in ordered[place + 1 : place + 1 + EQUALS_COMPARED]:
                yield one, other


def has_similar_name(one: ComparedPerson, other: ComparedPerson) -> bool:
    """Whether two people with one address may be the same: it has a typo or one name more. Others are colleagues."""
    is_typo = count_typing_errors(one.person_key, other.person_key, most=2) <= 2
    return is_typo or one.names <= other.names or other.names <= one.names


def is_host_typo(host: str, other: str) -> bool:
    """Whether one host may be a typo of the other: one or two letters wrong, missing or swapped."""
    most = 1 if min(len(host), len(other)) < 8 else 2
    return count_typing_errors(host, other, most=most) <= most


def is_one_letter_off(email: str, other: str) -> bool:
    """Whether one letter is wrong, missing or swapped with the next. Different digits mean different addresses."""
    return (
        email != other
        and abs(len(email) - len(other)) <= 1
        and min(email.rfind("@"), other.rfind("@")) >= MIN_MAILBOX_LENGTH
        and count_typing_errors(email, other, most=1) <= 1
        and re.findall(r"\d", email) == re.findall(r"\d", other)
    )
