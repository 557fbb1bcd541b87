"""Who is limited to chosen events learns nothing of others and changes nothing of them, at any address of the admin."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import partial
from itertools import groupby, product
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import transaction
from django.test import Client
from django.urls import reverse

from registrations.permissions import HELPERS, ORGANISERS, STAFF
from tests.factories import make_statement, restrict_to_events
from tests.registrations.admin import crawl
from tests.registrations.admin.full_event import HOST, OURS, THEIRS, make_full_event
from tests.registrations.admin.requests import LIST_URL
from tests.registrations.stored_state import dump_database

pytestmark = pytest.mark.django_db

ALLOWED_STATUSES = {200, 302, 400, 403, 404, 405}
# What differs from one look at a page to the next.
VOLATILE = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]+"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b\d\d?:\d\d(:\d\d)?\b'
)


def make_client(name: str, group: str = "", **values) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.user = User.objects.create(username=name, is_staff=True, **values)
    client.user.groups.set(Group.objects.filter(name=group))
    client.force_login(client.user)
    return client


# What has a list and pages of rows; and what else shows something of an event.
KINDS = ["admin/logentry", "auth/user", "conference/event", "conference/venue"]
KINDS += [f"registrations/{kind}" for kind in ("mailing", "outgoingemail", "registration")]
OTHERS = {
    "",
    "auth/user/<id>/password/",
    "conference/event/<int:pk>/emails/",
    "registrations/mailing/add/",
    "registrations/outgoingemail/health/",
    "registrations/registration/add/",
    "registrations/registration/export/",
}


@pytest.fixture
def limited():
    """Somebody with every permission there is, who looks after one event."""
    client = make_client("limited", ORGANISERS)
    client.user.user_permissions.set(Permission.objects.all())
    make_statement()
    restrict_to_events(client.user, make_full_event(OURS, client.user))
    client.get("/admin/")  # the first page of a session sends its cookie once more
    return client


def unlimited() -> Client:
    return make_client("unlimited", is_superuser=True)


def get_text(client, path: str, query: str = "") -> str:
    """Everything said when a browser goes to this address, wherever it is led from there."""
    response = client.get(f"{path}?{query}" if query else path, follow=True)
    assert response.status_code in ALLOWED_STATUSES, (path, query, response.status_code)
    return crawl.read_response(response)


def post_text(client, path: str, body: dict) -> str:
    """Everything said when a form is posted to this address."""
    response = client.post(path, body, follow=True)
    assert response.status_code in ALLOWED_STATUSES, (path, body, response.status_code)
    return crawl.read_response(response)


def dump_rows(whole) -> list[str]:
    """Everything stored that belongs to this event or speaks of it."""
    signs = (whole.mark, whole.mark[:8].upper(), str(whole.number), str(whole.uuid), THEIRS.word)
    return [row for row in dump_database().splitlines() if any(sign in row for sign in signs)]


@pytest.fixture
def list_requests(request):
    """Gives these paths, each alone and with all it can be asked about the event; for the matrix also one by one."""
    return partial(list_all_requests, matrix=request.config.getoption("matrix"))


def list_all_requests(route: str, paths: list[str], whole, *, matrix: bool) -> list[tuple[str, str]]:
    if route == "autocomplete/":
        queries = [urlencode(query) for query in crawl.make_autocomplete_queries(whole)]
        return list(product(paths, queries))
    queries = [urlencode(query) for query in crawl.make_queries(whole)]
    return list(product(paths, ["", *(queries if matrix and "<" not in route else queries[-1:])]))


def group_routes() -> list:
    """The addresses of the admin, those of one kind of rows together: what they are tried on takes long to make."""
    kinds = groupby(sorted(crawl.collect_admin_routes()), lambda route: route.split("/")[:2])
    return [pytest.param(list(routes), id="/".join(kind)) for kind, routes in kinds]


@pytest.mark.slow
@pytest.mark.parametrize("routes", group_routes())
def test_nothing_of_another_event_is_shown_or_changed(routes, limited, list_requests):
    asked = {route: list_requests(route, crawl.fill_route(route, OURS), THEIRS) for route in routes}
    before = {}
    for questions in asked.values():
        with undone(limited):  # the log of who looked at what is on some pages
            before |= {question: get_text(limited, *question) for question in questions}
    make_full_event(THEIRS, limited.user)
    stored = dump_rows(THEIRS)
    assert len(stored) > 20
    superuser = unlimited()
    for route, questions in asked.items():
        with undone(limited):
            for question in questions:
                now = get_text(limited, *question)
                assert THEIRS.mark not in now.casefold(), question
                assert VOLATILE.sub("", now) == VOLATILE.sub("", before[question]), question
            try_to_reach(route, limited, superuser)
            assert dump_rows(THEIRS) == stored, route


@contextmanager
def undone(client: Client) -> Iterator[None]:
    """Take back whatever is stored meanwhile, also in the cookies of this client."""
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    client.cookies = cookies


def try_to_reach(route: str, limited: Client, superuser: Client) -> None:
    """Ask for what is theirs at the addresses of this route in every way, and post it there."""
    ours, theirs = crawl.fill_route(route, OURS), crawl.fill_route(route, THEIRS)
    for path in ours:
        for query in crawl.collect_filter_queries(superuser, path, THEIRS):
            assert THEIRS.mark not in get_text(limited, path, query).casefold(), (path, query)
    for path in ours + theirs:
        assert THEIRS.mark not in get_text(limited, path).casefold(), path
        for body in crawl.make_post_bodies(THEIRS, path):
            assert THEIRS.mark not in post_text(limited, path, body).casefold(), (path, body)
    for path in ours:
        response = limited.get(path)
        for name, form in find_forms(THEIRS, crawl.read_response(response) if response.status_code == 200 else ""):
            assert THEIRS.mark not in post_text(limited, path, form).casefold(), (path, name)


def find_forms(whole, page: str) -> list[tuple[str, dict]]:
    """What a browser would post from this page, once for each kind of field that chooses a row of ours: with theirs."""
    fields = crawl.FormFields(page, OURS)
    kinds = {re.sub(r"-\d+-", "-0-", name): name for name in sorted(fields.choosing - {"_selected_action"})}
    foreign = {str(OURS.uuid): str(THEIRS.uuid)}
    return [
        (name, {**fields.filled_in, name: foreign.get("".join(fields.filled_in.get(name, [])), THEIRS.number)})
        for name in kinds.values()
    ]


@pytest.mark.parametrize("name", ["event", "calendar", "privacy"])
def test_who_is_limited_previews_their_own_events_alone(limited, name):
    make_full_event(THEIRS, limited.user)
    assert limited.get(reverse(f"conference:{name}", args=[OURS.mark])).status_code == 200
    assert limited.get(reverse(f"conference:{name}", args=[THEIRS.mark])).status_code == 404
    assert limited.get(reverse("registrations:register", args=[OURS.mark])).status_code == 200
    assert limited.get(reverse("registrations:register", args=[THEIRS.mark])).status_code == 404


def test_an_empty_limit_shows_nothing(limited):
    limited.user.limited_access.events.clear()
    for route in crawl.collect_admin_routes():
        for path in crawl.fill_route(route, OURS):
            assert OURS.mark not in get_text(limited, path).casefold(), path


def test_helpers_find_people_without_their_addresses_and_take_no_list_with_them(list_requests):
    helper = make_client("helper", HELPERS)
    make_statement()
    make_full_event(OURS, helper.user)
    found = set()
    for route in crawl.collect_admin_routes():
        for path, query in list_requests(route, crawl.fill_route(route, OURS), OURS):
            said = get_text(helper, path, query)
            found |= {path} if OURS.word in said else set()
            assert HOST not in said, (path, query)
            assert "attachment" not in said, (path, query)
    assert found >= {LIST_URL, f"{LIST_URL}{OURS.number}/change/"}


@pytest.mark.parametrize("typed", ["@", "geheim", f"person{OURS.number}", f"{OURS.word} geheim"])
def test_helpers_cannot_guess_an_address_piece_by_piece(typed):
    make_full_event(OURS, unlimited().user)
    helper = make_client("helper", HELPERS)
    assert helper.get(LIST_URL, {"q": typed}).context["cl"].result_count == 0
    assert helper.get(LIST_URL, {"q": OURS.word}).context["cl"].result_count == 2
    assert make_client("staff", STAFF).get(LIST_URL, {"q": typed}).context["cl"].result_count > 0


def test_staff_write_nothing_but_that_they_took_a_list():
    staff = make_client("staff", STAFF)
    make_statement()
    make_full_event(OURS, staff.user)
    stored = dump_database().splitlines()
    for route in crawl.collect_admin_routes():
        for path in crawl.fill_route(route, OURS):
            get_text(staff, path)
            for body in crawl.make_post_bodies(OURS, path):
                post_text(staff, path, body)
    changed = set(stored) ^ set(dump_database().splitlines())
    assert {row.partition(":")[0] for row in changed} <= {
        "django_admin_log",
        "registrations_adminpreferences",
        "registrations_exportchoice",
    }
