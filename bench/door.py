"""Check-ins per second over HTTP by 16 phones, one scan a request, beside two ceilings; and what a phone first gets.

Each answer also has what the other phones have recorded meanwhile. The ceilings are those of bench.signup: a bare
Django view, and one that locks a row, counts and inserts.

    .venv/bin/python -m bench.door [seconds] [--people 10000]
"""

import argparse
import hashlib
import json
import os
import secrets
import subprocess
import sys
import threading
import time
import uuid
from datetime import UTC, datetime

import brotli
import psycopg2

from bench.database import execute, scratch_database
from bench.load import CLIENTS, ROOT, WORKERS, cookies, environment, request, server
from bench.signup import fill, make_visit, query, report

SLUG = "di-xl"
COUNT_STORED = """
    SELECT (SELECT count(*) FROM attendance_checkin),
        (SELECT count(*) FROM registrations_registration WHERE checked_in_at IS NOT NULL)
"""


class Phone:
    """A paired phone that has the list."""

    def __init__(self, url: str):
        code = secrets.token_urlsafe(16)
        execute(
            url,
            "INSERT INTO attendance_doorpairing (event_id, code_hash, created_at) "
            f"SELECT id, '{hashlib.sha256(code.encode()).hexdigest()}', now() FROM conference_event",
        )
        status, head, _body = request("POST", f"/door/pair/{code}/", body=b"name=Phone")
        assert status == 302, status
        self.cookie, self.cursor = cookies(head), ""
        self.synchronise()

    def synchronise(self, *records: dict) -> bytes:
        now = datetime.now(UTC).isoformat()
        sent = {"schema": 1, "now": now, "cursor": self.cursor, "unsent": 0, "records": records}
        path = f"/door/{SLUG}/sync/"
        status, _head, body = request("POST", path, cookie=self.cookie, body=json.dumps(sent).encode())
        assert status == 200, (status, body)
        answer = json.loads(body)
        self.cursor = answer["cursor"]
        assert [record["id"] for record in records] == answer["stored"]
        return body

    def scan(self, key: str) -> None:
        values = {"kind": "in", "method": "scan", "undoes": None, "door": None, "reason": "", "walk_in": None}
        at = datetime.now(UTC).isoformat()
        self.synchronise({"id": str(uuid.uuid4()), "key": key, "at": at, "practice": False, **values})


def main(seconds: float, people: int) -> None:
    with scratch_database(ROOT) as url:
        env = environment()
        for command in (["collectstatic", "--noinput", "-v0"], ["migrate", "-v0"], ["load_conference"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True)
        execute(url, "CREATE TABLE bench_event (id integer PRIMARY KEY)")
        execute(url, "INSERT INTO bench_event VALUES (1)")
        execute(url, "CREATE TABLE bench_place (id bigserial PRIMARY KEY, event_id integer, name text)")
        fill(url, people)
        print(f"{CLIENTS} phones, {seconds:.0f} s, {people:,} people, {WORKERS} workers, {os.cpu_count()} cores")
        with server("bench.baseline_views:application", env):
            report("bare view", make_visit("/bare/"), seconds / 3)
            report("lock, count, insert", make_visit("/locked/"), seconds / 3)
        with server("config.wsgi:application", env):
            measure_list(url)
            measure_check_ins(url, seconds)


def measure_check_ins(url: str, seconds: float) -> None:
    keys, phones = list_keys(url), [Phone(url) for _number in range(CLIENTS)]
    own = threading.local()

    def scan(number: int) -> None:
        if not hasattr(own, "phone"):
            own.phone = phones.pop()
        own.phone.scan(keys[number % len(keys)])

    per_second = report("check-ins", scan, seconds)
    check_ins, came = query(url, COUNT_STORED)
    print(f"stored: {check_ins} check-ins of {came} people; {'enough' if per_second >= 400 else 'fewer than'} 400/s")
    assert came == min(check_ins, len(keys))


def list_keys(url: str) -> list[str]:
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT ticket_key FROM registrations_registration ORDER BY id")
        return [key for (key,) in cursor.fetchall()]


def measure_list(url: str) -> None:
    """What a phone gets when it is paired, and when nothing has changed since it last asked."""
    phone = Phone(url)
    cursor, phone.cursor = phone.cursor, ""
    start = time.perf_counter()
    body = phone.synchronise()
    took = time.perf_counter() - start
    compressed = len(brotli.compress(body, quality=5))
    print(f"{'whole list':<22}{took * 1000:>9.0f} ms, {len(body):,} bytes; brotli would make them {compressed:,}")
    phone.cursor = cursor
    median, p95 = visit_alone(phone)
    print(f"{'nothing new':<22}{median:>9.1f} ms   p95 {p95:.1f} ms, {len(phone.synchronise()):,} bytes")


def visit_alone(phone: Phone) -> tuple[float, float]:
    """The median and the 95th percentile of a hundred visits, in milliseconds."""
    took = []
    for _number in range(100):
        start = time.perf_counter()
        phone.synchronise()
        took.append((time.perf_counter() - start) * 1000)
    took.sort()
    return took[50], took[95]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("seconds", type=float, nargs="?", default=15)
    parser.add_argument("--people", type=int, default=10_000)
    main(**vars(parser.parse_args()))
