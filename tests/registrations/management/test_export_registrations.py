import openpyxl
import pytest
from django.core.management import CommandError, call_command

from tests.factories import make_event, make_registration
from tests.registrations.exports.test_lists import ENGLISH

pytestmark = pytest.mark.django_db


def test_the_command_writes_one_event_to_a_file(tmp_path, capsys):
    event, other = make_event(slug="libraries"), make_event()
    make_registration(event, last_name="Bērziņš")
    make_registration(other, last_name="Of the other")
    file = tmp_path / "list.csv"
    call_command("export_registrations", "libraries", output=str(file))
    content = file.read_text(encoding="utf-8-sig")
    assert "Bērziņš" in content
    assert "Of the other" not in content
    assert file.stat().st_mode & 0o077 == 0
    assert capsys.readouterr().err.strip() == "1 registrations"
    file = tmp_path / "list.xlsx"
    call_command("export_registrations", "libraries", output=str(file), format="xlsx")
    sheet = openpyxl.load_workbook(file).active
    assert sheet.title == "Conference"
    assert [cell.value for cell in sheet[1]] == ENGLISH
    assert sheet["E2"].value == "Bērziņš"


def test_the_command_reports_mistakes_in_one_line(tmp_path):
    with pytest.raises(CommandError, match="There is no event “nothing”"):
        call_command("export_registrations", "nothing", output="-")
    make_event(slug="libraries")
    with pytest.raises(CommandError, match="No such file or directory"):
        call_command("export_registrations", "libraries", output=str(tmp_path / "missing" / "list.csv"))
