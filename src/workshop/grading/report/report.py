"""The report on what was graded: a page to read and print, a notebook to go on with, and the tables behind both as
CSV.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from workshop.answers import atomic
from workshop.errors import GradingError
from workshop.grading import results
from workshop.grading.report import item_analysis
from workshop.grading.report import page as report_page

FOLDER = "report"
BEFORE, AFTER = "check_before", "check_after"
READ_ME = """Tables of the report, as CSV in UTF-8. Shares lie between 0 and 1; an empty cell was not computed
(too few people, or nothing varies).

modules.csv   one row an exercise: handed_in, of (points), waiting (written answers), mean, quarters, alpha (Cronbach's)
items.csv     one row an item: scored (people), difficulty (mean share of the points), discrimination (correlation
              with the sum of the other items), left_open (share), seconds (median, rough), words
options.csv   one row a way to answer: times, of (people who answered), share, right
gain.csv      the two checks, for those who took both, in all
gain_by_item.csv   the same for each item
people.csv    only if asked for: code names, for the instructor alone
"""


@dataclass
class Report:
    """What was found, as tables, and the results they were made of."""

    every: Sequence[results.Results]
    modules: pd.DataFrame
    items: pd.DataFrame
    options: pd.DataFrame
    gain: dict[str, float]
    gain_by_item: pd.DataFrame
    people: pd.DataFrame | None


def made(every: Sequence[results.Results], with_people: bool = False) -> Report:
    """The report on these results (see `workshop.grading.results.read`)."""
    by_name = {one.name: one for one in every}
    before, after = by_name.get(BEFORE), by_name.get(AFTER)
    return Report(
        every,
        item_analysis.modules(every),
        _stacked(item_analysis.items, every),
        _stacked(item_analysis.options, every),
        item_analysis.gain(before, after) if before and after else {},
        item_analysis.gain_by_item(before, after) if before and after else pd.DataFrame(),
        item_analysis.people(every) if with_people else None,
    )


def _stacked(of: Callable[[results.Results], pd.DataFrame], every: Sequence[results.Results]) -> pd.DataFrame:
    found = [table for one in every if len(table := of(one))]
    return pd.concat(found, ignore_index=True) if found else of(every[0])


def write(
    root: Path, exercises: Sequence[str] = (), folder: Path | None = None, with_people: bool = False
) -> list[Path]:
    """Write the report on these exercises, or on all that are graded; returns the paths, the page first. Raises
    GradingError.
    """
    known = {path.stem for path in (root / "solutions").glob("*.md")}
    names = exercises or [name for name in results.graded(root) if name in known]
    if not names:
        raise GradingError(
            "Nothing is graded yet. Run `workshop grade NAME` first, for instance `workshop grade m02_challenges`."
        )
    # In the order of a workshop: the check before, the modules, the check after.
    names = sorted(names, key=lambda name: (name == AFTER, name != BEFORE, name))
    report = made([results.read(root, name) for name in names], with_people)
    folder = folder or root / FOLDER
    tables = {
        "modules": report.modules,
        "items": report.items,
        "options": report.options,
        "gain_by_item": report.gain_by_item,
        "gain": pd.DataFrame([report.gain] if report.gain else []),
    }
    if report.people is not None:
        tables["people"] = report.people
    written = {
        "report.html": report_page.html(report).encode(),
        "report.ipynb": json.dumps(notebook(report), ensure_ascii=False, indent=1).encode(),
        "tables/README.txt": READ_ME.encode(),
    }
    written |= {
        f"tables/{name}.csv": table.to_csv(index=False).encode() for name, table in tables.items() if len(table)
    }
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    for old in (folder / "tables").glob("*.csv"):
        if f"tables/{old.name}" not in written:
            old.unlink()  # of an earlier report: it would be taken for part of this one
    for name, content in written.items():
        atomic.put(folder / name, content)
    return [folder / name for name in written]


def notebook(report: Report) -> dict[str, Any]:
    """A notebook that shows the tables beside it, to go on from; one cell for each question an instructor might ask."""
    cells = [
        _text(
            "# Report\n\nThe tables lie in the folder `tables` beside this notebook. Press ▶▶ to show them, then ask "
            "on."
        ),
        _code(
            'import pandas as pd\n\nread = lambda name: pd.read_csv(f"tables/{name}.csv")\nmodules = '
            'read("modules")\nmodules'
        ),
    ]
    cells += [
        _text(
            "## Items\n\nThe hardest first; `discrimination` below 0.2 tells people hardly apart, below 0 look at "
            "text and key."
        ),
        _code('items = read("items")\nitems.sort_values("difficulty")'),
    ]
    if len(report.items["difficulty"].dropna()):
        cells.append(
            _code(
                'axes = items.plot.scatter("difficulty", "discrimination")\naxes.axhline(0.2, linestyle="--", '
                'color="grey")\n'
                'axes.set_title("How hard an item is, and how well it tells people apart");'
            )
        )
    if len(report.options):
        cells += [
            _text("## Wrong answers that were taken most"),
            _code(
                'options = read("options")\noptions[~options["right"]].sort_values("share", ascending=False).head(15)'
            ),
        ]
    if report.gain.get("matched", 0) >= item_analysis.FEW:
        cells += [
            _text("## Before and after, for those who took both checks"),
            _code('read("gain").T'),
            _code('read("gain_by_item")'),
        ]
    for number, cell in enumerate(cells):
        cell["id"] = f"report-{number}"
    return {
        "cells": cells,
        "metadata": {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _text(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def _code(source: str) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
