"""A real nginx with the configuration of deploy/: what it keeps of the site's answers, and what never."""

import os
import shutil
import socket
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, RemoteDisconnected
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest
from django.conf import settings

from bench.nginx import CONFIGURATION, nginx
from conference.decorators import MAX_AGE, PROXY_MAX_AGE, STALE_AGE
from tests.waiting import TIMEOUT, wait_for

pytestmark = [
    pytest.mark.skipif(
        shutil.which("nginx") is None and not os.environ.get("CI"), reason="There is no nginx here to try."
    ),
    pytest.mark.xdist_group("nginx"),
]

PUBLIC = f"public, max-age={MAX_AGE}, s-maxage={PROXY_MAX_AGE}, stale-while-revalidate={STALE_AGE}"
PAGE = "/lv/di-xl/"


class Upstream(BaseHTTPRequestHandler):
    """Answers each request with its number, and with the headers that the test has set."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        site = self.server.site
        site.asked.append(self)
        site.may_answer.wait(TIMEOUT)
        time.sleep(site.seconds)
        body = f"page {len(site.asked)} {self.headers.get('Accept-Encoding', '')}".encode()
        self.send_response(site.status)
        for name, value in [*site.headers, ("Content-Length", len(body))]:
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *args):
        pass


def get_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def proxy(tmp_path_factory):
    """The site behind nginx: what it answers with, who has asked it, and how to ask nginx."""
    site = SimpleNamespace(port=get_free_port())
    with ThreadingHTTPServer(("127.0.0.1", 0), Upstream) as server:
        server.site = site
        threading.Thread(target=server.serve_forever).start()
        folder = tmp_path_factory.mktemp("nginx")
        with nginx(folder, port=site.port, upstream=f"127.0.0.1:{server.server_port}"):
            yield site
        server.shutdown()


@pytest.fixture
def site(proxy):
    proxy.asked, proxy.status, proxy.seconds = [], 200, 0
    proxy.may_answer = threading.Event()
    proxy.may_answer.set()
    proxy.headers = [("Cache-Control", PUBLIC), ("Vary", "Cookie, Accept-Encoding")]
    yield proxy
    proxy.may_answer.set()


# Each test asks under addresses of its own, of which nginx has kept nothing yet.
numbers = iter(range(10**6))


@pytest.fixture
def page() -> str:
    return f"/lv/event-{next(numbers)}/"


def get(site, path: str, method: str = "GET", **headers) -> SimpleNamespace:
    connection = HTTPConnection("127.0.0.1", site.port, timeout=TIMEOUT)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    answer = SimpleNamespace(status=response.status, headers=response.headers, body=response.read().decode())
    connection.close()
    return answer


def is_kept(site, path: str, **headers) -> bool:
    """Whether a second visitor gets what the first one got, without the site being asked."""
    first, second = get(site, path, **headers), get(site, path)
    assert first.body.startswith("page 1")
    return second.body == first.body


def test_a_public_page_is_kept_for_all_whatever_their_cookies(site, page):
    answers = [get(site, page, Cookie=f"csrftoken={number}; messages=x", User_Agent=str(number)) for number in range(3)]
    assert {answer.body for answer in answers} == {"page 1 "}
    assert len(site.asked) == 1
    assert answers[1].headers["Cache-Control"] == PUBLIC
    assert answers[1].headers["Vary"] == "Cookie, Accept-Encoding"


@pytest.mark.parametrize(
    "path",
    ["/lv/", "/en/", "/en/accessibility/", PAGE, f"{PAGE}privacy/", f"{PAGE}picture.png", "/static/css/site.css"],
)
def test_every_kind_of_public_address_is_kept(site, path):
    assert is_kept(site, f"{path}?{next(numbers)}")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/healthz/",
        "/admin/",
        "/admin/conference/event/",
        f"{PAGE}register/",
        f"{PAGE}registered/",
        f"{PAGE}embed/",
        "/lv/find/",
        "/lv/find/sent/",
        "/D/0123456789ABCDEFGHJK",
        "/lv/r/token/",
        "/lv/r/token/ticket.pdf",
        "/lv/r/token/edit/",
    ],
)
def test_what_may_be_somebodys_own_is_never_kept_whatever_its_headers_say(site, path):
    assert not is_kept(site, path)
    assert len(site.asked) == 2


@pytest.mark.parametrize(
    "header",
    [
        ("Set-Cookie", "csrftoken=secret"),
        ("Cache-Control", "private, no-cache"),
        ("Cache-Control", "max-age=0, no-cache, no-store, must-revalidate, private"),
        ("Cache-Control", ""),
    ],
    ids=str,
)
def test_an_answer_with_a_cookie_or_without_leave_is_never_kept(site, page, header):
    site.headers = [*[(name, value) for name, value in site.headers if name != header[0]], header]
    assert not is_kept(site, page)


@pytest.mark.parametrize("status", [302, 404, 500, 503])
def test_an_error_without_leave_is_never_kept(site, page, status):
    site.status, site.headers = status, []
    assert not is_kept(site, page)


SESSION = f"sessionid={'a1' * 16}"


@pytest.mark.parametrize("own", [{"Cookie": f"csrftoken=x; {SESSION}"}, {"Authorization": "Basic abc"}], ids=str)
def test_whoever_is_logged_in_gets_a_page_of_their_own_and_leaves_none_behind(site, page, own):
    assert settings.SESSION_COOKIE_NAME == "sessionid"
    assert get(site, page, **own).body == "page 1 "
    assert get(site, page).body == "page 2 "
    assert get(site, page, **own).body == "page 3 "
    assert get(site, page).body == "page 2 "


def test_a_session_that_cannot_be_one_gets_the_shared_page(site, page):
    get(site, page)
    for cookie in ("sessionid=x", "sessionid=", f"{SESSION}a", SESSION.upper().replace("SESSIONID", "sessionid")):
        assert get(site, page, Cookie=cookie).body == "page 1 "
    assert len(site.asked) == 1


def test_a_form_that_is_sent_always_reaches_the_site(site, page):
    get(site, page)
    assert get(site, page, method="POST").body == "page 2 "
    assert get(site, page).body == "page 1 "


def test_each_encoding_each_language_and_each_query_has_its_own_copy(site, page):
    accepted = ["gzip, deflate, br, zstd", "gzip", "BR;q=0.5", "br;q=0, gzip;q=0.00", "identity", "gzip;q=0,br"]
    bodies = [get(site, page, Accept_Encoding=header).body for header in accepted]
    assert bodies == ["page 1 br", "page 2 gzip", "page 1 br", "page 3 ", "page 3 ", "page 1 br"]
    assert get(site, page.replace("lv", "en")).body == "page 4 "
    assert get(site, f"{page}?q=1").body == "page 5 "


@pytest.mark.parametrize("host", ["evil.example", "10.0.0.1", "conference.example.org.evil.example"])
def test_another_host_gets_no_answer(site, page, host):
    assert get(site, page).body == "page 1 "
    with pytest.raises(RemoteDisconnected):
        get(site, f"{page}{host}", Host=host)
    assert len(site.asked) == 1


def test_forms_of_log_in_pages_are_limited_and_reading_them_is_not(site):
    paths = ["/account/log-in/", "/account/password/forgotten/", "/admin/login/"]
    tries = [get(site, path, method="POST").status for path in paths * 20]
    assert set(tries[:30]) == {200}
    assert set(tries[30:]) == {200, 429}  # one more a second
    assert {get(site, path).status for path in paths * 20} == {200}
    assert {get(site, PAGE, method="POST").status for _number in range(60)} == {200}


def test_the_head_alone_fills_and_uses_the_same_copy(site, page):
    head, body = get(site, page, method="HEAD"), get(site, page)
    assert (head.body, body.body, len(site.asked)) == ("", "page 1 ", 1)
    assert head.headers["Content-Length"] == body.headers["Content-Length"]


def test_who_has_the_page_already_is_told_so_without_the_site(site, page):
    site.headers.append(("ETag", 'W/"one"'))
    get(site, page)
    assert get(site, page, If_None_Match='W/"one"').status == 304
    assert len(site.asked) == 1


def test_of_many_who_come_at_once_one_has_the_page_made(site, page):
    site.seconds = 0.3
    with ThreadPoolExecutor(20) as visitors:
        bodies = {answer.body for answer in visitors.map(lambda _number: get(site, page), range(20))}
    assert bodies == {"page 1 "}
    assert len(site.asked) == 1


def test_an_older_page_is_shown_while_a_newer_one_is_made(site, page):
    site.headers = [("Cache-Control", "public, max-age=25, s-maxage=1, stale-while-revalidate=1000")]
    assert get(site, page).body == "page 1 "
    site.may_answer.clear()
    wait_for(lambda: get(site, page).body == "page 1 " and len(site.asked) == 2)
    assert get(site, page).body == "page 1 "
    site.may_answer.set()
    wait_for(lambda: get(site, page).body == "page 2 ")


@pytest.mark.proof
def test_a_page_that_is_too_old_is_shown_to_nobody(site, page):
    site.headers = [("Cache-Control", "public, max-age=25, s-maxage=1, stale-while-revalidate=1")]
    assert get(site, page).body == "page 1 "
    time.sleep(4.5)  # at least: nginx counts whole seconds
    assert get(site, page).body == "page 2 "


def test_nginx_takes_the_configuration_as_it_is(tmp_path):
    """With HTTPS and all; only the certificate, which it reads, and its log are this machine's."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    openssl = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=conference.example.org"]
    subprocess.run([*openssl, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    text = CONFIGURATION.read_text(encoding="utf-8")
    folder = "/etc/letsencrypt/live/conference.example.org"
    text = text.replace(f"{folder}/fullchain.pem", str(certificate)).replace(f"{folder}/privkey.pem", str(key))
    (tmp_path / "conference.conf").write_text(
        text.replace("/var/log/nginx", str(tmp_path)).replace("/var/cache", str(tmp_path)), encoding="utf-8"
    )
    main = f"pid {tmp_path}/pid; events {{}} http {{ include {tmp_path}/conference.conf; }}"
    (tmp_path / "nginx.conf").write_text(main, encoding="utf-8")
    result = subprocess.run(
        ["nginx", "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
