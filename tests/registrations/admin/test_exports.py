import csv
import io

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.utils import timezone

from registrations.exports.ready_made import READY_MADE
from registrations.exports.turn import AT_A_TIME, LOCK
from registrations.groups import HELPERS, STAFF
from registrations.models import ExportChoice
from tests.factories import limit, make_choice, make_event, make_question, make_registration, make_topic, make_user
from tests.registrations.admin.pages import EXPORT, LIST, content, export, page, take
from tests.registrations.exports.readers import rows, text_of, workbook

pytestmark = pytest.mark.django_db

LISTS = [f"{name}.{format}" for name, made in READY_MADE.items() for format in made.formats]
PAYLOAD = "<script>alert(1)</script>"


def lines(response, delimiter=";") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content(response).decode("utf-8-sig"), newline=""), delimiter=delimiter))


def sheet(response):
    return workbook(io.BytesIO(content(response))).active


def log() -> str:
    return LogEntry.objects.get().change_message


def test_the_list_has_one_button_that_leads_to_the_page_with_its_filters(staff):
    event = make_event()
    make_registration(event)
    assert f'href="{EXPORT}?event={event.pk}"' in page(staff, LIST, event=event.pk, o="1", p="1")
    assert f'href="{EXPORT}"' in page(staff, LIST)


def test_the_page_says_how_many_people_of_which_events_with_which_filters(staff):
    event, other = make_event(title="Libraries"), make_event(title="Archives")
    for _number in range(2):
        make_registration(event, last_name="Bērziņš")
    make_registration(event, "waitlisted", last_name="Bērziņš")
    make_registration(other, last_name="Bērziņš")
    text = page(staff, EXPORT, status__exact="confirmed", q="berzins")
    for words in ("The list shows 3 people.", "Libraries: 2", "Archives: 1", "Status: confirmed", "Search: “berzins”"):
        assert words in text
    assert "They are of one event. Of which?" in text
    assert f"?status__exact=confirmed&amp;q=berzins&amp;event={event.pk}" in text
    assert 'name="list"' not in text
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("number", [1, 3, 300])
def test_the_page_costs_the_same_queries_whatever_the_list(staff, django_assert_max_num_queries, number):
    event = make_event()
    make_question(event, kind="one_of")
    for _number in range(number):
        make_registration(event)
    page(staff, EXPORT)
    with django_assert_max_num_queries(20):
        page(staff, EXPORT)


@pytest.mark.parametrize(
    ("format", "ending", "content_type"),
    [
        ("csv", "csv", "text/csv; charset=utf-8"),
        ("csv-comma", "csv", "text/csv; charset=utf-8"),
        ("xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_a_download_is_named_by_its_event_and_day(staff, format, ending, content_type):
    make_registration(make_event(slug="libraries", title='a/b\n"c"' + "x" * 300))
    response = export(staff, format=format)
    name = f"registrations-libraries-{timezone.localdate()}.{ending}"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["Content-Type"] == content_type
    assert content(response)


def test_a_download_leaves_a_record_of_who_took_what(staff):
    event = make_event(slug="libraries")
    make_registration(event, last_name="Bērziņš")
    make_registration(event, "waitlisted", last_name="Bērziņš")
    response = export(staff, event=event.pk, status__exact="confirmed", q="berzins")
    assert lines(response) == [["Last name", "First name"], ["Bērziņš", "Anna"]]
    entry = LogEntry.objects.get()
    assert entry.user == staff.user
    assert entry.get_edited_object() == event
    assert entry.change_message == (
        "Exported: table, CSV for Excel. Rows: 1. Events: libraries. "
        f"Filters: event={event.pk}; status__exact=confirmed; a text search. Columns: last_name, first_name."
    )


def test_a_download_of_several_events_names_them(staff):
    for slug in ("one", "other"):
        make_registration(make_event(slug=slug))
    content(export(staff))
    assert "Rows: 2. Events: one, other. Filters: –." in log()


def test_only_a_post_takes_something(staff):
    make_registration(make_event(), last_name="Bērziņš")
    assert staff.get(EXPORT, {"format": "csv"}).status_code == 400
    assert "attachment" not in staff.get(EXPORT, {"export": "1"}, follow=True).headers.get("Content-Disposition", "")
    assert not LogEntry.objects.exists()


def test_the_order_is_the_latvian_alphabet_or_the_time_of_registration(staff):
    event = make_event()
    names = ["Šmite", "Azars", "Čakste", "Āboliņa", "Cers", "Žagars", "Zariņš", "Ņikitina", "Nollendorfs"]
    for name in names:
        make_registration(event, last_name=name)
    by_name = [line[0] for line in lines(export(staff, columns=["last_name"]))[1:]]
    assert by_name == ["Azars", "Āboliņa", "Cers", "Čakste", "Nollendorfs", "Ņikitina", "Šmite", "Zariņš", "Žagars"]
    assert [line[0] for line in lines(export(staff, columns=["last_name"], order="registered"))[1:]] == names


def test_the_last_choice_is_offered_again_and_what_no_longer_exists_is_forgotten(staff):
    event, other = make_event(), make_event()
    make_question(event, "lunch", label="Lunch")
    make_registration(event)
    make_registration(other)
    assert 'value="status" id="id_columns_2" checked' in page(staff, EXPORT, event=event.pk)
    content(export(staff, format="csv-comma", columns=["reference", "answers.lunch"], event=event.pk))
    text = page(staff, EXPORT, event=event.pk)
    assert text.count(" checked") == 4  # a format, the order, two columns
    assert 'value="csv-comma" id="id_format_2" required checked' in text or 'value="csv-comma"' in text
    content(export(staff, columns=["status"], event=other.pk))
    choice = ExportChoice.objects.get(user=staff.user)
    assert choice.columns == ["status", "answers.lunch"]
    choice.columns, choice.format = ["gone", "answers.gone"], "exe"
    choice.save()
    text = page(staff, EXPORT, event=event.pk)
    assert 'value="reference" id="id_columns_1" checked' in text
    assert 'value="xlsx"' in text


@pytest.mark.parametrize(
    ("posted", "words"),
    [
        ({"columns": []}, "Please tick at least one column."),
        ({"columns": ["password"]}, "Select a valid choice."),
        ({"format": "exe"}, "Select a valid choice."),
        ({"order": "; DROP"}, "Select a valid choice."),
    ],
)
def test_nonsense_in_the_form_is_answered_on_the_page(organiser, posted, words):
    make_registration(make_event())
    response = export(organiser, **posted)
    assert response.status_code == 200
    assert words in response.content.decode()
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("which", ["", "badges", "badges.pdf", "nothing.xlsx", "participants.csv.exe", "\x00"])
def test_nonsense_in_place_of_a_list_is_answered_on_the_page(organiser, which):
    make_registration(make_event())
    assert "Please choose one event, and then one of its lists." in take(organiser, which).content.decode()
    assert not LogEntry.objects.exists()


def test_a_ready_made_list_is_of_one_event(organiser):
    for _number in range(2):
        make_registration(make_event())
    assert "Please choose one event" in take(organiser, "report.xlsx").content.decode()


def test_those_selected_one_by_one_are_all_that_is_taken(staff):
    event = make_event()
    one, two, _three = (make_registration(event, last_name=f"Person {n}") for n in (1, 2, 3))
    chosen = f"{one.pk},{two.pk},x,99999999999999999999,"
    text = page(staff, EXPORT, selected=chosen)
    assert "The list shows 2 people." in text
    assert "Selected one by one" in text
    assert [line[0] for line in lines(export(staff, selected=chosen))[1:]] == ["Person 1", "Person 2"]
    assert "Filters: selected one by one." in log()
    assert "The list shows 0 people." in page(staff, EXPORT, selected="")


def test_helpers_and_who_may_only_export_or_only_view_get_nothing(client):
    make_registration(make_event())
    for user, permission in [(make_user(HELPERS), None), (make_user(), "view"), (make_user(), "export")]:
        if permission:
            codename = f"{permission}_registration"
            user.user_permissions.add(*user.user_permissions.model.objects.filter(codename=codename))
        client.force_login(user)
        assert client.get(EXPORT).status_code == 403
        assert export(client).status_code == 403
        for which in LISTS:
            assert take(client, which).status_code == 403
    assert not LogEntry.objects.exists()


def test_who_may_not_see_addresses_gets_none(client):
    user = make_user()
    permissions = user.user_permissions.model.objects.filter(
        codename__in=["view_registration", "export_registration", "change_registration"]
    )
    user.user_permissions.add(*permissions)
    client.force_login(user)
    make_registration(make_event(), email="secret@example.lv")
    text = page(client, EXPORT)
    assert 'value="email"' not in text
    assert "addresses.txt" not in text
    assert "Select a valid choice." in export(client, columns=["email"]).content.decode()
    assert "Please choose one event" in take(client, "addresses.txt").content.decode()
    assert page(client, EXPORT, q="secret@example.lv").count("The list shows 0 people.") == 1


def test_internal_things_are_for_those_who_may_change_registrations(organiser):
    event = make_event()
    make_question(event, "vip", label="Internal question", is_internal=True)
    make_question(event, "diet", label="Secret diet", is_about_needs=True)
    make_registration(event, internal_note="phoned", answers={"vip": "yes", "diet": "none"})
    columns = ["internal_note", "answers.vip"]
    assert lines(export(organiser, columns=columns))[1] == ["phoned", "yes"]
    assert "Secret diet" not in page(organiser, EXPORT)
    assert "Select a valid choice." in export(organiser, columns=["answers.diet"]).content.decode()
    organiser.force_login(make_user(STAFF))
    text = page(organiser, EXPORT)
    assert "Internal question" not in text
    assert "internal_note" not in text
    for column in columns:
        assert "Select a valid choice." in export(organiser, columns=[column]).content.decode()


@pytest.mark.parametrize("which", LISTS)
def test_a_limited_user_never_gets_people_of_other_events(organiser, which):
    own, other = make_event(title="Own"), make_event(title="Foreign")
    make_registration(own, last_name="Mine")
    foreign = make_registration(other, last_name="Foreigner", email="foreigner@example.lv")
    limit(organiser.user, own)
    for query in ({}, {"selected": foreign.pk}, {"event": other.pk}, {"q": "Foreigner"}):
        text = organiser.get(EXPORT, query, follow=True).content.decode()
        assert "Foreign:" not in text
        answer = export(organiser, **query)
        if answer.status_code == 200:
            assert b"Foreigner" not in b"".join(answer)
    content(take(organiser, which))
    assert take(organiser, which, event=other.pk).status_code == 302
    assert b"attachment" not in take(organiser, which, selected=foreign.pk).serialize_headers()
    assert not LogEntry.objects.filter(object_repr="Foreign").exists()


@pytest.fixture
def busy_event():
    event = make_event(slug="libraries", title="Libraries")
    values = {"organisation": "LNB", "job_title": "director", "country": "LV", "language": "lv"}
    make_registration(event, last_name="Čakste", first_name="Anna", reference="REF2", email="Cakste@x.lv", **values)
    make_registration(event, last_name="Cers", first_name="Jānis", reference="REF3", email="cers@x.lv")
    make_registration(event, "waitlisted", last_name="Waiting", email="waiting@x.lv")
    make_registration(event, "cancelled", last_name="Cancelled", email="cers@x.lv")
    make_registration(event, last_name="", first_name="", email="", erased_at=timezone.now())
    return event


def test_the_door_gets_those_with_a_place_in_order(staff, busy_event):
    header = ["Last name", "First name", "Organisation", "Reference"]
    people = [["Cers", "Jānis", "", "REF3"], ["Čakste", "Anna", "LNB", "REF2"]]
    assert lines(take(staff, "participants.csv")) == [header, *people]
    assert rows(sheet(take(staff, "participants.xlsx"))) == [header, ["Cers", "Jānis", None, "REF3"], people[1]]
    LogEntry.objects.earliest("pk").delete()
    assert log() == (
        "Exported: Participants, for the door, Excel (XLSX). Rows: 2. Events: libraries. Filters: –. "
        "Columns: last_name, first_name, organisation, reference."
    )


def test_badges_have_what_stands_on_them(staff, busy_event):
    assert lines(take(staff, "badges.csv"))[2] == ["Anna", "Čakste", "LNB", "director", "Latvia", "REF2", "Latvian"]
    assert rows(sheet(take(staff, "badges.xlsx")))[1][:2] == ["Jānis", "Cers"]


def test_addresses_are_one_a_line_and_each_once(staff, busy_event):
    response = take(staff, "addresses.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert content(response) == b"Cakste@x.lv\ncers@x.lv\n"
    assert "Columns: email." in log()
    assert "x.lv" not in log()


def test_the_sign_in_sheet_is_a_pdf_of_the_people_shown(staff, busy_event):
    text = text_of(content(take(staff, "sign-in-sheet.pdf", q="cers")))
    assert "Cers Jānis" in text
    assert "Čakste" not in text


def test_the_caterer_gets_numbers_only(staff, busy_event):
    diet = make_question(busy_event, "diet", label="Diet", kind="several_of", is_about_needs=True)
    make_choice(diet, "vegan", label="Vegan", position=1)
    make_choice(diet, "halal", label="Halal", position=2)
    make_question(busy_event, "other", label="Something else", kind="long_text", is_about_needs=True, position=1)
    make_registration(busy_event, last_name="Eater", answers={"diet": ["vegan", "halal"], "other": "only rice"})
    make_registration(busy_event, "waitlisted", answers={"diet": ["vegan"]})
    file = take(staff, "catering.csv")
    assert lines(file) == [
        ["Question", "Answer", "People"],
        ["People with a place", "", "4"],
        ["Diet", "answered", "1"],
        ["Diet", "Vegan", "1"],
        ["Diet", "Halal", "1"],
        ["Something else", "answered", "1"],
    ]
    assert rows(sheet(take(staff, "catering.xlsx")))[-1] == ["Something else", "answered", 1]
    assert LogEntry.objects.filter(change_message__startswith="Exported: Caterer's counts").count() == 2


def test_the_funders_report_is_of_the_whole_event(staff, busy_event):
    book = workbook(io.BytesIO(content(take(staff, "report.xlsx", q="cers"))))
    assert ["Registered in all", 5, 1] in rows(book["Totals"])
    assert "Exported: Funder's report, Excel (XLSX). Rows: 5. Events: libraries." in log()


@pytest.mark.parametrize("value", [PAYLOAD, "=cmd|' /C calc'!A0", 'a/b\\"c"', "two\nlines", "x" * 300])
def test_whatever_organisers_and_people_typed_is_only_text(organiser, value):
    event = make_event(title=value)
    question = make_question(event, "lunch", label=value, kind="one_of")
    make_choice(question, "soup", label=value)
    make_topic(event, value)
    make_registration(
        event, first_name=value[:100], organisation=value[:200], answers={"lunch": "soup"}, tags=[value[:40]]
    )
    assert PAYLOAD not in page(organiser, EXPORT, q=value[:20])
    made = sheet(export(organiser, format="xlsx", columns=["event", "first_name", "tags", "answers.lunch"]))
    assert rows(made)[1] == [value, value[:100], value[:40], value]
    assert {cell.data_type for row in made.iter_rows() for cell in row} <= {"s", "inlineStr"}
    for which in LISTS:
        response = take(organiser, which)
        assert content(response)
        assert response["Content-Disposition"].startswith(f'attachment; filename="{which.split(".")[0]}-')


def test_when_all_turns_are_taken_one_is_asked_to_wait(organiser):
    make_registration(make_event())
    with connection.copy().cursor() as others:
        for number in range(AT_A_TIME):
            others.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK, number])
        assert "Several lists are being made right now." in export(organiser).content.decode()
        others.execute("SELECT pg_advisory_unlock_all()")
        content(export(organiser))
        others.connection.close()
    assert LogEntry.objects.count() == 1


def test_each_turn_is_given_back(organiser):
    make_registration(make_event())
    for _number in range(AT_A_TIME + 1):
        content(export(organiser))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s", [LOCK])
        assert cursor.fetchone() == (0,)
