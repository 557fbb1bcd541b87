"""What is installed is exactly what was tried: every package is pinned, and so is every file of it."""

import re

import pytest
from django.conf import settings

NAMES = ["requirements", "requirements-dev"]
PIN = re.compile(r"([A-Za-z0-9_.-]+)(\[[a-z,-]+\])?==[0-9][\w.]*")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def read_lines(name: str) -> list[str]:
    """The lines of the file without comments; what is continued counts as one."""
    text = (settings.BASE_DIR / name).read_text(encoding="utf-8").replace("\\\n", "")
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def read_pins(name: str) -> set[str]:
    pins = [line.partition(";")[0].split()[0] for line in read_lines(name) if not line.startswith("-c")]
    return {re.sub(r"\[.*\]", "", pin).lower().replace("_", "-") for pin in pins}


@pytest.mark.parametrize("name", NAMES)
def test_every_requirement_is_pinned_and_has_hashes(name):
    lines = read_lines(f"{name}.txt")
    assert len(lines) > 20
    assert [line.split()[0] for line in lines if not (PIN.match(line) and HASH.search(line))] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_hashes_are_of_what_is_asked_for(name):
    """Otherwise: make requirements."""
    assert read_pins(f"{name}.in") - read_pins(f"{name}.txt") == set()


def test_development_has_the_versions_of_production():
    versions = [dict(pin.split("==") for pin in read_pins(f"{name}.txt")) for name in NAMES]
    both = versions[0].keys() & versions[1].keys()
    assert {name for name in both if versions[0][name] != versions[1][name]} == set()


@pytest.mark.parametrize("name", ["Makefile", "docs/server.md"])
def test_nothing_is_installed_without_looking_at_its_hash(name):
    text = (settings.BASE_DIR / name).read_text(encoding="utf-8")
    commands = re.findall("pip install.*", text)
    assert commands
    assert [command for command in commands if "--require-hashes" not in command] == []
