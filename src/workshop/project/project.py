"""The project on disk: where its pages are, and everything read from them at once."""

from dataclasses import dataclass, field
from pathlib import Path

from workshop.content import tables
from workshop.project import pages
from workshop.scenarios import reader as scenario_reader


@dataclass
class Project:
    """All pages and scenarios of a project, with every fault found while reading."""

    root: Path
    lessons: list = field(default_factory=list)
    exercises: list = field(default_factory=list)
    scenarios: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)

    @property
    def pages(self):
        """Lessons, then exercises."""
        return self.lessons + self.exercises

    @property
    def checks(self):
        """The exercises that belong to no one lesson: what people know before and after the whole."""
        return [page for page in self.exercises if not self.lesson(page.name)]

    def lesson(self, name):
        """The lesson of this name, or None."""
        return next((page for page in self.lessons if page.name == name), None)

    def exercise(self, name):
        """The exercise of this name, or None."""
        return next((page for page in self.exercises if page.name == name), None)


def read(root=None):
    """Read all of a project's texts. Faults are collected, not raised."""
    root = Path(root or tables.home())
    project = Project(root)
    for folder, kind, found in (("notebooks", "lesson", project.lessons), ("solutions", "exercise", project.exercises)):
        for path in sorted((root / folder).glob("*.md")):
            found.append(pages.read(path, root, kind, project.problems))
    for path in sorted((root / "data" / "scenarios").glob("*.md")):
        if scenario := scenario_reader.read(path, root, project.problems):
            project.scenarios[scenario.name] = scenario
            # A page that plays one round of it tells where the whole is played.
            scenario.lesson = next((page.title for page in project.lessons if (scenario.name, 0) in page.plays), "")
    return project
