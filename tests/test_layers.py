"""Which package may import which: the layers of the kit, read from the code."""

import ast
import graphlib
import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "src"

# Every package may import `errors` and the kit's version; nothing imports `cli`.
MAY_IMPORT = {
    "content": set(),
    "questions": {"content"},
    "scenarios": {"content"},
    "project": {"content", "questions", "scenarios", "answers"},
    "answers": set(),
    "render": {"content"},
    "cards": {"content", "questions", "scenarios", "answers", "render"},
    "explorations": {"content", "project", "render", "cards"},
    "architecture": {"content", "answers", "render", "cards"},
    "notebook": {"questions", "scenarios", "project", "answers", "cards", "explorations", "architecture"},
    "lab": {"content", "answers"},
    "papers": {"content", "questions", "scenarios", "project", "explorations", "architecture", "render"},
    "authoring": {
        "content", "questions", "scenarios", "project", "answers", "render", "explorations", "architecture", "notebook",
    },
    "room": {
        "content", "questions", "scenarios", "project", "answers", "render", "cards", "explorations", "lab",
    },
    "grading": {"content", "questions", "project", "answers", "render", "cards", "notebook", "lab", "safe_cells"},
    "cli": {"content", "project", "answers", "render", "lab", "papers", "authoring", "room", "grading"},
    "safe_cells": set(),
}  # fmt: skip


def package_of(name):
    """The package of a dotted name: `content` for `workshop.content.tables`; None for what is not a package of ours."""
    first, _, rest = name.partition(".")
    package = rest.split(".")[0] if first == "workshop" else first
    return package if package in MAY_IMPORT else None


def imported(source):
    """The dotted names that a source imports, at its top or inside a function."""
    names = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


def imports():
    """(module, package of that module, package that it imports) for every import from one package into another."""
    for path in sorted(SOURCE.rglob("*.py")):
        module = path.relative_to(SOURCE)
        own = package_of(".".join(module.with_suffix("").parts))
        for name in imported(path.read_text(encoding="utf-8")):
            package = package_of(name)
            if own and package and package != own:
                yield module.as_posix(), own, package


def docstring(package):
    folder = SOURCE / package if package == "safe_cells" else SOURCE / "workshop" / package
    return ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""


def test_every_package_has_its_rule():
    folders = {path.parent.name for path in (SOURCE / "workshop").glob("*/__init__.py")}
    assert folders | {"safe_cells"} == set(MAY_IMPORT)


def test_a_package_imports_only_what_its_rule_allows():
    forbidden = {(module, package) for module, own, package in imports() if package not in MAY_IMPORT[own]}
    assert forbidden == set()


def test_the_rules_make_no_circle():
    assert set(graphlib.TopologicalSorter(MAY_IMPORT).static_order()) == set(MAY_IMPORT)


def test_no_two_packages_import_each_other():
    graph = {package: set() for package in MAY_IMPORT}
    for _, own, package in imports():
        graph[own].add(package)
    assert set(graphlib.TopologicalSorter(graph).static_order()) == set(MAY_IMPORT)


def test_nothing_imports_the_command():
    assert [module for module, _, package in imports() if package == "cli"] == []


def test_the_kit_and_safe_cells_meet_in_one_module():
    assert {module for module, _, package in imports() if package == "safe_cells"} == {"workshop/grading/code_cells.py"}


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_says_what_it_may_import_and_where_to_begin(package):
    words = re.search(r"\bImports ([^.]*)\.", docstring(package))
    assert words, "Its __init__.py says “Imports `…`.” or “Imports nothing of the kit.”"
    assert set(re.findall(r"`(\w+)`", words.group(1))) == MAY_IMPORT[package]
    assert re.search(r"\bBegin with `", docstring(package))


def test_an_import_inside_a_function_counts():
    assert imported("def f():\n    from workshop.cards.base import Controller") == ["workshop.cards.base.Controller"]
