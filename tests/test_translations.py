"""The interface speaks Latvian everywhere, and the compiled file is the one that the text file describes."""

import re
import shutil
import subprocess
import sys

import polib
import pytest
from django.conf import settings

from tests.catalogue import texts_of
from tests.test_structure import PACKAGES

CATALOGUE = settings.BASE_DIR / "locale" / "lv" / "LC_MESSAGES" / "django.po"


def test_every_string_is_translated_and_none_is_fuzzy():
    catalogue = polib.pofile(str(CATALOGUE))
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []
    assert [entry.msgid for entry in catalogue.obsolete_entries()] == []


def test_every_plural_has_the_three_latvian_forms():
    plurals = [entry for entry in polib.pofile(str(CATALOGUE)) if entry.msgid_plural]
    assert plurals
    assert all(len(entry.msgstr_plural) == 3 and all(entry.msgstr_plural.values()) for entry in plurals)


def test_the_compiled_catalogue_is_current():
    text = {(entry.msgid, entry.msgstr, str(entry.msgstr_plural)) for entry in polib.pofile(str(CATALOGUE))}
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))
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
    texts = [re.sub(r"<[^>]*>", "", text) for entry in polib.pofile(str(CATALOGUE)) for text in texts_of(entry)]
    assert [text for text in texts if re.search(unwanted, text)] == [], f"better: {instead}"


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
