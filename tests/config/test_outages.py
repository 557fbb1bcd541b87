"""The site cannot answer: its database is really cut off, or one of its pages is broken."""

import psycopg2
import pytest
from django.db import connection

from registrations.models import OutgoingEmail, Registration
from tests.factories import make_event, make_form_data, make_user

# Real transactions: what is stored when the connection breaks is what the database has.
pytestmark = pytest.mark.django_db(transaction=True)

UNCERTAIN = "We cannot tell whether what you sent was saved."


def end_connection() -> None:
    """The database server ends this process's connection, as it does when it is restarted."""
    params = connection.get_connection_params()
    own = {name: params[name] for name in ("dbname", "user", "password", "host", "port") if name in params}
    other = psycopg2.connect(**own)
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
    other.close()


def end_connection_before(statement: str):
    """A wrapper of queries in which the connection is ended just before the first that begins like this."""

    def execute(execute, sql, params, many, context):
        if sql.startswith(statement):
            end_connection()
        return execute(sql, params, many, context)

    return connection.execute_wrapper(execute)


def end_connection_after(statement: str):
    def execute(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if sql.startswith(statement):
            end_connection()
        return result

    return connection.execute_wrapper(execute)


def is_unavailable(response, said: str) -> bool:
    content = response.content.decode()
    assert response.status_code == 503
    assert response["Retry-After"] == "300"
    assert "no-store" in response["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in content
    assert "css/site" in content
    return said in content


@pytest.mark.parametrize(("path", "again"), [("", "/en/"), ("{}/", "/en/{}/"), ("r/AB.xy/", "/en/r/AB.xy/")])
def test_without_its_database_a_page_says_when_to_come_back(visitor, no_database, path, again):
    slug = make_event().slug
    no_database()
    response = visitor.get(f"/en/{path.format(slug)}")
    assert is_unavailable(response, "<h1>The site is temporarily unavailable</h1>")
    assert f'href="{again.format(slug)}">Try again</a>' in response.content.decode()


def test_without_its_database_it_speaks_the_visitors_language(visitor, no_database):
    no_database()
    assert is_unavailable(visitor.get("/lv/"), "<h1>Vietne pašlaik nedarbojas</h1>")
    assert is_unavailable(visitor.get("/lv/"), '<html lang="lv">')


def test_who_is_logged_in_gets_the_same_page(visitor, no_database):
    visitor.force_login(make_user(is_superuser=True))
    no_database()
    assert is_unavailable(visitor.get("/admin/"), "The site is temporarily unavailable")
    assert is_unavailable(visitor.get("/en/"), "The site is temporarily unavailable")


def test_a_sign_up_without_a_database_is_not_said_to_be_lost(visitor, no_database):
    event = make_event()
    form = make_form_data(event)
    no_database()
    response = visitor.post(f"/en/{event.slug}/register/", form)
    assert is_unavailable(response, UNCERTAIN)
    assert 'href="/en/">Go to the home page</a>' in response.content.decode()
    assert "Nothing" not in response.content.decode()


def test_a_connection_that_ends_in_the_middle_stores_nothing_and_the_next_visitor_is_served(visitor):
    event = make_event()
    with end_connection_before('INSERT INTO "registrations_registration"'):
        response = visitor.post(f"/en/{event.slug}/register/", make_form_data(event))
    assert is_unavailable(response, UNCERTAIN)
    connection.close_if_unusable_or_obsolete()  # as Django does after every request outside of tests
    assert not Registration.objects.exists()
    assert visitor.post(f"/en/{event.slug}/register/", make_form_data(event)).status_code == 302
    assert Registration.objects.count() == 1


def test_a_connection_that_ends_before_the_commit_stores_nothing_and_twice_is_harmless(visitor):
    event = make_event()
    form = make_form_data(event)
    with end_connection_after('INSERT INTO "registrations_outgoingemail"'):
        response = visitor.post(f"/en/{event.slug}/register/", form)
    assert is_unavailable(response, UNCERTAIN)
    connection.close_if_unusable_or_obsolete()
    assert not OutgoingEmail.objects.exists()
    assert [visitor.post(f"/en/{event.slug}/register/", form).status_code for _number in range(2)] == [302, 302]
    assert Registration.objects.count() == 1


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        ("53100", "no room on its disk"),
        ("0A000", "a replica, which has no unlogged tables"),
        ("53200", "no memory"),
        ("53300", "too many connections"),
        ("57P01", "shut down"),
        ("57P03", "starting"),
        ("25P03", "ended for idling"),
        ("25006", "read-only"),
        ("57014", "took too long"),
        ("40P01", "deadlock"),
        ("55P03", "lock not available"),
    ],
)
def test_whatever_keeps_the_database_from_answering_is_no_error_of_the_site(visitor, code, trouble):
    event = make_event()
    form = make_form_data(event)

    def fail(execute, sql, params, many, context):
        return execute(f"DO $$ BEGIN RAISE EXCEPTION '{trouble}' USING ERRCODE = '{code}'; END $$", None, many, context)

    with connection.execute_wrapper(fail):
        assert visitor.get(f"/en/{event.slug}/").status_code == 503
        assert visitor.post(f"/en/{event.slug}/register/", form).status_code == 503
        response = visitor.get("/healthz/")
    assert (response.status_code, response.json()["database"]) == (503, "does not answer")
    assert trouble not in response.content.decode()


def test_a_form_in_a_frame_says_there_that_it_may_not_be_stored(visitor):
    event = make_event(embed_sites=["https://lnb.lv"])
    with end_connection_before('INSERT INTO "registrations_registration"'):
        response = visitor.post(f"/en/{event.slug}/embed/", make_form_data(event))
    assert is_unavailable(response, UNCERTAIN)
    assert "frame-ancestors https://lnb.lv" in response["Content-Security-Policy"]
    assert "X-Frame-Options" not in response


def test_nobody_may_frame_a_form_while_the_database_cannot_tell_who_may(visitor, no_database):
    slug = make_event(embed_sites=["https://lnb.lv"]).slug
    no_database()
    response = visitor.get(f"/en/{slug}/embed/")
    assert is_unavailable(response, "<h1>The site is temporarily unavailable</h1>")
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"


def test_a_broken_page_says_sorry_in_both_languages_and_hides_what_happened(visitor):
    event = make_event()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE conference_topic RENAME TO away")
    try:
        response = visitor.get(f"/en/{event.slug}/")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE away RENAME TO conference_topic")
    content = response.content.decode()
    assert response.status_code == 500
    assert "<h1>Radās kļūda</h1>" in content
    assert '<section lang="en">' in content
    assert "<h2>Something went wrong</h2>" in content
    assert '<meta name="robots" content="noindex">' in content
    assert "css/site" in content
    assert "topic" not in content


def test_the_pages_of_outages_survive_a_missing_list_of_static_files(visitor, settings, tmp_path):
    event = make_event()
    settings.STATIC_ROOT = tmp_path
    backend = {"BACKEND": "conference.module_storage.ModuleStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": backend}
    broken = visitor.get(f"/en/{event.slug}/")
    assert broken.status_code == 500
    assert "<h1>Radās kļūda</h1>" in broken.content.decode()
    assert "stylesheet" not in broken.content.decode()
    settings.MAINTENANCE = True
    closed = visitor.get(f"/en/{event.slug}/")
    assert closed.status_code == 503
    assert "<h1>The site is down for maintenance</h1>" in closed.content.decode()


HOME = '<a class="btn btn-primary" href="/en/"{}>Go to the home page{}</a>'
OWN_TAB = HOME.format(' target="_blank" rel="noopener"', " (opens in a new tab)")


def test_from_a_frame_the_way_home_opens_in_a_tab_of_its_own(visitor, settings, monkeypatch):
    event = make_event(embed_sites=["https://lnb.lv"])
    form, path = make_form_data(event), f"/en/{event.slug}/embed/"
    with end_connection_before('INSERT INTO "registrations_registration"'):
        assert OWN_TAB in visitor.post(path, form).content.decode()
    connection.close_if_unusable_or_obsolete()
    with monkeypatch.context() as patched:
        patched.setattr("registrations.operations.register", None)
        broken = visitor.post(path, form)
    assert broken.status_code == 500
    assert OWN_TAB in broken.content.decode()
    assert (
        'href="/lv/" target="_blank" rel="noopener">Uz sākumlapu (atveras jaunā cilnē)</a>' in broken.content.decode()
    )
    settings.MAINTENANCE = True
    assert OWN_TAB in visitor.post(path, form).content.decode()
    again = visitor.get(path).content.decode()
    assert f'href="{path}">Try again</a>' in again
    assert "_blank" not in again
    assert HOME.format("", "") in visitor.post(f"/en/{event.slug}/register/", form).content.decode()
