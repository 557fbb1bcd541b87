"""A real nginx, with HTTPS, that thousands of slow clients try to fill up."""

import os
import resource
import shutil
import socket
import ssl
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPSConnection
from http.server import ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from bench.nginx import CONNECTIONS, nginx
from tests.test_nginx import Upstream, get_free_port
from tests.waiting import TIMEOUT

pytestmark = [
    pytest.mark.skipif(
        shutil.which("nginx") is None and not os.environ.get("CI"), reason="There is no nginx here to try."
    ),
    pytest.mark.xdist_group("nginx"),
    pytest.mark.proof,
    pytest.mark.slow,
]

SLOW, SIGN_UPS = 2000, 20
DEBIAN_CONNECTIONS = 2 * 768 // os.cpu_count()  # of each process: as many for all as Debian allows on two processors


@pytest.fixture(scope="module", autouse=True)
def _many_files():
    """Each client is an open file of this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 10_000), hard), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class Server(ThreadingHTTPServer):
    request_queue_size = 100


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """A folder with a certificate for localhost."""
    folder = tmp_path_factory.mktemp("certificates")
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", folder / "privkey.pem"]
    command = ["openssl", "req", "-x509", "-subj", "/CN=localhost", *key, "-out", folder / "fullchain.pem"]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture
def start(tmp_path, certificates):
    """Starts nginx with so many connections for each process, before a site; returns its port."""
    with ExitStack() as stack, Server(("127.0.0.1", 0), Upstream) as server:
        server.site = SimpleNamespace(asked=[], status=200, seconds=0, headers=[], may_answer=threading.Event())
        server.site.may_answer.set()
        threading.Thread(target=server.serve_forever).start()
        stack.callback(server.shutdown)

        def start_nginx(connections: int) -> int:
            port, upstream = get_free_port(), f"127.0.0.1:{server.server_port}"
            options = {"port": port, "upstream": upstream, "connections": connections, "certificates": certificates}
            stack.enter_context(nginx(tmp_path, **options))
            return port

        yield start_nginx


def trust_anybody() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


@contextmanager
def slow_clients(port: int):
    """SLOW clients that have sent a part of a header and wait; yields those that got in."""
    context, clients = trust_anybody(), []

    def connect(_number: int) -> None:
        with suppress(OSError):
            client = context.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname="localhost")
            client.sendall(b"GET / HTTP/1.1\r\nX-Slow: ")
            clients.append(client)

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(connect, range(SLOW)))
    try:
        yield clients
    finally:
        for client in clients:
            client.close()


def sign_up(port: int) -> int:
    """The status of a form that is sent, or 0 if there is no answer."""
    connection = HTTPSConnection("localhost", port, timeout=5, context=trust_anybody())
    try:
        connection.request("POST", "/lv/di-xl/register/", b"first_name=Anna", {"Host": "localhost"})
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def sign_up_at_once(port: int) -> list[int]:
    with ThreadPoolExecutor(4) as people:
        return list(people.map(sign_up, [port] * SIGN_UPS))


def test_sign_ups_get_through_among_thousands_of_slow_clients(start):
    port = start(CONNECTIONS)
    with slow_clients(port) as clients:
        assert len(clients) == SLOW
        assert sign_up_at_once(port) == [200] * SIGN_UPS


def test_with_the_connections_that_debian_allows_they_do_not(start):
    """The control: slow clients are slow enough to shut others out."""
    port = start(DEBIAN_CONNECTIONS)
    with slow_clients(port):
        assert sign_up_at_once(port).count(200) < SIGN_UPS


def test_a_slow_client_is_sent_away_after_ten_seconds(start):
    port, context = start(CONNECTIONS), trust_anybody()
    began = time.monotonic()
    with context.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname="localhost") as client:
        client.sendall(b"GET / HTTP/1.1\r\nX-Slow: ")
        client.settimeout(TIMEOUT)
        assert client.recv(1000) == b""
    assert time.monotonic() - began >= 9


def test_a_handshake_for_another_name_is_refused(start):
    port = start(CONNECTIONS)
    with (
        socket.create_connection(("127.0.0.1", port)) as client,
        pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"),
    ):
        trust_anybody().wrap_socket(client, server_hostname="evil.example")
