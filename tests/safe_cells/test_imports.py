"""safe_cells stands by itself: it knows nothing of the workshop, and can be taken out of this repository."""

import ast
from pathlib import Path

import pytest

import safe_cells

MODULES = sorted(Path(safe_cells.__file__).parent.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_it_neither_imports_nor_names_the_workshop(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert [name for name in imported | texts if name.split(".")[0] == "workshop" or "workshop." in name] == []
