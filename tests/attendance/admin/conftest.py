"""Clients with a user who is logged in."""

import pytest

from registrations.permissions import HELPERS, ORGANISERS
from tests.factories import make_user


@pytest.fixture
def organiser(client):
    client.user = make_user(ORGANISERS)
    client.force_login(client.user)
    return client


@pytest.fixture
def helper(client):
    client.user = make_user(HELPERS)
    client.force_login(client.user)
    return client
