"""The project on disk: where its pages are, and everything read from them at once."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from workshop.content import tables
from workshop.content.markdown import Problem
from workshop.project import pages
from workshop.project.pages import Page
from workshop.scenarios import reader as scenario_reader
from workshop.scenarios.model import Scenario


@dataclass(eq=False)
class Project:
    """All pages and scenarios of a project, with every fault that came up while they were read."""

    root: Path
    lessons: list[Page] = field(default_factory=list)
    exercises: list[Page] = field(default_factory=list)
    scenarios: dict[str, Scenario] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

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
            if scenario := scenario_reader.read(path, project.root, project.problems):
                project.scenarios[scenario.name] = scenario
                # A page that plays one round of it tells where the whole is played.
                scenario.lesson = next((page.title for page in project.lessons if (scenario.name, 0) in page.plays), "")
    return project


def _pages(project: Project, folder: str, kind: str) -> list[Page]:
    paths = sorted((project.root / folder).glob("*.md"))
    return [pages.read(path, project.root, kind, project.problems) for path in paths]


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
