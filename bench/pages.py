"""Event pages per second over HTTP, from gunicorn alone and through nginx, beside a bare Django view in the same run.

All are asked in turn, a few seconds at a time, so that what else the machine does concerns them alike; of the rounds
the median counts. The page is asked as a benchmark asks, as a browser does, and by one that has it already; the form,
of which each visitor gets an own token, is never kept by nginx.

    .venv/bin/python -m bench.pages [seconds for each]
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.database import scratch_database
from bench.load import CLIENTS, HOST, PORT, ROOT, WORKERS, environment, load, request, server
from bench.nginx import nginx

PAGE = "/lv/di-xl/"
BARE_PORT, NGINX_PORT = PORT + 1, PORT + 2
ROUNDS = 10
# As many as ask faster than nginx answers.
PROCESSES = 2
# Event pages per second, as a ratio to those of a bare view.
GOALS = {"event page": 0.45, "event page, nginx": 3.0}
BROWSER = "Accept-Encoding: gzip, deflate, br\r\n"


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
        with (
            tempfile.TemporaryDirectory() as folder,
            server("bench.baseline_views:application", env, port=BARE_PORT),
            server("config.wsgi:application", env),
            nginx(Path(folder), port=NGINX_PORT, upstream=f"{HOST}:{PORT}"),
        ):
            measure(seconds)


def measure(seconds: float) -> None:
    visits = {
        "bare view": ask("/bare/", port=BARE_PORT),
        "event page": ask(PAGE),
        "… with brotli": ask(PAGE, headers=BROWSER),
        "… not modified": ask(PAGE, headers=f"If-None-Match: {get_etag()}\r\n", expected=304),
        "form": ask(f"{PAGE}register/", headers=BROWSER),
        "event page, nginx": ask(PAGE, port=NGINX_PORT),
        "… with brotli, nginx": ask(PAGE, port=NGINX_PORT, headers=BROWSER),
    }
    for visit in visits.values():
        load(visit, seconds=1)  # warm up
    rounds = [
        {name: load(visit, seconds=seconds / ROUNDS, processes=PROCESSES) for name, visit in visits.items()}
        for _number in range(ROUNDS)
    ]
    for name in visits:
        report(name, [one[name] for one in rounds], [one["bare view"][0] for one in rounds])


def report(name: str, figures: list[tuple[float, float, float]], bare: list[float]) -> None:
    """Print the medians of the rounds, and of the ratio to the bare view in the same round."""
    per_second, median, p95 = map(statistics.median, zip(*figures, strict=True))
    ratio = statistics.median(one[0] / other for one, other in zip(figures, bare, strict=True))
    goal = f"   goal {GOALS[name]:.2f}" if name in GOALS else ""
    print(f"{name:<22}{per_second:>9.1f}/s   median {median:6.1f} ms   p95 {p95:6.1f} ms   ratio {ratio:.2f}{goal}")


def ask(path: str, *, expected: int = 200, **options):
    def visit(_number: int) -> None:
        status, _head, _body = request("GET", path, **options)
        assert status == expected, (path, status)

    return visit


def get_etag() -> str:
    _status, head, _body = request("GET", PAGE)
    return re.search(rb"(?i)^etag: (.+?)\r?$", head, re.MULTILINE)[1].decode()


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 30)
