"""Clients with a user who is logged in."""

import pytest

from registrations.permissions import ORGANISERS, STAFF
from tests.factories import make_user


@pytest.fixture
def organiser(client):
    client.user = make_user(ORGANISERS)
    client.force_login(client.user)
    return client


@pytest.fixture
def staff(client):
    client.user = make_user(STAFF)
    client.force_login(client.user)
    return client
