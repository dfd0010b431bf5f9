"""Where things lie in a course: nbgrader's folders, its grade book, and what the course's own settings say of them."""

from dataclasses import dataclass
from pathlib import Path

STEPS = ("source", "release", "submitted", "autograded", "feedback")


@dataclass(frozen=True)
class Places:
    """The folders of a course and the address of its grade book, as `nbgrader_config.py` names them."""

    root: Path
    names: dict
    structure: str
    db_url: str
    course_id: str

    def of(self, step, student, assignment):
        """The folder of a step (`source`, `release`, `submitted`, `autograded`, `feedback`) for one student and assignment."""
        return self.root / self.structure.format(
            nbgrader_step=self.names[step], student_id=student, assignment_id=assignment
        )

    def source(self, assignment):
        """The folder with the instructor's version of an assignment."""
        return self.of("source", ".", assignment)

    def submitted(self, assignment):
        """Student -> folder of a submission, for everybody who handed this assignment in."""
        marked = self.structure.format(nbgrader_step=self.names["submitted"], student_id="*", assignment_id=assignment)
        depth = Path(self.structure).parts.index("{student_id}") - len(Path(self.structure).parts)
        return {
            path.parts[depth]: path
            for path in sorted(self.root.glob(marked))
            if path.is_dir() and not path.is_symlink()
        }


def settings(root):
    """What a course's `nbgrader_config.json` and `nbgrader_config.py` set, as a traitlets Config; empty without these files."""
    from traitlets.config import Config, JSONFileConfigLoader, PyFileConfigLoader

    config = Config()
    for name, loader in (("nbgrader_config.json", JSONFileConfigLoader), ("nbgrader_config.py", PyFileConfigLoader)):
        if (Path(root) / name).is_file():
            config.merge(loader(name, path=str(root)).load_config())
    return config


def read(root, config=None):
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
