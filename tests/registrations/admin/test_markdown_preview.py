"""The answer to a text that is being typed: the HTML that it will be, for whoever may save such a text."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from registrations.admin_site import MAX_PREVIEW_LENGTH
from registrations.permissions import HELPERS, ORGANISERS
from tests.factories import make_event, make_user, restrict_to_events

pytestmark = pytest.mark.django_db


def ask(user, client: Client | None = None, **typed):
    client = client or Client(headers={"accept-language": "lv"})
    client.force_login(user)
    return client.post(reverse("admin:markdown_preview"), typed)


@pytest.fixture
def organiser():
    """Organises one event."""
    user = make_user(ORGANISERS)
    restrict_to_events(user, make_event())
    return user


def show(user, text: str, **typed) -> str:
    response = ask(user, text=text, **typed)
    assert response.status_code == 200
    return response.content.decode()


def test_a_text_is_shown_as_it_will_be_saved(organiser):
    assert show(organiser, "•\tviens\r\n•\tdivi\u00ad", language="lv") == "<ul>\n<li>viens</li>\n<li>divi</li>\n</ul>\n"
    assert show(organiser, "### Virsraksts") == "<h2>Virsraksts</h2>\n"


def test_a_text_in_another_language_says_so(organiser):
    assert show(organiser, "Text", language="en") == '<div lang="en"><p>Text</p>\n</div>'
    assert show(organiser, "Teksts", language="xx") == "<p>Teksts</p>\n"


def test_placeholders_of_an_email_stay_and_on_a_page_there_are_none(organiser):
    text = "{first_name} <{link}> [šeit]({link})"
    assert show(organiser, text, kind="email") == (
        '<p>{first_name} <a href="{link}">{link}</a> <a href="{link}">šeit</a></p>\n'
    )
    assert show(organiser, "{first_name} {link}", kind="page") == "<p>{first_name} {link}</p>\n"


def test_nothing_that_is_typed_becomes_markup(organiser):
    typed = '<img src=x onerror=alert(1)> [x](javascript:alert(1)) ![y](https://example.org/y.png) {first_name}"><b>'
    for kind in ("page", "email"):
        found = show(organiser, typed, kind=kind)
        assert "<img" not in found
        assert "<b>" not in found
        assert 'href="javascript' not in found


def test_a_text_of_unusual_length_is_refused(organiser):
    assert ask(organiser, text="a" * MAX_PREVIEW_LENGTH).status_code == 200
    assert ask(organiser, text="a" * (MAX_PREVIEW_LENGTH + 1)).status_code == 413


@pytest.mark.parametrize(
    "permission", ["conference.change_event", "conference.change_venue", "registrations.add_mailing"]
)
def test_each_permission_to_write_such_a_text_is_enough(permission):
    app, codename = permission.split(".")
    user = make_user()
    assert ask(user, text="a").status_code == 403
    user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    assert show(user, "a") == "<p>a</p>\n"


def test_nobody_else_gets_an_answer(organiser):
    assert ask(make_user(HELPERS), text="a").status_code == 403
    assert ask(organiser, Client(enforce_csrf_checks=True), text="a").status_code == 403
    assert Client().post(reverse("admin:markdown_preview"), {"text": "a"}).status_code == 302
    client = Client()
    client.force_login(organiser)
    assert client.get(reverse("admin:markdown_preview"), {"text": "a"}).status_code == 405
