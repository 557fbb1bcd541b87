"""Every public page in every state, and every e-mail, is the HTML that the standard describes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command

from registrations.mail.examples import render_examples
from tests.pages import PAGES
from tests.realistic import conference

pytestmark = pytest.mark.django_db(transaction=True)

NODE = Path(sys.executable).with_name("node")
VALIDATOR = settings.BASE_DIR / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"


def complaints(folder: Path) -> list[str]:
    """What html-validate finds in the folder's files: the file, where in it, what, and by which rule."""
    report = folder / "report.json"
    command = [NODE, VALIDATOR, "--config", ".htmlvalidate.mjs", "--formatter", f"json={report}"]
    done = subprocess.run([*command, *folder.glob("*.html")], cwd=settings.BASE_DIR, capture_output=True, check=False)
    assert not done.stderr, done.stderr.decode()
    return [
        f"{Path(file['filePath']).name}:{one['line']}:{one['column']} {one['message']} ({one['ruleId']})"
        for file in json.loads(report.read_text(encoding="utf-8"))
        for one in file["messages"]
    ]


def keep(page, responses: list) -> None:
    """Put the responses on the list that are pages, not what belongs to one."""
    page.on("response", lambda response: responses.append(response) if is_page(response) else None)


def is_page(response) -> bool:
    return response.request.is_navigation_request() and response.frame.parent_frame is None


def forget_everything() -> None:
    call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
    cache.clear()


@pytest.mark.parametrize("language", ["lv", "en"])
def test_every_page_is_valid_html(visit, language, tmp_path):
    for name in PAGES:
        forget_everything()
        responses = []
        page = visit(name, language, watch=lambda page, responses=responses: keep(page, responses))
        (tmp_path / f"{name}.html").write_text(responses[-1].text(), encoding="utf-8")
        page.context.close()
    found = complaints(tmp_path)
    assert not found, "\n".join(found)


def test_every_e_mail_is_valid_html(tmp_path):
    for kind, in_each_language in render_examples(conference()):
        for (language, _name), words in zip(settings.LANGUAGES, in_each_language, strict=True):
            (tmp_path / f"{kind} {language}.html").write_text(words.html, encoding="utf-8")
    found = complaints(tmp_path)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("markup", "rule"),
    [
        ("<p id=a></p><p id=a></p>", "no-dup-id"),
        ("<p><div></div></p>", "no-implicit-close"),
        ("<ul><p></p></ul>", "element-permitted-content"),
        ('<a href="x"><a href="y">z</a></a>', "element-permitted-content"),
    ],
)
def test_a_fault_would_be_found(tmp_path, markup, rule):
    page = f'<!doctype html><html lang="en"><head><title>Page</title></head><body>{markup}</body></html>'
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    assert rule in "\n".join(complaints(tmp_path))
