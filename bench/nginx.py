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
worker_rlimit_nofile {files};
events {{ worker_connections {connections}; }}
http {{
    include {folder}/conference.conf;
}}
"""


# As docs/server.md says for a server.
CONNECTIONS, FILES = 8192, 20000
CERTIFICATES = "/etc/letsencrypt/live/conference.example.org"


def adapt(configuration: str, *, folder: Path, port: int, upstream: str, certificates: Path | None = None) -> str:
    """The configuration with its files in `folder`, listening on `port` only, in front of the server `upstream`.

    With HTTPS if there are `certificates`, a folder; its name is then localhost.
    """
    tls = r"\1" if certificates else ""
    replacements = {
        r"server unix:\S+ [^;]*;": f"server {upstream};",
        r"listen 443( ssl http2)( default_server)?;": rf"listen {HOST}:{port}{tls}\2;",
        r"listen 80( default_server)?;": rf"listen unix:{folder}/plain.sock\1;",
        r"listen \[::\]:\S+( ssl http2)?( default_server)?;": "",
        r"server_name [^;]+;": f"server_name {HOST} localhost;",
        r"/var/cache/nginx-conference": f"{folder}/cache",
        r"/var/log/nginx": str(folder),
        (CERTIFICATES if certificates else r"ssl_\w+ [^;]*;"): str(certificates or ""),
    }
    for pattern, replacement in replacements.items():
        configuration, count = re.subn(pattern, replacement, configuration)
        if not count:
            raise ValueError(f"Nothing in deploy/nginx.conf is like {pattern}.")
    return configuration


@contextlib.contextmanager
def nginx(folder: Path, *, port: int, connections: int = CONNECTIONS, **adaptations) -> Iterator[None]:
    """nginx listening on `port`, with the configuration adapted as `adapt` says."""
    adapted = adapt(CONFIGURATION.read_text(encoding="utf-8"), folder=folder, port=port, **adaptations)
    (folder / "conference.conf").write_text(adapted, encoding="utf-8")
    main = MAIN.format(folder=folder, files=FILES, connections=connections)
    (folder / "nginx.conf").write_text(main, encoding="utf-8")
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
