import csv
import io
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from registrations.exports import FORMATS, RISKY_STARTS, defused, write_csv
from registrations.models import Registration
from tests.factories import make_event, make_question, make_registration, make_topic

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
    "Registered",
    "Confirmed",
    "Waiting since",
    "Cancelled",
    "Consented",
]


def written(registrations, name: str, language: str = "en") -> tuple[bytes, int]:
    with translation.override(language):
        file, count = write_csv(registrations, FORMATS[name])
    with file:
        return file.read(), count


def exported(registrations=None, name="csv-comma", language="en") -> list[list[str]]:
    """The export read back by Python's csv."""
    if registrations is None:
        registrations = Registration.objects.order_by("pk")
    content, count = written(registrations, name, language)
    text = content.decode("utf-8-sig" if FORMATS[name].mark else "utf-8")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=FORMATS[name].delimiter))
    assert len(rows) == count + 1
    return rows


def column(rows, header) -> list[str]:
    return [row[rows[0].index(header)] for row in rows[1:]]


def test_the_columns_come_in_a_fixed_order_with_choices_as_people_read_them():
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
    )
    registration.topics.set(topics)
    header, row = exported()
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
        "2027-02-01 00:30:15",
        "2027-07-01 12:00:00",
        "",
        "",
        "",
    ]
    header, row = exported(language="lv")
    assert len(header) == len(set(header)) == len(ENGLISH)
    assert header[:5] == ["Pasākums", "Reģistrācijas kods", "Statuss", "Vārds", "Uzvārds"]
    assert (row[0], row[2], row[8], row[9], row[10]) == (
        "Bibliotēkas",
        "apstiprināta",
        "Latvija",
        "mūžizglītība",
        "Temats 2, Temats 1",
    )


def test_times_are_told_in_the_zone_of_each_event():
    moment = datetime(2027, 1, 1, 12, tzinfo=UTC)
    make_registration(make_event(time_zone="Europe/Riga"), created_at=moment)
    make_registration(make_event(time_zone="Europe/Lisbon"), created_at=moment)
    assert column(exported(), "Registered") == ["2027-01-01 14:00:00", "2027-01-01 12:00:00"]


def test_excel_gets_a_mark_and_semicolons_and_others_do_not():
    make_registration(make_event(), last_name="Bērziņš; Kalniņa")
    excel, plain = (written(Registration.objects.all(), name)[0] for name in FORMATS)
    assert excel.startswith(b"\xef\xbb\xbfEvent;Reference;")
    assert plain.startswith(b"Event,Reference,")
    assert column(exported(name="csv"), "Last name") == ["Bērziņš; Kalniņa"]


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
@pytest.mark.parametrize("name", FORMATS)
def test_python_reads_back_the_exact_value(value, name):
    make_registration(make_event(), organisation=value)
    assert column(exported(name=name), "Organisation") == [value]


@pytest.mark.parametrize("start", [*RISKY_STARTS, "'=", "''@"])
def test_what_a_spreadsheet_would_run_is_shown_as_text_and_can_be_had_back(start):
    value = f"{start}cmd|' /C calc'!A0"
    event = make_event(title=value)
    registration = make_registration(event, organisation=value, first_name=value, answers={"lunch": value})
    registration.topics.add(make_topic(event, value))
    make_question(event, "lunch", label=value)
    rows = exported()
    for cell in (rows[0][-1], *(column(rows, header)[0] for header in ("Event", "Organisation", "First name"))):
        assert cell == f"'{value}"
        assert cell[1:] == value
    assert column(rows, "Topics of interest") == [f"'{value}"]
    assert rows[1][-1] == f"'{value}"


@pytest.mark.parametrize("value", ["Anna", "'s-Gravenhage", "1=1", " =1", ""])
def test_what_no_spreadsheet_runs_is_left_alone(value):
    assert defused(value) == value


def test_each_question_has_its_column_even_when_two_are_called_the_same():
    one, other = make_event(), make_event()
    make_question(one, "lunch", label="Lunch")
    make_question(one, "bus", label="Bus", kind="yes_no", position=1)
    make_question(other, "lunch", label="Lunch")
    make_registration(one, answers={"lunch": "Soup", "bus": True})
    make_registration(one, answers={"bus": False})
    make_registration(other, answers={"lunch": "Salad", "bus": True})
    rows = exported()
    assert rows[0][len(ENGLISH) :] == ["Lunch", "Lunch (2)", "Bus"]
    assert [row[len(ENGLISH) :] for row in rows[1:]] == [["Soup", "", "yes"], ["", "", "no"], ["", "Salad", ""]]


@pytest.mark.parametrize("key", ["range", "in", "contains", "isnull", "has_keys", "a__b", "lunch__range"])
def test_a_question_may_be_called_like_a_word_of_the_query_language(key):
    event = make_event()
    make_question(event, key, kind="yes_no", label="Bus")
    make_registration(event, answers={key: True})
    make_registration(event, answers={key: False})
    assert column(exported(), "Bus") == ["yes", "no"]


def test_only_the_questions_of_the_events_in_the_list_are_columns():
    event, other = make_event(), make_event()
    make_question(other, "secret", label="Of the other")
    make_registration(event)
    make_registration(other)
    assert exported(event.registrations.all())[0] == ENGLISH


def test_an_export_of_nobody_is_the_header_alone():
    assert exported(Registration.objects.none()) == [ENGLISH]


def test_the_rows_keep_the_order_and_the_filters_of_the_list():
    event = make_event()
    for last_name in ("Bērziņš", "Āboliņa", "Kalniņa"):
        make_registration(event, last_name=last_name)
    rows = exported(event.registrations.matching("a").exclude(last_name="Kalniņa").order_by("-pk"))
    assert column(rows, "Last name") == ["Āboliņa", "Bērziņš"]


@pytest.mark.parametrize("number", [1, 30])
def test_an_export_costs_the_same_queries_whatever_its_length(django_assert_num_queries, number):
    event = make_event()
    make_question(event)
    topic = make_topic(event)
    for _number in range(number):
        make_registration(event).topics.add(topic)
    with django_assert_num_queries(4):  # events, topics, questions, COPY
        written(Registration.objects.all(), "csv")


def test_the_command_writes_one_event_to_a_file(tmp_path, capsys):
    event, other = make_event(slug="libraries"), make_event()
    make_registration(event, last_name="Bērziņš")
    make_registration(other, last_name="Of the other")
    file = tmp_path / "list.csv"
    call_command("export_registrations", "libraries", output=str(file))
    content = file.read_text(encoding="utf-8-sig")
    assert "Bērziņš" in content
    assert "Of the other" not in content
    assert capsys.readouterr().err.strip() == "1 registrations"


def test_the_command_answers_mistakes_with_one_line(tmp_path):
    with pytest.raises(CommandError, match="There is no event “nothing”"):
        call_command("export_registrations", "nothing", output="-")
    make_event(slug="libraries")
    with pytest.raises(CommandError, match="No such file or directory"):
        call_command("export_registrations", "libraries", output=str(tmp_path / "missing" / "list.csv"))
