"""What is the whole site's in the admin: the accessibility statement."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from conference.models import AccessibilityStatement
from registrations.permissions import HELPERS, ORGANISERS, STAFF
from tests.factories import make_event, make_statement, make_user, restrict_to_events

pytestmark = pytest.mark.django_db

LIST, ADD = "/admin/conference/accessibilitystatement/", "/admin/conference/accessibilitystatement/add/"
CHANGE = "/admin/conference/accessibilitystatement/1/change/"
FILLED_IN = {
    "owner_0": "Bibliotēka",
    "owner_1": "The Library",
    "status": "partial",
    "not_accessible_0": "PDF faili",
    "not_accessible_1": "PDF files",
    "method": "self",
    "prepared_on": "2026-11-01",
    "reviewed_on": "2026-11-02",
    "feedback_email": "pieklustamiba@lnb.lv",
    "feedback_phone": "",
    "enforcement_0": "Tiesībsargs",
    "enforcement_1": "The Ombudsman",
}


@pytest.fixture
def organiser(client):
    client.user = make_user(ORGANISERS)
    client.force_login(client.user)
    return client


def get_messages(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_the_list_leads_to_the_one_statement_or_to_make_it(organiser):
    assert organiser.get(LIST)["Location"] == ADD
    assert organiser.get(ADD).status_code == 200
    make_statement()
    assert organiser.get(LIST)["Location"] == CHANGE
    assert organiser.get(ADD)["Location"] == CHANGE


def test_organisers_write_it_and_its_history_is_kept(organiser):
    response = organiser.post(ADD, FILLED_IN, follow=True)
    assert response.redirect_chain[-1] == (CHANGE, 302)
    statement = AccessibilityStatement.objects.get()
    assert statement.not_accessible.data == {"lv": "PDF faili", "en": "PDF files"}
    organiser.post(CHANGE, {**FILLED_IN, "status": "full", "not_accessible_0": "", "not_accessible_1": ""})
    statement.refresh_from_db()
    assert statement.status == "full"
    history = organiser.get("/admin/conference/accessibilitystatement/1/history/").content.decode()
    assert "Changed Result and What is not accessible." in history


def test_the_page_leads_to_the_statement_on_the_site(organiser):
    make_statement()
    content = organiser.get(CHANGE).content.decode()
    response = organiser.get(content.partition('class="viewsitelink"')[0].rpartition('href="')[2].partition('"')[0])
    assert response["Location"].endswith("/en/accessibility/")
    assert "_addanother" not in content
    assert "deletelink" not in content


def test_what_is_not_accessible_must_be_said_and_days_to_come_are_refused(organiser):
    wrong = {**FILLED_IN, "not_accessible_0": " ", "not_accessible_1": "", "reviewed_on": "2090-01-01"}
    response = organiser.post(ADD, wrong)
    assert response.status_code == 200
    assert response.context["adminform"].errors == {
        "not_accessible": ["Say what is not accessible and why, unless the site is fully compliant."],
        "reviewed_on": ["This date is in the future. Please enter today's date or an earlier one."],
    }
    assert not AccessibilityStatement.objects.exists()


def test_a_second_statement_leaves_the_first_as_it_is(organiser):
    organiser.post(ADD, FILLED_IN)
    response = organiser.post(ADD, {**FILLED_IN, "status": "none"}, follow=True)
    assert response.redirect_chain[-1] == (CHANGE, 302)
    assert get_messages(response)[-1] == "There is already a statement. Go back to see what you typed."
    assert AccessibilityStatement.objects.get().status == "partial"


def test_nobody_deletes_it(client):
    make_statement()
    client.force_login(make_user(is_superuser=True))
    assert client.post("/admin/conference/accessibilitystatement/1/delete/", {"post": "yes"}).status_code == 403
    assert client.post(LIST, {"action": "delete_selected", "_selected_action": [1]}, follow=True).status_code == 200
    assert AccessibilityStatement.objects.count() == 1


@pytest.mark.parametrize("address", [LIST, ADD, CHANGE, "/admin/conference/accessibilitystatement/1/history/"])
def test_who_is_limited_to_some_events_has_no_say_in_it(organiser, address):
    make_statement()
    organiser.user.user_permissions.set(Permission.objects.all())
    restrict_to_events(organiser.user, make_event())
    assert organiser.get(address).status_code == 403
    assert organiser.post(address, {**FILLED_IN, "status": "none"}).status_code == 403
    assert AccessibilityStatement.objects.get().status == "partial"
    assert LIST not in organiser.get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize("group", [STAFF, HELPERS])
def test_staff_and_helpers_have_no_say_in_it(client, group):
    make_statement()
    client.force_login(make_user(group))
    assert {client.get(address).status_code for address in (LIST, ADD, CHANGE)} == {403}


def test_the_first_page_offers_to_change_it_and_never_to_add_one(organiser):
    content = organiser.get(reverse("admin:index")).content.decode()
    assert f'href="{LIST}"' in content
    assert f'href="{ADD}" class="addlink"' not in content


@pytest.mark.parametrize("key", ["2", "x", "99999999999999999999", "1_00"])
def test_there_is_no_other_one(organiser, key):
    make_statement()
    response = organiser.get(f"/admin/conference/accessibilitystatement/{key}/change/")
    assert response.status_code == 302
    assert response["Location"] == "/admin/"
