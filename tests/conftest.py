"""What every test stands on."""

import pytest
from django.core.cache import cache
from django.utils import translation


@pytest.fixture(autouse=True)
def _nothing_is_left_of_the_test_before():
    cache.clear()
    translation.activate("en")  # a request leaves its language behind


@pytest.fixture
def client(client):
    """A visitor's browser; it is told apart from other hosts by nothing but its address."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client
