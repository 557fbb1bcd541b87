import io
import logging
import runpy
import time

import pytest
from django.conf import settings
from gunicorn.config import Config

from config.logging import RedactingFormatter
from tests.factories import make_event, make_registration


@pytest.mark.parametrize(
    ("message", "arguments", "expected"),
    [
        ("Not Found: %s", ("/lv/r/K7M2PXQ4.secret/",), "Not Found: /lv/r/…/"),
        ('"%s" %s', ("GET /en/r/K7M2.secret/x.ics HTTP/1.1", "200"), '"GET /en/r/…/x.ics HTTP/1.1" 200'),
        ("Not Found: /lv/r/K7M2PXQ4.secret?x=1", (), "Not Found: /lv/r/…"),
        ("Not Found: /LV/R/K7M2PXQ4.secret/edit/", (), "Not Found: /LV/R/…/edit/"),
        ("Not Found: /lv/%72/K7M2PXQ4.secret/", (), "Not Found: /lv/%72/…/"),
        ("Not Found: /lv/%52%2FK7M2PXQ4%3Asecret%2Fedit", (), "Not Found: /lv/%52%2F…%2Fedit"),
        ("Not Found: /lv%252Fr%252FK7M2PXQ4.secret%252F", (), "Not Found: /lv%252Fr%252F…%252F"),
        ("Not Found: //r//K7M2PXQ4.secret", (), "Not Found: //r//…"),
        ("Not Found: /D/0123456789ABCDEFGHJK/x", (), "Not Found: /D/…/x"),
        ("Not Found: /d/0123456789abcdefghjk?x=1", (), "Not Found: /d/…"),
        ("Not Found: /%44/0123456789ABCDEFGHJK", (), "Not Found: /%44/…"),
        ("Not Found: /%2564%252F0123456789ABCDEFGHJK", (), "Not Found: /%2564%252F…"),
        ("HTTPS://EXAMPLE.ORG/D/0123456789ABCDEFGHJK", (), "HTTPS://EXAMPLE.ORG/D/…"),
        ("Not Found: /door/pair/secret/", (), "Not Found: /door/pair/…/"),
        ("Not Found: /door/spring/sync/", (), "Not Found: /door/spring/sync/"),
        ("Invalid request line: 'GET /lv/r/K7M2PXQ4.secret/ x'", (), "Invalid request line: 'GET /lv/r/…/ x'"),
        ('"GET /admin/x/?a=1&q=B%C4%93rzi%C5%86a&o=2 HTTP/1.1"', (), '"GET /admin/x/ HTTP/1.1"'),
        ("Not Found: /admin/x/?_changelist_filters=q%3DAnna", (), "Not Found: /admin/x/"),
        ("/admin/login/?next=/admin/x/%3Fq%3DAnna and /lv/?email=a@b.lv", (), "/admin/login/ and /lv/"),
        ("Not Found: /admin/x/?q=O'Neill&o=2", (), "Not Found: /admin/x/"),
        ("Why? Nobody knows", (), "Why? Nobody knows"),
        ("%s: %d", ("/lv/libraries/register/", 500), "/lv/libraries/register/: 500"),
    ],
)  # fmt: skip
def test_personal_links_and_tickets_are_hidden(message, arguments, expected):
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, message, arguments, None)
    assert RedactingFormatter().format(record) == expected


@pytest.mark.parametrize("part", ["/", "/r", "/r/", "%2f", "%25", "25", "?", "/?", "/r/?", "%72%2f"])
def test_a_long_address_takes_no_time(part):
    """It is longer than gunicorn allows. Redacting it takes a millisecond; what is quadratic takes a second."""
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Not Found: /%s", (part * 4000,), None)
    began = time.process_time()
    RedactingFormatter().format(record)
    assert time.process_time() - began < 0.05


def test_personal_links_in_a_traceback_are_hidden():
    try:
        raise ValueError("No such path: /lv/r/K7M2PXQ4.secret/edit/")
    except ValueError as error:
        trace = (ValueError, error, error.__traceback__)
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "Failed", (), trace)
    logged = RedactingFormatter().format(record)
    assert logged.endswith("ValueError: No such path: /lv/r/…/edit/")


@pytest.fixture
def log(monkeypatch):
    """A call of it returns what Django has logged since the test began."""
    lines = io.StringIO()
    for name in ("django", "django.security"):
        monkeypatch.setattr(logging.getLogger(name).handlers[0], "stream", lines)
    return lines.getvalue


@pytest.mark.django_db
def test_a_request_that_django_complains_of_leaves_no_link_in_the_log(client, log):
    registration = make_registration(make_event())
    client.post(f"/en/r/{registration.manage_token}/")
    logged = log()
    assert "Method Not Allowed (POST): /en/r/…/" in logged
    assert registration.manage_token not in logged


@pytest.mark.django_db
def test_a_request_for_another_host_costs_one_line(client, log):
    response = client.get("/en/?q=Anna", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert log() == "Invalid HTTP_HOST header: 'evil.example'. You may need to add 'evil.example' to ALLOWED_HOSTS.\n"


def test_gunicorn_logs_as_the_site_does():
    configuration = runpy.run_path(str(settings.BASE_DIR / "gunicorn.conf.py"))
    config = Config()
    config.set("accesslog", "-")
    logger = configuration["logger_class"](config)
    handlers = [*logger.error_log.handlers, *logger.access_log.handlers]
    assert len(handlers) >= 2
    assert {type(handler.formatter) for handler in handlers} == {RedactingFormatter}


@pytest.mark.django_db(transaction=True)
def test_each_request_of_an_outage_costs_one_line_and_an_error_of_the_site_has_its_traceback(
    visitor, no_database, log, monkeypatch
):
    no_database()
    for method, path in [("get", "/en/"), ("get", "/healthz/"), ("post", "/en/find/")]:
        assert getattr(visitor, method)(path).status_code == 503
    refused = 'OperationalError: connection to server at "127.0.0.1", port 1 failed: Connection refused'
    assert log().splitlines() == [
        f"Service Unavailable: /en/ ({refused})",
        "Service Unavailable: /healthz/",
        f"Service Unavailable: /en/find/ ({refused})",
    ]
    monkeypatch.setattr("registrations.views.healthz.get_health", None)
    assert visitor.get("/healthz/").status_code == 500
    assert "TypeError: 'NoneType' object is not callable" in log()
    assert "Traceback" in log()
