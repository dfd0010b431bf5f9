"""What a test says beside the participant's code and outside, and what the two are worth together.

Where both say the same, that is the score. A test that fails beside the participant's code gets nought, as by nbgrader,
and needs no second opinion. Any other difference is never settled in silence: the cell waits for a reader, who sees
both.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

Output = dict[str, Any]  # one output of a cell, in nbformat's form
MARK = "safe_cells"  # in the metadata of a graded cell

SHARED, KIND, OTHER = "shared names", "kind of value", "trickery, chance, files or time"
LIKELY = {
    SHARED: (
        "shared names: the answer uses a name that only the test makes, or the test changes one that the answer uses"
    ),
    KIND: "kind of value: the answer gave something that cannot leave its process as plain data",
    OTHER: (
        "the answer behaves otherwise where the test is out of its reach: trickery, or chance, files and time that "
        "play a part"
    ),
}


@dataclass(frozen=True)
class Verdict:
    """What one test showed.

    `outside` is None when there is no second opinion: none was needed, or `alone` says why there can be none. `hidden`
    tells whether the test has parts that participants were not given.
    """

    inside: list[Output]
    outside: list[Output] | None = None
    alone: str = ""
    hidden: bool = False


@dataclass(frozen=True)
class Held:
    """Why a cell waits for a reader, for whom both opinions are given in words."""

    inside: str
    outside: str
    cause: str

    def sentence(self) -> str:
        """All of it in one sentence, without a full stop."""
        beside = f"beside the participant's code it {self.inside}"
        return f"{beside}{f', outside it {self.outside}' if self.outside else ''} ({self.cause})"


def failed(outputs: Sequence[Output]) -> bool:
    """Whether a test did not pass, as nbgrader sees it: an error, or anything on stderr, before it shows a value."""
    return value_of(outputs) == 0.0 and not any(output["output_type"] == "execute_result" for output in outputs)


def value_of(outputs: Sequence[Output]) -> float | None:
    """0 after an error or anything on stderr, the number that the test shows as its value, or None for all its points.

    As `nbgrader.utils.determine_grade`. The number may be any float.
    """
    for output in outputs:
        kind = output["output_type"]
        if kind == "error" or (kind == "stream" and output["name"] == "stderr"):
            return 0.0
        if kind == "execute_result":
            try:
                return float("".join(output["data"].get("text/plain", "")))
            except ValueError:
                return None
    return None


def points(outputs: Sequence[Output], most: float) -> float | None:
    """The points of a test cell worth `most`.

    None when it shows a number that cannot be its points, for a reader to judge. nbgrader gives up the whole submission
    after a number above `most`, and all points for one below nought or for nan.
    """
    value = value_of(outputs)
    if value is None:
        return most
    return value if math.isfinite(value) and 0 <= value <= most else None


def settle(verdict: Verdict, most: float, trust: bool = False) -> tuple[float | None, Held | None]:
    """(points, None) of a test worth `most`, or (None, why it waits for a reader).

    With `trust` the participant's own process decides alone, as by nbgrader.
    """
    inside = points(verdict.inside, most)
    said = in_words(verdict.inside)
    if inside is None:
        return None, Held(said, "", f"no number of points from 0 to {most:g}")
    if inside == 0 or trust:
        return inside, None
    if verdict.alone:
        if not verdict.hidden:
            return inside, None
        return None, Held(said, "cannot be run", f"it has hidden parts and can only run inside, since {verdict.alone}")
    if verdict.outside is None:
        return None, Held(said, "was not run", "nothing is known of it outside")
    if points(verdict.outside, most) == inside:
        return inside, None
    return None, Held(said, in_words(verdict.outside), LIKELY[likely_cause(verdict.outside)])


def without(outputs: Sequence[Output], pattern: str) -> list[Output]:
    """Outputs but for those on stderr in which a pattern is found.

    nbgrader's IgnorePattern does it so; "" leaves all.
    """
    return [
        output
        for output in outputs
        if not (
            pattern
            and output["output_type"] == "stream"
            and output["name"] == "stderr"
            and re.search(pattern, "".join(output["text"]))
        )
    ]


def in_words(outputs: Sequence[Output]) -> str:
    """What a test said, as a verb with its object: “passes”, “shows 2.0”, “fails (AssertionError: three)”."""
    for output in outputs:
        kind = output["output_type"]
        if kind == "error":
            return f"fails ({short(output['ename'] + ': ' + output['evalue'])})"
        if kind == "stream" and output["name"] == "stderr":
            return "writes on stderr"
        if kind == "execute_result":
            return f"shows {short(''.join(output['data'].get('text/plain', '')))}"
    return "passes"


def short(words: str) -> str:
    """Words in one line of at most 160 letters."""
    line = " ".join(words.split()).strip(": ")
    return line if len(line) <= 160 else f"{line[:159]}…"


def likely_cause(outputs: Sequence[Output]) -> str:
    """Which of the usual causes explains that a test does not pass outside."""
    for output in outputs:
        if output["output_type"] == "error":
            words = " ".join([output["evalue"], *output["traceback"]])
            if (
                "no plain data" in words
                or "cannot be looked at" in words
                or "that the solution of this exercise can do" in words
            ):
                return KIND
            if output["ename"] in ("NameError", "UnboundLocalError"):
                return SHARED
    return OTHER


def note(cell: dict[str, Any], held: Held | None) -> None:
    """Let a cell of a graded notebook say why it waits; or, for None, not.

    It says so in its outputs, and as data in its metadata.
    """
    cell["metadata"].pop(MARK, None)  # it might be the participant's
    if held:
        cell["metadata"][MARK] = asdict(held)
        cell["outputs"] = with_both(cell["outputs"], held)


def held_of(cell: Mapping[str, Any]) -> Held | None:
    """Why a cell of a graded notebook waits, as `note` left it there."""
    about = cell["metadata"].get(MARK)
    return Held(**about) if about else None


def with_both(outputs: list[Output], held: Held) -> list[Output]:
    """The outputs of a cell that waits, with both opinions beside each other at its end."""
    lines = ["This cell waits for a reader.", f"Beside the participant's code: the test {held.inside}."]
    if held.outside:
        lines.append(f"Outside, where that code cannot reach: the test {held.outside}.")
    lines.append(f"Likely cause: {held.cause}.")
    return [*outputs, {"output_type": "stream", "name": "stdout", "text": "\n".join(["", *lines, ""])}]
