"""Finding registrations that may be of the same person, by name and address."""

import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from django.db import connection, transaction
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

# Candidates among `people`, who are judged here afterwards: all who share a mailbox, without dots and what follows a
# plus sign, or one of the first names that several have; and pairs with the same digits and a name in common that are
# neighbours in the order of the addresses, read from the front or the end. One wrong letter leaves the first or the
# last half of an address as it is; CASE asks first what costs least. Each kind begins with who registered first, and
# PostgreSQL looks for the next kind once the one before has been read.
CANDIDATES = """
WITH people (id, email, person_key) AS ({people}), keyed AS MATERIALIZED (
    SELECT *, regexp_replace(email, '[^0-9]+', '', 'g') AS digits,
        replace(lower(split_part(split_part(email, '@', 1), '+', 1)), '.', '') AS mailbox
    FROM people
), mailboxes AS (
    SELECT mailbox, min(id) AS first FROM keyed WHERE email <> '' GROUP BY mailbox HAVING count(*) > 1
), names AS (
    SELECT person_key, min(id) AS first FROM keyed GROUP BY person_key HAVING count(*) > 1
    ORDER BY first LIMIT {most_names}
), numbers AS (
    SELECT digits FROM keyed WHERE email <> '' GROUP BY digits HAVING count(*) > 1
), addresses AS MATERIALIZED (
    SELECT id, lower(email) AS email, person_key, digits FROM keyed JOIN numbers USING (digits) WHERE email <> ''
)
(
    SELECT 1, mailbox, id, lower(email), person_key, NULL, NULL, NULL
    FROM keyed JOIN mailboxes USING (mailbox) WHERE email <> ''
    ORDER BY first, lower(split_part(email, '@', -1)) COLLATE "C", id
)
UNION ALL ({neighbours_by_start}) UNION ALL ({neighbours_by_end}) UNION ALL
(
    SELECT 4, person_key, id, lower(email), person_key, NULL, NULL, NULL
    FROM keyed JOIN names USING (person_key) ORDER BY first, id
)
"""
NEIGHBOURS = """
    SELECT {kind}, NULL, one.id, one.email, one.person_key, other.id, other.email, other.person_key
    FROM (
        SELECT *, length(email) / 2 - 1 AS half, array_agg(id) OVER (
            PARTITION BY digits COLLATE "C" ORDER BY {order} COLLATE "C", id
            ROWS BETWEEN 1 FOLLOWING AND {compared} FOLLOWING
        ) AS following FROM addresses
    ) AS one CROSS JOIN unnest(following) WITH ORDINALITY AS next (id, step) JOIN addresses other ON other.id = next.id
    WHERE CASE
        WHEN abs(length(one.email) - length(other.email)) > 1 THEN false
        WHEN left(one.email, half) <> left(other.email, half) AND right(one.email, half) <> right(other.email, half)
        THEN false
        ELSE string_to_array(one.person_key, ' ') && string_to_array(other.person_key, ' ')
    END
    ORDER BY one.id, step
"""
MAILBOX, NAME = 1, 4


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
    different = set(Difference.objects.filter(one__event=event).values_list("one", "other"))
    found: dict[tuple[int, int], str] = {}
    # Each name that several have gives one more pair, except for those that are found already or left out.
    candidates = read_candidates(event, most_names=2 * most + len(different))
    with transaction.atomic(), closing(candidates):
        for one, other, why in judge(candidates):
            key = (min(one.pk, other.pk), max(one.pk, other.pk))
            if key not in different:
                found.setdefault(key, why)
            if len(found) == most:
                break
    registrations = Registration.objects.select_related("event").prefetch_related("event__sectors", "topics")
    by_key = registrations.in_bulk({key for pair in found for key in pair})
    return [(by_key[one], by_key[other], why) for (one, other), why in found.items()]


def read_candidates(event: Event, *, most_names: int) -> Iterator[tuple]:
    """Yield the rows of CANDIDATES, as they are found, among the event's live registrations. For a transaction."""
    people = event.registrations.live().not_erased().order_by().values_list("pk", "email", "person_key")
    sql, parameters = people.query.sql_with_params()
    statement = CANDIDATES.format(
        people=sql,
        most_names=most_names,
        neighbours_by_start=NEIGHBOURS.format(kind=2, order="email", compared=NEIGHBOURS_COMPARED),
        neighbours_by_end=NEIGHBOURS.format(kind=3, order="reverse(email)", compared=NEIGHBOURS_COMPARED),
    )
    with connection.cursor() as cursor:
        # Where statistics are old, the planner takes thousands for few, and would read them all again for each.
        cursor.execute("SET LOCAL enable_nestloop = off; SET LOCAL work_mem = '32MB'")
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, parameters)
        yield from cursor


def judge(candidates: Iterable[tuple]) -> Iterator[tuple[ComparedPerson, ComparedPerson, str]]:
    """Yield similar pairs and why, the likeliest first; a pair may be repeated."""
    for kind, rows in groupby(candidates, key=lambda row: row[0]):
        if kind == MAILBOX:
            yield from judge_mailboxes(pair_equals(rows))
        elif kind == NAME:
            yield from ((one, other, SAME_NAME) for one, other in pair_equals(rows))
        else:
            pairs = ((ComparedPerson(*row[2:5]), ComparedPerson(*row[5:8])) for row in rows)
            yield from ((*pair, ONE_LETTER_OFF) for pair in pairs if is_one_letter_off(*pair))


def judge_mailboxes(pairs) -> Iterator[tuple[ComparedPerson, ComparedPerson, str]]:
    for one, other in pairs:
        if one.email == other.email:
            if has_similar_name(one, other):
                yield one, other, SIMILAR_NAME
        elif one.mailbox == other.mailbox:
            if one.host == other.host:
                yield one, other, SAME_ADDRESS
            elif is_host_typo(one.host, other.host):
                yield one, other, SAME_MAILBOX


def pair_equals(rows: Iterable[tuple]) -> Iterator[tuple[ComparedPerson, ComparedPerson]]:
    """Yield pairs of people who share what is second in their rows: each with the next ones.

    All pairs of a small group; in a large one, which anybody can make, their number grows with the people only.
    """
    for _shared, group in groupby(rows, key=lambda row: row[1]):
        people = [ComparedPerson(*row[2:5]) for row in group]
        for place, one in enumerate(people):
            for other in people[place + 1 : place + 1 + EQUALS_COMPARED]:
                yield one, other


def has_similar_name(one: ComparedPerson, other: ComparedPerson) -> bool:
    """Whether two people with one address may be the same: it has a typo or one name more. Others are colleagues."""
    is_typo = count_typing_errors(one.person_key, other.person_key, most=2) <= 2
    return is_typo or one.names <= other.names or other.names <= one.names


@lru_cache(maxsize=10_000)
def is_host_typo(host: str, other: str) -> bool:
    """Whether one host may be a typo of the other: one or two letters wrong, missing or swapped."""
    most = 1 if min(len(host), len(other)) < 8 else 2
    return count_typing_errors(host, other, most=most) <= most


def is_one_letter_off(one: ComparedPerson, other: ComparedPerson) -> bool:
    """Whether one letter is wrong, missing or swapped with the next. Different digits mean different addresses."""
    return (
        one.email != other.email
        and min(one.email.rfind("@"), other.email.rfind("@")) >= MIN_MAILBOX_LENGTH
        and count_typing_errors(one.email, other.email, most=1) <= 1
        and re.findall(r"\d", one.email) == re.findall(r"\d", other.email)
    )
