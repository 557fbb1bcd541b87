import logging

import pytest

from config.logging import RedactingFormatter
from tests.factories import make_event, make_registration


@pytest.mark.parametrize(
    ("message", "arguments", "expected"),
    [
        ("Not Found: %s", ("/lv/r/K7M2PXQ4.secret/",), "Not Found: /lv/r/…/"),
        ('"%s" %s', ("GET /en/r/K7M2.secret/x.ics HTTP/1.1", "200"), '"GET /en/r/…/x.ics HTTP/1.1" 200'),
        ("Not Found: /lv/r/K7M2PXQ4.secret?x=1", (), "Not Found: /lv/r/…?x=1"),
        ("Not Found: /admin/x/?a=1&q=B%C4%93rzi%C5%86a&o=2", (), "Not Found: /admin/x/?a=1&q=…&o=2"),
        ("%s: %d", ("/lv/libraries/register/", 500), "/lv/libraries/register/: 500"),
    ],
)  # fmt: skip
def test_personal_links_are_hidden(message, arguments, expected):
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, message, arguments, None)
    assert RedactingFormatter().format(record) == expected


def test_personal_links_in_a_traceback_are_hidden():
    try:
        raise ValueError("No such path: /lv/r/K7M2PXQ4.secret/edit/")
    except ValueError as error:
        trace = (ValueError, error, error.__traceback__)
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "Failed", (), trace)
    logged = RedactingFormatter().format(record)
    assert logged.endswith("ValueError: No such path: /lv/r/…/edit/")


@pytest.mark.django_db
def test_a_request_that_django_complains_of_leaves_no_link_in_the_log(client, capsys):
    registration = make_registration(make_event())
    handler = logging.getLogger("django").handlers[0]
    stream, lines = handler.stream, []
    handler.stream = type("Lines", (), {"write": lines.append, "flush": lambda self: None})()
    try:
        client.post(f"/en/r/{registration.manage_token}/")
    finally:
        handler.stream = stream
    logged = "".join(lines)
    assert "Method Not Allowed (POST): /en/r/…/" in logged
    assert registration.manage_token not in logged
