"""The judge: a process of its own that never ran a participant's code and runs the tests of the instructor.

What a test uses of the participant's is a proxy; calls go to the participant's process, and plain data comes back,
which is compared here. So nothing that a participant's code says of itself, patches or reads can win a point.
"""

import ast
import builtins
import importlib
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from safe_cells import cells
from safe_cells.framing import BAD, Channel, Message
from safe_cells.remote_objects import Opaque, Participant, ParticipantGone

Ask = Callable[[Message], Message | None]
Needs = dict[str, Any]  # what calibration found out of a cell
Learn = dict[str, Any]  # what calibration knows when it finds out
Done = dict[str, Any]
Imports = Sequence[Sequence[Any]]  # [module, name in it or None], …
SECONDS = 30


class Judge:
    """Runs an instructor's cells for one participant; `ask(message)` gives the reply of that participant's process."""

    def __init__(self, ask: Ask) -> None:
        self.participant, self.namespace = Participant(ask), cells.new_namespace()

    def given(
        self, source: str, needs: Needs | None = None, seconds: float = SECONDS, learn: Learn | None = None
    ) -> Done:
        """Run a cell that the instructor gave to everybody, so that tests find what it makes.

        Magics are passed over.
        """
        return self._run(without_magics(source), needs, seconds, learn)

    def test(self, source: str, needs: Needs | None, seconds: float = SECONDS, learn: Learn | None = None) -> Done:
        """Run a test cell: {"outputs", "status", "notes", "crossed"}, outputs as a notebook keeps them.

        `needs` comes from calibration: the names that are the participant's to define, and for each value that crosses
        whether the solution's was a handle. With `learn` it is found out instead, and returned.
        """
        return self._run(source, needs, seconds, learn)

    def _run(self, source: str, needs: Needs | None, seconds: float, learn: Learn | None) -> Done:
        participant = self.participant
        participant.begin((needs or {}).get("crossed", {}), self.namespace, learning=learn is not None)
        names = (needs or {}).get("names", {})

        def fetch() -> None:
            names.update(self._learn(source, learn) if learn is not None else {})
            self._fetch(names)

        with self._seeds_shared(source):
            outputs, status = cells.run(source, self.namespace, seconds, fetch)
        if outputs and outputs[-1].get("ename") == ParticipantGone.__name__:
            status = "gone"
        if status == "error" and participant.notes:
            outputs[-1]["traceback"].extend(participant.notes)
        result: Done = {
            "outputs": outputs,
            "status": status,
            "notes": participant.notes,
            "crossed": participant.crossed,
        }
        if learn is not None:
            result |= {
                "needs": {"names": names, "crossed": participant.crossed},
                "obstacles": participant.obstacles[:5],
            }
        return result

    @contextmanager
    def _seeds_shared(self, source: str) -> Iterator[None]:
        """Let a test that sets the seed of chance set the participant's too."""
        if not any(isinstance(node, ast.Attribute) and node.attr == "seed" for node in nodes_of(source)):
            yield
            return
        with ExitStack() as stack:
            for name in ("random", "numpy.random"):
                if name in sys.modules:
                    stack.callback(setattr, sys.modules[name], "seed", self._share(name))
            yield

    def _share(self, name: str) -> Callable[..., Any]:
        module: Any = sys.modules[name]
        own: Callable[..., Any] = module.seed

        def seed(*args: Any) -> None:
            own(*args)
            self.participant.do(f"seed {name}", f"{name}.seed", *args)

        module.seed = seed
        return own

    def _fetch(self, names: Mapping[str, dict[str, Any]]) -> None:
        """Put what the participant defines under these names into the namespace.

        What is missing there is missing here.
        """
        found = self.participant.look_up(list(names)) if names else {}
        for name, about in names.items():
            self.namespace.pop(name, None)
            what = found[name].get("is")
            if what == "missing":
                continue
            if about["is"] == "module":
                # The judge imports for itself: a module that passed through the participant's hands could be anything.
                self.namespace[name] = imported(about["imports"])
            elif what == "value":
                value = self.participant.received(found[name].get("value", ...), name)
                self.namespace[name] = value
                if about["is"] == "plain":
                    self.participant.watched[name] = value
            else:
                self.namespace[name] = Opaque(self.participant, 0, name, "module" if what == "module" else "strange")

    def _learn(self, source: str, learn: Learn) -> dict[str, dict[str, Any]]:
        """Which names of a cell are the participant's, and of what kind, as the solution shows."""
        own = set(self.namespace) | set(vars(builtins))
        own |= names_stored(source)
        wanted = sorted(name for name in names_used(source) if name in learn["bound"] or name not in own)
        names: dict[str, dict[str, Any]] = {}
        found = self.participant.look_up(wanted) if wanted else {}
        for name in wanted:
            what, imports = found[name].get("is"), learn["imports"].get(name)
            if what == "module":
                imports = imports or [[found[name]["module"], None]]
            if what == "missing":
                continue
            data = found[name].get("value")
            names[name] = {"is": "object" if type(data) is list and data[0] == "object" else "plain"}
            if imports and _can_import(imports):
                names[name] = {"is": "module", "imports": imports}
        return names


def names_used(source: str) -> set[str]:
    """The names that a cell reads."""
    return {node.id for node in nodes_of(source) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store)}


def names_stored(source: str) -> set[str]:
    """The names that a cell makes, those within its functions too."""
    found = set()
    for node in nodes_of(source):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.ExceptHandler) and node.name:
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).split(".")[0])
    return found


def nodes_of(source: str) -> list[ast.AST]:
    """Every node of a cell's syntax tree; none when it cannot be read."""
    try:
        return list(ast.walk(cells.tree_of(source)))
    except SyntaxError:
        return []


def without_magics(source: str) -> str:
    """A cell without the lines that speak to IPython itself."""
    try:
        tree = cells.tree_of(source)
    except SyntaxError:
        return source
    tree.body = [node for node in tree.body if not (isinstance(node, ast.Expr) and _speaks_to_ipython(node))]
    return ast.unparse(tree)


def _speaks_to_ipython(node: ast.AST) -> bool:
    return any(isinstance(inner, ast.Name) and inner.id == "get_ipython" for inner in ast.walk(node))


def imported(imports: Imports) -> Any:
    """What the import statements of the solution bind to a name: [[module, name in it or None], …]."""
    loaded = [importlib.import_module(module) for module, _ in imports]
    name = imports[0][1]
    return getattr(loaded[0], name) if name else loaded[0]


def _can_import(imports: Imports) -> bool:
    try:
        imported(imports)
    except Exception:  # noqa: BLE001 - importing a module may fail in any way; then the name is the participant's
        return False
    return True


def serve(channel: Channel, participant: Channel) -> None:
    """Do what frames ask until the channel ends: {"do": "given" or "test", …} gives {"done": …}.

    Meanwhile {"ask": …, "id": n} goes to the participant's process, and {"reply": …, "id": n} is waited for. After the
    status "timeout" that process may still be busy with the last question. A time limit cannot end one long step within
    Python itself, so whoever started this process ends it if it stays silent.
    """
    # As in a notebook, where the cells themselves are told of what is going out of use.
    warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")
    asked = 0

    def ask(message: Message) -> Message | None:
        nonlocal asked
        asked += 1
        try:
            participant.send({"ask": message, "id": asked})
        except OSError:
            return None  # it is gone
        # A reply to a question that a time-out cut short is thrown away.
        while (frame := _received(participant)) is not None:
            if frame is BAD or frame.get("id") == asked:
                return frame if frame is BAD else frame.get("reply")
        return None

    judge = Judge(ask)
    # What comes from the participant's process is read only as an answer to a question, and never asks for anything.
    while (frame := channel.receive()) is not None:
        if frame.get("do") in ("given", "test"):
            work = {key: frame[key] for key in ("source", "needs", "seconds", "learn") if key in frame}
            channel.send({"done": getattr(judge, frame["do"])(**work)})


def _received(participant: Channel) -> Message | None:
    try:
        return participant.receive()
    except ConnectionError:
        return None
