"""Each event decides which fields are asked. What was answered before stays, and only organisers see it."""

import csv
import io
import re

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from conference.models import Event
from registrations.exports.access import OPERATOR_ACCESS
from registrations.exports.lists import write_registrations
from registrations.exports.reports.funders_report import write_funders_report
from registrations.exports.reports.sign_in_sheet import write_sign_in_sheet
from registrations.forms.attendee import SignUpForm
from registrations.mail.content import make_example, render_email
from registrations.models import Registration, list_details
from registrations.permissions import ORGANISERS, STAFF
from registrations.statistics.charts import get_charts
from tests.factories import make_event, make_form_data, make_registration, make_topic, make_user
from tests.registrations.admin.requests import LIST_URL, get_page
from tests.registrations.imports.sample_files import make_csv, preview_file

pytestmark = pytest.mark.django_db

FIELDS = ["organisation", "job_title", "country", "sector", "topics"]
ANSWERS = {"organisation": "Muzejs", "job_title": "direktore", "country": "EE", "sector": "other"}
HEADERS = ["Organisation", "Job title", "Country", "Sector", "Topics of interest"]


def ask(event: Event, choice: str, names=FIELDS) -> Event:
    Event.objects.filter(pk=event.pk).update(**{f"asks_{name}": choice for name in names})
    return Event.objects.get(pk=event.pk)


def make_answered(event: Event) -> Registration:
    registration = make_registration(event, **ANSWERS)
    registration.topics.set(event.topics.all())
    return registration


def change_url(registration) -> str:
    return reverse("admin:registrations_registration_change", args=[registration.pk])


def log_in(client, group=ORGANISERS):
    client.force_login(make_user(group))
    return client


def read_export() -> list[list[str]]:
    written = write_registrations(Registration.objects.order_by("pk"), "csv-comma", OPERATOR_ACCESS)
    with written.file as file:
        return list(csv.reader(io.StringIO(file.read().decode(), newline="")))


def read_sheets(event: Event) -> list[str]:
    with write_funders_report(event).file as file:
        return load_workbook(file).sheetnames


@pytest.mark.parametrize("page", ["register", "embed"])
def test_what_is_not_asked_is_neither_shown_nor_taken(client, page):
    event = ask(make_event(), "no")
    topic = make_topic(event)
    address = reverse(f"registrations:{page}", args=[event.slug])
    shown = re.findall(r'<(?:input|select)[^>]* name="(\w+)"', get_page(client, address))
    assert [name for name in shown if name not in ("issued", "checked_email")] == [
        *("first_name", "last_name", "email", "website", "consent"),
    ]
    client.post(address, make_form_data(event, topics=[topic.pk]))
    registration = event.registrations.get()
    assert [getattr(registration, name) for name in FIELDS[:-1]] == ["", "", "", ""]
    assert not registration.topics.exists()


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["Please fill in this field."] * 2 + ["Please choose an answer."] * 3),
        ("lv", ["Lūdzu, aizpildiet šo lauku."] * 2 + ["Lūdzu, izvēlieties atbildi."] * 3),
    ],
)
def test_what_is_required_is_marked_and_insisted_on(client, language, expected):
    event = ask(make_event(), "required")
    topic = make_topic(event)
    address = f"/{language}/{event.slug}/register/"
    nothing = dict.fromkeys(FIELDS[:-1], "") | {"topics": []}
    response = client.post(address, make_form_data(event, **nothing))
    form = response.context["form"]
    assert [str(form.errors[name][0]) for name in FIELDS] == expected
    required = {"en": "required", "lv": "obligāti"}[language]
    assert all(str(form[name].label).endswith(f"({required})") for name in FIELDS)
    assert not event.registrations.exists()
    assert client.post(address, make_form_data(event, topics=[topic.pk])).status_code == 302
    assert event.registrations.get().topics.get() == topic


@pytest.mark.parametrize("name", FIELDS)
def test_one_field_is_set_without_the_others(name):
    event = make_event()
    make_topic(event)
    assert [field for field in FIELDS if field not in SignUpForm(event=ask(event, "no", [name])).fields] == [name]
    data = make_form_data(event, **{name: [] if name == "topics" else ""})
    form = SignUpForm(data, event=ask(ask(event, "optional"), "required", [name]))
    assert list(form.errors) == [name]


def test_a_list_with_nothing_to_choose_from_is_not_asked(client):
    event = ask(make_event(), "required", ["sector", "topics"])
    event.sectors.update(is_offered=False)
    assert client.post(f"/en/{event.slug}/register/", make_form_data(event)).status_code == 302
    assert event.registrations.get().sector == ""


def test_organisers_must_enter_nothing_of_it(client):
    event = ask(make_event(), "required")
    make_topic(event)
    address = f"{reverse('admin:registrations_registration_add')}?event={event.pk}"
    person = {"first_name": "Anna", "last_name": "Liepa", "email": "anna@example.lv", "language": "lv"}
    assert log_in(client).post(address, person).status_code == 302
    registration = event.registrations.get()
    data = {**person, "organisation": "Muzejs", "emails-TOTAL_FORMS": 0, "emails-INITIAL_FORMS": 0}
    assert client.post(change_url(registration), data).status_code == 302
    registration.refresh_from_db()
    assert (registration.organisation, registration.sector) == ("Muzejs", "")


def test_what_is_no_longer_asked_stays_when_the_person_changes_their_details(client):
    event = make_event()
    make_topic(event)
    registration = make_answered(event)
    ask(event, "no")
    address = reverse("registrations:edit", args=[registration.manage_token])
    data = {"first_name": "Ilze", "last_name": registration.last_name, "email": registration.email, "language": "lv"}
    assert client.post(address, {**data, "organisation": "Cita", "topics": []}).status_code == 302
    registration = Registration.objects.get()
    assert (registration.first_name, registration.organisation, registration.sector) == ("Ilze", "Muzejs", "other")
    assert registration.country.code == "EE"
    assert registration.topics.count() == 1


def test_it_is_no_longer_shown_to_the_person_but_comes_with_their_data(client):
    event = make_event()
    make_topic(event, "Amati")
    registration = make_answered(event)
    labels = [str(label) for label, _texts in list_details(registration)]
    assert labels == ["First name", "Last name", "E-mail", *HEADERS]
    registration.event = ask(event, "no")
    assert [str(label) for label, _texts in list_details(registration)] == labels[:3]
    page = get_page(client, reverse("registrations:show", args=[registration.manage_token]))
    assert [word for word in ("Muzejs", "direktore", "Estonia", "Amati") if word in page] == []
    text = render_email(make_example(registration.event, "registered", "en")).text
    assert "Organisation" not in text
    held = client.get(reverse("registrations:data", args=[registration.manage_token])).json()
    assert "Muzejs" in str(held)
    assert "Amati" in str(held)


def test_organisers_see_what_somebody_answered_before_and_no_empty_fields(client):
    event = make_event()
    make_topic(event)
    answered, silent = make_answered(event), make_registration(event)
    ask(event, "no")
    log_in(client)
    shown = {one: set(client.get(change_url(one)).context["adminform"].form.fields) for one in (answered, silent)}
    assert shown[answered] - shown[silent] == set(FIELDS)
    log_in(client, STAFF)
    page, other = get_page(client, change_url(answered)), get_page(client, change_url(silent))
    assert "Muzejs" in page
    assert "field-sector_shown" in page
    assert "field-organisation" not in other
    assert "field-sector" not in other


def test_lists_and_figures_leave_out_what_is_not_asked_until_somebody_has_answered_it(client):
    event = make_event()
    make_topic(event)
    silent = make_registration(event)
    assert set(HEADERS) < set(read_export()[0])
    event = ask(event, "no")
    log_in(client)
    assert set(HEADERS).isdisjoint(read_export()[0])
    assert [chart.key for chart in get_charts(event, 1, with_internal=True)] == ["language"]
    assert read_sheets(event) == ["Totals", "By language"]
    assert write_sign_in_sheet(event, event.registrations.all()).columns == ["last_name", "first_name"]
    for address in (LIST_URL, reverse("admin:registrations_registration_print")):
        assert "Organisation<" not in get_page(client, address)
    assert "sector__exact=" not in get_page(client, LIST_URL)
    make_answered(event)
    assert set(HEADERS) < set(read_export()[0])
    charts = get_charts(event, 2, with_internal=True)
    assert [chart.key for chart in charts] == ["sector", "country", "topic", "organisation", "language"]
    assert read_sheets(event) == ["Totals", "By sector", "By country", "By language"]
    assert "sector__exact=" in get_page(client, LIST_URL)
    assert silent.organisation == ""


def test_an_export_of_two_events_has_the_fields_of_both():
    asking, other = make_event(), ask(make_event(), "no")
    make_registration(asking, organisation="Muzejs")
    make_registration(other)
    rows = read_export()
    place = rows[0].index("Organisation")
    assert [row[place] for row in rows[1:]] == ["Muzejs", ""]


def test_an_import_offers_no_columns_for_it(client):
    event = ask(make_event(), "no", ["organisation", "sector"])
    headers = ["Vārds", "Uzvārds", "E-pasts", "Iestāde", "Amats", "Nozare"]
    content = make_csv(headers, ["Anna", "Liepa", "a@example.lv", "Muzejs", "direktore", "cita"])
    log_in(client)
    upload = {"event": event.pk, "file": io.BytesIO(content)}
    upload["file"].name = "list.csv"
    address = client.post(reverse("admin:registrations_registration_import"), upload)["Location"]
    page = client.get(address).context
    form = page["form"]
    assert list(form.columns().values()) == ["first_name", "last_name", "email", "", "job_title", ""]
    offered = {name for name, _label in dict(form.fields["column_0"].choices)["Person"]}
    assert {"organisation", "sector"}.isdisjoint(offered)
    assert "job_title" in offered
    filled_in = {name: value for name, value in form.data.items() if value}
    client.post(address, {**filled_in, "seen": page["seen"], "import": "1"})
    registration = event.registrations.get()
    assert (registration.organisation, registration.job_title, registration.sector) == ("", "direktore", "")


def test_required_fields_may_be_missing_in_a_list():
    event = ask(make_event(), "required")
    [row] = preview_file(make_csv(["Vārds", "Uzvārds", "E-pasts"], ["Anna", "Liepa", "a@example.lv"]), event)
    assert row.reasons == []
