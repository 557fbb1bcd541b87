"""nginx with the configuration of deploy/, on ports of this machine, without HTTPS and in a folder of its own."""

import contextlib
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from bench.load import HOST, ROOT

CONFIGURATION = ROOT / "deploy" / "nginx.conf"
MAIN = """
user root;
daemon off;
pid {folder}/nginx.pid;
error_log stderr crit;
worker_processes auto;
events {{ worker_connections 1024; }}
http {{
    include {folder}/conference.conf;
}}
"""


def adapt(configuration: str, *, folder: Path, port: int, upstream: str) -> str:
    """The configuration with its files in `folder`, listening on `port` only, in front of the server `upstream`."""
    replacements = {
        r"server unix:\S+ [^;]*;": f"server {upstream};",
        r"listen 443 ssl http2;": f"listen {HOST}:{port};",
        r"listen 80;": f"listen unix:{folder}/plain.sock;",
        r"listen \[::\]:\S+( ssl http2)?;": "",
        r"ssl_\w+ [^;]*;": "",
        r"/var/cache/nginx-conference": f"{folder}/cache",
        r"/var/log/nginx": str(folder),
    }
    for pattern, replacement in replacements.items():
        configuration, count = re.subn(pattern, replacement, configuration)
        if not count:
            raise ValueError(f"Nothing in deploy/nginx.conf is like {pattern}.")
    return configuration


@contextlib.contextmanager
def nginx(folder: Path, *, port: int, upstream: str) -> Iterator[None]:
    """nginx listening on `port` in front of `upstream`, which is host:port or unix:/path."""
    adapted = adapt(CONFIGURATION.read_text(encoding="utf-8"), folder=folder, port=port, upstream=upstream)
    (folder / "conference.conf").write_text(adapted, encoding="utf-8")
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder), encoding="utf-8")
    process = subprocess.Popen(["nginx", "-p", folder, "-c", folder / "nginx.conf", "-e", "stderr"])
    try:
        for _attempt in range(100):
            with contextlib.suppress(OSError), socket.create_connection((HOST, port)):
                break
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait()
