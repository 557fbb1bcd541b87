"""The settings are read in a process of their own: what counts is what stops the start, and with which words."""

import os
import re
import shutil
import subprocess
import sys

import pytest
from django.conf import settings

PRODUCTION = {
    "DEBUG": "off",
    "SECRET_KEY": "x" * 60,
    "ALLOWED_HOSTS": "conference.example.org",
    "SITE_URL": "https://conference.example.org",
    "DATABASE_URL": "postgresql://nobody@localhost/none",
}
NAMES = [*PRODUCTION, "EMAIL_URL", "SIGNUP_RATE_LIMIT", "TRUSTED_PROXY_HOPS"]


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


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "SITE_URL"])
def test_production_does_not_start_without_what_it_needs(missing):
    result = evaluate("'started'", **{**PRODUCTION, missing: ""})
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr == f"{missing} is not set. With DEBUG off it has no default; see .env.example.\n"


def test_production_does_not_start_with_the_key_of_the_example():
    example = re.search("^SECRET_KEY=(.*)$", (settings.BASE_DIR / ".env.example").read_text(), re.MULTILINE)[1]
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


@pytest.mark.parametrize("text", ["200", "many/h", "-1/h", "200/w", "²/h", "0/h", "20/0m", "20/10"])
def test_a_rate_that_is_none_stops_the_start_with_one_line(text):
    result = evaluate("'started'", **PRODUCTION, SIGNUP_RATE_LIMIT=text)
    assert result.returncode == 1
    assert result.stderr == f"A rate is written like 200/h or 20/10m (at least 1, units s, m, h, d), not {text!r}.\n"


def test_every_variable_that_the_settings_read_is_in_the_example():
    example = (settings.BASE_DIR / ".env.example").read_text()
    source = (settings.BASE_DIR / "config" / "settings.py").read_text()
    read = set(re.findall(r'(?:env\.\w+|require)\("([A-Z_]+)"', source)) | {"EMAIL_URL"}
    assert len(read) > 10
    assert [name for name in sorted(read) if not re.search(rf"^#?{name}=", example, re.MULTILINE)] == []


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
        [sys.executable, "-B", "-c", AUDIT], cwd=tmp_path, env={}, capture_output=True, text=True, check=False
    )
    assert (result.stdout, result.stderr) == ("True True\n", "")
    assert sorted(tmp_path.rglob("*")) == before
