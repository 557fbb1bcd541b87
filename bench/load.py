"""A small HTTP load generator, and a site to point it at: shared by the benchmarks."""

import contextlib
import itertools
import multiprocessing
import os
import re
import secrets
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
HOST, PORT = "127.0.0.1", int(os.environ.get("BENCH_PORT", "8765"))
CLIENTS, WORKERS = 16, 3


def environment() -> dict[str, str]:
    """The site as in production, but for HTTPS and a rate limit that one machine's load would reach."""
    return {
        **os.environ,
        "DEBUG": "off",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": HOST,
        "SITE_URL": f"http://{HOST}:{PORT}",
        "EMAIL_URL": f"filemail:///{ROOT / 'var' / 'emails'}",
        "SIGNUP_RATE_LIMIT": "100000000/h",  # counted as ever, never reached
        "SIGNUP_MIN_SECONDS": "0",  # clients read no form
        "BURST_LIMIT": "100000000/h",
    }


@contextlib.contextmanager
def server(application: str, env: dict[str, str], *, workers: int = WORKERS, port: int = PORT) -> Iterator[int]:
    """gunicorn with so many workers serving `application` on `port`; yields the process that has started them."""
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"{HOST}:{port}", "--workers", str(workers)]
    process = subprocess.Popen([*command, "--log-level", "warning"], cwd=ROOT, env=env)
    try:
        for _attempt in range(100):
            with contextlib.suppress(OSError), socket.create_connection((HOST, port)):
                break
            time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def request(
    method: str, path: str, *, cookie: str = "", body: bytes = b"", headers: str = "", port: int = PORT
) -> tuple[int, bytes, bytes]:
    """One request on a connection of its own, with `headers` as lines; returns status, head and body."""
    head = f"{method} {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nConnection: close\r\n{headers}"
    if cookie:
        head += f"Cookie: {cookie}\r\n"
    if method == "POST":
        head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
    with socket.create_connection((HOST, port), timeout=120) as connection:
        connection.sendall(head.encode() + b"\r\n" + body)
        answer = bytearray()
        while chunk := connection.recv(65536):
            answer += chunk
    head, _blank, content = bytes(answer).partition(b"\r\n\r\n")
    return int(head[9:12]), head, content


def cookies(head: bytes) -> str:
    """The cookies that this response sets, as a request sends them back."""
    return "; ".join(part.decode() for part in re.findall(rb"(?i)^set-cookie: ([^;\r]+)", head, re.MULTILINE))


def log_in(username: str, password: str) -> str:
    """The cookies of a user who has logged in to the admin, the CSRF token among them."""
    _status, head, _page = request("GET", "/account/log-in/")
    cookie = cookies(head)
    form = {"login": username, "password": password, "csrfmiddlewaretoken": get_csrf_token(cookie)}
    status, head, _page = request("POST", "/account/log-in/", cookie=cookie, body=urlencode(form).encode())
    assert status == 302, status
    return cookies(head)


def get_csrf_token(cookie: str) -> str:
    return re.search("csrftoken=([^;]+)", cookie)[1]


def load(visit: Callable[[int], None], *, seconds: float, processes: int = 1) -> tuple[float, float, float]:
    """CLIENTS clients doing `visit(n)` one after another for `seconds`; each visit gets a number of its own.

    More processes measure what is faster than one can ask. Returns visits per second and, in milliseconds, the median
    and the 95th percentile of a visit.
    """
    start = time.perf_counter()
    if processes == 1:
        took = visit_repeatedly(visit, seconds, CLIENTS)
    else:
        took = visit_in_processes(visit, seconds, processes)
    elapsed = time.perf_counter() - start
    p95 = statistics.quantiles(took, n=20)[-1]
    return len(took) / elapsed, statistics.median(took) * 1000, p95 * 1000


def visit_repeatedly(visit: Callable[[int], None], seconds: float, clients: int, first: int = 0) -> list[float]:
    """How many seconds each visit took, of so many clients at once; the visits are numbered from `first`."""
    numbers = itertools.count(first)
    took: list[float] = []
    end = time.perf_counter() + seconds

    def client() -> None:
        while (start := time.perf_counter()) < end:
            visit(next(numbers))
            took.append(time.perf_counter() - start)

    threads = [threading.Thread(target=client) for _number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took


def visit_in_processes(visit: Callable[[int], None], seconds: float, processes: int) -> list[float]:
    """The same, with the clients shared out among processes that are copies of this one."""
    context = multiprocessing.get_context("fork")
    receivers, children = [], []
    for number in range(processes):
        receiver, sender = context.Pipe(duplex=False)

        def work(sender=sender, first=number * 10**9) -> None:
            sender.send(visit_repeatedly(visit, seconds, CLIENTS // processes, first))

        receivers.append(receiver)
        children.append(context.Process(target=work))
        children[-1].start()
    took = [one for receiver in receivers for one in receiver.recv()]
    for child in children:
        child.join()
    return took
