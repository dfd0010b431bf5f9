"""Pages: lessons and exercises, read from MyST Markdown into typed parts, with the line of everything.

A page is parsed once. Its parts stand in order: prose and facilitator's notes (with their nodes, which every face
renders), sections, questions, code cells, and what a directive calls for: a scenario, an exploration, a canvas.
"""

import difflib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from markdown_it.tree import SyntaxTreeNode

from workshop.content import markdown
from workshop.content.markdown import MissingId, Problem
from workshop.content.text_files import decoded, front_matter, one_line, report_open_fences
from workshop.questions import kinds
from workshop.questions import reader as question_reader
from workshop.questions.kinds.base import Question

MINUTES = re.compile(r"(\d+) minutes?\Z")
DIRECTIVE = re.compile(r"\{([^}]*)\}[ \t]*(.*)")
OPTION = re.compile(r"\s*:([\w-]+):(?:[ \t]+(.*))?\Z")
NUMBER = re.compile(r"\d+(?:\.\d+)?\Z")
NAME = re.compile(r"[\w-]+\Z")
# The options that a directive may have, each with an example.
DIRECTIVES: dict[str, dict[str, str]] = {
    "code-cell": {"solution": "count", "test": "count", "points": "2", "optional": "true"},
    "play": {"part": "2"},
    "explore": {},
    "canvas": {},
}
EXAMPLE = {"play": "orvane", "explore": "who-pays", "canvas": "plan"}
FRONT = {
    "lesson": {"title": str, "question": str, "minutes": int, "statements": list, "outcomes": list, "take_home": str},
    "exercise": {"title": str, "minutes": int, "statements": list, "lesson": str},
}


@dataclass
class Prose:
    """Plain Markdown; `note` is true for a facilitator's note, which no participant sees.

    `nodes` are its blocks as they were parsed with the page: their lines (`map`) count from 0 in the file.
    """

    source: str
    line: int
    nodes: list[SyntaxTreeNode] = field(repr=False, compare=False)
    note: bool = False

    @property
    def headings(self) -> list[str]:
        """The words of its headings, in order."""
        return [markdown.plain(node) for node in self.nodes if node.type == "heading"]


@dataclass
class Section:
    """A second-level heading with what stands on its line of code words; `source` and `nodes` are the heading alone."""

    id: str
    title: str
    line: int
    statements: list[str]
    minutes: int
    source: str
    nodes: list[SyntaxTreeNode] = field(repr=False, compare=False)

    @property
    def headings(self) -> list[str]:
        """Its title, as prose has its headings."""
        return [self.title]


@dataclass
class Code:
    """A code cell. `solution` names what it asks for, `test` the solution that it tests; a plain cell has neither."""

    source: str
    line: int
    solution: str = ""
    test: str = ""
    points: float = 0
    optional: bool = False


@dataclass
class Play:
    """A scenario to play: the whole (part 0), or the round of this number alone."""

    scenario: str
    part: int
    line: int


@dataclass
class Explore:
    """An exploration: a figure with its controls."""

    name: str
    line: int


@dataclass
class Canvas:
    """Something to draw up."""

    name: str
    line: int


@dataclass
class HandIn:
    """The end of an exercise, where it is handed in."""


Part: TypeAlias = Prose | Section | Question | Code | Play | Explore | Canvas | HandIn


@dataclass
class Page:
    """A lesson or an exercise: its front matter as attributes, its parts in order."""

    name: str
    path: str
    kind: str
    front: dict[str, Any]
    parts: list[Part] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The title of the front matter, or the name of the file."""
        return str(self.front.get("title", self.name))

    @property
    def questions(self) -> list[Question]:
        """The questions of the page, in order."""
        return [part for part in self.parts if isinstance(part, Question)]

    @property
    def sections(self) -> list[Section]:
        """The sections of the page, in order."""
        return [part for part in self.parts if isinstance(part, Section)]

    @property
    def code(self) -> list[Code]:
        """The code cells of the page, in order."""
        return [part for part in self.parts if isinstance(part, Code)]

    @property
    def headings(self) -> list[str]:
        """The headings of the page in order, those of questions left out: they stand inside cards."""
        return [title for part in self.parts if isinstance(part, Prose | Section) for title in part.headings]

    @property
    def plays(self) -> list[tuple[str, int]]:
        """What the page plays, in order: pairs of a scenario's name and a part, 0 for the whole."""
        return [(part.scenario, part.part) for part in self.parts if isinstance(part, Play)]

    @property
    def scenarios(self) -> list[str]:
        """The names of the scenarios the page plays, whole or in part."""
        return list(dict.fromkeys(name for name, _ in self.plays))

    @property
    def explorations(self) -> list[str]:
        """The names of the explorations the page shows, in order."""
        return [part.name for part in self.parts if isinstance(part, Explore)]

    @property
    def points(self) -> float:
        """What the page is worth, optional items left out."""
        return sum(q.points or 0 for q in self.questions) + sum(c.points for c in self.code if not c.optional)

    @property
    def source_keys(self) -> list[str]:
        """Every source key on the page that participants see, in order of appearance."""
        keys: list[str] = []
        for part in self.parts:
            if isinstance(part, Section) or (isinstance(part, Prose) and not part.note):
                keys += markdown.source_keys(part.source)
            elif isinstance(part, Question):
                keys += part.sources
        return list(dict.fromkeys(keys))

    def listed_sources(self, scenarios: Mapping[str, Any], sources: Mapping[str, Any]) -> list[str]:
        """The known source keys in the list at the end of the page, sorted; a lesson lists its scenarios' as well."""
        keys = set(self.source_keys)
        if self.kind == "lesson":
            keys |= {
                key
                for name in self.scenarios
                if name in scenarios
                for scene in scenarios[name].scenes
                for key in scene.sources
            }
        return sorted(keys & set(sources))


def read(
    path: Path, root: Path, kind: str, problems: list[Problem], missing_ids: list[MissingId] | None = None
) -> Page:
    """The page in a file; `kind` is "lesson" or "exercise".

    Faults go to `problems`, places without an id to `missing_ids`; what could be read is returned all the same.
    """
    relative = path.relative_to(root).as_posix()
    content = decoded(path, relative, problems)
    if content is None:
        return Page(path.stem, relative, kind, {})
    front, body, offset = front_matter(content, relative, FRONT[kind], problems)
    page = Page(path.stem, relative, kind, front)
    _Reader(page, body, offset, problems, [] if missing_ids is None else missing_ids).read()
    _same_id_twice(page, problems)
    _code_items(page, problems)
    if kind == "exercise":
        page.parts.append(HandIn())
    return page


def _code_items(page: Page, problems: list[Problem]) -> None:
    """A code item needs its points, a solution for each test, and marks that are closed."""
    solutions = {cell.solution for cell in page.code}
    for cell in page.code:
        name, mark = cell.test or cell.solution, "HIDDEN TESTS" if cell.test else "SOLUTION"
        if not name:
            continue
        if cell.source.count(f"BEGIN {mark}") != cell.source.count(f"END {mark}"):
            message = f"In “{name}” the marks BEGIN {mark} and END {mark} do not go in pairs. Add the missing one."
            problems.append(Problem(page.path, cell.line, message))
        if cell.test and not cell.points:
            message = f"The test “{name}” has no points. Add a line such as “:points: 2” under its “:test:”."
            problems.append(Problem(page.path, cell.line, message))
        if cell.test and name not in solutions:
            message = f"The test “{name}” has no solution. Add a cell with the line “:solution: {name}” above it."
            problems.append(Problem(page.path, cell.line, message))


def _same_id_twice(page: Page, problems: list[Problem]) -> None:
    kinds: dict[str, Sequence[Question | Section]] = {"questions": page.questions, "sections": page.sections}
    for kind, parts in kinds.items():
        seen: dict[str, int] = {}
        for part in parts:
            if part.id in seen:
                message = (
                    f"Two {kind} have the id “{part.id}” (the other is "
                    f"in line {seen[part.id]}). Give one another name, a code word such as “#first-step”."
                )
                problems.append(Problem(page.path, part.line, message))
            seen.setdefault(part.id, part.line)


class _Reader:
    """Cuts the blocks of a page into its parts."""

    def __init__(
        self, page: Page, body: str, offset: int, problems: list[Problem], missing_ids: list[MissingId]
    ) -> None:
        self.page, self.problems, self.missing_ids = page, problems, missing_ids
        # Empty lines stand for the front matter, so that the lines of nodes are those of the file.
        text = "\n" * offset + body + "\n"
        self.start = offset
        self.lines = text.split("\n")
        self.nodes = markdown.parse_page(text)

    def wrong(self, line: int, message: str) -> None:
        self.problems.append(Problem(self.page.path, line + 1, message))

    def read(self) -> None:
        """Put the parts on the page. A note ends with the next `+++` or directive."""
        report_open_fences(self.nodes, self.lines, self.page.path, 0, self.problems)
        start, note, blocks = self.start, False, []
        for node in self.nodes:
            directive = node.type == "fence" and DIRECTIVE.match(node.info)
            if not directive and node.type != "myst_block_break":
                self.nested(node)
                blocks.append(node)
                continue
            self.text(blocks, start, markdown.lines_of(node)[0], note)
            start, note, blocks = markdown.lines_of(node)[1], False, []
            if directive:
                self.directive(node, directive[1].strip(), directive[2].strip())
            else:
                note = self.begins_note(node)
        self.text(blocks, start, len(self.lines), note)

    def nested(self, block: SyntaxTreeNode) -> None:
        for node in block.walk():
            if node.type == "fence" and (match := DIRECTIVE.match(node.info)) and match[1].strip() in DIRECTIVES:
                self.wrong(
                    markdown.lines_of(node)[0],
                    f"“{{{match[1].strip()}}}” stands inside a list or a quotation, where it stays plain text. "
                    "Begin its ``` at the left margin.",
                )

    def begins_note(self, node: SyntaxTreeNode) -> bool:
        """Whether what follows a line +++ is a facilitator's note."""
        try:
            about = json.loads(node.content) if node.content.strip() else {}
            return bool(about.get("facilitator"))
        except (ValueError, AttributeError, RecursionError) as error:
            message = f"This line cannot be read: {one_line(error)}. It is a broken “+++ {{…}}” line: "
            self.wrong(markdown.lines_of(node)[0], message + 'write +++ {"facilitator": true}, or +++ alone.')
        return False

    # ---------------------------------------------------------------- directives

    def directive(self, node: SyntaxTreeNode, kind: str, name: str) -> None:
        line = markdown.lines_of(node)[0]
        if kind not in DIRECTIVES:
            self.wrong(line, f"There is no directive “{{{kind}}}”. {_known(kind, DIRECTIVES)}")
            return
        options, body, first = self.options(node, kind)
        if kind == "code-cell":
            self.code(options, body, first)
            return
        if not NAME.match(name):
            self.wrong(line, f"“{{{kind}}}” needs one name on its line, for instance ```{{{kind}}} {EXAMPLE[kind]}")
            return
        if any(words.strip() for words in body):
            self.wrong(first, f"“{{{kind}}}” holds no text. Close it with ``` before this line.")
        if kind == "play":
            part = options.get("part", "0")
            if not re.fullmatch(r"\d{1,3}", part) or ("part" in options and int(part) == 0):
                self.wrong(line + 1, f"“:part: {part}” names no round. Write its number, for instance “:part: 2”.")
                return
            self.page.parts.append(Play(name, int(part), line + 1))
        elif kind == "explore":
            self.page.parts.append(Explore(name, line + 1))
        else:
            self.page.parts.append(Canvas(name, line + 1))

    def options(self, node: SyntaxTreeNode, kind: str) -> tuple[dict[str, str], list[str], int]:
        """The options of a directive, the lines that follow them, and the line of the first of these from 0."""
        known, options, body = DIRECTIVES[kind], {}, node.content.split("\n")[:-1]
        line = markdown.lines_of(node)[0] + 1
        while body and body[0].lstrip().startswith(":"):
            match = OPTION.match(body.pop(0))
            if not match or match[1] not in known:
                written = match[1] if match else ""
                self.wrong(line, f"This line is no option of “{{{kind}}}”. {_known(written, known, ':{}: …')}")
            else:
                options[match[1]] = (match[2] or "").strip()
            line += 1
        if body and not body[0].strip():
            body.pop(0)
            line += 1
        return options, body, line

    def code(self, options: dict[str, str], body: list[str], first: int) -> None:
        points, optional = options.get("points", ""), options.get("optional", "")
        if optional not in ("", "true"):
            self.wrong(first, f"“:optional: {optional}” is not understood. Write “:optional: true”, or leave it out.")
        self.page.parts.append(
            Code(
                "\n".join(body),
                first + 1,
                options.get("solution", ""),
                options.get("test", ""),
                float(points) if NUMBER.match(points) else 0,
                optional == "true",
            )
        )

    # ---------------------------------------------------------------- text

    def text(self, blocks: list[SyntaxTreeNode], start: int, end: int, note: bool) -> None:
        """The parts in the blocks of these lines."""
        if note:
            self.prose(blocks, start, end, note=True)
            self.only_a_note(blocks)
            return
        index = first = 0
        while index < len(blocks):
            node = blocks[index]
            follower = blocks[index + 1] if index + 1 < len(blocks) else None
            words = markdown.code_words(follower) if node.type == "heading" and follower else None
            if not words:
                index += 1
                continue
            self.prose(blocks[first:index], start, markdown.lines_of(node)[0])
            if question_reader.is_question(words):
                after = self.next_heading(blocks, index + 1)
                graded = self.page.kind == "exercise"
                question = question_reader.read(
                    blocks[index:after], self.page.path, 0, self.problems, graded, self.missing_ids
                )
                self.page.parts += [question] if question else []
                index = after
            else:
                self.section(node, blocks[index + 1], words)
                index += 2
            first = index
            start = markdown.lines_of(blocks[index])[0] if index < len(blocks) else end
        self.prose(blocks[first:], start, end)

    @staticmethod
    def next_heading(blocks: list[SyntaxTreeNode], index: int) -> int:
        while index < len(blocks) and blocks[index].type != "heading":
            index += 1
        return index

    def prose(self, blocks: list[SyntaxTreeNode], start: int, end: int, note: bool = False) -> None:
        while start < end and not self.lines[start].strip():
            start += 1
        source = "\n".join(self.lines[start:end]).strip()
        if source:
            self.page.parts.append(Prose(source, start + 1, blocks, note))

    def only_a_note(self, blocks: list[SyntaxTreeNode]) -> None:
        """A note without its closing +++ would hide what follows from participants."""
        for node in blocks:
            if node.type == "heading":
                self.wrong(
                    markdown.lines_of(node)[0],
                    f"“{markdown.plain(node)}” stands inside a facilitator's note, "
                    "which no participant sees. End the note with a line +++ before it.",
                )

    def section(self, heading: SyntaxTreeNode, code_line: SyntaxTreeNode, words: list[str]) -> None:
        statements, minutes, name = [], 0, ""
        for word in words:
            if markdown.id_word(word):
                name = markdown.id_word(word)
            elif markdown.is_statement(word):
                statements.append(word)
            elif match := MINUTES.match(word):
                minutes = int(match.group(1))
            else:
                hint = (
                    "a kind of question is misspelt: known are " + ", ".join(kinds.BY_WORD)
                    if question_reader.looks_like_question(words)
                    else "known here are statements (`a1`), `10 minutes` and an id such as `#who-pays`"
                )
                self.wrong(markdown.lines_of(code_line)[0], f"“{word}” is no code word under a heading; {hint}.")
        source = "\n".join(self.lines[markdown.lines_of(heading)[0] : markdown.lines_of(heading)[1]])
        title = markdown.plain(heading)
        if not name:
            name = markdown.slug(title)
            self.missing_ids.append(MissingId(self.page.path, markdown.lines_of(code_line)[1], name))
        line = markdown.lines_of(heading)[0] + 1
        self.page.parts.append(Section(name, title, line, statements, minutes, source, [heading]))


def _known(written: str, known: Mapping[str, Any], form: str = "{{{}}}") -> str:
    """A sentence that helps who wrote a name that is not known."""
    near = difflib.get_close_matches(written, known, n=1, cutoff=0.5)
    if near:
        return f"Did you mean “{form.format(near[0])}”?"
    return f"Known are {', '.join(form.format(name) for name in known)}." if known else "It has none."
