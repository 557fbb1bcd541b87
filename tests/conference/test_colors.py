"""The colours stand in one place: the top of the style sheet."""

import re

from django.conf import settings
from django.template import engines

from conference.colors import DARK, LIGHT


def test_both_schemes_are_read_from_the_style_sheet():
    assert set(LIGHT) == set(DARK)
    assert {"background", "text", "carmine", "accent", "on-accent"} <= set(LIGHT)
    changed = {name for name in LIGHT if LIGHT[name] != DARK[name]}
    css = (settings.BASE_DIR / "static" / "css" / "site.css").read_text(encoding="utf-8")
    assert changed > {"background", "text", "carmine", "accent"}
    for name, color in [*LIGHT.items(), *DARK.items()]:
        assert f"--{name}: {color};" in css


def test_nothing_repeats_a_colour_of_the_site():
    """What has no style sheet names the colours. `static/css` may set more of its own, such as those of print."""
    named = {color for color in {*LIGHT.values(), *DARK.values()} if len(color) == 7}
    patterns = ("conference/**/*.py", "conference/**/*.typ", "registrations/**/*.py", "templates/**/*", "static/img/*")
    files = [path for pattern in patterns for path in settings.BASE_DIR.glob(pattern) if path.is_file()]
    found = {
        path.name: colors
        for path in files
        if (colors := set(re.findall("(?:#|%23)([0-9a-f]{6})", path.read_text(encoding="utf-8", errors="ignore"))))
    }
    assert {name: colors for name, colors in found.items() if {f"#{color}" for color in colors} & named} == {}


def test_a_template_names_a_colour_and_the_scheme():
    template = engines["django"].from_string('{% load conference %}{% color "accent" %} {% color "accent" "dark" %}')
    assert template.render() == f"{LIGHT['accent']} {DARK['accent']}"
