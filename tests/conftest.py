"""What every test stands on."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _nothing_is_cached():
    cache.clear()


@pytest.fixture
def client(client):
    """A visitor's browser; it is told apart from other hosts by nothing but its address."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client
