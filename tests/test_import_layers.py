"""Imports go down only: each module may import what stands on a line below its own, and nothing beside or above."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

# From the top. A module is found under the longest name here that it is or lies in.
LINES = [
    ["config.urls", "config.wsgi", "config.run"],
    ["config.errors", "config.middleware.maintenance"],
    ["registrations.urls", "conference.urls", "registrations.apps"],
    ["registrations.views", "registrations.admin", "registrations.templatetags", "registrations.management"],
    [
        "registrations.admin.events.copy_view",
        "registrations.admin.events.publication",
        "registrations.admin.events.share_view",
        "registrations.sitemaps",
    ],
    ["registrations.imports"],
    ["registrations.forms.organiser", "registrations.rate_limit"],
    ["registrations.forms", "registrations.privacy"],
    ["registrations.operations"],
    [
        "registrations.mail.outbox",
        "registrations.mail.delivery",
        "registrations.exports",
        "registrations.audit",
        "registrations.admin.events.issues",
        "sample_data.generator",
        "registrations.offer_schema",
    ],
    ["registrations.mail.staleness"],
    [
        "registrations.mail.content",
        "registrations.availability",
        "registrations.mail.health",
        "registrations.admin.events.event_checks",
        "registrations.duplicates",
        "registrations.statistics",
        "registrations.email_typos",
    ],
    ["registrations.admin_site"],
    ["registrations.models", "registrations.permissions"],
    ["registrations.search", "registrations.placeholders", "registrations.question_templates"],
    ["conference.views", "conference.admin", "conference.templatetags", "conference.management"],
    [
        "conference.admin.users",
        "conference.admin.publication_checks",
        "conference.admin.picture_fields",
        "conference.sitemaps",
    ],
    [
        "conference.admin.translated_fields",
        "conference.sample_event",
        "conference.admin.time_zone",
        "conference.admin.origin_list_field",
        "conference.pictures",
    ],
    ["conference.calendar", "conference.seo.og_image", "conference.seo.structured_data", "conference.caching"],
    [
        "conference.seo.open_graph",
        "conference.compression",
        "conference.banner",
        "conference.text.markdown",
        "conference.admin.mixins",
        "conference.local_time",
        "conference.text.cleanup",
    ],
    ["conference.addresses"],
    ["conference.addresses", "conference.text.languages", "conference.text.dates"],
    ["conference.models", "conference.apps"],
    ["config.settings", "config.formats"],
    ["config.development"],
    ["config.embedded_postgres", "config.secret_key", "config.log_filters"],
]
HEIGHT = {name: len(LINES) - line for line, names in enumerate(LINES) for name in names}
PACKAGES = ("conference", "config", "registrations")


def modules() -> list[Path]:
    found = [path for package in PACKAGES for path in (settings.BASE_DIR / package).rglob("*.py")]
    return [path for path in found if "migrations" not in path.parts]


def name_of(path: Path) -> str:
    parts = path.relative_to(settings.BASE_DIR).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def place(module: str) -> str | None:
    """The name in LINES that `module` is or lies in."""
    while module and module not in HEIGHT:
        module = module.rpartition(".")[0]
    return module or None


def imported(path: Path) -> set[str]:
    """Our own modules that the file imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: a relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in names if name.startswith(PACKAGES) and name.split(".")[0] in PACKAGES}


def upward(path: Path) -> list[str]:
    own = place(name_of(path))
    if own is None:
        return []
    return [
        f"{name_of(path)} imports {name}"
        for name in imported(path)
        if (target := place(name)) and target != own and HEIGHT[target] >= HEIGHT[own]
    ]


def test_every_module_has_its_line():
    names = {name_of(path) for path in modules()} - set(PACKAGES)
    assert [name for name in names if place(name) is None] == []


def test_no_import_goes_up_or_sideways():
    assert [line for path in modules() for line in upward(path)] == []


def test_conference_knows_nothing_of_registrations():
    paths = [path for path in modules() if name_of(path).startswith("conference")]
    assert paths
    assert [path for path in paths if any(name.startswith("registrations") for name in imported(path))] == []


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("conference/models.py", "from registrations.models import Registration"),
        ("registrations/mail/outbox.py", "from registrations import exports"),
        ("registrations/operations/waiting_list.py", "def f():\n    from registrations.views import register"),
    ],
)
def test_an_upward_import_would_be_noticed(tmp_path, monkeypatch, module, line):
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path)
    path = tmp_path / module
    path.parent.mkdir(parents=True)
    path.write_text(line)
    assert len(upward(path)) == 1
