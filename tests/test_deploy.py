"""The example files in deploy/ name what is there, and agree with the settings and with each other."""

import configparser
import importlib
import re
import runpy
import shlex
from itertools import count
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class

from bench.nginx import CONNECTIONS, FILES
from config.middleware.page_cache import SESSION_KEY

DEPLOY = settings.BASE_DIR / "deploy"
SERVER = settings.BASE_DIR / "docs" / "server.md"
NGINX = re.sub(r"(?m)(^|\s)#.*$", "", (DEPLOY / "nginx.conf").read_text(encoding="utf-8"))
SERVICES = ("conference.service", "conference-emails.service")


def unit(name: str) -> configparser.ConfigParser:
    """The unit; several lines of one name are numbered."""
    parsed = configparser.ConfigParser(interpolation=None)
    parsed.optionxform = str
    text = (DEPLOY / name).read_text(encoding="utf-8")
    if text.count("ExecStart=") > 1:
        numbers = count(1)
        text = re.sub("^ExecStart=", lambda _found: f"ExecStart.{next(numbers)}=", text, flags=re.MULTILINE)
    parsed.read_string(text)
    return parsed


def directive(name: str) -> str:
    """The value that nginx is given for `name`, which stands there once."""
    (value,) = re.findall(rf"^\s*{name}\s+([^;]+);", NGINX, re.MULTILINE)
    return value


def logged(address: str) -> str:
    """The address as the map in nginx.conf has it logged: nginx's $uri is decoded and without what is asked."""
    patterns = re.search(r"map \$uri \$logged_path \{(.*?)\n\}", NGINX, re.DOTALL)[1]
    path = unquote(address.partition("?")[0])
    for pattern, shown in re.findall(r'^\s*"~\*(\S+)"\s+"?([^";]+)"?;', patterns, re.MULTILINE):
        if found := re.match(pattern.replace("(?<", "(?P<"), path, re.IGNORECASE):
            return re.sub(r"\$\{?(\w+)\}?", lambda name: found[name[1]], shown)
    return path


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_starts_in_the_folder_of_the_site_as_its_own_user(name):
    service = unit(name)["Service"]
    assert service["ExecStart"].startswith(f"{service['WorkingDirectory']}/.venv/bin/")
    assert service["User"] == "conference"
    assert service["Restart"] == "always"


def test_the_services_start_what_there_is():
    program, module = unit(SERVICES[0])["Service"]["ExecStart"].split()
    assert program.endswith("/gunicorn")
    assert re.search("^gunicorn==", (settings.BASE_DIR / "requirements.txt").read_text(), re.MULTILINE)
    assert callable(importlib.import_module(module).application)
    _python, manage, name, *options = unit(SERVICES[1])["Service"]["ExecStart"].split()
    assert (settings.BASE_DIR / manage).exists()
    command = load_command_class(get_commands()[name], name)
    assert command.create_parser(manage, name).parse_args(options).watch


def test_every_night_a_backup_is_made_where_only_the_site_can_read_it():
    service = unit("conference-backup.service")["Service"]
    shell, option, script = shlex.split(service["ExecStart.1"])
    assert (shell, option) == ("/bin/sh", "-c")
    _python, manage, name, *arguments = shlex.split(script)
    assert (settings.BASE_DIR / manage).exists()
    file = load_command_class(get_commands()[name], name).create_parser(manage, name).parse_args(arguments).file
    assert str(file.parent) == "/var/lib/conference/backups"
    assert "conference/backups" in service["StateDirectory"].split()
    assert service["ExecStart.2"].startswith(f"/usr/bin/find {file.parent} ")
    assert service["User"] == "conference"
    assert unit("conference-backup.timer")["Timer"]["OnCalendar"]


@pytest.mark.parametrize("name", [*SERVICES, "conference-backup.service"])
def test_every_service_can_write_the_ledger_of_erasures(name):
    example = (settings.BASE_DIR / ".env.example").read_text(encoding="utf-8")
    ledger = Path(re.search("^ERASURE_LEDGER=(.+)$", example, re.MULTILINE)[1])
    service = unit(name)["Service"]
    assert ledger.parent == Path("/var/lib") / service["StateDirectory"].split()[0]
    assert service["StateDirectoryMode"] == "0700"


def test_the_instructions_for_a_server_name_commands_that_there_are_and_copy_every_file():
    text = SERVER.read_text(encoding="utf-8")
    names = set(re.findall(r"manage\.py ([a-z_]+)", text))
    assert names > {"backup", "restore", "rehearse", "resume_emails", "migrate", "sendtestemail"}
    assert names - set(get_commands()) == set()
    for path in DEPLOY.iterdir():
        assert f"deploy/{path.name}" in text or f"deploy/*{path.suffix}" in text
    made = re.findall("'(createdb .+)'", text)
    assert set(made) == {"createdb --owner conference --encoding UTF8 --locale C.UTF-8 --template template0 conference"}


def test_nginx_finds_the_site_at_its_socket():
    assert f"server unix:{unit('conference.socket')['Socket']['ListenStream']} " in NGINX
    assert unit(SERVICES[0])["Unit"]["Requires"] == "conference.socket"


def test_nginx_passes_on_who_asks_whom():
    assert dict(re.findall(r"proxy_set_header (\S+) (\S+);", NGINX)) == {
        "Host": "$http_host",
        "X-Forwarded-For": "$proxy_add_x_forwarded_for",
        "X-Forwarded-Proto": "$scheme",
        "Accept-Encoding": "$encoding",
    }
    assert "TRUSTED_PROXY_HOPS=1\n" in (settings.BASE_DIR / ".env.example").read_text(encoding="utf-8")


def test_nginx_waits_longer_and_takes_more_than_the_site():
    megabytes = int(directive("client_max_body_size").removesuffix("m"))
    assert megabytes * 1024 * 1024 > max(settings.UPLOAD_MAX_SIZES.values())
    gunicorn = runpy.run_path(str(settings.BASE_DIR / "gunicorn.conf.py"))
    assert int(directive("proxy_read_timeout").removesuffix("s")) > gunicorn["timeout"]


def test_nginx_takes_for_a_session_what_the_site_does():
    assert f'"~^{SESSION_KEY.pattern}$" $cookie_{settings.SESSION_COOKIE_NAME};' in NGINX


def test_the_instructions_say_how_many_connections_nginx_was_tried_with():
    text = SERVER.read_text(encoding="utf-8")
    assert f"worker_connections {CONNECTIONS};" in text
    assert f"worker_rlimit_nofile {FILES};" in text


def test_nginx_leaves_pages_of_organisers_uncompressed():
    assert directive("gzip") == "off"


def test_nginx_logs_no_personal_link_no_ticket_and_nothing_searched_for():
    assert logged("/lv/r/abc:def/edit/") == "/lv/r/..."
    assert logged("/lv/r/abc?q=/r/x") == "/lv/r/..."
    assert logged("/lv/%72/abc:def/") == "/lv/r/..."
    assert logged("/LV/R/abc:def/edit/") == "/LV/R/..."
    assert logged("/lv/%2572/abc:def/") == "/lv/%72/..."
    assert logged("/lv/%252552/abc:def/") == "/lv/%2552/..."
    assert logged("/lv/r%252Fabc:def/") == "/lv/r%2F..."
    assert logged("/lv%25252fR%25252fabc:def") == "/lv%252fR%252f..."
    assert logged("/D/0123456789ABCDEFGHJK") == "/D/..."
    assert logged("/d/0123456789abcdefghjk/x") == "/d/..."
    assert logged("/%2544%252F0123456789ABCDEFGHJK") == "/%44%2F..."
    assert logged("/door/pair/secret/") == "/door/pair/..."
    assert logged("/door/spring/sync/") == "/door/spring/sync/"
    assert logged("/lv/for%252F2027/") == "/lv/for%2F2027/"
    assert logged("/admin/registrations/registration/?q=Bērziņa") == "/admin/registrations/registration/"
    assert logged("/lv/di-xl/?from=/r/x") == "/lv/di-xl/"
    written = set(re.findall(r"\$\w+", directive("log_format")))
    assert not written & {"$request", "$request_uri", "$uri", "$args", "$query_string", "$http_referer"}
    assert re.findall(r"^\s*access_log\s+([^;]+);", NGINX, re.MULTILINE) == [
        *("off", "off"),  # of other hosts and of plain HTTP
        "/var/log/nginx/conference.log conference",
    ]
    assert directive("error_log").endswith(" crit")
