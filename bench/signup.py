"""Complete sign-ups per second over HTTP, beside two ceilings in the same run.

A sign-up is what a browser does: GET the form, POST it with its CSRF token, follow to the thank-you page.
The ceilings are a bare Django view, and one that locks a row, counts and inserts.

    .venv/bin/python -m bench.signup [seconds]
"""

import os
import re
import subprocess
import sys
from urllib.parse import urlencode

import psycopg2

from bench.database import execute, scratch_database
from bench.load import CLIENTS, ROOT, WORKERS, cookies, environment, load, request, server

FORM = "/lv/di-xl/register/"
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
TOPICS = re.compile(rb'name="topics" value="(\d+)"')


def sign_up(number: int) -> None:
    status, head, page = request("GET", FORM)
    assert status == 200, status
    cookie = cookies(head)
    person = {
        "csrfmiddlewaretoken": TOKEN.search(page)[1].decode(),
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
    status, head, page = request("POST", FORM, cookie=cookie, body=urlencode(person, doseq=True).encode())
    assert status == 302, (status, page)
    status, _head, page = request("GET", "/lv/di-xl/registered/", cookie=f"{cookie}; {cookies(head)}")
    assert status == 200, status
    assert person["email"].encode() in page


def make_visit(path: str):
    def visit(_number: int) -> None:
        status, _head, _body = request("GET", path)
        assert status == 200, status

    return visit


def main(seconds: float) -> None:
    with scratch_database(ROOT) as url:
        env = environment()
        for command in (["collectstatic", "--noinput", "-v0"], ["migrate", "-v0"], ["load_conference"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True)
        execute(url, "UPDATE conference_event SET capacity = 1000000")
        execute(url, "CREATE TABLE bench_event (id integer PRIMARY KEY)")
        execute(url, "INSERT INTO bench_event VALUES (1)")
        execute(url, "CREATE TABLE bench_place (id bigserial PRIMARY KEY, event_id integer, name text)")
        print(f"{CLIENTS} clients, {seconds:.0f} s each, gunicorn with {WORKERS} workers, {os.cpu_count()} cores")
        with server("bench.baseline_views:application", env):
            report("bare view", make_visit("/bare/"), seconds / 3)
            report("lock, count, insert", make_visit("/locked/"), seconds / 3)
        with server("config.wsgi:application", env):
            load(lambda number: sign_up(10**8 + number), seconds=2)  # warm up
            report("complete sign-up", sign_up, seconds)
        print("stored:", count_stored(url))


def report(name: str, visit, seconds: float) -> None:
    per_second, median, p95 = load(visit, seconds=seconds)
    print(f"{name:<22}{per_second:>9.1f}/s   median {median:6.1f} ms   p95 {p95:6.1f} ms")


def count_stored(url: str) -> str:
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), (SELECT count(*) FROM registrations_outgoingemail) FROM registrations_registration"
        )
        return "{} registrations, {} e-mails".format(*cursor.fetchone())


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 30)
