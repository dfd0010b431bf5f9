"""Running the code of a submission twice: as nbgrader runs it, and with the tests outside the participant's process.

The first kernel runs the whole notebook, tests among its cells. Where a test passes there, a second kernel runs the
participant's cells alone, and the test runs in a process beside it that never ran anything of the participant's (see
`safe_cells.test_runner`). No test ever reaches that second kernel. What both say goes to `safe_cells.verdicts`.
"""

import json
import socket
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safe_cells import calibration, cell_outputs, verdicts
from safe_cells.imports import without_rfc3987
from safe_cells.kernel_pool import Child, Ended, Slow, Warm
from safe_cells.limits import Limits
from safe_cells.verdicts import Output, Verdict

MOST_JUDGES = 3  # for one notebook, each of which its code may bring to an end
GRACE = 8  # seconds beyond a limit, after which a process that keeps silent is stopped

Cell = Mapping[str, Any]  # a cell of a notebook, in nbformat's form
Plan = dict[str, Any]


def source_of(cell: Cell) -> str:
    """The text of a cell, which a notebook keeps as one string or as lines."""
    return cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])


def id_of(cell: Cell) -> str:
    """nbgrader's name of a cell, or an empty string."""
    return str(cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", ""))


@dataclass(frozen=True)
class Beside:
    """What lies beside a notebook.

    A folder of `files`, the same without anything of the participant's, and where in the working folder that is, with
    links that lead from there to folders which the jail shows (path -> its real place).
    """

    files: Path
    given: Path
    at: str = ""
    links: Mapping[str, str] = field(default_factory=dict)


def plan_of(warm: Warm, cells: Sequence[Cell], beside: Beside, limits: Limits, typed: Collection[str] = ()) -> Plan:
    """How the code of a notebook is run: made once, by running the instructor's solution, and JSON-ready.

    `cells` are those of the solved notebook with its whole tests. `typed` are the names of cells that are graded as
    data. The plan has under "faults" which tests the solution does not pass in a notebook, name -> what they say.
    """
    with ThreadPoolExecutor(1) as thread:
        shown = thread.submit(_in_a_notebook, warm, cells, beside, limits, _typed_places(cells, typed))
        with _apart(warm, beside, limits) as pair:
            steps = calibration.calibrate(cells, pair.judged, pair.run, typed)
    said = {id_of(cells[place]): outputs for place, outputs in shown.result()[0].items()}
    given = [
        {"cell": step["cell"], "source": source_of(cells[step["cell"]]), "needs": step["needs"]}
        for step in steps
        if step["kind"] == "given" and step["needs"] is not None
    ]
    tests, faults = {}, {}
    for step in steps:
        if step["kind"] != "test":
            continue
        inside = verdicts.value_of(said[step["id"]])
        if verdicts.failed(said[step["id"]]):
            faults[step["id"]] = verdicts.in_words(said[step["id"]])
        elif not step["inside"] and step["value"] != inside:
            step["inside"] = "the solution gets other points in a process of its own"
        tests[step["id"]] = {key: step[key] for key in ("cell", "needs", "inside", "imports", "trusts")}
    return {"given": given, "tests": tests, "faults": faults}


def _typed_places(cells: Sequence[Cell], typed: Collection[str]) -> set[int]:
    return {place for place, cell in enumerate(cells) if id_of(cell) in typed}


class Pair:
    """A participant's kernel and, if there is one, the process in which tests run and which asks that kernel."""

    def __init__(self, participant: Child, judge: Child | None, limits: Limits) -> None:
        self.participant, self.judge, self.limits = participant, judge, limits
        self.trouble = ""  # why the participant's process is gone

    def run(self, source: str) -> list[Output]:
        """Run a cell in the participant's kernel; an error output when it is gone or does not come back."""
        if self.trouble:
            return [_error("NotRun", f"Not run: the notebook {self.trouble}.")]
        try:
            outputs, status, _ = self.participant.run(source, self.limits.cell, GRACE)
        except (Ended, Slow) as end:
            self._lost(end)
            return [_error("Ended", f"The notebook {self.trouble}.")]
        if status == "error" and not any(output["output_type"] == "error" for output in outputs):
            # As nbgrader does it: a participant's code may have switched off how errors are shown.
            outputs.append(_error("Error", "An error occurred, and showing it was switched off."))
        return outputs

    def judged(self, frame: dict[str, Any]) -> dict[str, Any]:
        """Let the judge do a frame; it asks the participant's process meanwhile.

        Raises Ended or Slow for the judge's own end.
        """
        assert self.judge is not None
        self.judge.send(frame)
        done: dict[str, Any] = self.judge.receive(2 * self.limits.cell + 2 * GRACE)["done"]
        if done["status"] == "timeout":
            # Whether that process still listens, the judge cannot tell; if not, it is ended here.
            self.run("")
        return done

    def _lost(self, end: Exception) -> None:
        self.trouble = (
            str(end) if isinstance(end, Ended) else f"did not stop after {self.limits.cell:g} seconds, and was ended"
        )
        self.participant.stop()


def _error(name: str, words: str) -> Output:
    return {"output_type": "error", "ename": name, "evalue": words, "traceback": [f"{name}: {words}"]}


@dataclass
class Ran:
    """What running a notebook showed, by the place of each code cell that was run; what each test said, by place; and
    sentences on what went wrong, without a full stop."""

    outputs: dict[int, list[Output]]
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def run(
    warm: Warm,
    plan: Plan,
    cells: Sequence[Cell],
    beside: Beside,
    limits: Limits,
    skip: Collection[int] = (),
    trust: bool = False,
    ignore: str = "",
) -> Ran:
    """Run the cells of a submission, but for places in `skip`. With `trust` no test gets a second opinion.

    What matches the pattern `ignore` on stderr is left out of what cells show.
    """
    outputs, trouble = _in_a_notebook(warm, cells, beside, limits, skip)
    outputs = {place: verdicts.without(shown, ignore) for place, shown in outputs.items()}
    ran = Ran(outputs, notes=[f"the notebook {trouble}"] if trouble else [])
    tests = {place: plan["tests"][id_of(cells[place])] for place in outputs if id_of(cells[place]) in plan["tests"]}
    open_questions = {
        place: test
        for place, test in tests.items()
        if not test["inside"] and not trust and verdicts.value_of(outputs[place]) != 0.0
    }
    second = _second_opinions(warm, plan, cells, beside, limits, skip, open_questions) if open_questions else {}
    for place, test in tests.items():
        outside = verdicts.without(second[place], ignore) if place in second else None
        ran.verdicts[place] = Verdict(outputs[place], outside, test["inside"], test.get("hidden", False))
    return ran


def _codes(cells: Sequence[Cell], skip: Collection[int]) -> Iterator[tuple[int, Cell]]:
    for place, cell in enumerate(cells):
        if cell["cell_type"] == "code" and place not in skip:
            yield place, cell


def _in_a_notebook(
    warm: Warm, cells: Sequence[Cell], beside: Beside, limits: Limits, skip: Collection[int]
) -> tuple[dict[int, list[Output]], str]:
    """(outputs by place, why the kernel went or an empty string) of all code cells.

    They run in one kernel, as a notebook does.
    """
    with warm.participant(beside.files, limits, beside.at, beside.links) as participant:
        pair = Pair(participant, None, limits)
        return {place: pair.run(source_of(cell)) for place, cell in _codes(cells, skip)}, pair.trouble


def _second_opinions(
    warm: Warm,
    plan: Plan,
    cells: Sequence[Cell],
    beside: Beside,
    limits: Limits,
    skip: Collection[int],
    tests: Mapping[int, dict[str, Any]],
) -> dict[int, list[Output]]:
    """What these tests (by place) show in a process that never ran a participant's code.

    Beside it is a kernel without any test.
    """
    found: dict[int, list[Output]] = {}
    rest = dict(tests)
    for _ in range(MOST_JUDGES):
        if not rest:
            break
        with _apart(warm, beside, limits) as pair:
            given = list(plan["given"])
            for place, cell in _codes(cells, skip):
                if not rest:
                    break
                if id_of(cell) not in plan["tests"]:
                    pair.run(source_of(cell))
                    continue
                imports = plan["tests"][id_of(cell)]["imports"]
                if imports:
                    pair.run(imports)
                if place in rest:
                    try:
                        found[place] = _tested(pair, given, rest.pop(place), source_of(cell))
                    except (Ended, Slow) as end:
                        # What this participant's code gave back was too much for the judge: the next test gets another
                        # one.
                        found[place] = [_not_judged(str(end) if isinstance(end, Ended) else "took too long")]
                        break
    return found | {place: [_not_judged("was not run, since others before it ended the process")] for place in rest}


@contextmanager
def _apart(warm: Warm, beside: Beside, limits: Limits) -> Iterator[Pair]:
    """A participant's kernel that draws nothing, and a judge that has a line to it."""
    theirs, ours = socket.socketpair()
    with theirs, ours, ExitStack() as stack:
        kernel = warm.participant(beside.files, limits, beside.at, beside.links, quiet=True, asked_on=theirs)
        participant = stack.enter_context(kernel)
        judge = stack.enter_context(warm.judge(beside.given, limits, beside.at, beside.links, asks_on=ours))
        # Both have their ends now, and each notices when the other is gone.
        theirs.close()
        ours.close()
        yield Pair(participant, judge, limits)


def _tested(pair: Pair, given: list[dict[str, Any]], test: dict[str, Any], source: str) -> list[Output]:
    """The outputs of a test in the judge, which first runs what was given before it.

    Raises Ended or Slow for its end.
    """
    while given and given[0]["cell"] < test["cell"]:
        step = given.pop(0)
        pair.judged({"do": "given", "source": step["source"], "needs": step["needs"]})
    asked = {"do": "test", "source": source, "needs": test["needs"], "seconds": pair.limits.cell}
    shown: list[Output] = pair.judged(asked)["outputs"]
    return shown


def _not_judged(why: str) -> Output:
    return _error("NotJudged", f"The test {why}: what the code gave back cannot be looked at.")


def run_plainly(cells: Sequence[Cell], files: Path, limits: Limits, skip: Collection[int] = ()) -> Ran:
    """The same by a kernel as Jupyter starts it, which nothing shuts in.

    It is for systems that cannot fork, if the instructor wants it. Tests run beside the participant's code there, as
    they do in nbgrader, and their verdicts stand alone.
    """
    with without_rfc3987():
        from nbclient import NotebookClient
        from nbformat import from_dict

        from safe_cells.socket_kernels import SocketKernelManager

    taken = [place for place, _ in _codes(cells, skip)]
    plain: Cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    codes = [{**plain, "id": f"cell-{place}", "source": source_of(cells[place])} for place in taken]
    made = {"cells": codes, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    notebook = from_dict(made)  # type: ignore[no-untyped-call]  # nbformat's
    NotebookClient(
        notebook,
        timeout=limits.cell,
        interrupt_on_timeout=True,
        allow_errors=True,
        kernel_name="python3",
        kernel_manager_class=SocketKernelManager,
        resources={"metadata": {"path": str(files)}},
    ).execute()
    outputs = {
        place: cell_outputs.outputs(json.loads(json.dumps(cell.outputs)))
        for place, cell in zip(taken, notebook.cells, strict=True)
    }
    return Ran(outputs, {place: Verdict(shown, alone="nothing is shut in here") for place, shown in outputs.items()})
