"""The environment of a clone without a configuration: a secret key of its own and a database.

`manage.py`, `make run` and the tests call this before the settings are read. The settings themselves start nothing and
write nothing.
"""

import os
from pathlib import Path

import environ

from config import embedded_postgres, secret_key

ROOT = Path(__file__).resolve().parent.parent


def set_environment() -> None:
    """Set what `.env` and the environment leave open, unless DEBUG is off: production has no defaults."""
    env = environ.Env()
    env.read_env(ROOT / ".env")
    if env.bool("DEBUG", default=True):
        set_secret("SECRET_KEY")
        set_database()


def set_secret(name: str, *, length: int = 50) -> None:
    """Set the variable to a random value, stored in `.env`, unless it is set. `length` is the minimum."""
    if not os.environ.get(name):
        secret_key.generate(ROOT / ".env", name, length=length)


def set_database() -> None:
    """Start the embedded PostgreSQL and set DATABASE_URL, unless it is set."""
    if not os.environ.get("DATABASE_URL"):
        embedded_postgres.start(ROOT / "var" / "postgres")
