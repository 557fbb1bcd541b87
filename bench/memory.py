"""The memory of each worker at first, and while it answers many requests: public pages, and complete sign-ups.

RSS is what the kernel gives the process; of PSS, what several processes share counts once among them.

    .venv/bin/python -m bench.memory [requests]
"""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

from bench.database import execute, scratch_database
from bench.load import CLIENTS, ROOT, environment, request, server
from bench.signup import sign_up

PAGES = ["/lv/", "/en/", "/lv/di-xl/", "/en/di-xl/", "/en/di-xl/privacy/", "/en/accessibility/", "/lv/di-xl/register/"]
# A sign-up is three requests.
PAGES_PER_SIGNUP, REQUESTS_PER_ROUND = 27, 30
STEPS = 4
GOAL = 75


def main(number: int) -> None:
    with scratch_database(ROOT) as url:
        env = environment()
        for command in (["collectstatic", "--noinput", "-v0"], ["migrate", "-v0"], ["load_conference"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True)
        execute(url, "UPDATE conference_event SET capacity = 1000000")
        with server("config.wsgi:application", env) as pid, ThreadPoolExecutor(CLIENTS) as clients:
            time.sleep(1)
            report("at first", pid)
            rounds = [number // REQUESTS_PER_ROUND * step // STEPS for step in range(STEPS + 1)]
            for first, last in pairwise(rounds):
                list(clients.map(visit_pages, range(first, last)))
                report(f"{last * REQUESTS_PER_ROUND} requests", pid)


def visit_pages(number: int) -> None:
    for place in range(PAGES_PER_SIGNUP):
        path = PAGES[place % len(PAGES)]
        status, _head, _page = request("GET", path)
        assert status == 200, (path, status)
    sign_up(number)


def report(name: str, pid: int) -> None:
    """Print the memory of the workers that the process `pid` has started, in MB."""
    workers = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    rss, pss = zip(*map(read_memory, workers), strict=True)
    late = "  over the goal" if max(rss) > GOAL else ""
    print(f"{name:<16} RSS {format_list(rss)}   PSS {format_list(pss)}{late}", flush=True)


def read_memory(pid: str) -> tuple[float, float]:
    """Return RSS and PSS of the process, in MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    values = {line.partition(":")[0]: int(line.split()[1]) / 1024 for line in lines}
    return values["Rss"], values["Pss"]


def format_list(numbers: tuple[float, ...]) -> str:
    return " ".join(f"{number:5.1f}" for number in numbers)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
