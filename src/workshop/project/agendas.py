"""Agendas of half a day to three days: which parts of the pages go into which length, read from `data/agendas.md`.

A facilitator edits that page. Its tables give each block its minutes; its links name the parts of pages and the
scenarios, and from these come the statements that a block serves.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import PurePosixPath

from markdown_it.tree import SyntaxTreeNode

from workshop.content import markdown
from workshop.content.markdown import Problem
from workshop.content.text_files import decoded, report_open_fences
from workshop.content.trees import Tree, text_of
from workshop.project.project import Project

PATH = "data/agendas.md"
COLUMNS = ("Minutes", "Block", "How", "What happens", "Bring")
PAUSES = ("break", "lunch")
WORK, PLENARY = 90, 25  # minutes: the longest without a break, the longest in which people only listen


@dataclass
class Block:
    """A row of an agenda. `what` and `bring` are trees; `reading` is how long its pages take a reader."""

    minutes: int
    title: str
    how: str
    what: Tree
    bring: Tree
    statements: list[str] = field(default_factory=list)
    reading: int = 0
    line: int = 0

    @property
    def pause(self) -> bool:
        """Whether it is a break or the lunch."""
        return self.how in PAUSES


@dataclass
class Day:
    """A day of an agenda: its blocks in order."""

    title: str
    blocks: list[Block] = field(default_factory=list)

    def timed(self, start: str) -> list[tuple[str, str, Block]]:
        """(from, to, block) for each block of a day that begins at `start`, for instance 09:00."""
        clock, made = datetime.strptime(start, "%H:%M"), []
        for block in self.blocks:
            end = clock + timedelta(minutes=block.minutes)
            made.append((f"{clock:%H:%M}", f"{end:%H:%M}", block))
            clock = end
        return made


@dataclass
class Agenda:
    """An agenda: its length as the command names it, a title, words about it, its days."""

    length: str
    title: str
    about: Tree = field(default_factory=list)
    days: list[Day] = field(default_factory=list)

    @property
    def statements(self) -> list[str]:
        """The statements that its blocks serve, in the order of the notes."""
        found = {key for day in self.days for block in day.blocks for key in block.statements}
        return sorted(found, key=_place)


@lru_cache(maxsize=1)
def read(project: Project) -> tuple[dict[str, Agenda], list[Problem]]:
    """({length: agenda}, faults), read once for a project. A block whose link leads nowhere stands all the same."""
    problems: list[Problem] = []
    path = project.root / PATH
    content = decoded(path, PATH, problems) if path.is_file() else None
    if content is None:
        return {}, problems
    nodes = markdown.parse(content)
    report_open_fences(nodes, content.split("\n"), PATH, 0, problems)
    return _Reader(project, problems).agendas(nodes), problems


def _place(key: str) -> tuple[str, int]:
    return key[0], int(key[1:])


class _Reader:
    def __init__(self, project: Project, problems: list[Problem]) -> None:
        self.project, self.problems = project, problems

    def wrong(self, line: int, message: str) -> None:
        self.problems.append(Problem(PATH, line, message))

    def agendas(self, nodes: list[SyntaxTreeNode]) -> dict[str, Agenda]:
        by_length: dict[str, Agenda] = {}
        agenda: Agenda | None = None
        day: Day | None = None
        for index, node in enumerate(nodes):
            line = markdown.lines_of(node)[0] + 1
            if node.type == "heading" and node.tag == "h2":
                words = markdown.code_words(nodes[index + 1]) if index + 1 < len(nodes) else None
                agenda, day = self.agenda(markdown.plain(node), words, line, by_length), None
            elif agenda is None or markdown.code_words(node):
                continue
            elif node.type == "heading":
                day = Day(markdown.plain(node))
                agenda.days.append(day)
            elif node.type == "table" and day:
                self.blocks(day, node)
                self.rests(day)
            elif node.type == "table":
                self.wrong(
                    line, f"This table of “{agenda.title}” belongs to no day. Write a heading “### Day 1” above it."
                )
            else:
                agenda.about += markdown.tree([node])
        return by_length

    def agenda(self, title: str, words: list[str] | None, line: int, by_length: dict[str, Agenda]) -> Agenda:
        length = (words or [""])[0]
        if not length:
            self.wrong(
                line,
                f"Under “{title}” stands no length, so no command can find it. "
                "Add a line with a word in code marks, for instance `1`.",
            )
        elif length in by_length:
            self.wrong(line, f"Two agendas have the length `{length}`. Give one another word.")
        agenda = Agenda(length, title)
        if length:
            by_length.setdefault(length, agenda)
        return agenda

    def blocks(self, day: Day, node: SyntaxTreeNode) -> None:
        rows = [row for part in node.children for row in part.children]
        columns = [markdown.plain(cell) for cell in rows[0].children]
        if tuple(columns) != COLUMNS:
            self.wrong(
                markdown.lines_of(node)[0] + 1,
                f"The columns of this table are {', '.join(columns)}. They should be {', '.join(COLUMNS)}.",
            )
            return
        for row in rows[1:]:
            minutes, title, how, what, bring = row.children
            block = self.block(
                markdown.lines_of(row)[0] + 1,
                markdown.plain(minutes),
                markdown.plain(title),
                markdown.plain(how).lower(),
                what,
                bring,
            )
            if block:
                day.blocks.append(block)

    def block(
        self, line: int, minutes: str, title: str, how: str, what: SyntaxTreeNode, bring: SyntaxTreeNode
    ) -> Block | None:
        if not re.fullmatch(r"\d{1,3}", minutes) or not int(minutes):
            self.wrong(line, f"“{minutes}” is not a number of minutes.")
            return None
        block = Block(
            int(minutes),
            title,
            how,
            _without_keys(markdown.tree(what.children)),
            markdown.tree(bring.children),
            line=line,
        )
        if not title or not how:
            self.wrong(
                line, "A block needs a name and a way of working, for instance “pairs”, “groups”, “plenary” or “break”."
            )
        statements = [
            node.content for node in what.walk() if node.type == "code_inline" and markdown.is_statement(node.content)
        ]
        for node in what.walk():
            if node.type == "link":
                keys, reading = self.linked(line, str(node.attrGet("href") or ""))
                statements += keys
                block.reading += reading
        block.statements = sorted(set(statements), key=_place)
        if how == "plenary" and block.minutes > PLENARY:
            self.wrong(
                line,
                f"“{title}” lets people listen for {block.minutes} minutes; {PLENARY} are the most that anybody can. "
                "Shorten it, or give them something to do and say so under How.",
            )
        if block.reading > block.minutes:
            self.wrong(
                line,
                f"“{title}” has {block.minutes} minutes, and the pages it names take {block.reading}. "
                "Give it more time, or take a page out.",
            )
        return block

    def linked(self, line: int, target: str) -> tuple[list[str], int]:
        """(statements, minutes) of the page, part of a page or scenario that a link names."""
        file, _, anchor = target.partition("#")
        name = PurePosixPath(file).stem
        if "/scenarios/" in f"/{file}":
            scenario = self.project.scenarios.get(name)
            if scenario is None:
                self.wrong(line, f"There is no scenario “{name}”.{_near(name, self.project.scenarios)}")
            return ([], 0) if scenario is None else (list(map(str, scenario.statements)), 0)
        if "/notebooks/" not in f"/{file}":
            return [], 0
        page = self.project.lesson(name)
        if page is None:
            self.wrong(
                line,
                f"There is no page “{name}”, so this block has nothing to open."
                f"{_near(name, [page.name for page in self.project.lessons])}",
            )
            return [], 0
        sections = {section.id: section for section in page.sections}
        if not anchor:
            return list(map(str, page.front.get("statements", []))), page.front.get("minutes", 0)
        if anchor not in sections:
            self.wrong(line, f"The page “{name}” has no part “#{anchor}”.{_near(anchor, sections, '#')}")
            return [], 0
        return sections[anchor].statements, sections[anchor].minutes

    def rests(self, day: Day) -> None:
        """At most 90 minutes of work lie between two breaks."""
        worked = 0
        for block in day.blocks:
            worked = 0 if block.pause else worked + block.minutes
            if worked > WORK:
                self.wrong(
                    block.line,
                    f"With “{block.title}” people have worked for {worked} minutes without a break; "
                    f"{WORK} are enough. Put a break before it.",
                )
                worked = 0


def _near(word: str, known: Iterable[str], mark: str = "") -> str:
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.4)
    return f" Did you mean {mark}{near[0]}?" if near else ""


def _without_keys(tree: Tree) -> Tree:
    """A tree without the code words that name statements; the schedule lists them by themselves."""
    kept = [
        node
        for node in tree
        if isinstance(node, str) or node[0] != "code" or not markdown.is_statement(text_of(node[2:]))
    ]
    while kept and isinstance(last := kept[-1], str) and not last.strip():
        kept.pop()
    last = kept[-1] if kept else ""
    return [*kept[:-1], last.rstrip()] if kept and isinstance(last, str) else kept
