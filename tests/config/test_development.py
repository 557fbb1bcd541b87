"""What `manage.py` and `make run` give a clone that nobody has configured."""

import os

import pytest

from config import development


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A folder without a configuration, whose database is only noted."""
    for name in ("DEBUG", "SECRET_KEY", "DATABASE_URL"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setattr(development, "ROOT", tmp_path)
    monkeypatch.setattr(
        development.embedded_postgres, "start", lambda folder: monkeypatch.setenv("DATABASE_URL", f"started:{folder}")
    )
    return tmp_path


def test_a_clone_gets_a_key_that_it_keeps_and_a_database(clone):
    development.set_environment()
    assert os.environ["DATABASE_URL"] == f"started:{clone}/var/postgres"
    assert (clone / ".env").read_text() == f"SECRET_KEY={os.environ['SECRET_KEY']}\n"


def test_what_is_configured_stays(clone, monkeypatch):
    (clone / ".env").write_text("SECRET_KEY=ours\n")
    monkeypatch.setenv("DATABASE_URL", "postgresql:///ours")
    development.set_environment()
    assert (os.environ["SECRET_KEY"], os.environ["DATABASE_URL"]) == ("ours", "postgresql:///ours")
    assert (clone / ".env").read_text() == "SECRET_KEY=ours\n"


def test_production_gets_nothing(clone, monkeypatch):
    monkeypatch.setenv("DEBUG", "off")
    development.set_environment()
    assert list(clone.iterdir()) == []
    assert not {"SECRET_KEY", "DATABASE_URL"} & set(os.environ)
