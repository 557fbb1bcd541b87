"""The database can be read and not written: it is a replica, in a failover, or closed by an administrator."""

import pytest
from django.db import connection

from registrations.models import Registration
from tests.factories import make_event, make_form_data, make_registration, make_user

pytestmark = pytest.mark.django_db(transaction=True)

LOST = "What you sent was not saved. Please go back in a few minutes and send it again."


@pytest.fixture
def make_read_only():
    """A call of it lets this connection save nothing from then on."""

    def close_database():
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = on")

    yield close_database
    connection.close()


@pytest.fixture
def registration():
    event = make_event(confirm_email=True, embed_sites=["https://lnb.lv"])
    return make_registration(event, email="anna@example.lv")


def test_whatever_is_sent_is_said_to_be_lost_and_nothing_breaks(visitor, registration, make_read_only):
    event, link = registration.event, f"/en{registration.manage_path.removeprefix('/en')}"
    form = make_form_data(event)
    make_read_only()
    posts = {
        f"/en/{event.slug}/register/": form,
        f"/en/{event.slug}/embed/": form,
        "/en/find/": {"email": "anna@example.lv"},
        f"{link}edit/": {**form, "email": "anna@example.lv"},
        f"{link}cancel/": {},
        f"{link}erase/": {},
        "/account/log-in/": {"login": "anna", "password": "wrong"},
    }
    answers = {}
    for path, data in posts.items():
        response = visitor.post(path, data)
        answers[path] = response.status_code
        if response.status_code == 503:
            assert LOST in response.content.decode()
            assert response["Retry-After"] == "300"
    assert set(answers.values()) == {503}, answers
    assert Registration.objects.get().is_confirmed


def test_organisers_are_told_too(visitor, registration, make_read_only):
    visitor.force_login(make_user(is_superuser=True))
    make_read_only()
    assert visitor.get("/admin/registrations/registration/").status_code == 200
    path = f"/admin/registrations/registration/{registration.pk}/"
    for action in ("change", "delete"):
        response = visitor.post(f"{path}{action}/", {"post": "yes"})
        assert response.status_code != 500
    response = visitor.post(
        "/admin/conference/venue/add/", {"name_0": "A", "name_1": "B", "street": "C", "city_0": "D"}
    )
    assert response.status_code in (200, 503)
    response = visitor.post("/admin/registrations/registration/export/", {"export": "", "format": "csv"})
    assert response.status_code in (200, 503)


def test_pages_that_only_read_work_on(visitor, registration, make_read_only):
    event = registration.event
    make_read_only()
    paths = ["", f"{event.slug}/", f"{event.slug}/register/", f"{event.slug}/embed/", f"{event.slug}/privacy/", "find/"]
    for path in [f"/en/{path}" for path in paths] + [registration.manage_path]:
        assert visitor.get(path).status_code == 200, path


def test_the_monitor_is_told(visitor, make_read_only):
    assert visitor.get("/healthz/").json()["database"] == "ok"
    make_read_only()
    response = visitor.get("/healthz/")
    assert response.status_code == 503
    assert (response.json()["status"], response.json()["database"]) == ("bad", "is read-only")
