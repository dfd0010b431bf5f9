"""Running the code of a submission: the participant's cells in a jailed kernel, the instructor's tests in a judge beside it.

No test is ever sent to the participant's process, but for the few that cannot run elsewhere (see `safe_cells.calibration`).
"""

import json
import time
from contextlib import suppress

from safe_cells import calibration, cell_outputs
from safe_cells.imports import without_rfc3987
from safe_cells.kernel_pool import Ended, Slow

GRACE = 5  # seconds beyond a limit, after which a process that keeps silent is stopped


def source_of(cell):
    """The text of a cell, which a notebook keeps as one string or as lines."""
    return cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])


def id_of(cell):
    """nbgrader's name of a cell, or an empty string."""
    return cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", "")


def plan_of(warm, cells, visible, files, limits, typed=()):
    """How the code of a notebook is run: made once, by running the instructor's solution, and JSON-ready.

    `cells` are those of the solved notebook with its whole tests; `visible` gives the text of each test as participants have
    it, by name. `typed` are the names of cells that are graded as data.
    """
    with warm.participant(files, limits) as participant, warm.judge(files, limits) as judge:
        pair = Pair(participant, judge, limits)
        steps = calibration.calibrate(cells, pair.judged, pair.run, typed)
    given = [
        {"cell": step["cell"], "source": source_of(cells[step["cell"]]), "needs": step["needs"]}
        for step in steps
        if step["kind"] == "given" and step["needs"] is not None
    ]
    tests = {
        step["id"]: {
            **{key: step[key] for key in ("cell", "needs", "inside", "imports", "both", "trusts")},
            "visible": visible.get(step["id"], ""),
        }
        for step in steps
        if step["kind"] == "test"
    }
    return {"given": given, "tests": tests}


class Pair:
    """A participant's kernel and the judge beside it."""

    def __init__(self, participant, judge, limits):
        self.participant, self.judge, self.limits = participant, judge, limits
        self.trouble = ""  # why the participant's process is gone

    def run(self, source):
        """Run a cell in the participant's kernel; an error output when it is gone or does not come back."""
        if self.trouble:
            return [_error("NotRun", f"Not run: the notebook {self.trouble}.")]
        try:
            return self.participant.run(source, self.limits.cell, GRACE)[0]
        except (Ended, Slow) as end:
            self._lost(end)
            return [_error("Ended", f"The notebook {self.trouble}.")]

    def judged(self, frame):
        """Let the judge do a frame; it asks the participant's process meanwhile. Raises Ended or Slow for the judge's own end."""
        self.judge.send(frame)
        end = time.monotonic() + 2 * self.limits.cell + 2 * GRACE
        while "done" not in (message := self.judge.receive(max(0.1, end - time.monotonic()))):
            self.judge.send({"reply": self._answer(message["ask"]), "id": message["id"]})
        return message["done"]

    def _answer(self, question):
        if self.trouble:
            return None
        try:
            self.participant.send(question)
            return self.participant.receive(self.limits.cell + GRACE)
        except (Ended, Slow) as end:
            self._lost(end)
            return None

    def _lost(self, end):
        self.trouble = (
            str(end) if isinstance(end, Ended) else f"did not stop after {self.limits.cell:g} seconds, and was ended"
        )
        self.participant.stop()


def _error(name, words):
    return {"output_type": "error", "ename": name, "evalue": words, "traceback": [f"{name}: {words}"]}


def run(warm, plan, cells, files, limits, skip=(), judge_files=None):
    """(outputs by the place of each code cell that was run, words on what went wrong) for the cells of a submission.

    `files` is the folder whose content lies beside the notebook, and `judge_files` the same without anything of the
    participant's; places in `skip` are left alone.
    """
    outputs, told = {}, []
    with warm.participant(files, limits) as participant:
        pair = Pair(participant, None, limits)
        given = []
        try:
            for place, cell in enumerate(cells):
                if cell["cell_type"] != "code" or place in skip:
                    continue
                test = plan["tests"].get(id_of(cell))
                if test is None or test["inside"]:
                    outputs[place] = pair.run(source_of(cell))
                    continue
                if test["both"]:
                    pair.run(test["visible"])
                elif test["imports"]:
                    pair.run(test["imports"])
                outputs[place] = _tested(warm, pair, plan, given, test, source_of(cell), judge_files or files)
        finally:
            if pair.judge:
                pair.judge.stop()
    if pair.trouble:
        told.append(f"the notebook {pair.trouble}")
    return outputs, told


def _tested(warm, pair, plan, given, test, source, files):
    """The outputs of a test in the judge, which first runs what was given before it."""
    try:
        if pair.judge is None:
            pair.judge = warm.judge(files, pair.limits)
            given[:] = plan["given"]
        while given and given[0]["cell"] < test["cell"]:
            one = given.pop(0)
            pair.judged({"do": "given", "source": one["source"], "needs": one["needs"]})
        return pair.judged({"do": "test", "source": source, "needs": test["needs"], "seconds": pair.limits.cell})[
            "outputs"
        ]
    except (Ended, Slow) as end:
        # What this participant's code gave back was too much for the judge; the next test gets a new one.
        with suppress(Ended):
            pair.judge.stop()
        pair.judge = None
        why = str(end) if isinstance(end, Ended) else "took too long"
        return [_error("NotJudged", f"The test {why}: what the code gave back cannot be looked at.")]


def run_plainly(cells, files, limits, skip=()):
    """The same by a kernel as Jupyter starts it, which nothing shuts in: for systems that cannot fork, if the instructor wants it.

    Tests run beside the participant's code there, as they do in nbgrader.
    """
    with without_rfc3987():
        import nbformat
        from nbclient import NotebookClient

        from safe_cells.socket_kernels import SocketKernelManager

    taken = [place for place, cell in enumerate(cells) if cell["cell_type"] == "code" and place not in skip]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source_of(cells[place])) for place in taken])
    NotebookClient(
        notebook,
        timeout=limits.cell,
        interrupt_on_timeout=True,
        allow_errors=True,
        kernel_name="python3",
        kernel_manager_class=SocketKernelManager,
        resources={"metadata": {"path": str(files)}},
    ).execute()
    return {
        place: cell_outputs.outputs(json.loads(json.dumps(cell.outputs)))
        for place, cell in zip(taken, notebook.cells, strict=True)
    }
