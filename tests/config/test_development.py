"""What `manage.py` and `make run` give a clone that nobody has configured."""

import os

import pytest

from config import development, run


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A folder without a configuration, whose database is only noted."""
    for name in ("DEBUG", "SECRET_KEY", "DATABASE_URL", "SITE_URL", "ALLOWED_HOSTS", "EMAIL_URL", "ORGANISER_PASSWORD"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv("DEBUG", "on")
    monkeypatch.setattr(development, "ROOT", tmp_path)
    monkeypatch.setattr(development, "start_postgres", lambda folder: f"started:{folder}")
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


def test_a_secret_is_random_kept_and_readable_by_its_owner_alone(clone, monkeypatch):
    monkeypatch.delenv("OTHER", raising=False)
    development.set_secret("SECRET_KEY")
    development.set_secret("OTHER")
    first, second = os.environ["SECRET_KEY"], os.environ["OTHER"]
    monkeypatch.delenv("OTHER")
    file = clone / ".env"
    assert len(first) >= 50
    assert first != second
    assert file.read_text() == f"SECRET_KEY={first}\nOTHER={second}\n"
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_somebody_wrote_into_the_file_stays_and_is_closed_to_others(clone):
    file = clone / ".env"
    file.write_text("DEBUG=on")
    file.chmod(0o644)
    development.set_secret("SECRET_KEY")
    assert file.read_text() == f"DEBUG=on\nSECRET_KEY={os.environ['SECRET_KEY']}\n"
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("debug", ["off", ""])
def test_production_gets_nothing(clone, monkeypatch, debug):
    monkeypatch.setenv("DEBUG", debug)
    if not debug:
        monkeypatch.delenv("DEBUG")
    development.set_environment()
    assert list(clone.iterdir()) == []
    assert not {"SECRET_KEY", "DATABASE_URL"} & set(os.environ)


def test_make_run_switches_debug_on_in_a_clone_and_manage_py_finds_it_on(clone, monkeypatch):
    monkeypatch.delenv("DEBUG")
    run.set_environment("8000")
    assert os.environ["DEBUG"] == "on"
    assert (clone / ".env").read_text().startswith("DEBUG=on\nSECRET_KEY=")


def test_make_run_switches_debug_on_neither_on_a_server_nor_against_ones_word(clone, monkeypatch):
    monkeypatch.delenv("DEBUG")
    (clone / ".env").write_text("SITE_URL=https://conference.example.org\n")
    run.set_environment("8000")
    assert "DEBUG" not in os.environ
    monkeypatch.setenv("DEBUG", "off")
    monkeypatch.delenv("SITE_URL")
    (clone / ".env").unlink()
    run.set_environment("8000")
    assert os.environ["DEBUG"] == "off"
    assert not (clone / ".env").exists()
