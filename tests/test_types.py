"""Every function of the kit has types, which `make lint` checks strictly."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def untyped(source):
    """The names of the functions in a source whose arguments or result have no type."""
    tree = ast.parse(source)
    methods = {
        function
        for owner in ast.walk(tree)
        if isinstance(owner, ast.ClassDef)
        for function in owner.body
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        and "staticmethod" not in map(ast.unparse, function.decorator_list)
    }
    names = []
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            given = function.args
            arguments = [*given.posonlyargs, *given.args][function in methods :]
            arguments += [*given.kwonlyargs, *filter(None, (given.vararg, given.kwarg))]
            if function.returns is None or any(argument.annotation is None for argument in arguments):
                names.append(function.name)
    return names


def test_every_function_has_types():
    modules = sorted((ROOT / "src").rglob("*.py"))
    assert modules != []
    assert {
        f"{module.relative_to(ROOT)}: {name}"
        for module in modules
        for name in untyped(module.read_text(encoding="utf-8"))
    } == set()


@pytest.mark.parametrize(
    "source",
    [
        "def f(): ...",
        "def f(a) -> int: ...",
        "def f(*, a) -> int: ...",
        "def f(*a) -> int: ...",
        "async def f(a: int): ...",
        "def g() -> None:\n    def f(a) -> int: ...",
        "class A:\n    def f(self): ...",
        "class A:\n    @staticmethod\n    def f(a) -> int: ...",
    ],
)
def test_a_function_without_a_type_is_named(source):
    assert untyped(source) == ["f"]


def test_the_owner_of_a_method_needs_no_type():
    assert untyped("class A:\n    def f(self, a: int) -> int: ...\n    @classmethod\n    def g(cls) -> None: ...") == []
