import csv
import io
from datetime import UTC, datetime

import pytest
from django.utils import timezone, translation

from registrations.exports.access import OPERATOR_ACCESS, ExportAccess
from registrations.exports.csv_writer import FORMULA_STARTS, escape_formula
from registrations.exports.file_formats import FORMATS
from registrations.exports.lists import write_registrations
from registrations.models import Registration
from tests.factories import make_choice, make_event, make_question, make_registration, make_topic

pytestmark = pytest.mark.django_db

ENGLISH = [
    "Event",
    "Reference",
    "Status",
    "First name",
    "Last name",
    "E-mail",
    "Organisation",
    "Job title",
    "Country",
    "Sector",
    "Topics of interest",
    "Language",
    "Source",
    "Tags",
    "Internal note",
    "Registered",
    "Confirmed",
    "Waiting since",
    "Cancelled",
    "Attended",
    "Consented",
]
CSV = ["csv", "csv-comma"]


def write(
    registrations, name: str, language: str = "en", access: ExportAccess = OPERATOR_ACCESS, names=None
) -> tuple[bytes, int]:
    with translation.override(language):
        file, count, _columns = write_registrations(registrations, name, access, names=names)
    with file:
        return file.read(), count


def export(registrations=None, name="csv-comma", language="en", access=OPERATOR_ACCESS, names=None) -> list[list[str]]:
    """The export read back by Python's csv."""
    if registrations is None:
        registrations = Registration.objects.order_by("pk")
    content, count = write(registrations, name, language, access, names)
    text = content.decode("utf-8-sig" if FORMATS[name].byte_order_mark else "utf-8")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=FORMATS[name].delimiter))
    assert len(rows) == count + 1
    return rows


def get_column(rows, header) -> list[str]:
    return [row[rows[0].index(header)] for row in rows[1:]]


def test_the_columns_have_a_fixed_order_and_readable_labels():
    event = make_event(title={"lv": "Bibliotēkas", "en": "Libraries"})
    topics = [make_topic(event, {"lv": f"Temats {n}", "en": f"Topic {n}"}, position=9 - n) for n in (1, 2)]
    registration = make_registration(
        event,
        first_name="Jānis",
        last_name="Bērziņš",
        email="janis@example.lv",
        organisation="LNB",
        job_title="bibliotekārs",
        country="LV",
        sector="lifelong_learning",
        language="lv",
        created_at=datetime(2027, 1, 31, 22, 30, 15, 999999, tzinfo=UTC),
        confirmed_at=datetime(2027, 7, 1, 9, 0, tzinfo=UTC),
        checked_in_at=datetime(2027, 9, 19, 6, 15, tzinfo=UTC),
        tags=["speaker", "board"],
        internal_note="phoned",
    )
    registration.topics.set(topics)
    header, row = export()
    assert header == ENGLISH
    assert row == [
        "Libraries",
        registration.reference,
        "confirmed",
        "Jānis",
        "Bērziņš",
        "janis@example.lv",
        "LNB",
        "bibliotekārs",
        "Latvia",
        "lifelong learning",
        "Topic 2, Topic 1",
        "Latvian",
        "online",
        "speaker, board",
        "phoned",
        "2027-02-01 00:30:15",
        "2027-07-01 12:00:00",
        "",
        "",
        "2027-09-19 09:15:00",
        "",
    ]
    header, row = export(language="lv")
    assert len(header) == len(set(header)) == len(ENGLISH)
    assert header[:5] == ["Pasākums", "Reģistrācijas kods", "Statuss", "Vārds", "Uzvārds"]
    assert (row[0], row[2], row[8], row[9], row[10]) == (
        "Bibliotēkas",
        "apstiprināta",
        "Latvija",
        "mūžizglītība",
        "Temats 2, Temats 1",
    )


def test_times_are_in_the_time_zone_of_each_event():
    moment = datetime(2027, 1, 1, 12, tzinfo=UTC)
    make_registration(make_event(time_zone="Europe/Riga"), created_at=moment)
    make_registration(make_event(time_zone="Europe/Lisbon"), created_at=moment)
    assert get_column(export(), "Registered") == ["2027-01-01 14:00:00", "2027-01-01 12:00:00"]


def test_only_csv_for_excel_has_a_byte_order_mark_and_semicolons():
    make_registration(make_event(), last_name="Bērziņš; Kalniņa")
    excel, plain = (write(Registration.objects.all(), name)[0] for name in CSV)
    assert excel.startswith(b"\xef\xbb\xbfEvent;Reference;")
    assert plain.startswith(b"Event,Reference,")
    assert get_column(export(name="csv"), "Last name") == ["Bērziņš; Kalniņa"]


@pytest.mark.parametrize(
    "value",
    [
        "both \"quotes\" and 'apostrophes'",
        "comma, semicolon; tab\tand more",
        "two\nlines",
        "two\r\nlines",
        "  spaces around  ",
        "emoji 🙂 and עברית and e\u0301",
        "'s-Gravenhage",
        "\\.",
        "\\N",
        "NULL",
        "%s %(x)s %",
        "",
    ],
)
@pytest.mark.parametrize("name", CSV)
def test_python_reads_back_the_exact_value(value, name):
    make_registration(make_event(), organisation=value)
    assert get_column(export(name=name), "Organisation") == [value]


@pytest.mark.parametrize("start", [*FORMULA_STARTS, "'=", "''@"])
def test_formulas_are_escaped_and_can_be_restored(start):
    value = f"{start}cmd|' /C calc'!A0"
    event = make_event(title=value)
    registration = make_registration(event, organisation=value, first_name=value, answers={"lunch": value})
    registration.topics.add(make_topic(event, value))
    make_question(event, "lunch", label=value)
    rows = export()
    for cell in (rows[0][-1], *(get_column(rows, header)[0] for header in ("Event", "Organisation", "First name"))):
        assert cell == f"'{value}"
        assert cell[1:] == value
    assert get_column(rows, "Topics of interest") == [f"'{value}"]
    assert rows[1][-1] == f"'{value}"


@pytest.mark.parametrize("value", ["Anna", "'s-Gravenhage", "1=1", " =1", ""])
def test_other_text_is_not_escaped(value):
    assert escape_formula(value) == value


def test_events_share_the_column_of_a_key_and_equal_headers_are_numbered():
    one, other = make_event(), make_event()
    make_question(one, "lunch", label="Lunch")
    make_question(one, "bus", label="Bus", kind="yes_no", position=1)
    make_question(other, "lunch", label="Your lunch")
    make_question(other, "coach", label="Bus", position=2)
    make_registration(one, answers={"lunch": "Soup", "bus": True})
    make_registration(one, answers={"bus": False, "coach": "of no question here"})
    make_registration(other, answers={"lunch": "Salad", "bus": True, "coach": "At nine"})
    rows = export()
    assert rows[0][len(ENGLISH) :] == ["Lunch / Your lunch", "Bus", "Bus (2)"]
    assert [row[len(ENGLISH) :] for row in rows[1:]] == [["Soup", "yes", ""], ["", "no", ""], ["Salad", "", "At nine"]]


def test_answers_of_every_kind_are_readable():
    event = make_event()
    words = {"lv": "Zupa", "en": "Soup"}
    for position, kind in enumerate(["long_text", "number", "yes_no", "one_of", "several_of", "date"]):
        question = make_question(event, f"a_{kind}", kind=kind, label=kind, position=position)
        if question.has_choices:
            make_choice(question, "salad", label="Salad", position=2)
            make_choice(question, "soup", label=words, position=1, removed_at=timezone.now())
    make_registration(
        event,
        answers={
            "a_long_text": "two\nlines",
            "a_number": -2.5,
            "a_yes_no": True,
            "a_one_of": "soup",
            "a_several_of": ["salad", "soup"],
            "a_date": "2027-09-18",
        },
    )
    make_registration(event, answers={"a_one_of": "", "a_several_of": [], "a_number": None})
    make_registration(event, answers={"a_one_of": "=unknown", "a_several_of": "older text", "a_number": "-2"})
    answers = [row[len(ENGLISH) :] for row in export()[1:]]
    assert answers[0] == ["two\nlines", "-2.5", "yes", "Soup", "Soup, Salad", "2027-09-18"]
    assert answers[1] == [""] * 6
    assert answers[2] == ["", "'-2", "", "'=unknown", "older text", ""]
    assert export(language="lv")[1][len(ENGLISH) :][2:5] == ["jā", "Zupa", "Zupa, Salad"]


@pytest.mark.parametrize("number", [13, 40])
def test_questions_with_many_choices_are_exported(number):
    event = make_event()
    question = make_question(event, "city", kind="one_of", label="City")
    for n in range(number):
        make_choice(question, f"c{n}", label=f"City {n}")
    make_registration(event, answers={"city": "c12"})
    make_registration(event, answers={"city": "elsewhere"})
    make_registration(event)
    assert get_column(export(), "City") == ["City 12", "elsewhere", ""]


def test_a_removed_question_is_a_column_while_it_has_answers():
    event, other = make_event(), make_event()
    gone = {"removed_at": timezone.now(), "kind": "one_of"}
    make_choice(make_question(event, "lunch", label="Lunch", **gone), "soup", label="Soup")
    make_question(event, "bus", label="Bus", **gone)
    make_question(other, "lunch", label="Of the other", **gone)
    registration = make_registration(event, answers={"lunch": "soup", "bus": ""})
    make_registration(other)
    rows = export()
    assert rows[0][len(ENGLISH) :] == ["Lunch"]
    assert get_column(rows, "Lunch") == ["Soup", ""]
    registration.answers = {}
    registration.save()
    assert export()[0] == ENGLISH


def test_no_export_contains_needs():
    event, other = make_event(), make_event()
    make_question(event, "diet", label="Diet", is_about_needs=True)
    make_question(other, "diet", label="Favourite dish")
    make_registration(event, answers={"diet": "kosher"})
    make_registration(other, answers={"diet": "soup"})
    rows = export()
    assert rows[0] == [*ENGLISH, "Favourite dish"]
    assert get_column(rows, "Favourite dish") == ["", "soup"]
    assert export(names=["reference", "answers.diet"], registrations=event.registrations.all())[0] == ["Reference"]


def test_columns_that_a_user_may_not_see_are_left_out():
    event = make_event()
    make_question(event, "vip", label="Internal question", is_internal=True)
    make_registration(event, answers={"vip": "yes"}, internal_note="do not tell")
    may_less = [
        (ExportAccess(can_see_email=False, can_change=True), {"E-mail"}),
        (ExportAccess(can_see_email=True, can_change=False), {"Internal note", "Internal question"}),
    ]
    whole = set(export()[0])
    for access, hidden in may_less:
        header, row = export(access=access)
        assert whole - set(header) == hidden
        assert "do not tell" not in row or access.can_change
        assert export(access=access, names=["reference", "email", "internal_note", "answers.vip"])[0] == [
            name for name in ("Reference", "E-mail", "Internal note", "Internal question") if name not in hidden
        ]


def test_columns_follow_the_order_of_names_and_unknown_names_are_ignored():
    make_registration(make_event(), first_name="Anna", last_name="Zoss")
    assert export(names=["last_name", "password", "answers.x", "first_name"]) == [
        ["Last name", "First name"],
        ["Zoss", "Anna"],
    ]


@pytest.mark.parametrize("key", ["range", "in", "contains", "isnull", "has_keys", "a__b", "lunch__range"])
def test_a_question_key_may_be_a_lookup_of_django(key):
    event = make_event()
    make_question(event, key, kind="yes_no", label="Bus")
    make_registration(event, answers={key: True})
    make_registration(event, answers={key: False})
    assert get_column(export(), "Bus") == ["yes", "no"]


def test_only_the_questions_of_the_events_in_the_list_are_columns():
    event, other = make_event(), make_event()
    make_question(other, "secret", label="Of the other")
    make_registration(event)
    make_registration(other)
    assert export(event.registrations.all())[0] == ENGLISH


def test_an_export_of_nobody_has_only_the_header():
    assert export(Registration.objects.none()) == [ENGLISH]


def test_the_rows_keep_the_order_and_the_filters_of_the_list():
    event = make_event()
    for last_name in ("Bērziņš", "Āboliņa", "Kalniņa"):
        make_registration(event, last_name=last_name)
    rows = export(event.registrations.search("a").exclude(last_name="Kalniņa").order_by("-pk"))
    assert get_column(rows, "Last name") == ["Āboliņa", "Bērziņš"]


@pytest.mark.parametrize("name", ["csv", "xlsx"])
@pytest.mark.parametrize("number", [1, 3, 300])
def test_an_export_costs_the_same_queries_whatever_its_length(django_assert_num_queries, number, name):
    event = make_event()
    make_question(event)
    topic = make_topic(event)
    for _number in range(number):
        make_registration(event).topics.add(topic)
    with django_assert_num_queries(6):  # events, topics, questions, choices, the rows
        write(Registration.objects.all(), name)
