import pytest
from django.utils import timezone, translation

from conference.models import Partner
from registrations.exports.reports.funders_report import Group, merge_small_groups, write_funders_report
from registrations.models import Registration
from tests.factories import make_choice, make_event, make_question, make_registration
from tests.registrations.exports.file_readers import read_rows, read_workbook

pytestmark = pytest.mark.django_db


def read_report(event, language="en"):
    with translation.override(language):
        file, count, _columns = write_funders_report(event)
    assert count == event.registrations.count()
    return read_workbook(file)


def read_groups(sheet) -> list[list]:
    """What stands under the headers' line, which is the first with more than one cell filled."""
    lines = read_rows(sheet)
    top = next(number for number, line in enumerate(lines) if line[1] is not None)
    assert sheet.freeze_panes == f"A{top + 2}"
    return lines[top + 1 :]


def checked_in(**values):
    return {"checked_in_at": timezone.now(), **values}


def test_totals_sectors_countries_and_languages_count_everybody():
    event = make_event(title={"lv": "Bibliotēkas", "en": "Libraries"})
    Partner.objects.create(event=event, name="The Fund", funding_statement="Paid by the Fund.")
    make_registration(event, **checked_in(country="LV", sector="library", language="lv"))
    make_registration(event, country="LV", sector="library", language="lv")
    make_registration(event, "waitlisted", country="MT", sector="other")
    make_registration(event, "cancelled")
    make_registration(make_event(), **checked_in(country="FI"))
    book = read_report(event)
    assert book.sheetnames == ["Totals", "By sector", "By country", "By language"]
    for sheet in book:
        above = [line[0] for line in read_rows(sheet)[:3]]
        assert above == ["Libraries", event.when, "The Fund: Paid by the Fund."]
    assert read_groups(book["Totals"]) == [
        ["Registered in total", 4, 1],
        ["With a place", 2, 0.5],
        ["On the waiting list", 1, 0.25],
        ["Registrations cancelled", 1, 0.25],
        ["Attended", 1, 0.25],
        ["Attended, of those with a place", 1, 0.5],
    ]
    assert book["Totals"].cell(read_rows(book["Totals"]).index(["Attended", 1, 0.25]) + 1, 3).number_format == "0 %"
    assert read_groups(book["By sector"]) == [
        ["libraries", 2, 0.5, 2, 1],
        ["not given", 1, 0.25, 0, 0],
        ["other", 1, 0.25, 0, 0],
    ]
    assert read_groups(book["By country"]) == [
        ["Latvia", 2, 0.5, 2, 1],
        ["not given", 1, 0.25, 0, 0],
        ["Malta", 1, 0.25, 0, 0],
    ]
    assert read_groups(book["By language"]) == [["English", 2, 0.5, 0, 0], ["Latvian", 2, 0.5, 2, 1]]
    assert read_rows(read_report(event, "lv").worksheets[0])[0][0] == "Bibliotēkas"


def test_each_question_with_choices_has_a_sheet_and_the_type_of_organisation_comes_first():
    event = make_event()
    for position, (key, values) in enumerate(
        {
            "bus": {"kind": "yes_no"},
            "days": {"kind": "several_of"},
            "organisation_type": {"kind": "one_of", "position": 9},
            "secret": {"kind": "yes_no", "is_internal": True},
            "diet": {"kind": "yes_no", "is_about_needs": True},
            "text": {"kind": "short_text"},
        }.items()
    ):
        question = make_question(event, key, **{"label": key.title(), "position": position, **values})
        if question.has_choices:
            for number, choice in enumerate(["one", "two"]):
                make_choice(question, choice, label=choice.title(), position=number)
    for _number in range(3):
        make_registration(event, answers={"bus": True, "days": ["one", "two"], "organisation_type": "two"})
        make_registration(event, **checked_in(answers={"bus": False, "days": ["two"], "organisation_type": "one"}))
    make_registration(event, "cancelled", answers={"organisation_type": "", "days": None})
    book = read_report(event)
    assert book.sheetnames == ["Totals", "Organisation_Type", "By sector", "By country", "Bus", "Days", "By language"]
    assert read_groups(book["Organisation_Type"]) == [["One", 3, 0.5, 3, 3], ["Two", 3, 0.5, 3, 0]]
    assert read_groups(book["Bus"]) == [["yes", 3, 0.5, 3, 0], ["no", 3, 0.5, 3, 3]]
    assert read_groups(book["Days"]) == [["One", 3, pytest.approx(1 / 3), 3, 0], ["Two", 6, pytest.approx(2 / 3), 6, 3]]


@pytest.mark.parametrize(
    ("numbers", "kept", "together"),
    [
        ([3, 4], ["0", "1"], None),
        ([3, 1, 2], ["0"], 3),
        ([5, 1, 3], ["0"], 4),
        ([1], [], 1),
        ([0, 9, 0], ["1"], 0),
        ([], [], None),
    ],
)
def test_small_groups_are_merged_so_that_none_can_be_worked_out(numbers, kept, together):
    groups = merge_small_groups([Group(str(place), number) for place, number in enumerate(numbers)])
    assert [label for label, *_numbers in groups[: len(kept)]] == kept
    assert [number for _label, number, *_rest in groups[len(kept) :]] == ([] if together is None else [together])


def test_the_report_names_nobody():
    event = make_event()
    question = make_question(event, kind="one_of")
    make_choice(question, "soup")
    person = make_registration(
        event, organisation="Very Small Library", internal_note="Secret", tags=["tagged"], answers={"lunch": "typed in"}
    )
    words = " ".join(str(cell) for sheet in read_report(event) for line in read_rows(sheet) for cell in line)
    for private in (person.first_name, person.last_name, person.email, person.reference, "Small", "Secret", "tagged"):
        assert private not in words
    assert "typed in" not in words


@pytest.mark.parametrize("number", [1, 3, 300])
def test_the_report_costs_the_same_queries_whatever_its_length(django_assert_num_queries, number):
    event = make_event()
    make_question(event, kind="yes_no")
    for n in range(number):
        make_registration(event, answers={"lunch": n % 2 == 0})
    # Funders, questions, choices, one question's answers, totals, sector, country, language.
    with django_assert_num_queries(9):
        write_funders_report(event)[0].close()


def test_the_report_of_an_event_without_people_has_its_sheets():
    book = read_report(make_event())
    assert read_groups(book["Totals"])[0] == ["Registered in total", 0, None]
    assert Registration.objects.count() == 0
