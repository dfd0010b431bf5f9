"""What each test of an exercise needs, learnt by running the instructor's own solution through the judge.

A test that does not pass with the solution there is run inside the participant's jailed kernel, and the instructor is told
which and why.
"""

import ast

from workshop.marking.cells import tree_of
from workshop.marking.judge import names_used, nodes_of

# What asks a value for its special methods, or looks around: a proxy could answer otherwise than the thing itself.
LOOKS_AROUND = {"globals", "locals", "vars", "eval", "exec", "compile", "get_ipython", "__import__", "gc", "inspect", "In", "Out"}
SHAPES = set("Awaitable Callable Collection Container Generator Hashable Iterable Iterator Mapping Reversible Sequence Sized".split())
BY_CHANCE = {"random", "seed", "default_rng", "shuffle", "choice", "sample", "uniform", "secrets"}
TRIES = 3


def calibrate(cells, work, execute):
    """A step for each code cell of the solved notebook: {"cell", "kind", "id", "needs", "inside", "both"}.

    `work(frame)` lets the judge do a frame (see `judge.serve`) for the reference participant, whose process runs a cell's
    source by `execute(source)`. `kind` is given, solution or test; `inside` says why a test cannot run in the judge, and is
    empty when it can. `both` marks tests that make names for later cells of the notebook: their visible lines must run in
    the participant's process too. A given cell with `needs` None stays out of the judge, which asks for its names instead.
    """
    bound, imports, steps = set(), {}, []
    codes = [(place, cell, "".join(cell["source"]), kind_of(cell)) for place, cell in enumerate(cells) if cell["cell_type"] == "code"]
    for turn, (place, cell, source, kind) in enumerate(codes):
        step = {"cell": place, "kind": kind, "id": cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", ""),
                "needs": None, "inside": "", "both": False}
        learn = {"bound": sorted(bound), "imports": imports}
        if kind == "test":
            step["needs"], step["inside"] = _try(source, work, learn)
            later = set().union(*(names_used(text) for _, _, text, other in codes[turn + 1:] if other != "test"))
            step["both"] = not step["inside"] and bool(names_bound(source) & later)
        if kind != "test" or step["inside"] or step["both"]:
            execute(source)
        if kind == "given":
            result = work({"do": "given", "source": source, "learn": learn})
            if result["status"] == "ok" and not result["obstacles"]:
                step["needs"] = result["needs"]
                bound -= names_bound(source)
        if kind == "solution" or step["needs"] is None:
            made = names_bound(source)
            bound |= made
            imports = {name: found for name, found in imports.items() if name not in made} | imports_of(source)
        steps.append(step)
    return steps


def kind_of(cell):
    """Whether a code cell is given, a solution or a test."""
    marks = cell.get("metadata", {}).get("nbgrader", {})
    return "solution" if marks.get("solution") else "test" if marks.get("grade") else "given"


def _try(source, work, learn):
    """(needs, "") of a test that passes with the solution, or (None, the reason why it must run inside)."""
    if reason := looks_inside(source):
        return None, reason
    # A test that draws lots may pass once by luck: the judge's lots are not the participant's.
    for _ in range(TRIES if names_used(source) & BY_CHANCE or _attributes(source) & BY_CHANCE else 1):
        result = work({"do": "test", "source": source, "needs": None, "learn": learn})
        if result["obstacles"]:
            return None, f"it {result['obstacles'][0]}"
        if result["status"] != "ok":
            return None, f"the solution does not pass it in a process of its own ({_last_words(result)})"
        if any(output["output_type"] == "stream" and output["name"] == "stderr" for output in result["outputs"]):
            return None, "the solution prints warnings or errors there"
    return result["needs"], ""


def _last_words(result):
    error = result["outputs"][-1]
    return f"{error['ename']}: {error['evalue']}".strip(": ")[:200]


def looks_inside(source):
    """Why a test looks at more than what a participant's code gives back; empty when it does not."""
    try:
        tree = tree_of(source)
    except SyntaxError as error:
        return f"it cannot be read ({error.msg})"
    words = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | _attributes(source)
    if found := sorted(words & LOOKS_AROUND):
        return f"it uses {found[0]}"
    if found := sorted(words & SHAPES):
        return f"it asks whether something is {found[0]}"
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    if found := sorted(text for text in texts if text.startswith("__") and text.endswith("__") and text != "__main__" and len(text) > 4):
        return f"it speaks of {found[0]}"
    if any(isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith) for node in ast.walk(tree)):
        return "it waits with await"
    return ""


def _attributes(source):
    nodes = nodes_of(source)
    return {node.attr for node in nodes if isinstance(node, ast.Attribute)} \
        | {alias.name.split(".")[-1] for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names}


def names_bound(source):
    """The names that a cell makes for all cells after it."""
    try:
        tree = tree_of(source)
    except SyntaxError:
        return set()
    found, nodes = set(), list(tree.body)
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


def imports_of(source):
    """name -> [[module, name in it or None], …] for what a cell imports."""
    try:
        tree = tree_of(source)
    except SyntaxError:
        return {}
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname:
                    found[alias.asname] = [[alias.name, None]]
                else:
                    top = alias.name.split(".")[0]
                    found.setdefault(top, [[top, None]]).append([alias.name, None])
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {alias.asname or alias.name: [[node.module, alias.name]] for alias in node.names if alias.name != "*"}
    return found
