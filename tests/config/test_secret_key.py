import os

from config import secret_key


def test_a_secret_is_random_kept_and_readable_by_its_owner_alone(tmp_path, monkeypatch):
    file = tmp_path / ".env"
    monkeypatch.setenv("SECRET_KEY", "")
    first = secret_key.generate(file, "SECRET_KEY")
    second = secret_key.generate(file, "OTHER")
    assert len(first) >= 50
    assert first != second
    assert file.read_text() == f"SECRET_KEY={first}\nOTHER={second}\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert os.environ["SECRET_KEY"] == first
    monkeypatch.delenv("OTHER")


def test_what_somebody_wrote_into_the_file_stays(tmp_path, monkeypatch):
    file = tmp_path / ".env"
    file.write_text("DEBUG=on")
    value = secret_key.generate(file, "EXAMPLE")
    assert file.read_text() == f"DEBUG=on\nEXAMPLE={value}\n"
    monkeypatch.delenv("EXAMPLE")
