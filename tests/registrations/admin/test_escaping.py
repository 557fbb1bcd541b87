"""Nothing that a visitor typed becomes markup, on any page of the admin."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from registrations.models import Change, ImportDraft, OutgoingEmail, Registration
from tests.factories import make_statement, make_user
from tests.registrations.admin import crawl
from tests.registrations.admin.full_event import OURS, make_full_event

pytestmark = pytest.mark.django_db

PAYLOAD = """"'><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7|add:35 }}</script>"""
MARKUP_SIGNS = ("<script>alert", "<img src=x", "42</script>")


@pytest.fixture
def superuser(client):
    client.user = make_user(is_superuser=True)
    client.force_login(client.user)
    make_statement()
    return client


def fill_all_texts_with_markup() -> None:
    """Let the payload stand in every text that somebody who has no account can make the site store."""
    Registration.objects.update(
        **dict.fromkeys(["first_name", "last_name", "organisation", "job_title", "internal_note"], PAYLOAD),
        tags=[PAYLOAD[:40]],
        answers={"words": PAYLOAD, "choice": PAYLOAD, "several": [PAYLOAD], "needs": PAYLOAD},
    )
    OutgoingEmail.objects.update(subject=PAYLOAD, text=PAYLOAD, last_error=PAYLOAD)
    Change.objects.update(old=PAYLOAD, new=PAYLOAD)
    ImportDraft.objects.update(file_name=PAYLOAD, content=f"First name;E-mail\n{PAYLOAD};{PAYLOAD}\n".encode())
    LogEntry.objects.update(change_message=PAYLOAD, object_repr=PAYLOAD)


def has_unescaped_markup(response) -> bool:
    if "html" not in response.get("Content-Type", ""):
        list(response)  # a file, to its end
        return False
    return any(sign in response.content.decode() for sign in MARKUP_SIGNS)


@pytest.mark.proof
@pytest.mark.slow
def test_what_a_visitor_typed_is_text_at_every_address(superuser):
    make_full_event(OURS, superuser.user)
    fill_all_texts_with_markup()
    shown = 0
    for route in crawl.collect_admin_routes():
        for path in crawl.fill_route(route, OURS):
            addresses = [path, *(f"{path}?{query}" for query in crawl.collect_filter_queries(superuser, path, OURS))]
            for address in addresses:
                response = superuser.get(address, follow=True)
                assert not has_unescaped_markup(response), address
                shown += "&lt;script&gt;alert" in ("" if response.streaming else response.content.decode())
    assert shown > 10


@pytest.mark.proof
def test_what_a_visitor_typed_is_text_in_what_actions_say_and_ask(superuser):
    make_full_event(OURS, superuser.user)
    fill_all_texts_with_markup()
    for route in crawl.collect_admin_routes():
        for path in crawl.fill_route(route, OURS):
            for body in crawl.make_post_bodies(OURS, path):
                assert not has_unescaped_markup(superuser.post(path, body, follow=True)), (path, body)


@pytest.mark.parametrize(
    "query", [{"q": PAYLOAD}, {"o": PAYLOAD}, {"event": PAYLOAD}, {"tag": PAYLOAD}, {"p": PAYLOAD}]
)
def test_what_stands_in_an_address_is_text_too(superuser, query):
    for route in crawl.collect_admin_routes():
        if crawl.get_model_admin(f"/admin/{route}"):
            response = superuser.get(f"/admin/{route}", query, follow=True)
            assert response.status_code in (200, 400)
            assert not has_unescaped_markup(response), route
    assert not has_unescaped_markup(superuser.get(reverse("admin:index"), query))
