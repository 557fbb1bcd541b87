"""No statement waits or runs for ever, though nothing is set for the connection."""

from contextlib import nullcontext

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg2.errors import LockNotAvailable, QueryCanceled

from conference.models import Event
from config.database_limits import LOCK_TIMEOUT, limit_statements
from tests.factories import make_event, make_user

# Transactions of their own, as the limits come with the first statement of each.
pytestmark = pytest.mark.django_db(transaction=True)


def show(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return cursor.fetchone()[0]


def ask(query: str):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()


def test_limits_hold_in_transactions_and_nothing_is_left_of_them():
    with transaction.atomic():
        make_event()
        assert [show("lock_timeout"), show("jit"), show("statement_timeout")] == ["10s", "off", "0"]
        with pytest.raises(IntegrityError), transaction.atomic():
            ask("INSERT INTO conference_event (id) VALUES (NULL) RETURNING id")
        assert show("lock_timeout") == "10s"  # also after a part was undone
    assert [show("lock_timeout"), show("jit")] == ["0", "on"]
    with limit_statements(20):
        assert [show("statement_timeout"), show("lock_timeout"), show("jit")] == ["20s", "10s", "off"]
        with transaction.atomic():
            assert [show("statement_timeout"), show("lock_timeout")] == ["20s", "10s"]
    assert [show("statement_timeout"), show("lock_timeout")] == ["0", "0"]


@pytest.mark.parametrize("in_transaction", [True, False])
def test_a_query_that_takes_too_long_is_ended_and_the_next_is_not(in_transaction):
    block = transaction.atomic() if in_transaction else nullcontext()
    with limit_statements(1), pytest.raises(OperationalError) as raised, block:  # noqa: PT012 (it begins before it sleeps)
        ask("SELECT 'begun'")
        ask("SELECT pg_sleep(5)")
    assert isinstance(raised.value.__cause__, QueryCanceled)
    with limit_statements(1):
        assert ask("SELECT 'next'") == ("next",)


def test_what_waits_for_a_lock_too_long_is_ended(monkeypatch):
    monkeypatch.setattr("config.database_limits.LOCK_TIMEOUT", 100)
    assert LOCK_TIMEOUT == 10_000
    event = make_event()
    other = connection.copy()
    with other.cursor() as cursor:
        other.set_autocommit(False)
        cursor.execute("SELECT 1 FROM conference_event WHERE id = %s FOR UPDATE", [event.pk])
        with pytest.raises(OperationalError) as raised, transaction.atomic():
            Event.objects.select_for_update().get(pk=event.pk)
        assert isinstance(raised.value.__cause__, LockNotAvailable)
    other.close()


def test_results_and_numbers_of_rows_are_those_of_the_statement():
    with limit_statements(20):
        make_user(), make_user()
        assert User.objects.count() == 2
        assert User.objects.update(first_name="100 % Anna; SELECT 1") == 2
        assert set(User.objects.values_list("first_name", flat=True)) == {"100 % Anna; SELECT 1"}
        assert User.objects.bulk_create([User(username="a"), User(username="b")])[1].pk
        assert User.objects.all().delete()[0] == 4
        assert list(User.objects.iterator()) == []


def test_statements_that_must_be_alone_are_when_a_command_sends_them():
    with connection.cursor() as cursor:
        cursor.execute("VACUUM conference_event")
