"""The project on disk: where its pages are, and everything read from them at once."""

import gc
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import TypeVar, cast

from workshop.answers.cache import CacheError, cached, digest, digest_of_code, versions
from workshop.content import tables
from workshop.content.markdown import MissingId, Problem
from workshop.project import pages
from workshop.project.pages import Page
from workshop.scenarios import reader as scenario_reader
from workshop.scenarios.model import Scenario

KEPT = Path(".workshop") / "pages"
# What makes a page or a scenario from its text.
CODE = ("content", "project/pages.py", "questions", "scenarios/model.py", "scenarios/reader.py")
Text = TypeVar("Text")


@dataclass(eq=False)
class Project:
    """All pages and scenarios of a project, with every fault that came up while they were read."""

    root: Path
    lessons: list[Page] = field(default_factory=list)
    exercises: list[Page] = field(default_factory=list)
    scenarios: dict[str, Scenario] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    missing_ids: list[MissingId] = field(default_factory=list)

    @property
    def pages(self) -> list[Page]:
        """Lessons, then exercises."""
        return self.lessons + self.exercises

    @property
    def checks(self) -> list[Page]:
        """The exercises that belong to no one lesson: what people know before and after the whole."""
        return [page for page in self.exercises if not self.lesson(page.name)]

    def lesson(self, name: str) -> Page | None:
        """The lesson of this name, or None."""
        return next((page for page in self.lessons if page.name == name), None)

    def exercise(self, name: str) -> Page | None:
        """The exercise of this name, or None."""
        return next((page for page in self.exercises if page.name == name), None)


def read(root: Path | None = None) -> Project:
    """Read all of a project's texts. Faults are collected, not raised.

    `root` is the folder of the kit, None for the one that `workshop.content.tables.home` finds.
    """
    project = Project(root or tables.home())
    with without_collecting():
        project.lessons += _pages(project, "notebooks", "lesson")
        project.exercises += _pages(project, "solutions", "exercise")
        for path in sorted((project.root / "data" / "scenarios").glob("*.md")):
            if scenario := _kept(project, path, "scenario", partial(scenario_reader.read, path, project.root)):
                project.scenarios[scenario.name] = scenario
                # A page that plays one round of it tells where the whole is played.
                scenario.lesson = next((page.title for page in project.lessons if (scenario.name, 0) in page.plays), "")
    return project


def _pages(project: Project, folder: str, kind: str) -> list[Page]:
    paths = sorted((project.root / folder).glob("*.md"))
    return [_kept(project, path, kind, partial(pages.read, path, project.root, kind)) for path in paths]


def _kept(project: Project, path: Path, kind: str, parse: Callable[[list[Problem], list[MissingId]], Text]) -> Text:
    """What a text holds, as it was kept when the text was parsed last: parsing takes ten times as long.

    Faults and places without an id go to the project.
    """

    def parsed() -> bytes:
        problems: list[Problem] = []
        missing_ids: list[MissingId] = []
        return pickle.dumps((parse(problems, missing_ids), problems, missing_ids))

    try:
        made_from = digest(_how_texts_are_read(), path.read_bytes())
        kept = cached(project.root / KEPT, f"{kind}-{path.stem}", made_from, parsed)
    except (CacheError, OSError):
        # A kit can be read from a disk that may not be written to; a text that cannot be read is a fault among others.
        kept = parsed()
    # Loading runs what stands there; whoever can write into this folder can write into the kit's code as well.
    text, problems, missing_ids = pickle.loads(kept)
    project.problems += problems
    project.missing_ids += missing_ids
    return cast("Text", text)


@cache
def _how_texts_are_read() -> str:
    return digest(digest_of_code(*CODE), versions("markdown-it-py", "mdit-py-plugins", "PyYAML"))


@contextmanager
def without_collecting() -> Iterator[None]:
    """While texts are read, only objects that stay are made; to look for garbage takes a third of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
