"""Event pages per second over HTTP, beside a bare Django view in the same run.

.venv/bin/python -m bench.pages [seconds]
"""

import os
import subprocess
import sys

from bench.database import scratch_database
from bench.load import CLIENTS, ROOT, WORKERS, environment, load, request, server


def get(path: str) -> None:
    status, _head, _body = request("GET", path)
    assert status == 200, (path, status)


def main(seconds: float) -> None:
    with scratch_database(ROOT):
        env = environment()
        for command in (
            ["collectstatic", "--noinput", "--verbosity=0"],
            ["migrate", "--verbosity=0"],
            ["load_conference"],
        ):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True)
        print(f"{CLIENTS} clients, {seconds:.0f} s each, gunicorn with {WORKERS} workers, {os.cpu_count()} cores")
        with server("bench.ceilings:application", env):
            bare = report("bare view", "/bare/", seconds)
        with server("config.wsgi:application", env):
            pages = report("event page", "/lv/di-xl/", seconds)
        print(f"ratio: {pages / bare:.2f}")


def report(name: str, path: str, seconds: float) -> float:
    load(lambda _number: get(path), seconds=2)  # warm up
    per_second, median, p95 = load(lambda _number: get(path), seconds=seconds)
    print(f"{name:<22}{per_second:>9.1f}/s   median {median:6.1f} ms   p95 {p95:6.1f} ms")
    return per_second


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 30)
