"""What the tests of backups share: a site with people in it."""

import pytest

from registrations import operations
from registrations.mail import delivery
from tests.factories import build_registration, make_event, make_topic


@pytest.fixture
def ledger(settings, tmp_path):
    settings.ERASURE_LEDGER = tmp_path / "erasures.ledger"
    return settings.ERASURE_LEDGER


@pytest.fixture
def event(transactional_db, ledger):
    """An event with two places, two people who have them, and one who waits; an e-mail is queued for each."""
    event = make_event(slug="event", capacity=2)
    topic = make_topic(event)
    delivery.send_due()  # the sender has run
    for name in ("Anna", "Jānis", "Zane"):
        person = build_registration(event, first_name=name, email=f"{name.lower()}@example.lv")
        operations.register(person, topics=[topic])
    return event
