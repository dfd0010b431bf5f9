"""What the walk through every play of a scenario shows, kept until its text changes: a walk takes up to a second."""

from pathlib import Path

from workshop.answers.cache import cached_json, digest, digest_of_code, digest_of_files
from workshop.content.markdown import Problem
from workshop.project.project import Project
from workshop.scenarios import check
from workshop.scenarios.model import Scenario

KEPT = Path(".workshop") / "scenarios"
CODE = ("content", "scenarios")


def faults(project: Project, scenario: Scenario) -> list[Problem]:
    """Every fault of a whole scenario of a project (see `workshop.scenarios.check`)."""

    def found() -> list[tuple[str, int, str]]:
        return [(problem.path, problem.line, problem.message) for problem in check.faults(scenario)]

    kept = cached_json(project.root / KEPT, f"{scenario.name}-faults.json", _made_from(project, scenario), found)
    return [Problem(*problem) for problem in kept]


def figures(project: Project, scenario: Scenario) -> list[tuple[str, str]]:
    """What facilitators want to know of a scenario before they use it: rows of (what, figure)."""
    kept = cached_json(
        project.root / KEPT,
        f"{scenario.name}-figures.json",
        _made_from(project, scenario),
        lambda: check.figures(scenario),
    )
    return [(what, figure) for what, figure in kept]


def _made_from(project: Project, scenario: Scenario) -> str:
    return digest(digest_of_code(*CODE), scenario.path, digest_of_files([project.root / scenario.path]))
