import pytest
from django.db import connection
from django.test import RequestFactory

from config.database_limits import last_answer
from config.middleware.connection_checks import ConnectionCheckMiddleware

pytestmark = pytest.mark.django_db


@pytest.fixture
def checks(monkeypatch):
    """The connection asks whether it is usable, as at the start of a request; returns how often it has asked."""
    asked = []
    monkeypatch.setattr(connection, "is_usable", lambda: bool(asked.append("again")) or True)
    monkeypatch.setattr(connection, "health_check_enabled", True)
    monkeypatch.setattr(connection, "health_check_done", False)
    return asked


def query(_request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@pytest.mark.parametrize(("seconds", "asked"), [(0, []), (2, ["again"])])
def test_a_connection_is_checked_only_when_the_database_has_not_answered_for_a_second(checks, seconds, asked):
    query(None)
    checks.clear()
    connection.health_check_done = False
    last_answer.at -= seconds
    ConnectionCheckMiddleware(query)(RequestFactory().get("/"))
    assert checks == asked
