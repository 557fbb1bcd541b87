"""A page whose query takes too long says so; a public page from the cache asks the database nothing."""

import pytest
from django.db import connection

from tests.factories import make_event, make_form_data, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def slow_event(settings):
    """An event that takes the database long to find."""
    event = make_event()
    settings.STATEMENT_TIMEOUT = 1

    def execute_slowly(execute, sql, params, many, context):
        slow = sql.replace('FROM "conference_event"', 'FROM pg_sleep(20), "conference_event"')
        return execute(slow, params, many, context)

    with connection.execute_wrapper(execute_slowly):
        yield event


def test_a_page_that_takes_too_long_says_what_to_do(visitor, slow_event):
    response = visitor.get(f"/en/{slow_event.slug}/")
    content = response.content.decode()
    assert (response.status_code, response["Retry-After"]) == (503, "300")
    assert "<h1>This took too long and was stopped</h1>" in content
    assert "Please ask for less" in content
    response = visitor.post(f"/en/{slow_event.slug}/register/", make_form_data(slow_event))
    assert response.status_code == 503
    assert "We cannot tell whether what you sent was saved." in response.content.decode()


def test_an_export_has_more_time(visitor, settings, monkeypatch):
    settings.STATEMENT_TIMEOUT = 1
    visitor.force_login(make_user(is_superuser=True))
    seen = []

    def note(*arguments, **options):
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            seen.append(cursor.fetchone()[0])

    monkeypatch.setattr("registrations.admin.registrations.export_views.export_preset", note)
    monkeypatch.setattr("registrations.admin.registrations.export_views.get_single_event", note)
    visitor.post("/admin/registrations/registration/export/", {"list": "report.xlsx"})
    assert seen == ["1s", "110s"]
