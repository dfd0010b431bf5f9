"""Pages: lessons and exercises, read from MyST Markdown into parts, with the line of everything.

A page is a list of parts in order: prose, facilitator's notes, questions and code cells.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from jupytext.myst import myst_to_notebook

from workshop.content import markdown
from workshop.content.markdown import Problem
from workshop.content.text_files import closed_fences, decoded, front_matter, one_line
from workshop.questions import reader as question_reader
from workshop.questions.model import Question

ITEM = {"solution": "SOLUTION", "test": "HIDDEN TESTS"}
MINUTES = re.compile(r"(\d+) minutes?\Z")
EXPLORE = re.compile(r"""page\.explore\(["']([\w-]+)["']\)""")
PLAY = re.compile(r"""page\.play\(\s*["']([\w-]+)["']\s*(?:,\s*part\s*=\s*(\d+)\s*)?\)""")
FRONT = {
    "lesson": {"title": str, "question": str, "minutes": int, "statements": list, "outcomes": list, "take_home": str},
    "exercise": {"title": str, "minutes": int, "statements": list, "lesson": str},
}


@dataclass
class Prose:
    """Plain Markdown; `note` is true for a facilitator's note, which no participant sees."""

    markdown: str
    line: int
    note: bool = False


@dataclass
class Section:
    """A second-level heading with what stands on its line of code words."""

    title: str
    line: int
    statements: list
    minutes: int
    markdown: str


@dataclass
class Code:
    """A code cell; `options` are the directive's (solution, test, points, optional)."""

    source: str
    options: dict
    line: int


@dataclass
class Page:
    """A lesson or an exercise: its front matter as attributes, its parts in order."""

    name: str
    path: str
    kind: str
    front: dict
    parts: list = field(default_factory=list)

    @property
    def title(self):
        return self.front.get("title", self.name)

    @property
    def questions(self):
        """The questions of the page, in order."""
        return [part for part in self.parts if isinstance(part, Question)]

    @property
    def sections(self):
        """The sections of the page, in order."""
        return [part for part in self.parts if isinstance(part, Section)]

    @property
    def code(self):
        """The code cells of the page, in order."""
        return [part for part in self.parts if isinstance(part, Code)]

    @property
    def plays(self):
        """What the page plays, in order: pairs of a scenario's name and a part, 0 for the whole."""
        return [(name, int(part or 0)) for cell in self.code for name, part in PLAY.findall(cell.source)]

    @property
    def scenarios(self):
        """The names of the scenarios the page plays, whole or in part."""
        return list(dict.fromkeys(name for name, _ in self.plays))

    @property
    def points(self):
        """What the page is worth, optional items left out."""
        return sum(q.points or 0 for q in self.questions) + sum(
            float(c.options.get("points", 0)) for c in self.code if not c.options.get("optional")
        )

    @property
    def source_keys(self):
        """Every source key on the page that participants see, in order of appearance."""
        keys = []
        for part in self.parts:
            if isinstance(part, (Prose, Section)) and not getattr(part, "note", False):
                keys += markdown.source_keys(part.markdown)
            elif isinstance(part, Question):
                keys += part.sources
        return list(dict.fromkeys(keys))

    def listed_sources(self, scenarios, sources):
        """The known source keys that the list at the end of the page holds, sorted: its own, and a lesson's scenarios' too."""
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


def read(path, root, kind, problems):
    """The page in a file. Faults go to `problems`; what could be read is returned all the same."""
    relative = Path(path).relative_to(root).as_posix()
    content = decoded(path, relative, problems)
    if content is None:
        return Page(Path(path).stem, relative, kind, {})
    front, body, offset = front_matter(content, relative, FRONT[kind], problems)
    page = Page(Path(path).stem, relative, kind, front)
    closed_fences(body, relative, offset, problems)
    for cell, line in _cells(body, relative, offset, problems):
        if cell.cell_type == "code":
            page.parts.append(Code(cell.source, dict(cell.metadata), line))
        elif cell.metadata.get("facilitator"):
            page.parts.append(Prose(cell.source, line, note=True))
            _only_a_note(page, problems)
        else:
            page.parts += _Splitter(cell.source, relative, line - 1, problems, kind == "exercise").parts()
    _same_id_twice(page, problems)
    _code_items(page, problems)
    return page


def _cells(body, path, offset, problems):
    """Each cell of a MyST text with its first line in the file."""
    try:
        notebook = myst_to_notebook(body, add_source_map=True)
    except Exception as error:  # jupytext raises many kinds for one thing: a broken block
        found = re.search(r"line[^\d]*(\d+)", str(error))
        line = offset + (int(found.group(1)) if found else 1)
        problems.append(
            Problem(
                path,
                line,
                f"A block of this page cannot be read: {one_line(error)}. Look for a ``` fence "
                "that is not closed, or a broken “+++ {…}” line.",
            )
        )
        return
    lines = body.split("\n")
    for cell, start in zip(notebook.cells, notebook.metadata["source_map"]):
        first = cell.source.split("\n", 1)[0]
        while start < len(lines) and lines[start] != first:
            start += 1
        yield cell, offset + start + 1


def _only_a_note(page, problems):
    """A note without its closing +++ would hide what follows from participants."""
    note = page.parts[-1]
    for node in markdown.parse(note.markdown):
        if node.type == "heading":
            problems.append(
                Problem(
                    page.path,
                    note.line + node.map[0],
                    f"“{markdown.plain(node)}” stands inside a facilitator's note, "
                    "which no participant sees. End the note with a line +++ before it.",
                )
            )


def _code_items(page, problems):
    """A code item needs its points, a solution for each test, and marks that are closed."""
    solutions = {cell.options.get("solution") for cell in page.code}
    for cell in page.code:
        kind = next((kind for kind in ITEM if kind in cell.options), None)
        if kind is None:
            continue
        name = cell.options[kind]
        if cell.source.count(f"BEGIN {ITEM[kind]}") != cell.source.count(f"END {ITEM[kind]}"):
            problems.append(
                Problem(
                    page.path,
                    cell.line,
                    f"In “{name}” the marks BEGIN {ITEM[kind]} and END {ITEM[kind]} "
                    "do not go in pairs. Add the missing one.",
                )
            )
        if kind == "test" and not re.fullmatch(r"\d+(\.\d+)?", str(cell.options.get("points"))):
            problems.append(
                Problem(
                    page.path,
                    cell.line,
                    f"The test “{name}” has no points. Add a line such as “:points: 2” under its “:test:”.",
                )
            )
        if kind == "test" and name not in solutions:
            problems.append(
                Problem(
                    page.path,
                    cell.line,
                    f"The test “{name}” has no solution. Add a cell with the line “:solution: {name}” above it.",
                )
            )


def _same_id_twice(page, problems):
    seen = {}
    for question in page.questions:
        if question.id in seen:
            problems.append(
                Problem(
                    page.path,
                    question.line,
                    f"Two questions have the id “{question.id}” (the other is "
                    f"in line {seen[question.id]}). Give one an “id: …” code word.",
                )
            )
        seen.setdefault(question.id, question.line)


class _Splitter:
    """Cuts the Markdown of one cell into prose, sections and questions."""

    def __init__(self, source, path, offset, problems, graded):
        self.lines = source.split("\n")
        self.nodes = markdown.parse(source)
        self.path, self.offset, self.problems, self.graded = path, offset, problems, graded

    def parts(self):
        found, index, start = [], 0, 0
        while index < len(self.nodes):
            node = self.nodes[index]
            words = (
                markdown.code_words(self.nodes[index + 1])
                if node.type == "heading" and index + 1 < len(self.nodes)
                else None
            )
            if not words:
                index += 1
                continue
            found += self.prose(start, node.map[0])
            if question_reader.is_question(words):
                end = self.next_heading(index + 1)
                question = question_reader.read(
                    self.nodes[index:end], self.path, self.offset, self.problems, self.graded
                )
                found += [question] if question else []
                index = end
            else:
                found.append(self.section(node, self.nodes[index + 1], words))
                index += 2
            start = self.nodes[index].map[0] if index < len(self.nodes) else len(self.lines)
        return found + self.prose(start, len(self.lines))

    def next_heading(self, index):
        while index < len(self.nodes) and self.nodes[index].type != "heading":
            index += 1
        return index

    def prose(self, start, end):
        while start < end and not self.lines[start].strip():
            start += 1
        source = "\n".join(self.lines[start:end]).strip()
        return [Prose(source, self.offset + start + 1)] if source else []

    def section(self, heading, line, words):
        statements, minutes = [], 0
        for word in words:
            if markdown.is_statement(word):
                statements.append(word)
            elif match := MINUTES.match(word):
                minutes = int(match.group(1))
            else:
                hint = (
                    "a kind of question is misspelt: known are " + ", ".join(question_reader.KINDS)
                    if question_reader.looks_like_question(words)
                    else "known here are statements (`a1`) and `10 minutes`"
                )
                self.problems.append(
                    Problem(
                        self.path, self.offset + line.map[0] + 1, f"“{word}” is no code word under a heading; {hint}."
                    )
                )
        title = markdown.plain(heading)
        return Section(
            title,
            self.offset + heading.map[0] + 1,
            statements,
            minutes,
            "\n".join(self.lines[heading.map[0] : heading.map[1]]),
        )
