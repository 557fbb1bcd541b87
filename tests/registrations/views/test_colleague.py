"""Registering a colleague: the form of the same event, filled in with what colleagues have in common."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from registrations import operations
from registrations.models import OutgoingEmail, Registration
from tests.factories import make_event, make_form_data, make_question, make_registration, use_up
from tests.registrations.stored_state import list_statuses
from tests.registrations.views.test_personal import get_url

pytestmark = pytest.mark.django_db

ANNA = {
    "first_name": "Anna",
    "last_name": "Pirmā",
    "email": "biblioteka@pagasts.example.org",
    "organisation": 'Pagasta "Grāmata" & <b>Co</b>',
    "country": "EE",
}
COMMON = {name: ANNA[name] for name in ("email", "organisation", "country")}
NOTHING = {"email": "", "organisation": "", "country": "", "colleague": "begin"}
NOTE = "You are registering another person."
BUTTON = '<button type="submit" class="btn btn-outline-primary" name="colleague" value="begin">Register a colleague'


def read_button(response) -> tuple[str, dict]:
    """Return the address to which the button sends, and what."""
    content = response.content.decode()
    assert content.count(BUTTON) == 1
    form = content[content.rindex("<form", 0, content.index(BUTTON)) : content.index(BUTTON)]
    values = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    assert list(values) == ["email", "organisation", "country"]
    assert values["organisation"] in ("", "Pagasta &quot;Grāmata&quot; &amp; &lt;b&gt;Co&lt;/b&gt;")
    values["organisation"] = ANNA["organisation"] if values["organisation"] else ""
    return re.search(r'action="([^"#]*)', form)[1], {**values, "colleague": "begin"}


def thank(client, event, page, language="en", **values):
    """Register somebody, and return the thank-you page."""
    return client.post(f"/{language}/{event.slug}/{page}/", make_form_data(event, **ANNA, **values), follow=True)


@pytest.mark.parametrize("page", ["register", "embed"])
def test_the_button_opens_the_form_with_organisation_country_and_address_and_without_a_name(client, page):
    event = make_event()
    address, values = read_button(thank(client, event, page))
    assert address == f"/en/{event.slug}/{page}/"
    assert values == {**COMMON, "colleague": "begin"}
    response = client.post(address, values)
    content = response.content.decode()
    assert response.status_code == 200
    assert NOTE in content
    assert f'value="{ANNA["email"]}"' in content
    assert 'value="Pagasta &quot;Grāmata&quot; &amp; &lt;b&gt;Co&lt;/b&gt;"' in content
    assert '<option value="EE" selected>' in content
    for name in ("first_name", "last_name", "job_title"):
        (tag,) = re.findall(rf'<input[^>]*name="{name}"[^>]*>', content)
        assert "value=" not in tag
        assert ("autofocus" in tag) == (name == "first_name" and page == "register")
        assert ('autocomplete="off"' in tag) == (name != "job_title")
    assert "is-invalid" not in content
    assert 'id="errors"' not in content
    assert not re.search(r'name="consent"[^>]*checked', content)
    assert "This person agrees that the organisers" in content
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert Registration.objects.count() == 1
    assert Client().get(address).content.decode().count("another person") == 0


@pytest.mark.parametrize("page", ["register", "embed"])
def test_each_counts_and_waits_and_cancels_alone(client, page):
    event = make_event(capacity=1)
    address, values = read_button(thank(client, event, page))
    names = {"first_name": "Ilze", "last_name": "Otrā", "consent": "on", "colleague": "yes"}
    response = client.post(address, {**values, **names}, follow=True)
    assert "New registrations go on the waiting list" in response.content.decode()
    assert read_button(response)[1] == values
    anna, ilze = event.registrations.order_by("pk")
    assert (anna.first_name, anna.status, ilze.first_name, ilze.status) == ("Anna", "confirmed", "Ilze", "waitlisted")
    assert (ilze.email, ilze.organisation, ilze.country) == (anna.email, anna.organisation, anna.country)
    assert anna.manage_token != ilze.manage_token
    assert sorted(OutgoingEmail.objects.values_list("kind", "to")) == [
        ("registered", ANNA["email"]),
        ("waitlisted", ANNA["email"]),
    ]
    operations.cancel(anna)
    assert list_statuses(event) == ["cancelled", "confirmed"]


def test_a_mistake_and_another_language_keep_saying_that_it_is_another_person(client):
    event = make_event()
    make_question(event, "lunch", is_required=True)
    path, values = f"{event.slug}/register/", {"email": ANNA["email"], "colleague": "yes"}
    wrong = client.post(f"/en/{path}", values).content.decode()
    assert NOTE in wrong
    assert '<input type="hidden" name="colleague" value="yes">' in wrong
    assert "Please tick this box if the person agrees." in wrong
    assert wrong.count(" autofocus") == 1  # the list of errors
    latvian = client.post(f"/lv/{path}", {**values, "language_switch": "nothing"}).content.decode()
    assert "Jūs reģistrējat citu personu." in latvian
    assert '<input type="hidden" name="colleague" value="yes">' in latvian
    assert 'id="errors"' not in latvian
    assert not Registration.objects.exists()


def test_who_does_not_register_a_colleague_reads_nothing_of_it(client):
    event = make_event()
    pages = [client.get(f"/en/{event.slug}/register/"), client.post(f"/en/{event.slug}/register/", {})]
    for page in pages:
        assert "another person" not in page.content.decode()
        assert 'name="colleague"' not in page.content.decode()
        assert "I agree that the organisers" in page.content.decode()


def test_nobody_is_asked_twice_about_the_same_odd_address(client):
    event = make_event()
    begun = {"email": "anna@gmial.com", "colleague": "begin"}
    shown = client.post(f"/en/{event.slug}/register/", begun).content.decode()
    assert 'name="checked_email" value="anna@gmial.com"' in shown
    data = make_form_data(event, email="anna@gmial.com", checked_email="anna@gmial.com", colleague="yes")
    assert client.post(f"/en/{event.slug}/register/", data).status_code == 302


def test_opening_the_form_takes_nothing_from_the_limit_and_is_no_way_around_it(client, settings):
    settings.SIGNUP_RATE_LIMIT = (1, 3600)
    event = make_event()
    address, values = read_button(thank(client, event, "register"))
    assert [client.post(address, values).status_code for _number in range(3)] == [200, 200, 200]
    assert client.post(address, make_form_data(event, colleague="yes")).status_code == 429
    use_up("refresh", "127.0.0.1", (10, 3600))
    assert client.post(address, values).status_code == 429


def test_where_registration_has_closed_meanwhile_the_button_leads_to_a_page_that_says_so(client):
    event = make_event(registration_closes_at=timezone.now())
    response = client.post(f"/en/{event.slug}/register/", {"email": ANNA["email"], "colleague": "begin"})
    assert response.status_code == 200
    assert "Registration is closed." in response.content.decode()
    assert "arrived after" not in response.content.decode()


def test_visitors_of_one_second_get_what_they_entered_themselves(client):
    event, other = make_event(), Client()
    thank(client, event, "register")
    thank(other, event, "register")
    other.post(f"/en/{event.slug}/register/", make_form_data(event, email="x@example.lv", organisation="", country=""))
    page = f"/en/{event.slug}/registered/"
    assert read_button(other.get(page))[1] == {**NOTHING, "email": "x@example.lv"}
    assert read_button(client.get(page))[1]["email"] == ANNA["email"]
    assert ANNA["email"] not in other.get(page).content.decode()
    assert "Pagasta" not in other.get(page).content.decode()


@pytest.mark.parametrize("organisation", ["ā" * 200, "𝔸𝕓🌸" * 66, "".join(map(chr, range(0x10000, 0x100C8)))])
def test_what_the_browser_keeps_is_gone_in_minutes_and_fits_in_a_cookie(client, organisation):
    event = make_event()
    data = make_form_data(event, email=f"{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 60}.lv", organisation=organisation)
    cookie = client.post(f"/en/{event.slug}/register/", data).cookies["registered"]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (900, True, "Lax")
    assert len(cookie.OutputString()) < 4096
    assert organisation in client.get(f"/en/{event.slug}/registered/").content.decode()


def test_a_cookie_of_an_earlier_version_leads_to_the_events_page(client):
    event = make_event()
    client.cookies["registered"] = signing.dumps(["anna@example.lv", True, False], salt=f"registered:{event.slug}")
    assert client.get(f"/en/{event.slug}/registered/")["Location"] == f"/en/{event.slug}/"


def test_the_personal_page_has_the_button_with_what_is_registered(client):
    event = make_event()
    registration = make_registration(event, **ANNA)
    address, values = read_button(client.get(get_url(registration)))
    assert address == f"/en/{event.slug}/register/"
    assert values == {**COMMON, "colleague": "begin"}
    shown = client.post(address, values)
    assert NOTE in shown.content.decode()
    assert registration.reference not in shown.content.decode()
    nameless = make_registration(event, email="x@example.lv")
    assert read_button(client.get(get_url(nameless)))[1] == {**NOTHING, "email": "x@example.lv"}


@pytest.mark.parametrize(
    "values",
    [
        {"is_published": False},
        {"registration_closes_at": timezone.now() - timedelta(hours=1)},
        {"capacity": 0, "waiting_list_enabled": False},
        {"starts_at": timezone.now() - timedelta(days=2)},
    ],
)
def test_where_nobody_can_register_the_personal_page_has_no_button(client, values):
    registration = make_registration(make_event(**values), **ANNA)
    assert 'name="colleague"' not in client.get(get_url(registration)).content.decode()


@pytest.mark.parametrize(("status", "values"), [("cancelled", {}), ("confirmed", {"email": ""})])
def test_who_has_cancelled_or_has_no_address_is_not_asked_whether_a_colleague_comes_too(client, status, values):
    registration = make_registration(make_event(), status, **{**ANNA, **values})
    assert 'name="colleague"' not in client.get(get_url(registration)).content.decode()


@pytest.mark.parametrize("page", ["register", "embed"])
@pytest.mark.parametrize(
    ("values", "has_calendar"), [({}, True), ({"capacity": 0}, False), ({"confirm_email": True}, False)]
)
def test_the_thank_you_page_has_the_date_and_for_who_has_a_place_the_calendar(client, page, values, has_calendar):
    event = make_event(**values)
    content = thank(client, event, page).content.decode()
    assert event.when in content
    assert "National Library of Latvia" in content
    assert (f'href="/en/{event.slug}/calendar.ics"' in content) == has_calendar
