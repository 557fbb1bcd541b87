"""What few requests need is not in the memory of every worker."""

import json
import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

from registrations.models import Registration
from tests.factories import make_event, make_form_data, make_topic

LARGE = ["PIL", "icalendar", "idna", "openpyxl", "rapidfuzz", "segno", "typst", "xlsxwriter"]
VISITS = """
import json, sys
from config.wsgi import application
from django.test import Client

client = Client(HTTP_HOST="localhost")
large, visits = json.loads(sys.argv[1])
for address, data in [("", None), *visits]:
    if address:
        response = client.post(address, data) if data else client.get(address)
        assert response.status_code == (302 if data else 200), (address, response.status_code)
    print(json.dumps([name for name in large if name in sys.modules]))
"""


def list_loaded(*visits: tuple[str, dict | None]) -> list[list[str]]:
    """The large libraries that a new process has loaded at the start, and then after each GET or POST."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    result = subprocess.run(
        [sys.executable, "-c", VISITS, json.dumps([LARGE, visits])],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": urlunsplit(database)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return list(map(json.loads, result.stdout.splitlines()))


@pytest.mark.django_db(transaction=True)
def test_a_worker_loads_a_large_library_with_the_first_request_that_needs_it():
    event = make_event()
    make_topic(event)
    page, form = event.get_absolute_url(), reverse("registrations:register", args=[event.slug])
    calendar, image = (reverse(f"conference:{name}", args=[event.slug]) for name in ("calendar", "og-image"))
    person = make_form_data(event, email="anna@gmail.com")
    loaded = list_loaded((page, None), (form, None), (form, person), (calendar, None), (image, None))
    assert Registration.objects.get().email == "anna@gmail.com"
    assert loaded == [[], [], [], [], ["icalendar"], ["icalendar", "typst"]]
