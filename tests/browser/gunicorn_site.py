"""The site as gunicorn serves it, in processes of its own, which can be killed."""

import socket
from contextlib import ExitStack

import psutil

from bench.load import HOST, server


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


class GunicornSite:
    """Stopped with `stop`, which may be done twice; started again, it has the same address."""

    def __init__(self, env: dict[str, str]):
        self.port = find_free_port()
        self.address = f"http://{HOST}:{self.port}"
        self.env = env | {"SITE_URL": self.address}
        self.running = ExitStack()

    def start(self) -> None:
        self.pid = self.running.enter_context(server("config.wsgi:application", self.env, workers=2, port=self.port))

    def stop(self) -> None:
        self.running.close()

    def kill(self) -> None:
        """Let no request that is under way be answered."""
        gunicorn = psutil.Process(self.pid)
        for process in [gunicorn, *gunicorn.children(recursive=True)]:
            process.kill()
        self.stop()
