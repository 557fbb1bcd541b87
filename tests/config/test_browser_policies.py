"""What browsers are told about static files."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from whitenoise.middleware import WhiteNoiseMiddleware


@pytest.fixture
def read_headers(settings):
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    answer = WhiteNoiseMiddleware(lambda request: HttpResponse(status=404))

    def read_headers(path: str):
        response = answer(RequestFactory().head(path))
        assert response.status_code == 200
        return response.headers

    return read_headers


@pytest.mark.parametrize("name", ["door/decoder.js", "vendor/qr-0.7.0/decode.js", "js/paste.js"])
def test_a_script_that_is_started_as_a_worker_loads_only_scripts_of_the_site(read_headers, name):
    policy = read_headers(f"/static/{name}")["Content-Security-Policy"]
    assert policy == "default-src 'none'; script-src 'self'"


def test_other_static_files_say_nothing_about_workers(read_headers):
    assert "Content-Security-Policy" not in read_headers("/static/css/site.css")
