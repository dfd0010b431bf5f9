"""Handouts: all that a workshop needs on paper, as PDF in two folders, for participants and for the facilitator.

What a person may want to change stands in `data/handouts/*.md`; the rest is made from pages, scenarios, agendas,
glossary and statements. On those pages a line of code words stands for room to write or for a part that is made.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from markdown_it.tree import SyntaxTreeNode

from workshop.architecture import model as architecture
from workshop.content import markdown, paper
from workshop.content.markdown import Problem
from workshop.content.text_files import decoded, front_matter, report_open_fences
from workshop.content.trees import Node, Tree, text_of
from workshop.errors import WorkshopError
from workshop.papers import question_sheets, scenario_papers, schedule
from workshop.project import agendas, coverage
from workshop.project.agendas import Agenda
from workshop.project.project import Project
from workshop.render import pdf
from workshop.scenarios.model import Scenario

FOLDER = "data/handouts"
PARTICIPANTS, FACILITATOR, FOOT = "participants", "facilitator", "foot"
PLACES = {PARTICIPANTS: "for_participants", FACILITATOR: "for_the_facilitator"}
FRONT = {"title": str, "for": str, "copies": str}
ROOM = re.compile(r"(\d+) lines?\Z")
BLANK = re.compile(r"(\d+(?:\.\d+)?) cm\Z")
TALL_ROW = 2.4  # cm: an empty row of a table, to write in
MARK = "Building National Architectures"


class HandoutsError(WorkshopError):
    """A paper could not be written; the message says why and how to put it right."""


@dataclass
class Handout:
    """A paper: the name of its file, who gets it and how many, a function that makes the document.

    `kind` names what it is where there is one for each page or scenario.
    """

    name: str
    title: str
    whose: str
    copies: str
    make: Callable[[], pdf.Document]
    kind: str = ""

    @property
    def place(self) -> str:
        """Where it lies in the folder of handouts."""
        return f"{PLACES[self.whose]}/{self.name}.pdf"


def every(project: Project) -> list[Handout]:
    """All handouts of a project, in the order in which a day needs them."""
    own = {page.name: page for page in written(project)[0]}
    made = [
        Handout(
            f"agenda_{agenda.length}",
            f"Agenda: {agenda.title.lower()}",
            PARTICIPANTS,
            "one on the wall, one each",
            partial(_agenda, agenda),
        )
        for agenda in agendas.read(project)[0].values()
    ]
    made += [page.handout() for page in own.values() if page.whose == PARTICIPANTS]
    made += _registers(project)
    for page in project.lessons:
        if page.questions:
            made.append(
                Handout(
                    f"questions_{page.name}",
                    f"Questions: {page.title}",
                    PARTICIPANTS,
                    "one each, if the power may go",
                    partial(question_sheets.sheet, page),
                    "Questions of each page",
                )
            )
    made += [
        Handout(
            page.name,
            page.title,
            PARTICIPANTS,
            "one each, printed on both sides",
            partial(question_sheets.sheet, page),
        )
        for page in project.checks
    ]
    foot: Tree = [paper.note(*own["role_card"].blocks)] if "role_card" in own else []
    for scenario in project.scenarios.values():
        made += _scenario(scenario, foot, own["debrief_sheet"].blocks if "debrief_sheet" in own else [])
    made += [page.handout() for page in own.values() if page.whose == FACILITATOR]
    for page in [*project.lessons, *project.checks]:
        if page.questions:
            made.append(
                Handout(
                    f"key_{page.name}",
                    f"Key: {page.title}",
                    FACILITATOR,
                    "one for you",
                    partial(question_sheets.key, page),
                    "Key to each page",
                )
            )
    return made


def write(project: Project, folder: Path, say: Callable[[str], object] = print) -> list[Path]:
    """Write every handout into a folder, over what an earlier edition left there; returns the paths."""
    paths = []
    for handout in every(project):
        content, path = handout.make().pdf(), folder / handout.place
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError as error:
            raise HandoutsError(
                f"{path} could not be written: {error.strerror}. If it is open in another program, close it there, or "
                "choose another folder."
            ) from error
        say(f"{handout.place:50}  {handout.copies}")
        paths.append(path)
    return paths


def faults(project: Project) -> list[Problem]:
    """What is wrong with the pages of `data/handouts/`."""
    return written(project)[1]


# ---------------------------------------------------------------- papers that people write


@dataclass
class Written:
    """A page of `data/handouts/`: its front matter and its blocks."""

    name: str
    front: dict[str, Any]
    blocks: Tree

    @property
    def title(self) -> str:
        """The title of the front matter."""
        return str(self.front["title"])

    @property
    def whose(self) -> str:
        """Who gets it: PARTICIPANTS, FACILITATOR, or FOOT for what stands at the foot of other papers."""
        return str(self.front["for"])

    def handout(self) -> Handout:
        """The paper that it makes."""
        return Handout(self.name, self.title, self.whose, self.front["copies"], self.document)

    def document(self) -> pdf.Document:
        """The page as it prints: once, or several times on a sheet to cut."""
        number = self.front.get("per_sheet", 1)
        card = paper.card(["p", {}, ["strong", {}, self.title]], *self.blocks)
        blocks: Tree = [paper.head(), *self.blocks] if number == 1 else [card] * number
        return pdf.Document(
            self.title,
            blocks,
            foot=f"{MARK} · {self.title}",
            size=self.front.get("size", 11),
            landscape=bool(self.front.get("landscape")),
        )


@lru_cache(maxsize=1)
def written(project: Project) -> tuple[list[Written], list[Problem]]:
    """(the pages of `data/handouts/`, faults), read once for a project. A page with a fault is left out."""
    read: list[Written] = []
    problems: list[Problem] = []
    for path in sorted((project.root / FOLDER).glob("*.md")):
        relative, before = path.relative_to(project.root).as_posix(), len(problems)
        content = decoded(path, relative, problems)
        if content is None:
            continue
        front, body, offset = front_matter(content, relative, FRONT, problems)
        nodes = markdown.parse(body)
        report_open_fences(nodes, body.split("\n"), relative, offset, problems)
        if front.get("for") not in (PARTICIPANTS, FACILITATOR, FOOT):
            problems.append(
                Problem(relative, 1, "“for” in the front matter must be participants, facilitator or foot.")
            )
        reader = _Reader(nodes, relative, offset, problems)
        blocks = reader.read()
        if len(problems) == before:
            read.append(Written(path.stem, front, blocks))
    return read, problems


class _Reader:
    def __init__(self, nodes: list[SyntaxTreeNode], path: str, offset: int, problems: list[Problem]) -> None:
        self.nodes, self.path, self.offset, self.problems = nodes, path, offset, problems

    def read(self) -> Tree:
        """The blocks of the page."""
        blocks: Tree = []
        for node in self.nodes:
            words = markdown.code_words(node)
            blocks += (
                [block for word in words for block in self.part(node, word)]
                if words
                else [_to_fill(b) for b in markdown.tree([node])]
            )
        return blocks

    def part(self, node: SyntaxTreeNode, word: str) -> Tree:
        if match := ROOM.match(word):
            return [paper.lines(int(match.group(1)))]
        if word in PARTS:
            return PARTS[word]()
        self.problems.append(
            Problem(
                self.path,
                self.offset + markdown.lines_of(node)[0] + 1,
                f"“{word}” stands for nothing on paper. Known are “3 lines”, "
                f"{', '.join(f'“{name}”' for name in PARTS)}, and “3 cm” within a sentence.",
            )
        )
        return []


def _to_fill(node: Node) -> Node:
    """A block whose `3 cm` are room to write, whose `[ ]` are squares to tick, whose tables have rows to write in."""
    if isinstance(node, str):
        return node
    tag, attributes, *children = node
    if tag == "code" and (match := BLANK.match(children[0])):
        return paper.blank(float(match.group(1)))
    if tag == "ul" and all(isinstance(item[2], str) and item[2].startswith("[ ] ") for item in children):
        return paper.options([[item[2][4:], *item[3:]] for item in children])
    if tag == "table" and any(
        len(cell) == 2 for part in children if part[0] == "tbody" for row in part[2:] for cell in row[3:]
    ):
        attributes = {"height": TALL_ROW, "widths": [2, *[3] * (len(children[0][2][2:]) - 1)]}
    return [tag, attributes, *map(_to_fill, children)]


def _functions() -> Tree:
    levels = list(architecture.LEVELS.values())
    rows = [[[["strong", {}, name]], *[""] * len(levels)] for name in architecture.FUNCTIONS.values()]
    return [paper.table(rows, ["What is done", *levels], [2, *[3] * len(levels)], height=1.55)]


def _mandate() -> Tree:
    return [
        paper.table(
            [[question, ""] for question in architecture.MANDATE.values()],
            ["Question", "Our answer"],
            [4, 5],
            height=0.92,
        )
    ]


PARTS: dict[str, Callable[[], Tree]] = {
    "new page": lambda: [paper.new_page()],
    "functions": _functions,
    "mandate": _mandate,
}


# ---------------------------------------------------------------- papers that are made


def _agenda(agenda: Agenda) -> pdf.Document:
    blocks = [paper.head(), *agenda.about]
    for day in agenda.days:
        rows = [
            [f"{begin}–{end}", [["strong", {}, block.title]], "" if block.pause else schedule.details(block)[:1]]
            for begin, end, block in day.timed("09:00")
        ]
        blocks += [
            *([paper.new_page()] if day is not agenda.days[0] else []),
            ["h1", {}, day.title],
            paper.table(rows, ["Time", "Block", "What happens"], [1.9, 3, 7]),
        ]
    return pdf.Document(agenda.title, blocks, foot=f"{MARK} · agenda", size=13)


def _registers(project: Project) -> list[Handout]:
    """The statements on one sheet, and the glossary, from the files that hold them."""
    made = []
    if (project.root / coverage.NOTES).is_file():
        made.append(
            Handout(
                "statements",
                "The statements on one sheet",
                PARTICIPANTS,
                "one each, printed on both sides",
                lambda: _statements(project),
            )
        )
    if (project.root / "data" / "glossary.md").is_file():
        made.append(
            Handout(
                "glossary",
                "Glossary",
                PARTICIPANTS,
                "one for each table; interpreters get it before",
                lambda: _glossary(project),
            )
        )
    return made


def _statements(project: Project) -> pdf.Document:
    title, *blocks = markdown.tree(markdown.parse((project.root / coverage.NOTES).read_text(encoding="utf-8")))
    keyed = [
        [
            "ul",
            {},
            *(
                ["li", {}, ["strong", {}, key], f". {words}"]
                for item in block[2:]
                for key, _, words in [text_of(item[2:]).partition(". ")]
            ),
        ]
        if block[0] == "ul"
        else paper.larger(0.85, block)
        if block[0] == "h2"
        else block
        for block in blocks
    ]
    return pdf.Document(text_of(title[2:]), [paper.head(), *keyed], foot=f"{MARK} · statements of the notes", size=11.5)


def _glossary(project: Project) -> pdf.Document:
    title, *nodes = markdown.parse((project.root / "data" / "glossary.md").read_text(encoding="utf-8"))
    blocks: Tree = []
    keys: list[str] = []
    for node in [*nodes, None]:
        words = markdown.code_words(node) if node else None
        if words:
            keys = [word.removeprefix("S:") for word in words if word.startswith("S:")]
            continue
        if keys and (node is None or node.type == "heading"):
            # The keys stand behind the words that they support, where they need no line of their own.
            blocks[-1] = [*blocks[-1], f" ({', '.join(keys)})"]
            keys = []
        blocks += markdown.tree([node]) if node else []
    return pdf.Document(
        markdown.plain(title),
        [paper.head(), ["h1", {}, "From A to Z"], paper.columns(2, *blocks)],
        foot=f"{MARK} · glossary",
        size=9.5,
    )


def _scenario(scenario: Scenario, foot: Tree, steps: Tree) -> list[Handout]:
    def handout(what: str, whose: str, copies: str, make: Callable[[], pdf.Document]) -> Handout:
        return Handout(
            f"{scenario.name}_{what.replace(' ', '_')}",
            f"{scenario.title}: {what}",
            whose,
            copies,
            make,
            f"Each scenario: {what}",
        )

    return [
        handout("brief", PARTICIPANTS, "one each, or one for each table", lambda: scenario_papers.brief(scenario)),
        *(
            [
                handout(
                    "role cards", PARTICIPANTS, "one set for each table", lambda: scenario_papers.roles(scenario, foot)
                )
            ]
            if scenario.roles
            else []
        ),
        handout("signals", PARTICIPANTS, "one set for each table; cut", lambda: scenario_papers.signals(scenario)),
        handout("debrief", FACILITATOR, "one for you", lambda: scenario_papers.debrief(scenario, steps)),
        handout(
            "play on paper", FACILITATOR, "one for you, if the power may go", lambda: scenario_papers.script(scenario)
        ),
    ]
