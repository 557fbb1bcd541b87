import csv
import io
import re
import uuid
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registrations.admin.registrations import import_views
from registrations.models import ImportDraft, OutgoingEmail, Registration
from registrations.operations import MAX_TAGS
from registrations.permissions import ORGANISERS
from registrations.privacy import erase_person
from tests.factories import (
    make_choice,
    make_event,
    make_question,
    make_registration,
    make_topic,
    make_user,
    restrict_to_events,
)
from tests.registrations.admin.requests import LIST_URL, get_page
from tests.registrations.imports.sample_files import ANNA, HEADERS, ILZE, make_csv, make_xlsx

pytestmark = pytest.mark.django_db

IMPORT_URL = reverse("admin:registrations_registration_import")


def upload(client, event, content: bytes, name="Dalībnieki.csv"):
    file = SimpleUploadedFile(name, content)
    return client.post(IMPORT_URL, {"event": event.pk, "file": file})


def open_preview(client, event, *rows, headers=HEADERS):
    """The address of the preview of a list with these rows."""
    response = upload(client, event, make_csv(headers, *rows))
    assert response.status_code == 302, response.content.decode()
    return response["Location"]


def read_form(client, address) -> dict:
    """What the preview's form holds when nothing is touched."""
    page = client.get(address).context
    return {name: value for name, value in [*page["form"].data.items(), ("seen", page["seen"])] if value}


def post_preview(client, address, **changes):
    return client.post(address, {**read_form(client, address), "import": "1", **changes})


def get_messages(response) -> list[str]:
    return [str(message) for message in response.wsgi_request._messages]


def test_a_list_is_looked_at_and_imported(organiser):
    event = make_event(capacity=2)
    make_registration(event, email="taken@example.lv", first_name="Kāds", last_name="Cits")
    address = open_preview(organiser, event, ANNA, ILZE, ["Kāds", "Cits", "taken@example.lv", ""])
    content = get_page(organiser, address)
    assert not event.registrations.filter(source="import").exists()
    for text in (
        "will be added with a place",
        "will be added to the waiting list",
        "duplicate, skipped",
        "Import 2 people",
    ):
        assert text in content
    response = post_preview(organiser, address, tags="LBB, vadība", consent="on", language="lv")
    assert get_messages(response) == [
        "2 people were added. 1 of them is on the waiting list. 1 duplicate was skipped. "
        "The list below shows those who were added."
    ]
    anna, ilze = event.registrations.filter(source="import").order_by("created_at")
    assert [anna.status, ilze.status] == ["confirmed", "waitlisted"]
    assert (anna.full_name, anna.organisation, anna.language) == ("Anna Bērziņa", ANNA[3], "lv")
    assert anna.tags == ilze.tags == ["LBB", "vadība"]
    assert anna.consented_at
    assert not OutgoingEmail.objects.exists()
    assert not ImportDraft.objects.exists()
    shown = organiser.get(response["Location"]).context["cl"].queryset
    assert set(shown) == {anna, ilze}
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id, entry.change_message) == (
        organiser.user,
        str(event.pk),
        "Imported 2 registrations.",
    )


def test_nobody_is_written_to_unless_that_is_asked_for(organiser):
    event = make_event()
    post_preview(organiser, open_preview(organiser, event, ANNA), sends_email="on")
    assert OutgoingEmail.objects.get().kind == "registered"
    assert not event.registrations.get().consented_at


WRONG = ["Milda", "=Vecā", "milda@", "Pensionāru biedrība"]


def download(client, address) -> list[list[str]]:
    """The rows with errors as they are downloaded on the preview, by hand or after the import."""
    response = client.post(address, {**read_form(client, address), "download": "1"})
    assert response.headers["Content-Disposition"].startswith('attachment; filename="errors-')
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_with_only_wrong_rows_there_is_nothing_to_import(organiser):
    event = make_event()
    address = open_preview(organiser, event, ["Ilze", "Liepa", "ilze@", ""])
    content = get_page(organiser, address)
    assert "There is nobody to add yet." in content
    assert "E-mail: Enter a valid email address." in content
    assert 'name="import"' not in content
    assert post_preview(organiser, address).status_code == 200
    assert not event.registrations.exists()
    assert ImportDraft.objects.exists()


def test_wrong_rows_are_left_out_and_downloaded_with_the_reason(organiser):
    event = make_event()
    address = open_preview(organiser, event, ANNA, WRONG, ILZE)
    content = get_page(organiser, address)
    assert "1 row has errors" in content
    assert "Import 2 people, leave out 1" in content
    told = [[*HEADERS, "Reason"], ["Milda", "'=Vecā", "milda@", WRONG[3], "E-mail: Enter a valid email address."]]
    assert download(organiser, address) == told
    assert not event.registrations.exists()
    response = post_preview(organiser, address)
    assert response["Location"] == address
    assert {person.first_name for person in event.registrations.all()} == {"Anna", "Ilze"}
    # The list is now of those who were left out, and can be downloaded, or corrected by other columns.
    page = organiser.get(address).context
    assert [row.texts for row in page["rows"]] == [[*WRONG, "E-mail: Enter a valid email address."]]
    assert download(organiser, address) == told
    assert LogEntry.objects.filter(change_message__startswith="Exported: rows with errors. Rows: 1.").count() == 2
    assert not LogEntry.objects.filter(change_message__contains="Milda").exists()


def test_those_left_out_can_be_erased_and_imported_by_other_columns(organiser):
    event = make_event()
    rows = [[*ANNA, ""], ["Milda", "Vecā", "milda(at)example.lv", "B", "milda@example.lv"]]
    address = open_preview(organiser, event, *rows, headers=[*HEADERS, "Otrs e-pasts"])
    post_preview(organiser, address)
    assert ImportDraft.objects.get().addresses == ["milda@example.lv"]
    response = post_preview(organiser, address, column_2="", column_4="email")
    assert "Import 1 person" in response.content.decode()
    post_preview(organiser, address)
    assert event.registrations.get(first_name="Milda").email == "milda@example.lv"
    assert not ImportDraft.objects.exists()


def test_a_press_that_comes_too_late_leads_to_those_left_out(organiser, monkeypatch):
    event = make_event()
    address = open_preview(organiser, event, ANNA, WRONG)
    data = {**read_form(organiser, address), "import": "1"}
    commit = import_views.imports.commit_import

    def commit_twice(draft, rows, **options):
        """Another press comes first."""
        commit(ImportDraft.objects.get(pk=draft.pk), rows, **options)
        return commit(draft, rows, **options)

    monkeypatch.setattr(import_views.imports, "commit_import", commit_twice)
    assert organiser.post(address, data)["Location"] == address
    assert event.registrations.count() == 1


def test_nothing_is_stored_that_the_preview_did_not_show(organiser):
    event = make_event()
    question = make_question(event, kind="one_of")
    soup = make_choice(question, "soup", label={"lv": "Zupa", "en": "Soup"})
    address = open_preview(organiser, event, [*ANNA, "Zupa"], [*ILZE, "Soup"], headers=[*HEADERS, "Lunch"])
    data = {**read_form(organiser, address), "import": "1"}
    soup.label = {"lv": "Soup", "en": "Broth"}
    soup.save()
    response = organiser.post(address, data)
    assert "What would be added has changed since the preview." in response.content.decode()
    assert organiser.post(address, {**data, "seen": ""}).status_code == 200
    assert not event.registrations.exists()
    post_preview(organiser, address)
    assert event.registrations.get().first_name == "Ilze"


def test_the_preview_shows_everything_that_would_be_stored(organiser):
    event = make_event()
    make_question(event)
    make_topic(event, {"lv": "Lasīšana", "en": "Reading"})
    headers = [*HEADERS, "Amats", "Valsts", "Nozare", "Temati", "Lunch", "Birkas", "Piezīmes", "Valoda"]
    values = ["direktore", "LR", "bibliotēka", "Lasīšana", "zupa", "vadība", "Zvanīja.", "Latviešu"]
    address = open_preview(organiser, event, [*ANNA, *values], headers=headers)
    [row] = organiser.get(address).context["rows"]
    assert (row.first_name, row.last_name, row.email) == tuple(ANNA[:3])
    assert row.details == [
        ("Organisation", ANNA[3]),
        ("Job title", "direktore"),
        ("Country", "Latvia"),
        ("Sector", "libraries"),
        ("Topics of interest", "Reading"),
        ("Lunch", "zupa"),
        ("Tags", "vadība"),
        ("Internal note", "Zvanīja."),
        ("Language", "Latvian"),
    ]
    content = get_page(organiser, address)
    for label, text in row.details:
        assert f"<dt>{label}</dt><dd>{text}</dd>" in content


def test_rows_without_a_person_are_counted_in_words(organiser):
    address = open_preview(organiser, make_event(), ANNA, ["", "", "", "Rezervēts"], ["Vidzeme", "", "", ""], ILZE)
    content = get_page(organiser, address)
    assert "2 rows without a person were left out." in content
    assert "Line 4: Vidzeme" in content
    assert "Import 2 people" in content


def test_pressed_twice_it_imports_once(organiser):
    event = make_event()
    address = open_preview(organiser, event, ANNA)
    data = {**read_form(organiser, address), "import": "1"}
    organiser.post(address, data)
    response = organiser.post(address, data)
    assert response["Location"] == LIST_URL
    assert "no longer available" in get_messages(response)[-1]
    assert event.registrations.count() == 1


def test_pressed_again_while_the_first_press_is_at_work_it_says_so(organiser, monkeypatch):
    event = make_event()
    address = open_preview(organiser, event, ANNA)
    data = {**read_form(organiser, address), "import": "1"}
    judge = import_views.imports.preview_rows

    def judge_slowly(*arguments, **options):
        """The first press is through with it while the second still looks at the rows."""
        ImportDraft.objects.all().delete()
        make_registration(event, email=ANNA[2])
        return judge(*arguments, **options)

    monkeypatch.setattr(import_views.imports, "preview_rows", judge_slowly)
    response = organiser.post(address, data)
    assert response["Location"] == LIST_URL
    assert "no longer available" in get_messages(response)[-1]
    assert event.registrations.count() == 1


def test_a_draft_whose_questions_are_gone_is_looked_at_without_them(organiser):
    event = make_event()
    question = make_question(event)
    address = open_preview(organiser, event, [*ANNA, "zupa"], headers=[*HEADERS, "Lunch"])
    question.delete()
    assert "Select a valid choice." in get_page(organiser, address)
    title_only = upload(organiser, event, b"a;b\r\nc;d").headers["Location"]
    ImportDraft.objects.filter(pk=title_only.split("/")[-2]).update(content=b"Lunch")
    assert organiser.get(title_only)["Location"] == IMPORT_URL


def test_who_registered_meanwhile_is_left_out(organiser):
    event = make_event()
    address = open_preview(organiser, event, ANNA)
    data = {**read_form(organiser, address), "import": "1"}
    make_registration(event, email=ANNA[2], first_name=ANNA[0], last_name=ANNA[1])
    response = organiser.post(address, data)
    assert response.status_code == 200
    assert "everyone is already registered" in response.content.decode()
    assert event.registrations.count() == 1


def test_a_place_lost_meanwhile_stops_the_import_with_the_reason(organiser):
    event = make_event(capacity=1, waiting_list_enabled=False)
    address = open_preview(organiser, event, ANNA)
    data = {**read_form(organiser, address), "import": "1"}
    make_registration(event)
    response = organiser.post(address, data)
    assert response.status_code == 200
    assert "All places are taken." in response.content.decode()
    assert event.registrations.count() == 1


def test_a_refusal_under_the_lock_brings_the_preview_again(organiser, monkeypatch):
    event = make_event(capacity=1, waiting_list_enabled=False)
    address = open_preview(organiser, event, ANNA)
    data = {**read_form(organiser, address), "import": "1"}
    # The place goes after the rows were judged and before the lock.
    monkeypatch.setattr("registrations.imports.rows.assign_places", lambda new, event: make_registration(event))
    response = organiser.post(address, data)
    content = response.content.decode()
    assert "Nobody was imported" in content
    assert "All places are taken." in content
    assert event.registrations.count() == 1
    assert ImportDraft.objects.exists()


def test_columns_are_mapped_by_hand_and_remembered(organiser):
    event = make_event()
    make_question(event)
    address = open_preview(
        organiser, event, ["Anna Bērziņa", "anna@example.lv", "zupa"], headers=["Kas", "Kur", "Ko ēdīs"]
    )
    assert "Please choose the columns that contain first and last names." in get_page(organiser, address)
    mapped = {"column_0": "full_name", "column_1": "email", "column_2": "answers.lunch"}
    data = {**read_form(organiser, address), **mapped}
    response = organiser.post(address, {**data, "import": "1"})
    assert "What would be added has changed since the preview." in response.content.decode()
    assert not event.registrations.exists()
    assert "the last name is the last word" in get_page(organiser, address)
    post_preview(organiser, address)
    registration = event.registrations.get()
    assert (registration.first_name, registration.last_name) == ("Anna", "Bērziņa")
    assert registration.answers == {"lunch": "zupa"}


@pytest.mark.parametrize(
    "changes",
    [
        {"column_0": "is_superuser"},
        {"column_0": "answers.other"},
        {"column_1": "email"},
        {"language": "xx"},
        {"tags": "x" * 41},
        {"tags": "\0"},
        {"tags": ",".join(map(str, range(MAX_TAGS + 1)))},
    ],
)
def test_nonsense_in_the_form_is_told_and_imports_nothing(organiser, changes):
    event = make_event()
    make_question(make_event(), "other")
    response = post_preview(organiser, open_preview(organiser, event, ANNA), **changes)
    assert response.status_code == 200
    assert "Please correct the error" in response.content.decode()
    assert not event.registrations.exists()


def test_needs_are_imported_only_by_who_may_see_them(organiser):
    event = make_event()
    make_question(event, "diet", label={"lv": "Diēta", "en": "Diet"}, is_about_needs=True)
    make_question(event, "old", label={"lv": "Vecs", "en": "Old"}, removed_at=timezone.now())
    rows = {"headers": [*HEADERS, "Diet", "Old"]}
    organiser.user.groups.clear()
    codes = ["add_registration", "view_registration", "change_registration", "view_email"]
    organiser.user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    address = open_preview(organiser, event, [*ANNA, "vegāns", "x"], **rows)
    assert "answers.diet" not in get_page(organiser, address)
    assert post_preview(organiser, address, column_4="answers.diet").status_code == 200
    assert not event.registrations.exists()
    organiser.user.user_permissions.add(Permission.objects.get(codename="view_needs"))
    address = open_preview(organiser, event, [*ANNA, "vegāns", "x"], **rows)
    assert "answers.old" not in get_page(organiser, address)
    post_preview(organiser, address)
    assert event.registrations.get().answers == {"diet": "vegāns"}


@pytest.mark.parametrize("missing", ["add_registration", "view_email"])
def test_who_may_not_add_or_see_addresses_cannot_import(client, missing):
    event = make_event()
    owner = make_user(ORGANISERS)
    client.force_login(owner)
    address = open_preview(client, event, ANNA)
    codes = {"add_registration", "view_registration", "view_email"} - {missing}
    owner.groups.clear()
    owner.user_permissions.set(Permission.objects.filter(codename__in=codes))
    assert "/import/" not in get_page(client, LIST_URL)
    assert client.get(IMPORT_URL).status_code == client.get(address).status_code == 403
    assert upload(client, event, make_csv(HEADERS, ANNA)).status_code == client.post(address).status_code == 403
    assert not event.registrations.exists()


def test_the_list_leads_to_the_import_for_the_event_it_shows(organiser):
    event = make_event()
    make_event()
    assert f'href="{IMPORT_URL}?event={event.pk}"' in get_page(organiser, LIST_URL, event=event.pk)
    assert f'href="{IMPORT_URL}"' in get_page(organiser, LIST_URL)
    assert f'value="{event.pk}" selected' in get_page(organiser, IMPORT_URL, event=event.pk)
    assert get_page(organiser, IMPORT_URL, event="nonsense")
    assert "There is no event yet." not in get_page(organiser, IMPORT_URL)


def test_without_any_event_the_page_says_so(organiser):
    assert "There is no event yet." in get_page(organiser, IMPORT_URL)


def test_a_draft_belongs_to_its_user_and_event(organiser):
    event = make_event()
    address = open_preview(organiser, event, ANNA)
    data = {**read_form(organiser, address), "import": "1"}
    other = Client(headers={"Accept-Language": "en"})
    other.force_login(make_user(ORGANISERS))
    assert other.get(address).status_code == other.post(address, data).status_code == 404
    restrict_to_events(organiser.user, make_event())
    assert organiser.get(address).status_code == organiser.post(address, data).status_code == 404
    assert Client().get(address).status_code == 302  # to the log-in
    assert not event.registrations.exists()


def test_nothing_is_imported_into_an_event_that_the_user_may_not_see(organiser):
    event, own = make_event(title="Hidden"), make_event()
    restrict_to_events(organiser.user, own)
    response = upload(organiser, event, make_csv(HEADERS, ANNA))
    assert response.status_code == 200
    assert "Select a valid choice." in response.content.decode()
    assert "Hidden" not in response.content.decode()
    assert not ImportDraft.objects.exists()


def test_a_draft_that_never_was_leads_back_to_the_list(organiser):
    response = organiser.get(reverse("admin:registrations_registration_import_preview", args=[uuid.uuid4()]))
    assert response["Location"] == LIST_URL
    assert organiser.get(f"{IMPORT_URL}nonsense/").status_code in (302, 404)


def test_a_list_whose_person_was_erased_meanwhile_says_so(organiser):
    event = make_event()
    with_anna, without = open_preview(organiser, event, ANNA), open_preview(organiser, event, ILZE)
    erase_person(make_registration(event, email=ANNA[2].upper()))
    response = organiser.get(with_anna)
    assert response["Location"] == LIST_URL
    assert "has somebody on it whose data has been erased since" in get_messages(response)[0]
    assert organiser.get(without).status_code == 200


def test_drafts_are_gone_after_a_day(organiser):
    event = make_event()
    for _number in range(3):
        open_preview(organiser, event, ANNA)
    old = ImportDraft.objects.order_by("created_at")
    old.filter(pk=old[0].pk).update(created_at=timezone.now() - timedelta(hours=25))
    get_page(organiser, IMPORT_URL)
    assert ImportDraft.objects.count() == 2
    ImportDraft.objects.filter(pk=old[0].pk).update(created_at=timezone.now() - timedelta(hours=25))
    call_command("send_emails")
    assert ImportDraft.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"%PDF-1.7", "list.pdf", "This is not a table."),
        (b"", "list.csv", "The submitted file is empty."),
        (b"x" * (5 * 1024 * 1024 + 1), "list.csv", "The file is larger than 5 MB."),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(organiser, content, name, told):
    response = upload(organiser, make_event(), content, name)
    assert response.status_code == 200
    assert told in response.content.decode()
    assert not ImportDraft.objects.exists()


def test_a_file_of_several_megabytes_is_taken_and_other_pages_take_none(organiser):
    event = make_event()
    note = "x" * 4000
    rows = [["Anna", "Bērziņa", f"anna{number}@example.lv", note] for number in range(1000)]
    content = make_csv([*HEADERS[:3], "Piezīmes"], *rows)
    assert len(content) > 4_000_000
    assert upload(organiser, event, content).status_code == 302
    data = {"event": event.pk, "file": SimpleUploadedFile("list.csv", content)}
    assert organiser.post(LIST_URL, data).status_code == 413
    assert organiser.generic("POST", IMPORT_URL, content, content_type="text/csv").status_code == 413
    assert organiser.post(IMPORT_URL, {"event": "1" * 300_000}).status_code in (400, 413)
    assert upload(organiser, event, b"x" * 6_000_000).status_code == 413


def test_the_file_may_have_any_name(organiser):
    event = make_event()
    for name in ("a" * 300 + ".csv", "Bērziņa & <b>.csv", "../../etc/passwd", "\u202e.csv"):
        response = upload(organiser, event, make_csv(HEADERS, ANNA), name)
        assert response.status_code == 302
        assert "<b>.csv" not in get_page(organiser, response["Location"])


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_preview_asks_as_many_questions_for_one_row_as_for_many(organiser, number, django_assert_num_queries):
    event = make_event()
    make_question(event)
    rows = [[*ANNA[:2], f"anna{place}@example.lv", "LNB"] for place in range(number)]
    address = open_preview(organiser, event, *rows)
    get_page(organiser, address)
    with django_assert_num_queries(21):
        get_page(organiser, address)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=200).map(str.encode),
        st.lists(st.lists(st.text(max_size=20), min_size=4, max_size=4), max_size=4).map(
            lambda rows: make_csv(HEADERS, *rows, encoding="utf-8-sig").replace(b"\0", b"")
        ),
    )
)
def test_no_file_at_all_makes_the_site_fail(organiser, content):
    event = Registration.event.field.related_model.objects.first() or make_event()
    response = upload(organiser, event, content)
    assert response.status_code in (200, 302)
    if response.status_code == 302:
        assert organiser.get(response["Location"]).status_code == 200
        assert post_preview(organiser, response["Location"]).status_code in (200, 302)


def test_a_workbook_is_imported_too(organiser):
    event = make_event()
    response = upload(organiser, event, make_xlsx(HEADERS, ANNA, [None], ILZE), "saraksts.xlsx")
    post_preview(organiser, response["Location"])
    assert set(event.registrations.values_list("email", flat=True)) == {ANNA[2], ILZE[2]}


def test_nothing_personal_is_logged(organiser, caplog):
    event = make_event()
    caplog.set_level("INFO")
    post_preview(organiser, open_preview(organiser, event, ANNA, [*ILZE[:2], "ilze@", "x"]))
    post_preview(organiser, open_preview(organiser, event, ANNA))
    assert not re.search("anna|ilze|Bērziņa", caplog.text, re.IGNORECASE)
    assert "Dalībnieki" not in "".join(LogEntry.objects.values_list("change_message", flat=True))
