"""What goes over the wire compressed, and what does not."""

import gzip

import brotli
import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from config.middleware.compression import CompressionMiddleware, choose_encoding
from registrations.permissions import ORGANISERS
from tests.factories import make_event, make_form_data, make_registration, make_user

BROWSER = "gzip, deflate, br, zstd"


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("", ""),
        ("identity", ""),
        ("deflate, zstd", ""),
        ("gzip", "gzip"),
        (BROWSER, "br"),
        ("BR", "br"),
        ("gzip;q=1.0, br;q=0.1", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.000, gzip;q=0.0", ""),
        ("*", "br"),
        ("br;q=0, *", "gzip"),
        ("*;q=0", ""),
        ("abrogate, gzipped", ""),
        (",,;q=,br ;q", "br"),
    ],
)
def test_the_best_encoding_is_the_first_of_ours_that_is_not_refused(accepted, expected):
    assert choose_encoding(accepted) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(("accepted", "read"), [(BROWSER, brotli.decompress), ("gzip", gzip.decompress)])
def test_form_personal_page_and_errors_come_compressed_and_whole(client, accepted, read):
    event = make_event()
    form = f"/en/{event.slug}/register/"
    asks = [
        lambda: client.get(form, headers={"Accept-Encoding": accepted}),
        lambda: client.post(form, make_form_data(event, email="wrong"), headers={"Accept-Encoding": accepted}),
        lambda: client.get(make_registration(event).manage_path, headers={"Accept-Encoding": accepted}),
        lambda: client.get("/en/nothing/", headers={"Accept-Encoding": accepted}),
    ]
    for ask in asks:
        response = ask()
        assert response["Content-Encoding"] == accepted.replace(BROWSER, "br")
        assert response["Content-Length"] == str(len(response.content))
        assert "Accept-Encoding" in response["Vary"]
        assert read(response.content).startswith(b"<!doctype html>")
        assert read(response.content).endswith(b"</html>\n")


@pytest.mark.django_db
def test_who_takes_no_encoding_gets_the_page_as_it_is(client):
    response = client.get(make_registration(make_event()).manage_path)
    assert response.content.startswith(b"<!doctype html>")
    assert "Content-Encoding" not in response
    assert "Accept-Encoding" in response["Vary"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/admin/registrations/registration/?q=Anna", "/en/libraries/"])
def test_lengths_tell_nothing_of_what_organisers_look_for(client, path):
    make_registration(make_event(slug="libraries"))
    client.force_login(make_user(ORGANISERS))
    response = client.get(path, headers={"Accept-Encoding": BROWSER})
    assert response.status_code == 200
    assert "Content-Encoding" not in response


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(b"x" * 499),
        HttpResponse(b"x" * 5000, content_type="text/calendar; charset=utf-8"),
        HttpResponse(b"x" * 5000, content_type="application/json"),
        HttpResponse(status=304),
        StreamingHttpResponse([b"x" * 5000]),
    ],
    ids=["small", "calendar", "data", "nothing", "streamed"],
)
def test_small_answers_and_files_are_left_as_they_are(response):
    answer = CompressionMiddleware(lambda request: response)
    left = answer(RequestFactory(headers={"Accept-Encoding": BROWSER}).get("/"))
    assert left is response
    assert "Content-Encoding" not in left
    assert "Vary" not in left
