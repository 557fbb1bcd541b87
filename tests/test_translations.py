"""The interface speaks Latvian everywhere, and the compiled file is the one that the text file describes."""

import json
import re
import shutil
import subprocess
import sys

import polib
import pytest
from django.conf import settings
from django.urls import reverse

from tests.catalogue import texts_of
from tests.factories import make_user
from tests.test_structure import PACKAGES

CATALOGUE = settings.BASE_DIR / "locale" / "lv" / "LC_MESSAGES" / "django.po"
# What Django's own catalogue of the admin's scripts says impolitely or wrongly.
OF_SCRIPTS = CATALOGUE.with_name("djangojs.po")

both = pytest.mark.parametrize("path", [CATALOGUE, OF_SCRIPTS], ids=lambda path: path.stem)


@both
def test_every_string_is_translated_and_none_is_fuzzy(path):
    catalogue = polib.pofile(str(path))
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []
    assert [entry.msgid for entry in catalogue.obsolete_entries()] == []


@both
def test_every_plural_has_the_three_latvian_forms(path):
    plurals = [entry for entry in polib.pofile(str(path)) if entry.msgid_plural]
    assert plurals
    assert all(len(entry.msgstr_plural) == 3 and all(entry.msgstr_plural.values()) for entry in plurals)


@both
def test_the_compiled_catalogue_is_current(path):
    text = {(entry.msgid, entry.msgstr, str(entry.msgstr_plural)) for entry in polib.pofile(str(path))}
    compiled = polib.mofile(str(path.with_suffix(".mo")))
    assert {(entry.msgid, entry.msgstr, str(entry.msgstr_plural)) for entry in compiled} == text


@pytest.mark.parametrize(
    ("unwanted", "instead"),
    [
        (r"\b(jūs|jūsu|jums)\b", "Jūs, Jūsu, Jums"),
        (r"(?i)\b(tu|tev|tevi|tavs|tava|tavu|tavi)\b", "Jūs, Jūsu, Jums"),
        (r'[“‘]|"(?=\w)', "„…”"),
        (r"(?i)organizētāj", "organizatori"),
        (r"\.\.\.", "…"),
        (r"  ", "one space"),
        (r"(?i)\bfail(s|a|u|ā|i|iem|us|os)\b", "datne"),
        (r"[a-zāčēģīķļņšūž][.!?]?(?<!\bWeb)(?<!\bJava)(?<!\bOpen)(?<!\bOpenStreet)[A-ZĀČĒĢĪĶĻŅŠŪŽ]", "a space"),
    ],
)
def test_latvian_is_polite_and_has_its_own_signs(unwanted, instead):
    entries = [entry for path in (CATALOGUE, OF_SCRIPTS) for entry in polib.pofile(str(path))]
    texts = [re.sub(r"<[^>]*>", "", text) for entry in entries for text in texts_of(entry)]
    assert [text for text in texts if re.search(unwanted, text)] == [], f"better: {instead}"


@pytest.mark.django_db
def test_the_scripts_of_the_admin_get_the_polite_texts(client):
    client.force_login(make_user(is_superuser=True))
    served = client.get(reverse("admin:jsi18n"), headers={"Accept-Language": "lv"}).content.decode()
    assert json.dumps("Piezīme: Jūsu laiks ir %s stundu pirms servera laika.") in served
    assert json.dumps("18.00") in served
    impolite = r"\b(Tu|Tavs|Raksti|Izvēlies)\b"
    texts = json.loads(re.search(r"const newcatalog = (\{.*?\});", served, re.DOTALL)[1])
    assert re.findall(impolite, json.dumps(texts, ensure_ascii=False)) == []


@pytest.mark.skipif(not shutil.which("xgettext"), reason="GNU gettext is not installed")
def test_every_string_of_the_code_is_in_the_catalogue(tmp_path):
    for name in (*PACKAGES, "static", "templates", "manage.py", "locale"):
        source = settings.BASE_DIR / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, tmp_path / name)
    command = [
        sys.executable,
        "manage.py",
        "makemessages",
        "--locale",
        "lv",
        "--extension",
        "html,md,py,txt",
        "--no-obsolete",
        "--no-location",
    ]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    fresh = polib.pofile(str(tmp_path / "locale" / "lv" / "LC_MESSAGES" / "django.po"))
    known = polib.pofile(str(CATALOGUE))
    assert {(entry.msgctxt, entry.msgid) for entry in fresh} == {(entry.msgctxt, entry.msgid) for entry in known}
