"""Who has no permissions opens no page of the admin but their own."""

import pytest
from django.contrib.auth.models import User

from tests.factories import make_statement
from tests.registrations.admin import crawl
from tests.registrations.admin.full_event import OURS, make_full_event
from tests.registrations.stored_state import dump_database

pytestmark = pytest.mark.django_db

# The first page, which lists nothing then, what concerns only the user, and the guide, which is about nobody.
OWN_PAGES = {"", "jsi18n/", "password_change/", "password_change/done/", "guide/", "guide/print/"}


def test_without_permissions_no_page_opens_and_nothing_changes(client):
    user = User.objects.create_user("helper", is_staff=True)
    make_statement()
    make_full_event(OURS, user)
    client.force_login(user)
    stored = dump_database()
    for route in set(crawl.collect_admin_routes()) - OWN_PAGES:
        for path in crawl.fill_route(route, OURS):
            responses = [client.get(path), *(client.post(path, body) for body in crawl.make_post_bodies(OURS, path))]
            for response in responses:
                assert response.status_code in {301, 302, 403, 404, 405}, path
                assert OURS.mark not in crawl.read_response(response).casefold(), path
    assert dump_database() == stored
