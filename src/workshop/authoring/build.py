"""Texts in, files out: what `workshop build` makes, step by step, and how it knows what is older than its text.

A step makes one file and is a function from texts to bytes, so building twice gives the same bytes. This module knows
how steps are carried out, and those that need nothing but the texts; what grading and papers add stands in
`workshop.cli.steps`.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from workshop.answers import atomic
from workshop.answers.cache import cached, digest, digest_of_code, digest_of_files, versions
from workshop.authoring import readme
from workshop.content import tables
from workshop.errors import WorkshopError
from workshop.project import coverage
from workshop.project.pages import Page
from workshop.project.project import Project
from workshop.render.pdf import TypesetterError

if TYPE_CHECKING:
    from workshop.authoring.notebooks import Sources

KEPT = Path(".workshop") / "built"
STATE = Path(".workshop") / "built_from"
# Everything that is built, and everything that it is built from.
FOLDERS, FILES = ("notebooks", "solutions", "exercises", "data"), ("README.md", "nbgrader_config.py")
CODE = Path(__file__).parents[1]
LIBRARIES = ("Jinja2", "markdown-it-py", "mdit-py-plugins", "nbformat", "nbgrader", "PyYAML", "typst")
SCHEMA = Path(__file__).parents[1] / "answers" / "answer_sheet.schema.json"
# The code that each thing is made by: modules and packages. A change elsewhere makes nothing stale.
PAGE_CODE = (
    "__init__.py",
    "environment.py",
    "errors.py",
    "content",
    "project/pages.py",
    "project/project.py",
    "questions",
    "scenarios/model.py",
    "scenarios/reader.py",
)
NOTEBOOK_CODE = (*PAGE_CODE, "authoring/notebooks.py", "notebook/calls.py")
TABLE_CODE = (*PAGE_CODE, "answers/atomic.py", "answers/cache.py", "authoring/readme.py", "project/coverage.py")


@dataclass(frozen=True)
class Step:
    """A file that is built: its path in the kit, a digest of all it is made from, and what makes its bytes.

    `make` may raise TypesetterError where a machine cannot make PDF: the file is then left as it is.
    """

    path: str
    made_from: str
    make: Callable[[], bytes]


class NotWrittenError(WorkshopError):
    """A built file could not be written; the message says why and how to put it right."""


def steps(project: Project) -> list[Step]:
    """What the texts of a project make by themselves: lessons, solved exercises, tables, the published schema."""
    sources = tables.sources(project.root)
    code = digest(digest_of_code(*NOTEBOOK_CODE), versions("nbformat"))

    def used(page: Page, *texts: str) -> str:
        """A digest of what a notebook holds: the code, these texts, and the sources that it lists."""
        listed = {key: sources[key] for key in page.listed_sources(project.scenarios, sources)}
        return digest(code, digest_of_files(project.root / text for text in texts), json.dumps(listed))

    def lesson(page: Page) -> Step:
        played = [project.scenarios[name] for name in page.scenarios if name in project.scenarios]
        made_from = used(page, page.path, *(scenario.path for scenario in played))
        # A scenario says in which lesson the whole of it is played.
        titles = [scenario.lesson for scenario in played]
        return Step(
            f"notebooks/{page.name}.ipynb", digest(made_from, *titles), partial(_lesson, project, page, sources)
        )

    def exercise(page: Page) -> Step:
        return Step(solved_path(page), used(page, page.path), partial(_solved, page, sources))

    return [*map(lesson, project.lessons), *map(exercise, project.exercises), *_tables(project)]


def solved_path(page: Page) -> str:
    """Where the instructor's notebook of an exercise lies in the kit."""
    return f"solutions/{page.name}/{page.name}.ipynb"


def _solved(page: Page, sources: "Sources") -> bytes:
    from workshop.authoring import notebooks  # nbformat takes long to load, and most builds change no notebook

    return notebooks.solved_exercise(page, sources)


def _lesson(project: Project, page: Page, sources: "Sources") -> bytes:
    from workshop.authoring import notebooks

    return notebooks.lesson(page, project.scenarios, sources)


def _tables(project: Project) -> list[Step]:
    texts = digest(digest_of_code(*TABLE_CODE), digest_of_texts(project))
    return [
        Step("README.md", digest(texts, readme.frame(project)), lambda: readme.filled(project).encode()),
        Step(coverage.TABLE, texts, lambda: coverage.as_csv(project).encode()),
        Step("data/answer_sheet.schema.json", digest_of_files([SCHEMA]), SCHEMA.read_bytes),
    ]


def digest_of_texts(project: Project) -> str:
    """A digest of all pages and scenarios of a project, and of the statements of the notes."""
    paths = [page.path for page in project.pages] + [scenario.path for scenario in project.scenarios.values()]
    return digest_of_files(project.root / path for path in (coverage.NOTES, *paths))


# ---------------------------------------------------------------- carrying steps out


def stale(root: Path, steps: Iterable[Step]) -> list[str]:
    """The paths of everything built that is not on disk as it should be. Each step is carried out, whatever is kept."""
    return [step.path for step in steps if _on_disk(root / step.path) != step.make()]


def build(root: Path, steps: Iterable[Step], say: Callable[[str], object] = print) -> tuple[list[str], list[str]]:
    """Make what is missing or older than its text. Returns (the paths that were written, those that had to be left).

    Raises NotWrittenError, CacheError, and what a step raises.
    """
    written, left = [], []
    for step in steps:
        path = root / step.path
        try:
            content = cached((root / KEPT / step.path).parent, path.name, step.made_from, step.make)
        except TypesetterError as error:
            # The pages are worth more than their print: a machine that cannot make PDF can still open the lab.
            say(f"{step.path} is left as it is. {error}")
            left.append(step.path)
            continue
        if _on_disk(path) != content:
            _write(path, content)
            written.append(step.path)
            say(f"built {step.path}")
    return written, left


def unchanged(root: Path) -> bool:
    """Whether no text, no built file and no code was touched since everything was built. Then nothing need be read."""
    return _on_disk(root / STATE) == _state(root)


def remember(root: Path) -> None:
    """Keep what the kit looks like now that everything is built. Raises NotWrittenError."""
    _write(root / STATE, _state(root))


def _state(root: Path) -> bytes:
    texts = (path for folder in FOLDERS for path in (root / folder).rglob("*"))
    code = (path for path in CODE.rglob("*") if path.suffix != ".pyc")
    paths = [*sorted(texts), *(root / name for name in FILES), *sorted(code)]
    return digest(*map(str, paths), digest_of_files(paths), versions(*LIBRARIES)).encode()


def _on_disk(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.put(path, content)
    except OSError as error:
        raise NotWrittenError(
            f"{path} could not be written: {atomic.cause(error)} Put that right, then run `workshop build` again."
        ) from error
