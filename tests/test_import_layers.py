"""Imports go down only: a module may import what is on a line below its own, and nothing beside or above it."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

# From top to bottom. Modules belong to the longest name here that they have or lie in.
LAYERS = """
    config.urls config.wsgi config.run
    config.middleware
    config.errors
    accounts api backups sample_data
    attendance.apps attendance.urls
    attendance.admin attendance.views
    attendance.person_lookup
    attendance.badges attendance.day_figures attendance.operations attendance.privacy_rules attendance.roster
    attendance.door_rows attendance.forms attendance.sealing attendance.uploads attendance.verdict_screens
    attendance.door_permissions attendance.models
    registrations.apps registrations.management registrations.sitemaps registrations.templatetags registrations.urls
    registrations.admin registrations.views
    registrations.admin_site registrations.imports registrations.privacy
    registrations.forms
    registrations.operations registrations.tickets.ticket_pdf
    registrations.audit registrations.exports registrations.mail
    registrations.availability registrations.duplicates registrations.statistics
    registrations.email_typos registrations.erasure_ledger registrations.rate_limit
    registrations.models registrations.permissions
    registrations.placeholders registrations.question_templates registrations.search
    registrations.tickets
    conference.admin conference.management conference.templatetags conference.urls
    conference.sitemaps conference.views
    conference.calendar conference.pictures conference.sample_event conference.seo
    conference.site_urls conference.event_banner conference.decorators conference.local_time conference.text
    conference.apps conference.colors conference.models
    conference.checks conference.module_storage
    config.development config.settings
    config.browser_policies
    config.database_limits config.deployment_checks config.error_reports config.formats config.log_in config.logging
    config.outages config.private_files config.setting_values conference.database_clock
"""
HEIGHTS = {name: -line for line, names in enumerate(LAYERS.strip().splitlines()) for name in names.split()}
PACKAGES = {"accounts", "api", "attendance", "backups", "conference", "config", "registrations", "sample_data"}


def list_modules() -> dict[str, Path]:
    """Return all modules of ours except migrations, by dotted name."""
    paths = [path for package in PACKAGES for path in (settings.BASE_DIR / package).rglob("*.py")]
    return {get_module_name(path): path for path in paths if "migrations" not in path.parts}


def get_module_name(path: Path) -> str:
    return ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts).removesuffix(".__init__")


def get_room(module: str) -> str | None:
    """Return the name in LAYERS that `module` has or lies in."""
    while module and module not in HEIGHTS:
        module = module.rpartition(".")[0]
    return module or None


def list_imports(path: Path) -> set[str]:
    """Return the modules and names of ours that the file imports, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: a relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in names if name.partition(".")[0] in PACKAGES}


def list_wrong_imports(module: str, path: Path) -> list[str]:
    room = get_room(module)
    targets = [(name, get_room(name)) for name in list_imports(path)]
    return [
        f"{module} imports {name}"
        for name, target in targets
        if target and target != room and HEIGHTS[target] >= HEIGHTS[room]
    ]


def test_every_module_is_in_a_layer():
    assert [name for name in list_modules() if get_room(name) is None and name not in PACKAGES] == []


def test_every_name_in_the_layers_exists():
    """Except in packages that are still to come."""
    names = [name for name in HEIGHTS if (settings.BASE_DIR / name.partition(".")[0]).exists()]
    modules = list_modules()
    assert [name for name in names if not any(f"{one}.".startswith(f"{name}.") for one in modules)] == []


def test_no_import_goes_up_or_sideways():
    modules = [(name, path) for name, path in list_modules().items() if name not in PACKAGES]
    assert [line for name, path in modules for line in list_wrong_imports(name, path)] == []


def test_packages_import_nothing_at_their_top():
    """Otherwise importing any module in them would import that too."""
    assert [name for name, path in list_modules().items() if name in PACKAGES and list_imports(path)] == []


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("conference/models/event.py", "from registrations.models import Registration"),
        ("registrations/mail/outbox.py", "from registrations import exports"),
        ("registrations/operations/status.py", "def f():\n    from registrations.views import register"),
        ("registrations/imports/rows.py", "import registrations.admin.mixins"),
    ],
)
def test_a_wrong_import_is_found(tmp_path, monkeypatch, module, line):
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path)
    path = tmp_path / module
    path.parent.mkdir(parents=True)
    path.write_text(line)
    assert len(list_wrong_imports(get_module_name(path), path)) == 1
