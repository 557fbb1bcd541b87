"""The admin wears the public site's font and colours."""

import re

import pytest
from django.conf import settings

CSS = settings.BASE_DIR / "static" / "css"


def read(name: str) -> str:
    return (CSS / name).read_text(encoding="utf-8")


def read_values(rule: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): ([^;]+);", rule))


def find_rule(css: str, start: str) -> dict[str, str]:
    return read_values(css.partition(start)[2].partition("}")[0])


SITE_LIGHT = find_rule(read("site.css"), "\n:root {")
SITE_DARK = find_rule(read("site.css"), "(prefers-color-scheme: dark) {\n  :root {")


@pytest.mark.parametrize(
    ("start", "site"),
    [
        (':root, html[data-theme="light"] {', SITE_LIGHT),
        ("(prefers-color-scheme: dark) {\n  :root {", SITE_DARK),
        ('\nhtml[data-theme="dark"] {', SITE_DARK),
    ],
)
def test_colours_are_those_of_the_site_in_each_theme(start, site):
    ours = find_rule(read("admin.css"), start)
    assert len(ours) > 10
    assert {name: site.get(name) for name in ours} == ours
    is_light = site is SITE_LIGHT
    used = read_values(read("admin.css").partition("The stock admin's variables")[2].partition("}")[0])
    wanted = {name for value in used.values() for name in re.findall(r"var\(--([\w-]+)\)", value)}
    assert wanted & (SITE_LIGHT if is_light else SITE_DARK).keys() <= ours.keys()


def test_the_font_is_loaded_as_on_the_site():
    faces = [re.findall(r"@font-face \{.*?\}", read(name), re.DOTALL) for name in ("site.css", "admin.css")]
    of_site, of_admin = [[" ".join(face.split()) for face in found] for found in faces]
    assert len(of_site) == 3
    assert of_site == of_admin
