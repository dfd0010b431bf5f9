"""What each test of an exercise needs to run outside.

Learnt by running the instructor's own solution through the judge. For a test that does not pass with the solution
there, only its verdict inside the participant's kernel counts, and the instructor is told which and why.
"""

import ast
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from safe_cells.cells import tree_of
from safe_cells.test_runner import names_used, nodes_of
from safe_cells.verdicts import value_of

Step = dict[str, Any]  # see `calibrate`
# What asks a value for its special methods, or looks around: a proxy could answer otherwise than the thing itself.
LOOKS_AROUND = {
    "globals",
    "locals",
    "vars",
    "eval",
    "exec",
    "compile",
    "get_ipython",
    "__import__",
    "gc",
    "inspect",
    "In",
    "Out",
}
SHAPES = {
    "Awaitable",
    "Callable",
    "Collection",
    "Container",
    "Generator",
    "Hashable",
    "Iterable",
    "Iterator",
    "Reversible",
    "Sized",
}
BY_CHANCE = {"random", "seed", "default_rng", "shuffle", "choice", "sample", "uniform", "secrets"}
TRIES = 3
OWN_ANSWERS = ("<eq>", "<ne>", "<lt>", "<le>", "<gt>", "<ge>", "<bool>", "<contains>", "<isinstance>", "<issubclass>")
SIMPLE = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.Expr)


def calibrate(
    cells: Sequence[Mapping[str, Any]],
    work: Callable[[dict[str, Any]], dict[str, Any]],
    execute: Callable[[str], object],
    typed: Collection[str] = (),
) -> list[Step]:
    """A step for each code cell of the solved notebook.

    Each is {"cell", "kind", "id", "needs", "inside", "imports", "trusts", "value"}. `work(frame)` lets the judge do a
    frame (see `judge.serve`) for the reference participant, whose process runs a cell's source by `execute(source)`.
    `kind` is given, solution or test; `inside` says why a test cannot run in the judge, and is empty when it can.
    `imports` are the import lines of a test: they must run in the participant's process first, since an answer may lean
    on them where one kernel runs everything. `value` is what the test showed there (see `verdicts.value_of`). A given
    cell with `needs` None stays out of the judge: no test needs it, or it does not run there and the judge asks for its
    names instead. `trusts` are the comparisons that the participant's own classes answer. Cells with an id in `typed`
    are graded as data and left alone.
    """
    bound: set[str] = set()
    imports: dict[str, list[list[Any]]] = {}
    steps: list[Step] = []
    codes = [Code(place, cell) for place, cell in enumerate(cells) if cell["cell_type"] == "code"]
    codes = [code for code in codes if code.id not in typed]
    idle = _idle(codes)
    for turn, code in enumerate(codes):
        source, kind = code.source, code.kind
        step: Step = {
            "cell": code.place,
            "kind": kind,
            "id": code.id,
            "needs": None,
            "inside": "",
            "imports": "",
            "trusts": [],
            "value": None,
        }
        learn = {"bound": sorted(bound), "imports": imports}
        if kind == "test":
            step["imports"] = import_lines(source)
            if step["imports"]:
                execute(step["imports"])
            step["needs"], step["inside"], step["value"] = _try(source, work, learn)
            step["trusts"] = sorted(
                label for label in (step["needs"] or {}).get("crossed", {}) if label.endswith(OWN_ANSWERS)
            )
        else:
            execute(source)
        if kind == "given" and turn not in idle:
            result = work({"do": "given", "source": source, "learn": learn})
            if result["status"] == "ok" and not result["obstacles"]:
                step["needs"] = result["needs"]
                bound -= names_bound(source)
        if step["needs"] is None and turn not in idle:
            made = names_bound(source)
            bound |= made
            imports = {name: found for name, found in imports.items() if name not in made} | imports_of(source)
        steps.append(step)
    return steps


class Code:
    """A code cell: its place, its id, its text, and whether it is given, a solution or a test."""

    def __init__(self, place: int, cell: Mapping[str, Any]) -> None:
        marks = cell.get("metadata", {}).get("nbgrader", {})
        self.place, self.id, self.source = place, marks.get("grade_id", ""), "".join(cell["source"])
        self.kind = "solution" if marks.get("solution") else "test" if marks.get("grade") else "given"


def _idle(codes: Sequence[Code]) -> set[int]:
    """The given cells that only show something: drawings, first lines of a table.

    No test can tell whether they ran.
    """
    needed: set[str] = set()
    idle: set[int] = set()
    modules = {name for code in codes for name, found in imports_of(code.source).items() if found[0][1] is None}
    for turn, code in reversed(list(enumerate(codes))):
        touched = names_bound(code.source) | names_used(code.source)
        if code.kind == "given" and not touched & needed and _only_shows(code.source, modules):
            idle.add(turn)
        elif code.kind != "solution":
            needed |= names_used(code.source)
    return idle


def _only_shows(source: str, modules: set[str]) -> bool:
    """Whether a cell does nothing but import, name values, and call methods of what it named.

    Modules may keep settings.
    """
    lines = _body(source)
    shown = [
        inner.id
        for line in lines
        if isinstance(line, ast.Expr)
        for inner in ast.walk(line)
        if isinstance(inner, ast.Name)
    ]
    return all(isinstance(line, SIMPLE) for line in lines) and not modules & set(shown)


def _body(source: str) -> list[ast.stmt]:
    try:
        return tree_of(source).body
    except SyntaxError:
        return []


def _try(
    source: str, work: Callable[[dict[str, Any]], dict[str, Any]], learn: dict[str, Any]
) -> tuple[dict[str, Any] | None, str, float | None]:
    """(needs, "", its value) of a test that passes with the solution.

    Or (None, the reason why it must run inside, None).
    """
    if reason := looks_inside(source):
        return None, reason, None
    # A test that draws lots may pass once by luck: the judge's lots are not the participant's.
    for _ in range(TRIES if names_used(source) & BY_CHANCE or _attributes(source) & BY_CHANCE else 1):
        result = work({"do": "test", "source": source, "needs": None, "learn": learn})
        if result["obstacles"]:
            return None, f"it {result['obstacles'][0]}", None
        if result["status"] != "ok":
            return None, f"the solution does not pass it in a process of its own ({_last_words(result)})", None
        if any(output["output_type"] == "stream" and output["name"] == "stderr" for output in result["outputs"]):
            return None, "the solution prints warnings or errors there", None
    return result["needs"], "", value_of(result["outputs"])


def _last_words(result: Mapping[str, Any]) -> str:
    error = result["outputs"][-1]
    return f"{error['ename']}: {error['evalue']}".strip(": ")[:200]


def looks_inside(source: str) -> str:
    """Why a test looks at more than what a participant's code gives back; empty when it does not."""
    try:
        tree = tree_of(source)
    except SyntaxError as error:
        return f"it cannot be read ({error.msg})"
    names, attributes = names_used(source), _attributes(source)
    if found := sorted(names & LOOKS_AROUND):
        return f"it uses {found[0]}"
    if found := sorted((names | attributes) & SHAPES):
        return f"it asks whether something is {found[0]}"
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    if found := sorted(text for text in texts if re.fullmatch(r"__\w+__", text) and text != "__main__"):
        return f"it speaks of {found[0]}"
    if any(isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith) for node in ast.walk(tree)):
        return "it waits with await"
    return ""


def _attributes(source: str) -> set[str]:
    nodes = nodes_of(source)
    return {node.attr for node in nodes if isinstance(node, ast.Attribute)} | {
        alias.name.split(".")[-1]
        for node in nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


def names_bound(source: str) -> set[str]:
    """The names that a cell makes for all cells after it."""
    try:
        tree = tree_of(source)
    except SyntaxError:
        return set()
    found: set[str] = set()
    nodes: list[ast.AST] = list(tree.body)
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
            # What a function makes is its own, but for what it declares global.
            found |= {name for inner in ast.walk(node) if isinstance(inner, ast.Global) for name in inner.names}
            continue
        if isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            found |= {inner.target.id for inner in ast.walk(node) if isinstance(inner, ast.NamedExpr)}
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        if isinstance(node, ast.alias):
            found.add((node.asname or node.name).split(".")[0])
        if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            found.add(node.name)
        nodes += ast.iter_child_nodes(node)
    return found - {"*"}


def import_lines(source: str) -> str:
    """The import statements that stand by themselves in a cell, one a line; empty when there are none."""
    try:
        tree = tree_of(source)
    except SyntaxError:
        return ""
    return "\n".join(ast.unparse(node) for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom))


def imports_of(source: str) -> dict[str, list[list[Any]]]:
    """name -> [[module, name in it or None], …] for what a cell imports."""
    try:
        tree = tree_of(source)
    except SyntaxError:
        return {}
    found: dict[str, list[list[Any]]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname:
                    found[alias.asname] = [[alias.name, None]]
                else:
                    top = alias.name.split(".")[0]
                    found.setdefault(top, [[top, None]]).append([alias.name, None])
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {
                alias.asname or alias.name: [[node.module, alias.name]] for alias in node.names if alias.name != "*"
            }
    return found
