"""Where things lie in a course: nbgrader's folders, its grade book, and what the course's own settings say of them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traitlets.config import Config

STEPS = ("source", "release", "submitted", "autograded", "feedback")


@dataclass(frozen=True)
class Places:
    """The folders of a course and the address of its grade book, as `nbgrader_config.py` names them."""

    root: Path
    names: Mapping[str, str]
    structure: str
    db_url: str
    course_id: str

    def relative(self, step: str, student: str, assignment: str) -> str:
        """The path, seen from the course, of a step for one student and assignment.

        Steps are `source`, `release`, `submitted`, ….
        """
        return self.structure.format(nbgrader_step=self.names[step], student_id=student, assignment_id=assignment)

    def of(self, step: str, student: str, assignment: str) -> Path:
        """The folder of a step for one student and assignment."""
        return self.root / self.relative(step, student, assignment)

    def source(self, assignment: str) -> Path:
        """The folder with the instructor's version of an assignment."""
        return self.of("source", ".", assignment)

    def submitted(self, assignment: str) -> Iterator[tuple[str, Path]]:
        """(student, path) of whatever lies where a submission of this assignment would: a folder, if all is well."""
        pattern = re.compile(
            re.escape(self.of("submitted", "\0", assignment).as_posix()).replace("\0", "([^/]+)"), re.S
        )
        for path in sorted(self.root.glob(self.relative("submitted", "*", assignment))):
            if found := pattern.fullmatch(path.as_posix()):
                yield found[1], path


def settings(root: Path | str) -> "Config":
    """What a course's `nbgrader_config.json` and `nbgrader_config.py` set; empty without these files."""
    from traitlets.config import Config
    from traitlets.config.loader import JSONFileConfigLoader, PyFileConfigLoader

    config = Config()
    for name, loader in (("nbgrader_config.json", JSONFileConfigLoader), ("nbgrader_config.py", PyFileConfigLoader)):
        if (Path(root) / name).is_file():
            config.merge(loader(name, path=str(root)).load_config())
    return config


def read(root: Path | str, config: "Config | None" = None) -> Places:
    """The places of the course in the folder `root`."""
    root = Path(root).resolve()
    course = (settings(root) if config is None else config).CourseDirectory
    own = {key: value for key, value in course.items() if isinstance(value, str)}
    root = Path(own.get("root") or root)
    return Places(
        root,
        {step: own.get(f"{step}_directory", step) for step in STEPS},
        own.get("directory_structure", "{nbgrader_step}/{student_id}/{assignment_id}"),
        own.get("db_url", f"sqlite:///{root / 'gradebook.db'}"),
        own.get("course_id", "default_course"),
    )
