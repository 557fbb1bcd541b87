"""Sign-ups while something is killed, restarted or read-only: what was acknowledged and lost, and what visitors saw.

    DATABASE_URL=postgresql://… .venv/bin/python -m bench.faults [seconds] [version/cluster]

With the name of a Debian cluster, such as 15/main, that cluster is restarted too, as if its machine had failed.
"""

import contextlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import psutil
import psycopg2

from bench.database import execute, scratch_database
from bench.load import ROOT, environment, server, visit_repeatedly
from bench.signup import sign_up

CLIENTS = 8
END_CONNECTIONS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class Sender(threading.Thread):
    """A supervisor of `send_emails --watch`, which starts it again whenever it ends."""

    def __init__(self, env):
        super().__init__(daemon=True)
        self.env, self.is_over, self.process = env, False, None
        self.start()

    def run(self):
        while not self.is_over:
            command = [sys.executable, "manage.py", "send_emails", "--watch", "--pause", "0.2"]
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.env, stderr=subprocess.DEVNULL)
            self.process.wait()

    def stop(self):
        self.is_over = True
        self.process.terminate()
        self.join()


def kill_worker(url, sender, cluster):
    masters = [one for one in psutil.Process().children() if "gunicorn" in " ".join(one.cmdline())]
    masters[0].children()[0].send_signal(signal.SIGKILL)


def kill_sender(url, sender, cluster):
    sender.process.kill()


def end_connections(url, sender, cluster):
    execute(url, END_CONNECTIONS)


def close_for_writing(url, sender, cluster):
    name = url.rpartition("/")[2]
    for state in ("on", "off"):
        execute(url.replace(name, "postgres"), f"ALTER DATABASE {name} SET default_transaction_read_only = {state}")
        execute(url, END_CONNECTIONS)  # so that new connections find it so
        time.sleep(3 if state == "on" else 0)


def restart_cluster(url, sender, cluster):
    subprocess.run(["pg_ctlcluster", *cluster.split("/"), "restart", "-m", "immediate", "--force"], check=True)


def run(fault, url: str, env, seconds: float, cluster: str) -> str:
    seen, acknowledged = Counter(), set()

    def visit(number):
        try:
            email = sign_up(number)
        except AssertionError as error:
            seen[re.search(r"\d{3}", str(error))[0]] += 1
        except (OSError, ValueError, TypeError) as error:
            seen[type(error).__name__] += 1
            time.sleep(0.1)
        else:
            acknowledged.add(email)

    with server("config.wsgi:application", env), contextlib.ExitStack() as stack:
        sender = Sender(env)
        stack.callback(sender.stop)
        clients = threading.Thread(target=visit_repeatedly, args=(visit, seconds, CLIENTS))
        clients.start()
        while clients.is_alive():
            time.sleep(seconds / 5)
            fault(url, sender, cluster)
        clients.join()
        time.sleep(1)
        rows = "SELECT count(*) FROM registrations_outgoingemail WHERE next_attempt_at IS NOT NULL"
        for _attempt in range(300):
            if fetch(url, rows) == [(0,)]:
                break
            time.sleep(0.2)
    stored = {email for (email,) in fetch(url, "SELECT email FROM registrations_registration")}
    return f"{len(acknowledged)} acknowledged, {len(acknowledged - stored)} lost, otherwise seen: {dict(seen)}"


def fetch(url: str, query: str) -> list[tuple]:
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def count_repeated(folder: str) -> tuple[int, int]:
    """How many different messages are in the folder, and how many came again."""
    found = Counter()
    for path in Path(folder).iterdir():
        text = path.read_text(encoding="utf-8", errors="replace")
        found.update(line for line in text.splitlines() if line.startswith("Message-ID:"))
    return len(found), found.total() - len(found)


def main(seconds: float, cluster: str) -> None:
    with scratch_database(ROOT) as url, tempfile.TemporaryDirectory() as folder:
        env = {**environment(), "EMAIL_URL": f"filemail:///{folder}", "EMAIL_RATE": "1000/s"}
        for command in (["collectstatic", "--noinput", "-v0"], ["migrate", "-v0"], ["load_conference"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True)
        execute(url, "UPDATE conference_event SET capacity = 1000000")
        faults = [kill_worker, kill_sender, end_connections, close_for_writing]
        for fault in [*faults, restart_cluster] if cluster else faults:
            print(f"{fault.__name__:<18}", run(fault, url, env, seconds, cluster), flush=True)
        number, repeated = count_repeated(folder)
        queued = fetch(url, "SELECT count(*), count(sent_at) FROM registrations_outgoingemail")
        print(f"e-mails queued and sent: {queued[0]}, different: {number}, repeated: {repeated}")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 15, sys.argv[2] if len(sys.argv) > 2 else "")
