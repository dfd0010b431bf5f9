"""Ids: each question, section, scene and option has one in its text, so that answers and translations still fit when
its words are changed.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from workshop.answers.atomic import put
from workshop.content.markdown import MissingId, Problem
from workshop.project.project import Project

CELL = re.compile(r"(?<!\\)\|")


def faults(project: Project) -> Iterator[Problem]:
    """Every place without an id."""
    for missing in project.missing_ids:
        yield Problem(
            missing.path,
            missing.line,
            f"This has no id yet. `workshop build --add-ids` writes “`#{missing.name}`” here; it stays when the words "
            "change.",
        )


def add(project: Project) -> list[Path]:
    """Write the missing ids into the texts, each the one by which its place goes today; the files that were changed."""
    changed = []
    for relative in dict.fromkeys(missing.path for missing in project.missing_ids):
        path = project.root / relative
        lines = path.read_bytes().decode("utf-8").split("\n")
        # From the end, so that a new line moves none that is still to be changed; a row's cells from left to right.
        wanted = [missing for missing in project.missing_ids if missing.path == relative]
        for missing in sorted(wanted, key=lambda missing: -missing.line):
            lines[missing.line - 1 : missing.line] = _with_id(lines[missing.line - 1], missing)
        put(path, "\n".join(lines).encode("utf-8"))
        changed.append(path)
    return changed


def _with_id(line: str, missing: MissingId) -> list[str]:
    text = line.rstrip()
    ending = line[len(text) :] if line.endswith("\r") else ""
    word = f"`#{missing.name}`"
    if missing.below:
        return [text + ending, ending, word + ending]
    if missing.cell is None:
        return [f"{text} {word}{ending}"]
    ends = [match.start() for match in CELL.finditer(text)]
    # A row may begin and end without a bar.
    at = (missing.cell + 1) if text.lstrip().startswith("|") else missing.cell
    end = ends[at] if at < len(ends) else len(text)
    rest = text[end:]
    return [f"{text[:end].rstrip()} {word}{' ' if rest else ''}{rest}{ending}"]
