"""A visitor, and a site without its database."""

import pytest
from django.db import connection
from django.test import Client


@pytest.fixture
def visitor():
    """A browser that gets the page of an error, as a real one does."""
    return Client(headers={"Accept-Language": "en"}, raise_request_exception=False)


@pytest.fixture
def no_database():
    """A call of it cuts the database off: where it is looked for from then on, nobody listens."""
    there = dict(connection.settings_dict)

    def cut_off():
        connection.close()
        connection.settings_dict.update(HOST="127.0.0.1", PORT="1")

    yield cut_off
    connection.close()
    connection.settings_dict.update(there)
