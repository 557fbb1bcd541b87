"""Generates the secrets of a clone without a configuration, once, in the git-ignored `.env`."""

import os
import secrets
from pathlib import Path


def generate(env_file: Path, name: str, *, length: int = 50) -> str:
    """Generate a random value for `name`, append it to `env_file` (readable only by its owner), and return it.

    Call it only if the variable is not set. `length` is the minimum number of characters.
    """
    value = secrets.token_urlsafe(length)
    started_on_new_line = not env_file.exists() or env_file.read_text().endswith("\n") or not env_file.stat().st_size
    descriptor = os.open(env_file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, mode=0o600)
    with os.fdopen(descriptor, "a") as file:
        file.write(f"{'' if started_on_new_line else chr(10)}{name}={value}\n")
    os.environ[name] = value
    return value
