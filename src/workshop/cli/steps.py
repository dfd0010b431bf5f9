"""What `workshop build` makes and `workshop check` looks for: the lists of both, from every package that adds to them.

nbgrader and the typesetter are loaded where a step needs them, since most builds change one page.
"""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType

from workshop import papers, render
from workshop.answers.cache import digest, digest_of_code, digest_of_files, versions
from workshop.authoring import build, check
from workshop.authoring.build import Step
from workshop.content.markdown import Problem
from workshop.papers import guide, handouts
from workshop.project import project
from workshop.project.pages import Page
from workshop.project.project import Project

RELEASE_CODE = ("answers/cache.py", "content/imports.py", "grading/assignments.py")
GUIDE_CODE = ("content", "papers/guide.py", "render/blocks.py", "render/html.py", "render/pdf.py")


def build_all(root: Path, say: Callable[[str], object] = print) -> tuple[list[Problem], list[str]]:
    """Build everything in the kit: (faults of its texts, paths that were written). With a fault nothing is built.

    Raises what `build` raises.
    """
    if build.unchanged(root):
        return [], []
    with project.without_collecting():
        read = project.read(root)
        if read.problems:
            return read.problems, []
        written, left = build.build(root, build_steps(read), say)
    if not left:
        build.remember(root)
    return [], written


def build_steps(project: Project) -> list[Step]:
    """Everything that `workshop build` makes, in the order in which it is made."""
    own = build.steps(project)
    return [*own, *_released(project, {step.path: step for step in own}), *_guide(project)]


def _released(project: Project, own: dict[str, Step]) -> list[Step]:
    """The exercises as participants get them, made by nbgrader from the solved notebooks."""
    settings = digest_of_files([project.root / "nbgrader_config.py"])
    how = digest(digest_of_code(*RELEASE_CODE), versions("nbgrader", "nbformat"), settings)

    def release(page: Page) -> Step:
        solved = own[build.solved_path(page)]
        path = f"exercises/{page.name}/{page.name}.ipynb"
        return Step(path, digest(how, solved.made_from), partial(_release, project.root, page.name, solved))

    return [release(page) for page in project.exercises]


def _release(root: Path, name: str, solved: Step) -> bytes:
    from workshop.grading import assignments

    return assignments.released(root, name, solved.make())[0]


def _guide(project: Project) -> list[Step]:
    """The facilitator's guide, for the screen and for paper.

    It holds notes and tables of all pages, so what it says is gathered each time; it is set only when that has changed.
    """
    blocks = guide.blocks(project)
    look = digest_of_files(sorted(path for package in (render, papers) for path in _templates(package)))
    made_from = digest(digest_of_code(*GUIDE_CODE), versions("Jinja2", "typst"), look, json.dumps(blocks))
    return [
        Step(guide.PATH, made_from, lambda: guide.as_html(blocks).encode()),
        Step(guide.PRINT, made_from, lambda: guide.as_pdf(blocks)),
    ]


def _templates(package: ModuleType) -> list[Path]:
    folder = Path(package.__path__[0])
    return [*folder.glob("*.typ"), *(folder / "templates").iterdir()]


def faults(project: Project, run: bool = True) -> list[Problem]:
    """Every fault of a project. With `run`, exercises are graded too, solved and untouched, once nothing else is wrong.

    Raises GradingError.
    """
    told = check.problems(project, [*check.RULES, guide.faults, handouts.faults])
    if run and not told:
        from workshop.grading import solution_check

        return check.problems(project, [solution_check.faults])
    return told
