"""An organiser's day at the desk, in a real browser, and what others' programs make of what they take home."""

import csv
import io
import re
from pathlib import Path

import openpyxl
import pytest
from django.core import mail
from django.core.management import call_command

from conference.models import Event
from registrations.mail import delivery
from registrations.models import Question, Registration
from registrations.permissions import ORGANISERS
from tests.browser.log_in import log_in
from tests.factories import make_registration, make_user
from tests.registrations.exports.file_readers import convert_file

pytestmark = pytest.mark.django_db(transaction=True)

WITH_MISTAKES = """Vārds;Uzvārds;E-pasts;Iestāde;Pusdienas
Ģirts;Šķēle;girts@example.lv;"Bibliotēka ""Gaisma""; Rīga";Zupa
Ļena;Ņikitina;lena(at)example.lv;Tukuma bibliotēka;Zupa
Zane;Žagare;zane@example.lv;Rēzeknes bibliotēka;Kotlete
Anna;Ābele;anna@example.lv;;
"""
MENDED = WITH_MISTAKES.replace("(at)", "@").replace("Kotlete", "Zivs")
NOTE = "Ieradīsies vēlāk;\n“ap desmitiem”"


@pytest.fixture
def event():
    call_command("load_conference", verbosity=0)
    event = Event.objects.get()
    make_registration(event, first_name="Anna", last_name="Ābele", email="anna@example.lv", language="lv")
    return event


def ask_about_lunch(page):
    """A question of the event's own: soup, or fish for two."""
    page.locator("#id_label_0").fill("Pusdienas")
    page.locator("#id_label_1").fill("Lunch")
    page.locator("#id_kind").select_option("one_of")
    for number, (latvian, english) in enumerate([("Zupa", "Soup"), ("Zivs", "Fish")]):
        page.locator(f"#id_choices-{number}-label_0").fill(latvian)
        page.locator(f"#id_choices-{number}-label_1").fill(english)
    page.locator("#id_choices-1-limit").fill("2")
    page.locator("input[name=_save]").click()
    page.wait_for_selector(".messagelist .success")


def add_the_director(page):
    page.locator("#id_first_name").fill("Ilze")
    page.locator("#id_last_name").fill("Čakste")
    page.locator("#id_email").fill("ilze@example.lv")
    page.locator("#content details").evaluate_all("folds => folds.forEach(fold => { fold.open = true })")
    page.locator("#id_internal_note").fill(NOTE)
    page.locator("input[name=question_lunch][value=fish]").check()
    page.locator("#content input[type=submit]").click()
    page.wait_for_selector(".messagelist .success")


def upload(page, text: str):
    """A list as Latvian Windows writes it."""
    content = {"name": "saraksts.csv", "mimeType": "text/csv", "buffer": text.encode("cp1257")}
    page.locator("input[type=file]").set_input_files(content)
    page.locator("#content input[type=submit]").click()
    page.wait_for_selector(".import-totals")


def totals(page) -> list[str]:
    return page.locator(".import-totals strong").all_inner_texts()


def export(page, format: str) -> bytes:
    page.locator(f"input[name=format][value={format}]").check()
    with page.expect_download() as download:
        page.locator("input[name=export]").click()
    return Path(download.value.path()).read_bytes()


@pytest.mark.slow
@pytest.mark.proof
def test_an_organisers_day(open_page, event, tmp_path):
    page = open_page("/admin/", width=1280)
    log_in(page, make_user(ORGANISERS))
    page.wait_for_selector("text=Aizņemtās vietas")
    page.get_by_role("link", name="Pārskats").first.click()
    page.wait_for_selector("canvas")
    assert re.search(r"Aizņemtās vietas: \d+ no 200", page.locator("#content").inner_text())

    page.goto(f"/admin/registrations/question/add/?event={event.pk}")
    ask_about_lunch(page)
    assert [choice.key for choice in Question.objects.get(key="lunch").choices.all()] == ["soup", "fish"]

    page.goto(f"/admin/registrations/registration/add/?event={event.pk}")
    add_the_director(page)
    assert Registration.objects.get(email="ilze@example.lv").answers == {"lunch": "fish"}

    page.goto(f"/admin/registrations/registration/import/?event={event.pk}")
    upload(page, WITH_MISTAKES)
    assert totals(page) == ["1", "0", "1", "2"]
    with page.expect_download() as wrong:
        page.locator("input[name=download]").click()
    assert len(Path(wrong.value.path()).read_text(encoding="utf-8-sig").splitlines()) == 3
    assert event.registrations.count() == 2
    page.goto(f"/admin/registrations/registration/import/?event={event.pk}")
    upload(page, MENDED)
    assert totals(page) == ["3", "0", "1", "0"]
    page.locator("input[name=tags]").fill("saraksts")
    page.locator("input[name=import]").click()
    page.wait_for_selector(".messagelist .success")
    assert event.registrations.filter(tags=["saraksts"], source="import").count() == 3
    assert event.registrations.get(email="zane@example.lv").answers == {"lunch": "fish"}
    delivery.send_due()
    mail.outbox.clear()

    page.goto(f"/admin/registrations/registration/?event={event.pk}&answer_lunch=fish")
    page.get_by_role("link", name="Sūtīt e-pastu").click()
    page.locator("#id_subject_0").fill("Zivs")
    page.locator("#id_text_0").fill("Labdien, {first_name}! Zivs būs.")
    page.locator("input[name=preview]").click()
    page.locator("input[name=send]").click()
    page.wait_for_selector(".messagelist .success")
    delivery.send_due()
    assert sorted(message.to[0] for message in mail.outbox) == ["ilze@example.lv", "zane@example.lv"]
    assert "Labdien, Ilze! Zivs būs." in next(one.body for one in mail.outbox if one.to == ["ilze@example.lv"])

    page.goto(f"/admin/registrations/registration/export/?event={event.pk}")
    sheet = openpyxl.load_workbook(io.BytesIO(export(page, "xlsx"))).active
    header, *people = [[cell.value for cell in row] for row in sheet.iter_rows()]
    last_name, note, lunch = (header.index(name) for name in ("Uzvārds", "Iekšējā piezīme", "Pusdienas"))
    assert [row[last_name] for row in people] == ["Ābele", "Čakste", "Ņikitina", "Šķēle", "Žagare"]
    assert people[1][note] == NOTE
    assert [row[lunch] for row in people] == [None, "Zivs", "Zupa", "Zupa", "Zivs"]

    # 59: what parts the cells; 34: quotation marks; 76: UTF-8.
    as_libre_office_reads_it = convert_file(tmp_path, export(page, "csv"), "csv", "xlsx", "--infilter=CSV:59,34,76")
    opened = openpyxl.load_workbook(io.BytesIO(as_libre_office_reads_it)).active
    header, *people = [[cell.value for cell in row] for row in opened.iter_rows()]
    assert [row[header.index("Uzvārds")] for row in people] == ["Ābele", "Čakste", "Ņikitina", "Šķēle", "Žagare"]
    assert people[1][header.index("Iekšējā piezīme")] == NOTE
    assert people[3][header.index("Organizācija")] == 'Bibliotēka "Gaisma"; Rīga'
    assert next(csv.reader(io.StringIO(export(page, "csv-comma").decode())))[:2] == header[:2]
