"""Rules for what a text claims: real states and bodies need a source, and errors put right once must not come back."""

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from markdown_it.tree import SyntaxTreeNode

from workshop.content import markdown
from workshop.content.markdown import Problem
from workshop.content.trees import text_of
from workshop.project import coverage
from workshop.project.pages import Page, Prose
from workshop.project.project import Project
from workshop.questions.kinds.base import Question

DOUBTFUL = re.compile(r"\[(?:\?|K|K-check)(?:[:;][^\]]*)?\]")
BODIES = (
    "United Nations",
    "GAAMAC",
    "World Bank",
    "African Union",
    "ASEAN",
    "International Criminal Court",
    "Security Council",
)
# Names of states that are also plain words or names of other things.
NOT_ALONE = {"Georgia", "Jordan", "Chad", "Holy See"}
TEXTS = ("notebooks/*.md", "solutions/**/*.md", "data/**/*.md")


def faults(project: Project) -> Iterator[Problem]:
    """Claims about real states and bodies without a source, working marks, and errors that were put right once."""
    states, names = _names(), _names(BODIES)
    for page in project.pages:
        yield from _claims(page, names)
    for scenario in project.scenarios.values():
        text = (project.root / scenario.path).read_text(encoding="utf-8")
        yield from _unsourced(scenario.path, markdown.parse(text), text, states)
    yield from _in_every_text(project)


def corrections(root: Path) -> list[tuple[re.Pattern[str], str]]:
    """(pattern, what is right) of data/corrections.csv; empty where a project has none."""
    path = root / "data" / "corrections.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [(re.compile(row["pattern"], re.I), row["right"]) for row in csv.DictReader(file)]


def _names(bodies: Iterable[str] = ()) -> re.Pattern[str]:
    """A pattern for the names of real states, and of bodies if they are wanted."""
    names = Path(__file__).with_name("state_names.txt").read_text(encoding="utf-8").split("\n")
    wanted = [name for name in [*names, *bodies] if name and name not in NOT_ALONE]
    return re.compile(r"\b(?:" + "|".join(map(re.escape, wanted)) + r")\b")


def _claims(page: Page, names: re.Pattern[str]) -> Iterator[Problem]:
    """Paragraphs, list items and table rows that speak of a real state or body and name no source."""
    for part in page.parts:
        if isinstance(part, Prose) and not part.note:
            yield from _unsourced(page.path, part.nodes, part.source, names, part.line - 1)
        elif isinstance(part, Question) and not part.sources:
            words = " ".join(map(text_of, part.texts()))
            if name := names.search(words):
                yield Problem(
                    page.path,
                    part.line,
                    f"The question “{part.title}” speaks of {name.group()} and names no source. "
                    "Add S:KEY to its line of code words.",
                )


def _unsourced(
    path: str, nodes: Iterable[SyntaxTreeNode], source: str, names: re.Pattern[str], first: int = 0
) -> Iterator[Problem]:
    for line, words in _passages(nodes, source, first):
        name = names.search(words)
        if name and not markdown.source_keys(words):
            yield Problem(
                path,
                line + 1,
                f"This speaks of {name.group()} and names no source. "
                "Add a mark such as [S:KEY], or take the claim away.",
            )


def _passages(nodes: Iterable[SyntaxTreeNode], source: str, first: int) -> Iterator[tuple[int, str]]:
    """(line from 0, text) of each paragraph, list item or table row in blocks whose `source` begins on line `first`."""
    lines = [""] * first + source.split("\n")
    for node in nodes:
        if node.type in ("bullet_list", "ordered_list", "table"):
            inside = [inner for inner in node.walk() if inner.type in ("list_item", "tr") and inner.map]
        else:
            inside = [node] if node.type in ("paragraph", "blockquote") else []
        for passage in inside:
            begin, end = markdown.lines_of(passage)
            yield begin, "\n".join(lines[begin:end])


def _in_every_text(project: Project) -> Iterator[Problem]:
    """Working marks of the fact base, and errors of fact that were put right once and must not come back."""
    known = corrections(project.root)
    for path in (path for pattern in TEXTS for path in project.root.glob(pattern)):
        relative = path.relative_to(project.root).as_posix()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").split("\n"), 1):
            if mark := DOUBTFUL.search(line):
                yield Problem(
                    relative,
                    number,
                    f"{mark.group()} is a working mark of the fact base. Find a source, add a date, "
                    "or leave the fact out.",
                )
            # What participants said is printed as said, and a wrong option may say what is wrong.
            if relative == coverage.NOTES or line.lstrip().startswith((">", "- [ ]")):
                continue
            for wrong, right in known:
                if words := wrong.search(line):
                    yield Problem(relative, number, f"“{words.group()}”: {right}")
