"""One set of versions, whichever way the workshop is installed; and one module that speaks with the environment."""

import ast
import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent

# conda-forge's name, where it is not the one on the Python package index.
NAMES = {"matplotlib-base": "matplotlib", "python-fastjsonschema": "fastjsonschema"}


def pins(lines):
    """Package to version. Names are compared as pip compares them: case and underscores do not count."""
    found = dict(line.split("==") for line in lines if "==" in line)
    return {re.sub(r"[-_.]+", "-", NAMES.get(name, name)).lower(): number for name, number in found.items()}


def declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["dependencies"] + project["optional-dependencies"]["test"]


def for_conda():
    lines = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    return [line for line in lines if isinstance(line, str)] + lines[-1]["pip"]


def test_every_dependency_has_one_exact_version():
    assert [line for line in declared() if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []


def test_pip_and_conda_get_the_same_versions():
    assert pins(for_conda()) == pins(declared())


def test_the_tests_run_with_the_versions_that_are_declared():
    wanted = pins(declared())
    assert {name: version(name) for name in wanted} == wanted


def test_conda_brings_the_python_that_the_project_asks_for():
    assert "python=3.11" in for_conda()
    assert 'requires-python = ">=3.11"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_one_module_reads_and_sets_the_variables_of_the_environment():
    package = ROOT / "src" / "workshop"
    speaking = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "putenv"))
        or (isinstance(node, ast.Constant) and node.value == "WORKSHOP_HOME")
    }
    assert speaking == {"environment.py"}
