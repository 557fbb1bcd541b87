import csv
import io

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.utils import timezone

from registrations.exports.access import LOCK_ID, MAX_SLOTS
from registrations.exports.lists import PRESETS
from registrations.models import ExportChoice
from registrations.permissions import HELPERS, STAFF
from tests.factories import (
    make_choice,
    make_event,
    make_question,
    make_registration,
    make_topic,
    make_user,
    restrict_to_events,
)
from tests.registrations.admin.requests import (
    EXPORT_URL,
    LIST_URL,
    get_page,
    post_export,
    post_preset_list,
    read_download,
)
from tests.registrations.exports.file_readers import read_pdf_text, read_rows, read_workbook

pytestmark = pytest.mark.django_db

PRESET_LISTS = [f"{name}.{format}" for name, made in PRESETS.items() for format in made.formats]
PAYLOAD = "<script>alert(1)</script>"


def read_csv(response, delimiter=";") -> list[list[str]]:
    return list(csv.reader(io.StringIO(read_download(response).decode("utf-8-sig"), newline=""), delimiter=delimiter))


def read_xlsx(response):
    return read_workbook(io.BytesIO(read_download(response))).active


def get_log_message() -> str:
    return LogEntry.objects.get().change_message


def test_the_list_has_one_button_that_leads_to_the_page_with_its_filters(staff):
    event = make_event()
    make_registration(event)
    assert f'href="{EXPORT_URL}?event={event.pk}"' in get_page(staff, LIST_URL, event=event.pk, o="1", p="1")
    assert f'href="{EXPORT_URL}"' in get_page(staff, LIST_URL)


def test_the_page_says_how_many_people_of_which_events_with_which_filters(staff):
    event, other = make_event(title="Libraries"), make_event(title="Archives")
    for _number in range(2):
        make_registration(event, last_name="Bērziņš")
    make_registration(event, "waitlisted", last_name="Bērziņš")
    make_registration(other, last_name="Bērziņš")
    text = get_page(staff, EXPORT_URL, status__exact="confirmed", q="berzins")
    for words in ("The list shows 3 people.", f"{event}: 2", f"{other}: 1", "Status: confirmed", "Search: “berzins”"):
        assert words in text
    assert "Each of these lists is for one event. Which one?" in text
    assert f"?status__exact=confirmed&amp;q=berzins&amp;event={event.pk}" in text
    assert 'name="list"' not in text
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_page_costs_the_same_queries_whatever_the_list(staff, django_assert_max_num_queries, number):
    event = make_event()
    make_question(event, kind="one_of")
    for _number in range(number):
        make_registration(event)
    get_page(staff, EXPORT_URL)
    with django_assert_max_num_queries(22):
        get_page(staff, EXPORT_URL)


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
    response = post_export(staff, format=format)
    name = f"registrations-libraries-{timezone.localdate()}.{ending}"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["Content-Type"] == content_type
    assert read_download(response)


def test_a_download_leaves_a_record_of_who_took_what(staff):
    event = make_event(slug="libraries")
    make_registration(event, last_name="Bērziņš")
    make_registration(event, "waitlisted", last_name="Bērziņš")
    response = post_export(staff, event=event.pk, status__exact="confirmed", q="berzins")
    assert read_csv(response) == [["Last name", "First name"], ["Bērziņš", "Anna"]]
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
    read_download(post_export(staff))
    assert "Rows: 2. Events: one, other. Filters: –." in get_log_message()


def test_only_a_post_takes_something(staff):
    make_registration(make_event(), last_name="Bērziņš")
    assert staff.get(EXPORT_URL, {"format": "csv"}).status_code == 400
    assert "attachment" not in staff.get(EXPORT_URL, {"export": "1"}, follow=True).headers.get(
        "Content-Disposition", ""
    )
    assert not LogEntry.objects.exists()


def test_the_order_is_the_latvian_alphabet_or_the_time_of_registration(staff):
    event = make_event()
    names = ["Šmite", "Azars", "Čakste", "Āboliņa", "Cers", "Žagars", "Zariņš", "Ņikitina", "Nollendorfs"]
    for name in names:
        make_registration(event, last_name=name)
    by_name = [line[0] for line in read_csv(post_export(staff, columns=["last_name"]))[1:]]
    assert by_name == ["Azars", "Āboliņa", "Cers", "Čakste", "Nollendorfs", "Ņikitina", "Šmite", "Zariņš", "Žagars"]
    assert [line[0] for line in read_csv(post_export(staff, columns=["last_name"], order="registered"))[1:]] == names


def test_the_last_choice_is_offered_again_and_what_no_longer_exists_is_forgotten(staff):
    event, other = make_event(), make_event()
    make_question(event, "lunch", label="Lunch")
    make_registration(event)
    make_registration(other)
    assert 'value="status" id="id_columns_2" checked' in get_page(staff, EXPORT_URL, event=event.pk)
    read_download(post_export(staff, format="csv-comma", columns=["reference", "answers.lunch"], event=event.pk))
    text = get_page(staff, EXPORT_URL, event=event.pk)
    assert text.count(" checked") == 4  # a format, the order, two columns
    assert 'value="csv-comma" id="id_format_2" required checked' in text or 'value="csv-comma"' in text
    read_download(post_export(staff, columns=["status"], event=other.pk))
    choice = ExportChoice.objects.get(user=staff.user)
    assert choice.columns == ["status", "answers.lunch"]
    choice.columns, choice.format = ["gone", "answers.gone"], "exe"
    choice.save()
    text = get_page(staff, EXPORT_URL, event=event.pk)
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
    response = post_export(organiser, **posted)
    assert response.status_code == 200
    assert words in response.content.decode()
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("which", ["", "badges", "badges.pdf", "nothing.xlsx", "participants.csv.exe", "\x00"])
def test_nonsense_in_place_of_a_list_is_answered_on_the_page(organiser, which):
    make_registration(make_event())
    assert "Please choose one event, and then one of its lists." in post_preset_list(organiser, which).content.decode()
    assert not LogEntry.objects.exists()


def test_a_ready_made_list_is_of_one_event(organiser):
    for _number in range(2):
        make_registration(make_event())
    assert "Please choose one event" in post_preset_list(organiser, "report.xlsx").content.decode()


def test_those_selected_one_by_one_are_all_that_is_taken(staff):
    event = make_event()
    one, two, _three = (make_registration(event, last_name=f"Person {n}") for n in (1, 2, 3))
    chosen = f"{one.pk},{two.pk},x,99999999999999999999,"
    text = get_page(staff, EXPORT_URL, selected=chosen)
    assert "The list shows 2 people." in text
    assert "Selected one by one" in text
    assert [line[0] for line in read_csv(post_export(staff, selected=chosen))[1:]] == ["Person 1", "Person 2"]
    assert "Filters: selected one by one." in get_log_message()
    assert "The list shows 0 people." in get_page(staff, EXPORT_URL, selected="")


def test_helpers_and_who_may_only_export_or_only_view_get_nothing(client):
    make_registration(make_event())
    for user, permission in [(make_user(HELPERS), None), (make_user(), "view"), (make_user(), "export")]:
        if permission:
            codename = f"{permission}_registration"
            user.user_permissions.add(*user.user_permissions.model.objects.filter(codename=codename))
        client.force_login(user)
        assert client.get(EXPORT_URL).status_code == 403
        assert post_export(client).status_code == 403
        for which in PRESET_LISTS:
            assert post_preset_list(client, which).status_code == 403
    assert not LogEntry.objects.exists()


def test_who_may_not_see_addresses_gets_none(client):
    user = make_user()
    permissions = user.user_permissions.model.objects.filter(
        codename__in=["view_registration", "export_registration", "change_registration"]
    )
    user.user_permissions.add(*permissions)
    client.force_login(user)
    make_registration(make_event(), email="secret@example.lv")
    text = get_page(client, EXPORT_URL)
    assert 'value="email"' not in text
    assert "addresses.txt" not in text
    assert "Select a valid choice." in post_export(client, columns=["email"]).content.decode()
    assert "Please choose one event" in post_preset_list(client, "addresses.txt").content.decode()
    assert get_page(client, EXPORT_URL, q="secret@example.lv").count("The list shows 0 people.") == 1


def test_internal_things_are_for_those_who_may_change_registrations(organiser):
    event = make_event()
    make_question(event, "vip", label="Internal question", is_internal=True)
    make_question(event, "diet", label="Secret diet", is_about_needs=True)
    make_registration(event, internal_note="phoned", answers={"vip": "yes", "diet": "none"})
    columns = ["internal_note", "answers.vip"]
    assert read_csv(post_export(organiser, columns=columns))[1] == ["phoned", "yes"]
    assert "Secret diet" not in get_page(organiser, EXPORT_URL)
    assert "Select a valid choice." in post_export(organiser, columns=["answers.diet"]).content.decode()
    organiser.force_login(make_user(STAFF))
    text = get_page(organiser, EXPORT_URL)
    assert "Internal question" not in text
    assert "internal_note" not in text
    for column in columns:
        assert "Select a valid choice." in post_export(organiser, columns=[column]).content.decode()


@pytest.mark.parametrize("which", PRESET_LISTS)
def test_a_limited_user_never_gets_people_of_other_events(organiser, which):
    own, other = make_event(title="Own"), make_event(title="Foreign")
    make_registration(own, last_name="Mine")
    foreign = make_registration(other, last_name="Foreigner", email="foreigner@example.lv")
    restrict_to_events(organiser.user, own)
    for query in ({}, {"selected": foreign.pk}, {"event": other.pk}, {"q": "Foreigner"}):
        text = organiser.get(EXPORT_URL, query, follow=True).content.decode()
        assert "Foreign:" not in text
        answer = post_export(organiser, **query)
        if answer.status_code == 200:
            assert b"Foreigner" not in b"".join(answer)
    read_download(post_preset_list(organiser, which))
    assert post_preset_list(organiser, which, event=other.pk).status_code == 302
    assert b"attachment" not in post_preset_list(organiser, which, selected=foreign.pk).serialize_headers()
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
    assert read_csv(post_preset_list(staff, "participants.csv")) == [header, *people]
    assert read_rows(read_xlsx(post_preset_list(staff, "participants.xlsx"))) == [
        header,
        ["Cers", "Jānis", None, "REF3"],
        people[1],
    ]
    LogEntry.objects.earliest("pk").delete()
    assert get_log_message() == (
        "Exported: Door list, Excel (XLSX). Rows: 2. Events: libraries. Filters: –. "
        "Columns: last_name, first_name, organisation, reference."
    )


def test_badges_have_what_stands_on_them(staff, busy_event):
    assert read_csv(post_preset_list(staff, "badges.csv"))[2] == [
        "Anna",
        "Čakste",
        "LNB",
        "director",
        "Latvia",
        "REF2",
        "Latvian",
    ]
    assert read_rows(read_xlsx(post_preset_list(staff, "badges.xlsx")))[1][:2] == ["Jānis", "Cers"]


def test_addresses_are_one_a_line_and_each_once(staff, busy_event):
    response = post_preset_list(staff, "addresses.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert read_download(response) == b"Cakste@x.lv\ncers@x.lv\n"
    assert "Columns: email." in get_log_message()
    assert "x.lv" not in get_log_message()


def test_the_sign_in_sheet_is_a_pdf_of_the_people_shown(staff, busy_event):
    text = read_pdf_text(read_download(post_preset_list(staff, "sign-in-sheet.pdf", q="cers")))
    assert "Cers Jānis" in text
    assert "Čakste" not in text


def test_the_caterer_gets_numbers_and_texts_without_names(staff, busy_event):
    needs = {"is_about_needs": True, "is_for_catering": True}
    diet = make_question(busy_event, "diet", label="Diet", kind="several_of", **needs)
    make_choice(diet, "vegan", label="Vegan", position=1)
    make_choice(diet, "halal", label="Halal", position=2)
    make_question(busy_event, "other", label="Something else", kind="long_text", position=1, **needs)
    make_registration(busy_event, last_name="Eater", answers={"diet": ["vegan", "halal"], "other": "only rice"})
    make_registration(busy_event, "waitlisted", answers={"diet": ["vegan"]})
    file = post_preset_list(staff, "catering.csv")
    assert read_csv(file) == [
        ["Question", "Answer", "People"],
        ["People with a place", "", "4"],
        ["Diet", "answered", "1"],
        ["Diet", "Vegan", "1"],
        ["Diet", "Halal", "1"],
        ["Something else", "answered", "1"],
        ["Something else", "only rice", "1"],
    ]
    assert read_rows(read_xlsx(post_preset_list(staff, "catering.xlsx")))[-1] == ["Something else", "only rice", 1]
    assert LogEntry.objects.filter(change_message__startswith="Exported: Numbers for the caterer").count() == 2


def test_the_funders_report_is_of_the_whole_event(staff, busy_event):
    book = read_workbook(io.BytesIO(read_download(post_preset_list(staff, "report.xlsx", q="cers"))))
    assert ["Registered in total", 5, 1] in read_rows(book["Totals"])
    assert "Exported: Funder's report, Excel (XLSX). Rows: 5. Events: libraries." in get_log_message()


@pytest.mark.parametrize("value", [PAYLOAD, "=cmd|' /C calc'!A0", 'a/b\\"c"', "two\nlines", "x" * 300])
def test_whatever_organisers_and_people_typed_is_only_text(organiser, value):
    event = make_event(title=value)
    question = make_question(event, "lunch", label=value, kind="one_of")
    make_choice(question, "soup", label=value)
    make_topic(event, value)
    make_registration(
        event, first_name=value[:100], organisation=value[:200], answers={"lunch": "soup"}, tags=[value[:40]]
    )
    assert PAYLOAD not in get_page(organiser, EXPORT_URL, q=value[:20])
    made = read_xlsx(post_export(organiser, format="xlsx", columns=["event", "first_name", "tags", "answers.lunch"]))
    assert read_rows(made)[1] == [value, value[:100], value[:40], value]
    assert {cell.data_type for row in made.iter_rows() for cell in row} <= {"s", "inlineStr"}
    for which in PRESET_LISTS:
        response = post_preset_list(organiser, which)
        assert read_download(response)
        assert response["Content-Disposition"].startswith(f'attachment; filename="{which.split(".")[0]}-')


def test_when_all_turns_are_taken_one_is_asked_to_wait(organiser):
    make_registration(make_event())
    with connection.copy().cursor() as others:
        for number in range(MAX_SLOTS):
            others.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_ID, number])
        assert "Other lists are being exported right now." in post_export(organiser).content.decode()
        others.execute("SELECT pg_advisory_unlock_all()")
        read_download(post_export(organiser))
        others.connection.close()
    assert LogEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)  # it is given back when the transaction ends
def test_each_turn_is_given_back(organiser):
    make_registration(make_event())
    for _number in range(MAX_SLOTS + 1):
        read_download(post_export(organiser))
    with connection.cursor() as cursor:
        # Of this database alone: another worker's tests may hold slots in theirs.
        query = (
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        cursor.execute(query, [LOCK_ID])
        assert cursor.fetchone() == (0,)
