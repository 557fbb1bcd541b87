"""Complete sign-ups per second over HTTP, at an empty event and at a full one, beside two ceilings in the same run.

A sign-up is what a browser does: GET the form, POST it with its CSRF token, follow to the thank-you page.
The ceilings are a bare Django view, and one that locks a row, counts and inserts.

    .venv/bin/python -m bench.signup [seconds] [--registered 100000]
"""

import argparse
import itertools
import os
import re
import subprocess
import sys
import threading
import time
from urllib.parse import urlencode

import psycopg2

from bench.database import execute, scratch_database
from bench.load import CLIENTS, ROOT, WORKERS, cookies, environment, load, request, server
from bench.registrations import insert_for_event

FORM = "/lv/di-xl/register/"
TOPICS = re.compile(rb'name="topics" value="(\d+)"')
CROWD, PLACES = 200, 50
COUNT_STORED = "SELECT count(*), (SELECT count(*) FROM registrations_outgoingemail) FROM registrations_registration"

numbers = itertools.count(10**8)


def sign_up(_number: int) -> str:
    """Register somebody new, and return the address."""
    number = next(numbers)
    status, _head, page = request("GET", FORM)
    assert status == 200, status
    person = {
        "first_name": "Jānis",
        "last_name": f"Bērziņš {number}",
        "email": f"person{number}@example.lv",
        "organisation": "Rīgas Centrālā bibliotēka",
        "job_title": "Bibliotekārs",
        "country": "LV",
        "sector": "library",
        "topics": [topic.decode() for topic in TOPICS.findall(page)[:2]],
        "consent": "on",
        "website": "",
    }
    status, head, page = request("POST", FORM, body=urlencode(person, doseq=True).encode())
    assert status == 302, (status, page)
    status, _head, page = request("GET", "/lv/di-xl/registered/", cookie=cookies(head))
    assert status == 200, status
    assert person["email"].encode() in page
    return person["email"]


def make_visit(path: str):
    def visit(_number: int) -> None:
        status, _head, _body = request("GET", path)
        assert status == 200, status

    return visit


def main(seconds: float, registered: int) -> None:
    with scratch_database(ROOT) as url:
        env = environment()
        for command in (["collectstatic", "--noinput", "-v0"], ["migrate", "-v0"], ["load_conference"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True)
        execute(url, "CREATE TABLE bench_event (id integer PRIMARY KEY)")
        execute(url, "INSERT INTO bench_event VALUES (1)")
        execute(url, "CREATE TABLE bench_place (id bigserial PRIMARY KEY, event_id integer, name text)")
        print(f"{CLIENTS} clients, {seconds:.0f} s each, gunicorn with {WORKERS} workers, {os.cpu_count()} cores")
        with server("bench.baseline_views:application", env):
            report("bare view", make_visit("/bare/"), seconds / 3)
            report("lock, count, insert", make_visit("/locked/"), seconds / 3)
        with server("config.wsgi:application", env):
            empty = measure_sign_ups(url, "empty event", seconds)
            if registered:
                fill(url, registered)
                full = measure_sign_ups(url, f"{registered:,} registered", seconds)
                print(f"empty / full: {empty / full:.2f}")
        print("stored: {} registrations, {} e-mails".format(*query(url, COUNT_STORED)))
        subprocess.run([sys.executable, "manage.py", "check_counts"], cwd=ROOT, env=env, check=True)


def measure_sign_ups(url: str, name: str, seconds: float) -> float:
    """Sign-ups per second without a limit; then, how long a crowd takes that comes at once for fewer places."""
    execute(url, "UPDATE conference_event SET capacity = NULL")
    load(sign_up, seconds=2)  # warm up
    per_second = report(name, sign_up, seconds)
    execute(url, f"UPDATE conference_event SET capacity = {PLACES} + (SELECT confirmed FROM registrations_eventcounts)")
    print(f"{'':<22}{CROWD} at once for {PLACES} places: the last is answered after {time_crowd():.2f} s")
    assert query(url, "SELECT waitlisted FROM registrations_eventcounts") == (CROWD - PLACES,)
    execute(url, "UPDATE registrations_registration SET status = 'cancelled' WHERE status = 'waitlisted'")
    return per_second


def time_crowd() -> float:
    people = [threading.Thread(target=sign_up, args=[number]) for number in range(CROWD)]
    start = time.perf_counter()
    for person in people:
        person.start()
    for person in people:
        person.join()
    return time.perf_counter() - start


def fill(url: str, number: int) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM conference_event")
        insert_for_event(cursor, cursor.fetchone()[0], number)
    connection.close()


def report(name: str, visit, seconds: float) -> float:
    per_second, median, p95 = load(visit, seconds=seconds)
    print(f"{name:<22}{per_second:>9.1f}/s   median {median:6.1f} ms   p95 {p95:6.1f} ms", flush=True)
    return per_second


def query(url: str, statement: str) -> tuple:
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("seconds", type=float, nargs="?", default=30)
    parser.add_argument("--registered", type=int, default=0, help="measure also with so many at the event")
    main(**vars(parser.parse_args()))
