"""The personal page after a deed: one box tells what was done and how the registration stands."""

import re

import pytest

from tests.factories import make_event, make_registration
from tests.registrations.views.test_personal import form_data, get_url

pytestmark = pytest.mark.django_db


def find_boxes(content: str) -> tuple[list[str], str]:
    """The kinds of the boxes on the page, and what stands in them together."""
    head = content[content.index("</h1>") : content.index('class="ticket"')]
    return re.findall('class="alert alert-([a-z]+)"', head), " ".join(re.sub("<[^>]*>?", " ", head).split())


@pytest.mark.parametrize(
    ("status", "box"),
    [
        ("confirmed", (["success"], "Your changes have been saved. Confirmed: you have a place.")),
        (
            "waitlisted",
            (
                ["info"],
                "Your changes have been saved. You are number 1 on the waiting list. "
                "We will e-mail you when you get a place.",
            ),
        ),
    ],
)
def test_a_saved_change_and_the_state_are_one_box_and_told_once(client, status, box):
    registration = make_registration(make_event(), status)
    values = form_data(registration, organisation="LNB")
    content = client.post(get_url(registration, "edit/"), values, follow=True).content.decode()
    assert find_boxes(content) == box
    assert content.count('<p role="status">Your changes have been saved.</p>') == 1
    assert "Your changes have been saved." not in client.get(get_url(registration)).content.decode()


@pytest.mark.parametrize(
    ("status", "kind"),
    [("confirmed", "success"), ("waitlisted", "info"), ("pending", "warning"), ("cancelled", "warning")],
)
def test_the_box_is_coloured_by_how_the_registration_stands(client, status, kind):
    registration = make_registration(make_event(), status)
    content = client.get(get_url(registration)).content.decode()
    assert find_boxes(content)[0] == [kind]
    assert 'role="status"' not in content


@pytest.mark.parametrize(
    ("page", "status", "text"),
    [
        ("cancel/", "confirmed", "Keep my registration"),
        ("new-link/", "confirmed", "Keep my link"),
        ("erase/", "confirmed", "Keep my data"),
        ("confirm/", "pending", "Back to my registration"),
        ("rejoin/", "cancelled", "Back to my registration"),
    ],
)
def test_beside_each_button_a_link_leads_back(client, page, status, text):
    registration = make_registration(make_event(), status)
    content = client.get(get_url(registration, page)).content.decode()
    buttons = content[content.index('<p class="buttons">') : content.index("</form>")]
    assert buttons.count("<button") == 1
    assert f'href="{get_url(registration)}">{text}</a>' in buttons
