"""Event pages per second over HTTP, beside a bare Django view in the same run.

Both are asked in turn, a few seconds at a time, so that what else the machine does concerns them alike; of the rounds
the median counts. The page is asked as a benchmark asks, as a browser does, and by one that has it already.

    .venv/bin/python -m bench.pages [seconds for each]
"""

import os
import re
import statistics
import subprocess
import sys

from bench.database import scratch_database
from bench.load import CLIENTS, PORT, ROOT, WORKERS, environment, load, request, server

PAGE, BARE_PORT = "/lv/di-xl/", PORT + 1
ROUNDS = 10
# Of a bare view's pages per second: 2,000 on the two cores where that gives 2,820.
GOAL = 0.71


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
        with server("bench.ceilings:application", env, port=BARE_PORT), server("config.wsgi:application", env):
            measure(seconds)


def measure(seconds: float) -> None:
    asked = {
        "bare view": ask("/bare/", port=BARE_PORT),
        "event page": ask(PAGE),
        "… with brotli": ask(PAGE, headers="Accept-Encoding: gzip, deflate, br\r\n"),
        "… not modified": ask(PAGE, headers=f"If-None-Match: {etag()}\r\n", expected=304),
    }
    for visit in asked.values():
        load(visit, seconds=1)  # warm up
    rounds = [{name: load(visit, seconds=seconds / ROUNDS) for name, visit in asked.items()} for _n in range(ROUNDS)]
    for name in asked:
        per_second, median, p95 = (
            statistics.median(figures) for figures in zip(*(one[name] for one in rounds), strict=True)
        )
        ratio = statistics.median(one[name][0] / one["bare view"][0] for one in rounds)
        print(f"{name:<22}{per_second:>9.1f}/s   median {median:6.1f} ms   p95 {p95:6.1f} ms   ratio {ratio:.2f}")
    print(f"the goal is a ratio of {GOAL}")


def ask(path: str, *, expected: int = 200, **options):
    def visit(_number: int) -> None:
        status, _head, _body = request("GET", path, **options)
        assert status == expected, (path, status)

    return visit


def etag() -> str:
    _status, head, _body = request("GET", PAGE)
    return re.search(rb"(?i)^etag: (.+?)\r?$", head, re.MULTILINE)[1].decode()


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 30)
