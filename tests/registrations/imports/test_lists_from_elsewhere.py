"""Whole lists of other programs, which come out right without any choice. The people are made up."""

import pytest

from tests.factories import make_event, make_question
from tests.registrations.imports.sample_files import make_xlsx, preview_file

pytestmark = pytest.mark.django_db

LUMA = """\
api_id,name,first_name,last_name,email,phone_number,created_at,approval_status,checked_in_at,qr_code_url,ticket_name
gst-1,Anna Bērziņa,Anna,Bērziņa,l1@example.lv,+37120000001,2026-07-01T10:00:00.000Z,approved,,https://example.com/q,Free
gst-2,Ilze Kalniņa,,,l2@example.lv,,2026-07-01T10:00:00.000Z,approved,,https://example.com/q,Free
"""
EVENTBRITE = """\
Order #,Order Date,First Name,Last Name,Email,Quantity,Ticket Type,Attendee #,Attendee Status,Company,Job Title
1,2026-07-01 10:00,Anna,Bērziņa,e1@example.lv,1,Free,2,Attending,A,B
"""
MICROSOFT = """\
ID,Start time,Completion time,Email,Name,Vārds,Uzvārds,E-pasts,Iestāde
1,9/9/26 18:01,9/9/26 18:02,anonymous,,Anna,Bērziņa,a1@example.lv,A
2,9/9/26 18:01,9/9/26 18:02,anonymous,,Ilze,Kalniņa,a2@example.lv,B
"""
MICROSOFT_SIGNED_IN = """\
ID,Sākuma laiks,Pabeigšanas laiks,E-pasts,Vārds,Vārds,Uzvārds,E-pasts,Iestāde
1,9/9/26 18:01,9/9/26 18:02,kolege@example.lv,Rita Kolēģe,Anna,Bērziņa,a1@example.lv,A
"""
GOOGLE = """\
Timestamp,Email Address,Jūsu vārds,Jūsu uzvārds,"Iestāde, kuru pārstāvat"
2026/09/09 6:01:00 PM GMT+3,g1@example.lv,Anna,Bērziņa,A
"""
TITO = """\
Number,Ticket Full Name,Ticket First Name,Ticket Last Name,Ticket Email,Ticket Company Name,Order Name,Order Email
1,Anna Bērziņa,Anna,Bērziņa,a1@example.lv,A,Rita Kolēģe,rita@example.lv
"""
PRETIX = """\
Order code;Email;Product;Attendee name;Attendee name: Given name;Attendee name: Family name;Attendee email;Company
ABC12;rita@example.lv;Standard;Anna Bērziņa;Anna;Bērziņa;a1@example.lv;A
"""
SURNAME_FIRST = """\
Uzvārds Vārds;E-pasts
Bērziņa Anna;p1@example.lv
Liepiņa-Ozola Marta Elza;p3@example.lv
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (LUMA, [("Anna", "Bērziņa", "l1@example.lv", ""), ("Ilze", "Kalniņa", "l2@example.lv", "")]),
        (EVENTBRITE, [("Anna", "Bērziņa", "e1@example.lv", "A")]),
        (MICROSOFT, [("Anna", "Bērziņa", "a1@example.lv", "A"), ("Ilze", "Kalniņa", "a2@example.lv", "B")]),
        (MICROSOFT_SIGNED_IN, [("Anna", "Bērziņa", "a1@example.lv", "A")]),
        (GOOGLE, [("Anna", "Bērziņa", "g1@example.lv", "A")]),
        (TITO, [("Anna", "Bērziņa", "a1@example.lv", "A")]),
        (PRETIX, [("Anna", "Bērziņa", "a1@example.lv", "A")]),
        (
            SURNAME_FIRST,
            [("Anna", "Bērziņa", "p1@example.lv", ""), ("Marta Elza", "Liepiņa-Ozola", "p3@example.lv", "")],
        ),
    ],
    ids=["luma", "eventbrite", "microsoft", "microsoft-signed-in", "google", "tito", "pretix", "surname-first"],
)
def test_lists_of_other_programs_need_no_choice(text, expected):
    rows = preview_file(text.encode(), make_event())
    assert [row.reasons for row in rows] == [[] for _row in expected]
    assert [(row.first_name, row.last_name, row.email, row.registration.organisation) for row in rows] == expected


def test_numbered_empty_rows_and_a_total_are_left_out():
    headers = ["Nr.p.k.", "Vārds", "Uzvārds", "E-pasts", "Iestāde"]
    people = [[number, "Anna", "Bērziņa", f"nr{number}@example.lv", "A"] for number in (1, 2, 3)]
    rest = [[number, None, None, None, None] for number in range(4, 21)]
    rows = preview_file(make_xlsx(headers, *people, *rest, ["Kopā: 3", None, None, None, None]), make_event())
    outcomes = [row.outcome for row in rows]
    assert outcomes.count("place") == 3
    assert set(outcomes) <= {"place", "nobody"}


def test_a_column_of_days_is_read_in_all_its_spellings():
    event = make_event()
    make_question(event, "arrival", label={"lv": "Ierašanās", "en": "Arrival"}, kind="date")
    days = ["46284", "2026-09-19T00:00:00", "19. septembris 2026", "19.09.26", "9/19/2026", "Sat, 19 Sep 2026"]
    lines = [f"A;B{number};d{number}@example.lv;{day}" for number, day in enumerate([*days, "2026.gada 19.septembris"])]
    rows = preview_file("\n".join(["Vārds;Uzvārds;E-pasts;Ierašanās", *lines]).encode(), event)
    assert [row.registration and row.registration.answers for row in rows] == [{"arrival": "2026-09-19"}] * 7


def test_one_wrong_row_does_not_stop_the_others():
    lines = [f"Vārds{number};Uzvārds;r{number}@example.lv;A" for number in range(5)]
    text = "\n".join(["Vārds;Uzvārds;E-pasts;Iestāde", *lines, "Milda;Vecā;milda(at)example.lv;Pensionāru biedrība"])
    assert [row.is_new for row in preview_file(text.encode(), make_event())] == [True] * 5 + [False]
