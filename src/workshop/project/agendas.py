"""Agendas of half a day to three days: which parts of the pages go into which length, read from `data/agendas.md`.

A facilitator edits that page. Its tables give each block its minutes; its links name the parts of pages and the
scenarios, and from these come the statements that a block serves.
"""

import difflib
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from workshop.content import markdown
from workshop.content.markdown import Problem
from workshop.content.text_files import closed_fences, decoded
from workshop.content.trees import text_of

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
    what: list
    bring: list
    statements: list = field(default_factory=list)
    reading: int = 0
    line: int = 0

    @property
    def pause(self):
        """Whether it is a break or the lunch."""
        return self.how in PAUSES


@dataclass
class Day:
    """A day of an agenda: its blocks in order."""

    title: str
    blocks: list = field(default_factory=list)

    def timed(self, start):
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
    about: list = field(default_factory=list)
    days: list = field(default_factory=list)

    @property
    def statements(self):
        """The statements that its blocks serve, in the order of the notes."""
        found = {key for day in self.days for block in day.blocks for key in block.statements}
        return sorted(found, key=_place)


def read(project):
    """({length: agenda}, faults). A link that leads nowhere is a fault; the block stands all the same."""
    problems = []
    path = project.root / PATH
    content = decoded(path, PATH, problems) if path.is_file() else None
    if content is None:
        return {}, problems
    closed_fences(content, PATH, 0, problems)
    agendas = _Reader(project, problems).agendas(markdown.parse(content))
    return agendas, problems


def _place(key):
    return key[0], int(key[1:])


class _Reader:
    def __init__(self, project, problems):
        self.project, self.problems = project, problems

    def wrong(self, line, message):
        self.problems.append(Problem(PATH, line, message))

    def agendas(self, nodes):
        found, agenda, day = {}, None, None
        for index, node in enumerate(nodes):
            line = node.map[0] + 1
            if node.type == "heading" and node.tag == "h2":
                words = markdown.code_words(nodes[index + 1]) if index + 1 < len(nodes) else None
                agenda, day = self.agenda(markdown.plain(node), words, line, found), None
            elif agenda is None or markdown.code_words(node):
                continue
            elif node.type == "heading":
                day = Day(markdown.plain(node))
                agenda.days.append(day)
            elif node.type == "table" and day is None:
                self.wrong(
                    line, f"This table of “{agenda.title}” belongs to no day. Write a heading “### Day 1” above it."
                )
            elif node.type == "table":
                self.blocks(day, node)
                self.rests(day)
            else:
                agenda.about += markdown.tree([node])
        return found

    def agenda(self, title, words, line, found):
        length = (words or [""])[0]
        if not length:
            self.wrong(
                line,
                f"Under “{title}” stands no length, so no command can find it. "
                "Add a line with a word in code marks, for instance `1`.",
            )
        elif length in found:
            self.wrong(line, f"Two agendas have the length `{length}`. Give one another word.")
        made = Agenda(length, title)
        if length:
            found.setdefault(length, made)
        return made

    def blocks(self, day, node):
        rows = [row for part in node.children for row in part.children]
        columns = [markdown.plain(cell) for cell in rows[0].children]
        if tuple(columns) != COLUMNS:
            self.wrong(
                node.map[0] + 1,
                f"The columns of this table are {', '.join(columns)}. They should be {', '.join(COLUMNS)}.",
            )
            return
        for row in rows[1:]:
            minutes, title, how, what, bring = row.children
            block = self.block(
                row.map[0] + 1, markdown.plain(minutes), markdown.plain(title), markdown.plain(how).lower(), what, bring
            )
            if block:
                day.blocks.append(block)

    def block(self, line, minutes, title, how, what, bring):
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
                keys, reading = self.linked(line, node.attrGet("href") or "")
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

    def linked(self, line, target):
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
        sections = {markdown.slug(section.title): section for section in page.sections}
        if not anchor:
            return list(map(str, page.front.get("statements", []))), page.front.get("minutes", 0)
        if anchor not in sections:
            self.wrong(line, f"The page “{name}” has no part “#{anchor}”.{_near(anchor, sections, '#')}")
            return [], 0
        return sections[anchor].statements, sections[anchor].minutes

    def rests(self, day):
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


def _near(word, known, mark=""):
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.4)
    return f" Did you mean {mark}{near[0]}?" if near else ""


def _without_keys(tree):
    """A tree without the code words that name statements; the schedule lists them by themselves."""
    kept = [
        node
        for node in tree
        if isinstance(node, str) or node[0] != "code" or not markdown.is_statement(text_of(node[2:]))
    ]
    while kept and isinstance(kept[-1], str) and not kept[-1].strip():
        kept.pop()
    return [*kept[:-1], kept[-1].rstrip()] if kept and isinstance(kept[-1], str) else kept
