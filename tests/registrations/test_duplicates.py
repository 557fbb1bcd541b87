import pytest
from django.utils import timezone

from registrations import duplicates
from registrations.models import Difference
from tests.factories import make_event, make_registration

pytestmark = pytest.mark.django_db


LIBRARY = {"email": "library@example.lv"}


def found(event, most=50) -> list[tuple[int, int]]:
    return [(one.pk, other.pk) for one, other, _why in duplicates.find_duplicates(event, most)]


def two(first: dict, second: dict):
    event = make_event()
    return event, (make_registration(event, **first).pk, make_registration(event, **second).pk)


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        (
            {"first_name": "Jānis", "last_name": "Bērziņš"},
            {"first_name": "Janis", "last_name": "BERZINS"},
            duplicates.SAME_NAME,
        ),
        (
            {"first_name": "Jānis", "last_name": "Ozols"},
            {"first_name": "Ozols", "last_name": "Jānis"},
            duplicates.SAME_NAME,
        ),
        *[
            ({"first_name": first, "last_name": last}, {"first_name": again, "last_name": last}, duplicates.SAME_NAME)
            for first, last, again in [
                ("Siobhan", "O’Brien", "Siobhán"),
                ("Anne-Marie", "Groß", "Anne\u2011Marie"),
                ("Anne-Marie", "Groß", "Anne Marie"),
                ("Jānis", "Bērziņš", "\u200bJānis"),
            ]
        ],
        *[
            (LIBRARY | {"first_name": "Anna", "last_name": "Bērziņa"}, LIBRARY | again, duplicates.SIMILAR_NAME)
            for again in [
                {"first_name": "Ana", "last_name": "Berzina"},
                {"first_name": "Anna Marija", "last_name": "Bērziņa"},
                {"first_name": "Bērziņa", "last_name": ""},
            ]
        ],
        ({"email": "anna.ozola@gmail.com"}, {"email": "annaozola+lnb@gmail.com"}, duplicates.SAME_ADDRESS),
        ({"email": "ozola@gmail.com"}, {"email": "ozola@gmial.com"}, duplicates.SAME_MAILBOX),
        ({"email": "ozola@inbox.lv"}, {"email": "ozoal@inbox.lv"}, duplicates.ONE_LETTER_OFF),
        ({"email": "xozola@inbox.lv"}, {"email": "ozola@inbox.lv"}, duplicates.ONE_LETTER_OFF),
    ],
)
def test_similar_people_are_found(first, second, why):
    event, pair = two(first, second)
    make_registration(event, first_name="Zane", last_name="Cita", email="zane@example.org")
    ((one, other, found_why),) = duplicates.find_duplicates(event, 50)
    assert ((one.pk, other.pk), found_why) == (pair, why)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"email": "reader1@inbox.lv"}, {"email": "reader2@inbox.lv"}),
        ({"email": "ab@inbox.lv"}, {"email": "ac@inbox.lv"}),
        ({"email": "ozola@lnb.lv"}, {"email": "ozola@gmail.com"}),
        (
            {"email": "ozola@inbox.lv", "first_name": "Anna", "last_name": "Ozola"},
            {"email": "ozols@inbox.lv", "first_name": "Juris", "last_name": "Ozols"},
        ),
        *[
            (LIBRARY | {"first_name": "Anna", "last_name": "Pirmā"}, LIBRARY | {"first_name": first, "last_name": last})
            for first, last in [("Ilze", "Otrā"), ("Anna", "Trešā")]  # colleagues
        ],
        ({"first_name": "Anna", "last_name": "Ozola"}, {"first_name": "Anna", "last_name": "Ozolina"}),
    ],
)
def test_different_people_are_not_found(first, second):
    event, _pair = two(first, second)
    assert found(event) == []


def test_cancelled_and_erased_people_and_those_of_other_events_are_nobodys_duplicates():
    event, names = make_event(), {"first_name": "Anna", "last_name": "Ozola"}
    make_registration(event, **names)
    make_registration(event, "cancelled", **names)
    make_registration(event, erased_at=timezone.now(), **names)
    make_registration(make_event(), **names)
    assert found(event) == []


def test_pairs_marked_as_not_duplicates_are_not_found_again():
    names = {"first_name": "Anna", "last_name": "Ozola"}
    event, (one, other) = two(names, names)
    third = make_registration(event, **names).pk
    Difference.objects.create(one_id=one, other_id=other)
    assert found(event) == [(one, third), (other, third)]


@pytest.mark.parametrize("number", [2, 3, 300])
def test_no_more_than_asked_for_with_the_same_queries(number, django_assert_num_queries):
    event = make_event()
    for _number in range(number):
        make_registration(event, first_name="Anna", last_name="Ozola")
    with django_assert_num_queries(8):
        assert len(found(event, 50)) == min(50, number * (number - 1) // 2)


def test_one_mailbox_name_at_many_hosts_is_compared_with_few():
    """Each with each would be two million comparisons; anybody can register so."""
    hosts = [f"host-{number:04}.example" for number in range(2000)]
    rows = [(1, "info", pk, f"info@{host}", str(pk)) for pk, host in enumerate(hosts)]
    pairs = list(duplicates.pair_equals(rows))
    assert len(pairs) <= len(rows) * duplicates.EQUALS_COMPARED


def test_a_mistyped_host_is_found_among_many():
    event = make_event()
    pair = [make_registration(event, email=f"info@{host}").pk for host in ("gmail.com", "gmial.com")]
    for number in range(60):
        make_registration(event, email=f"info@library-{number}x{number}y{number}.example")
    assert tuple(pair) in found(event)


def test_the_database_finds_what_comparing_everybody_with_everybody_finds():
    event, names = make_event(), [("Anna", "Ozola"), ("Jānis", "Bērziņš"), ("Līga", "Kalniņa"), ("Zane", "Ozola")]
    addresses = [
        *(
            "anna.ozola@inbox.lv",
            "annaozola+lnb@inbox.lv",
            "Anna.Ozola@inbox.lb",
            "anna.ozols@inbox.lv",
            "aozola@lnb.lv",
        ),
        *("xanna.ozola@inbox.lv", "anna.ozola7@inbox.lv", "anna.ozola8@inbox.lv", "anna.ozla8@inbox.lv", "", ""),
        *("berzins@lnb.lv", "berzisn@lnb.lv", "bērziņš@lnb.lv", "berzins@gmail.com", "zane@x.lv", '"zane@y"@x.lv'),
    ]
    for ending in ("", "a"):
        for number, email in enumerate(addresses):
            first, last = names[number % len(names)]
            make_registration(event, email=email, first_name=first, last_name=last + ending)
    people = [
        duplicates.ComparedPerson(one.pk, one.email.lower(), one.person_key)
        for one in event.registrations.order_by("pk")
    ]
    pairs = [(one, other) for place, one in enumerate(people) for other in people[place + 1 :]]
    expected = {(one.pk, other.pk): duplicates.SAME_NAME for one, other in pairs if one.person_key == other.person_key}
    for one, other in pairs:
        if one.names & other.names and duplicates.is_one_letter_off(one, other):
            expected[one.pk, other.pk] = duplicates.ONE_LETTER_OFF
    for one, other, why in duplicates.judge_mailboxes(pairs):
        if one.email:
            expected[one.pk, other.pk] = why
    results = duplicates.find_duplicates(event, 1000)
    assert {(one.pk, other.pk): why for one, other, why in results} == expected
    assert len(set(expected.values())) == 5  # every reason there is
