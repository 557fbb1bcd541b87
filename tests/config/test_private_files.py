"""What the site writes is for its own user alone, however loose the umask is."""

import ast
import os
import stat
from pathlib import Path

import pytest
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.management import call_command

from config.private_files import make_private_folder, open_private
from tests.factories import make_event

BACKEND = "registrations.mail.private_folder.PrivateFolderBackend"


@pytest.fixture(autouse=True)
def _a_loose_umask():
    before = os.umask(0o000)
    yield
    os.umask(before)


def list_modes(folder: Path) -> dict[str, str]:
    return {path.name: oct(path.stat().st_mode & 0o777) for path in folder.rglob("*")}


def test_a_file_is_private_whether_it_is_new_or_was_readable(tmp_path):
    (tmp_path / "old").touch(0o666)
    for name in ("new", "old"):
        with open_private(tmp_path / name, "w") as file:
            file.write("secret")
    assert list_modes(tmp_path) == {"new": "0o600", "old": "0o600"}


def test_a_device_keeps_its_permissions():
    before = stat.S_IMODE(os.stat(os.devnull).st_mode)
    with open_private(os.devnull, "w") as file:
        file.write("secret")
    assert stat.S_IMODE(os.stat(os.devnull).st_mode) == before


def test_a_new_folder_is_private_and_one_that_others_use_stays_as_it_is(tmp_path):
    (tmp_path / "old").mkdir(0o777)
    for name in ("new", "old"):
        make_private_folder(tmp_path / name)
    assert list_modes(tmp_path) == {"new": "0o700", "old": "0o777"}


@pytest.mark.parametrize("by", ["argument", "setting"])
def test_e_mail_as_files_is_private(tmp_path, settings, by):
    settings.EMAIL_FILE_PATH = tmp_path / "emails"
    connection = get_connection(BACKEND, **({"file_path": tmp_path / "emails"} if by == "argument" else {}))
    EmailMessage("Thank you", "…/r/token/", to=["anna@example.lv"], connection=connection).send()
    (mail,) = (tmp_path / "emails").iterdir()
    assert "Thank you" in mail.read_text()
    assert list_modes(tmp_path) == {"emails": "0o700", mail.name: "0o600"}


@pytest.mark.django_db
def test_an_exported_list_is_private_even_over_an_older_one(tmp_path):
    event = make_event()
    (tmp_path / "people.csv").touch(0o666)
    call_command("export_registrations", event.slug, output=str(tmp_path / "people.csv"))
    assert list_modes(tmp_path) == {"people.csv": "0o600"}


def writes_openly(node: ast.AST) -> bool:
    """Whether this is a call that makes a file or a folder readable by everybody."""
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in ("write_text", "write_bytes", "makedirs", "mkdir", "copyfile", "touch"):
        return True
    modes = [one.value for one in node.args[1:] if isinstance(one, ast.Constant)]
    return name == "open" and any(set("wax+") & set(str(mode)) for mode in modes)


def test_no_other_module_writes_files():
    """Temporary files of `tempfile` are private, and so is the data of the embedded PostgreSQL, in its own folder.

    The archive writes members of a file that is private, and a restore changes a line of `.env` as it is.
    """
    packages = ("accounts", "config", "conference", "registrations", "backups", "sample_data")
    paths = [path for package in packages for path in (settings.BASE_DIR / package).rglob("*.py")]
    found = {path.name for path in paths if any(map(writes_openly, ast.walk(ast.parse(path.read_text("utf-8")))))}
    assert found == {"private_files.py", "development.py", "archive.py", "restore.py"}
