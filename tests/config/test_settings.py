"""The settings are read in a process of their own: what counts is what stops the start, and with which words."""

import os
import re
import runpy
import shutil
import subprocess
import sys
from types import SimpleNamespace

import environ
import pytest
from django.conf import settings

PRODUCTION = {
    "DEBUG": "off",
    "SECRET_KEY": "x" * 60,
    "ALLOWED_HOSTS": "conference.example.org",
    "SITE_URL": "https://conference.example.org",
    "DATABASE_URL": "postgresql://nobody@localhost/none",
    "EMAIL_URL": "smtp+tls://mail.example.org:587",
}
NAMES = [*PRODUCTION, "SIGNUP_MIN_SECONDS", "SIGNUP_RATE_LIMIT", "TRUSTED_PROXY_HOPS"]
EXAMPLE = (settings.BASE_DIR / ".env.example").read_text(encoding="utf-8")


def evaluate(expression: str, **environment) -> subprocess.CompletedProcess:
    """What `expression` of the settings is with exactly this environment, on standard output."""
    rest = {name: value for name, value in os.environ.items() if name not in NAMES}
    code = f"import environ; environ.Env.read_env = lambda *a: None; from config import settings; print({expression})"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env={**rest, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "SITE_URL", "EMAIL_URL"])
def test_production_does_not_start_without_what_it_needs(missing):
    result = evaluate("'started'", **{**PRODUCTION, missing: ""})
    assert result.returncode == 1
    assert result.stdout == ""
    told = f"{missing} is not set. With DEBUG off it has no default; see .env.example. In development: make run\n"
    assert result.stderr == told


@pytest.fixture
def read_settings(monkeypatch):
    """Reads the settings, in this process, with exactly this environment; returns them or what the start stops with."""

    def read(environment: dict[str, str]) -> SimpleNamespace | str:
        for name in re.findall("^#?([A-Z_]+)=", EXAMPLE, re.MULTILINE):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(environ.Env, "read_env", lambda *_args: None)
        try:
            return SimpleNamespace(**runpy.run_path(str(settings.BASE_DIR / "config" / "settings.py")))
        except SystemExit as stop:
            return stop.code

    return read


def example_values() -> dict[str, str]:
    """Everything in .env.example, also what is commented out there, with a key that is not the example's."""
    values = dict(re.findall("^#?([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))
    return {name: value for name, value in values.items() if value} | {"SECRET_KEY": "x" * 60}


@pytest.mark.parametrize("missing", ["", *example_values()])
def test_without_any_one_variable_errors_show_nothing(read_settings, missing):
    """It starts with DEBUG off, or not at all."""
    required = {"SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "DATABASE_URL", "EMAIL_URL"}
    result = read_settings({name: value for name, value in example_values().items() if name != missing})
    if missing in required:
        assert result.startswith(f"{missing} is not set.")
        assert "\n" not in result
    else:
        assert result.DEBUG is False


def test_without_any_variable_nothing_starts(read_settings):
    assert read_settings({}).startswith("SITE_URL is not set.")
    assert read_settings({"DEBUG": "on"}).DEBUG is True


def test_errors_are_not_shown_to_all_the_world(read_settings):
    assert read_settings({**example_values(), "DEBUG": "on"}).startswith("DEBUG is on, and SITE_URL begins with https:")


@pytest.mark.parametrize("name", ["DATABASE_URL", "EMAIL_URL"])
def test_a_url_that_is_none_stops_the_start_without_being_shown(read_settings, name):
    result = read_settings({**example_values(), name: "smtp://user:secret@host:port"})
    assert result.startswith(f"{name} is not a URL.")
    assert "secret" not in result


def test_e_mail_becomes_files_only_if_it_is_said(read_settings, tmp_path):
    assert read_settings(PRODUCTION).EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend"
    files = read_settings({**PRODUCTION, "EMAIL_URL": f"filemail:///{tmp_path}"})
    assert files.EMAIL_BACKEND == "registrations.mail.private_folder.PrivateFolderBackend"


SECRETS = {
    "SECRET_KEY": "key-in-the-environment-" + "x" * 40,
    "DATABASE_URL": "postgresql://dbuser:dbpassword@dbhost:5432/dbname",
    "EMAIL_URL": "smtp+tls://mailuser:mailpassword@mailhost:587",
    "ORGANISER_PASSWORD": "organiserpassword",
}
SHOW_ERRORS = """
import django, os
django.setup()
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.views.debug import technical_500_response
print(Client().get("/en/", headers={"Host": "evil.example"}).content.decode())
request = RequestFactory().get("/en/", **os.environ)  # as development servers do
try:
    raise ValueError("broken")
except ValueError as error:
    print(technical_500_response(request, type(error), error, error.__traceback__).content.decode())
print("All settings:")
call_command("diffsettings", all=True)
"""


def test_pages_about_errors_and_lists_of_settings_contain_no_secret():
    shown = subprocess.run(
        [sys.executable, "-c", f"import environ; environ.Env.read_env = lambda *a: None\n{SHOW_ERRORS}"],
        cwd=settings.BASE_DIR,
        env={**os.environ, **SECRETS, "DEBUG": "on", "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "DisallowedHost at /en/" in shown
    assert "ValueError at /en/" in shown
    assert "SECRET_KEY = '********'" in shown  # of diffsettings
    for name in ("key-in-the-environment", "dbpassword", "mailpassword", "organiserpassword", "postgresql://"):
        assert name not in shown
    pages = shown.partition("All settings:")[0]
    assert [name for name in ("dbuser", "dbhost", "dbname", "mailuser", "mailhost") if name in pages] == []


def test_production_does_not_start_with_the_key_of_the_example():
    example = re.search("^SECRET_KEY=(.*)$", EXAMPLE, re.MULTILINE)[1]
    result = evaluate("'started'", **{**PRODUCTION, "SECRET_KEY": example})
    assert result.returncode == 1
    assert result.stderr.startswith("SECRET_KEY is still the example's.")


def test_production_is_https_when_its_address_is():
    wanted = "(settings.SESSION_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS)"
    assert evaluate(wanted, **PRODUCTION).stdout == "(True, True, 31536000)\n"
    plain = {**PRODUCTION, "SITE_URL": "http://conference.example.org"}
    assert evaluate(wanted, **plain).stdout == "(False, False, 0)\n"


def test_the_proxys_word_counts_only_behind_a_proxy():
    wanted = "hasattr(settings, 'SECURE_PROXY_SSL_HEADER')"
    assert evaluate(wanted, **PRODUCTION).stdout == "False\n"
    assert evaluate(wanted, **PRODUCTION, TRUSTED_PROXY_HOPS="1").stdout == "True\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("200/h", "(200, 3600)"),
        ("3/s", "(3, 1)"),
        ("10/m", "(10, 60)"),
        ("5000/d", "(5000, 86400)"),
        ("20/10m", "(20, 600)"),
    ],
)
def test_a_rate_is_times_and_a_unit(text, expected):
    assert evaluate("settings.SIGNUP_RATE_LIMIT", **PRODUCTION, SIGNUP_RATE_LIMIT=text).stdout == f"{expected}\n"


def test_a_form_that_comes_back_within_two_seconds_is_shown_again_unless_the_site_decides_otherwise():
    assert evaluate("settings.SIGNUP_MIN_SECONDS", **PRODUCTION).stdout == "2\n"
    assert evaluate("settings.SIGNUP_MIN_SECONDS", **PRODUCTION, SIGNUP_MIN_SECONDS="5").stdout == "5\n"


@pytest.mark.parametrize("text", ["200", "many/h", "-1/h", "200/w", "²/h", "0/h", "20/0m", "20/10"])
def test_a_rate_that_is_none_stops_the_start_with_one_line(text):
    result = evaluate("'started'", **PRODUCTION, SIGNUP_RATE_LIMIT=text)
    assert result.returncode == 1
    assert result.stderr == f"A rate is written like 200/h or 20/10m (at least 1, units s, m, h, d), not {text!r}.\n"


def test_every_variable_that_the_settings_read_is_in_the_example():
    source = (settings.BASE_DIR / "config" / "settings.py").read_text()
    read = set(re.findall(r'(?:env\.\w+|require|parse_url)\("([A-Z_]+)"', source))
    assert len(read) > 10
    assert [name for name in sorted(read) if not re.search(rf"^#?{name}=", EXAMPLE, re.MULTILINE)] == []


# Fails on whatever starts a process or opens a file for writing.
AUDIT = """
import os, sys

STARTS = {"subprocess.Popen", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.system", "os.mkdir"}

def audit(event, args):
    writes = event == "open" and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    if event in STARTS or writes:
        raise SystemExit(f"{event} {args}")

sys.addaudithook(audit)
from config import settings
print(settings.DEBUG, len(settings.SECRET_KEY) >= 50)
"""


def test_reading_the_settings_starts_nothing_and_writes_nothing(tmp_path):
    shutil.copytree(settings.BASE_DIR / "config", tmp_path / "config", ignore=shutil.ignore_patterns("__pycache__"))
    before = sorted(tmp_path.rglob("*"))
    result = subprocess.run(
        [sys.executable, "-B", "-c", AUDIT],
        cwd=tmp_path,
        env={"DEBUG": "on"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.stdout, result.stderr) == ("True True\n", "")
    assert sorted(tmp_path.rglob("*")) == before
