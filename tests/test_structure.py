"""The size and names of modules, classes and packages."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

PACKAGES = ["accounts", "attendance", "backups", "config", "conference", "registrations", "sample_data"]
# Names that Django, Python or Django's conventions give to modules of any app or package.
CONVENTIONAL = {
    *("__init__", "admin", "apps", "decorators", "formats", "forms"),
    *("mixins", "models", "sitemaps", "urls", "views"),
}
# Packages that may have a single module.
SMALL_PACKAGES = {"commands", "formats", "management", "migrations", "templatetags"}
MAX_MODULE_LINES, MAX_CLASS_LINES, MAX_BASES, MAX_MODULES = 250, 200, 3, 15


def list_paths(packages=PACKAGES) -> list[Path]:
    paths = [path for package in packages for path in (settings.BASE_DIR / package).rglob("*.py")]
    return sorted(path.relative_to(settings.BASE_DIR) for path in paths if "migrations" not in path.parts)


def count_lines(path: Path) -> int:
    return len((settings.BASE_DIR / path).read_text(encoding="utf-8").splitlines())


def list_classes() -> list[tuple[Path, ast.ClassDef]]:
    """Return all classes at the top of modules."""
    trees = [(path, ast.parse((settings.BASE_DIR / path).read_text(encoding="utf-8"))) for path in list_paths()]
    return [(path, node) for path, tree in trees for node in tree.body if isinstance(node, ast.ClassDef)]


def count_modules() -> Counter[Path]:
    return Counter(path.parent for path in list_paths() if path.name != "__init__.py")


def test_modules_are_short():
    assert {str(path): lines for path in list_paths() if (lines := count_lines(path)) > MAX_MODULE_LINES} == {}


def test_classes_are_short():
    lengths = {f"{path}: {node.name}": node.end_lineno - node.lineno + 1 for path, node in list_classes()}
    assert {name: length for name, length in lengths.items() if length > MAX_CLASS_LINES} == {}


def test_classes_have_few_bases():
    assert [f"{path}: {node.name}" for path, node in list_classes() if len(node.bases) > MAX_BASES] == []


def test_directories_have_few_modules():
    assert {str(folder): number for folder, number in count_modules().items() if number > MAX_MODULES} == {}


def test_no_package_has_one_module():
    numbers = count_modules()
    packages = {path.parent for path in list_paths() if path.name == "__init__.py"}
    single = {str(one) for one in packages if not SMALL_PACKAGES & set(one.parts) and numbers[one] == 1}
    assert {one for one in single if not has_packages(one)} == set()


def has_packages(folder: str) -> bool:
    return any((settings.BASE_DIR / folder).glob("*/__init__.py"))


def test_no_two_modules_have_the_same_name():
    numbers = Counter(path.stem for path in list_paths() if path.stem not in CONVENTIONAL)
    assert [name for name, number in numbers.items() if number > 1] == []


def test_no_two_classes_have_the_same_name():
    numbers = Counter(node.name for path, node in list_classes() if "commands" not in path.parts)
    assert [name for name, number in numbers.items() if number > 1] == []


def test_the_glossary_names_existing_files():
    """Its paths start at the root or in registrations/."""
    text = (settings.BASE_DIR / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Glossary")[2]
    names = set(re.findall(r"`((?:\w+/)+(?:\w+\.py)?)`", text))
    assert len(names) > 30
    folders = [settings.BASE_DIR, settings.BASE_DIR / "registrations"]
    assert [name for name in sorted(names) if not any((folder / name).exists() for folder in folders)] == []


def test_style_sheets_close_every_rule_that_they_open():
    """Otherwise what follows is only for some screens."""
    paths = list((settings.BASE_DIR / "static" / "css").glob("*.css"))
    texts = {path.name: path.read_text(encoding="utf-8") for path in paths}
    assert texts
    assert [name for name, text in texts.items() if text.count("{") != text.count("}")] == []


RULES = [
    test_modules_are_short,
    test_classes_are_short,
    test_classes_have_few_bases,
    test_directories_have_few_modules,
    test_no_package_has_one_module,
    test_no_two_modules_have_the_same_name,
    test_no_two_classes_have_the_same_name,
]


@pytest.mark.parametrize("rule", RULES)
def test_a_violation_is_found(rule, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path)
    long_class = "class Long(A, B, C, D):\n" + "    x = 1\n" * MAX_MODULE_LINES
    names = [f"registrations/module_{number}.py" for number in range(MAX_MODULES + 1)]
    for name in [*names, "conference/module_1.py", "config/package/module.py"]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(long_class)
    (tmp_path / "config/package/__init__.py").touch()
    with pytest.raises(AssertionError):
        rule()
