"""The participant's folder: pages, exercises and data, and nothing else of the kit.

It may be made again at any time. Answers live in answer sheets, which are never touched, and a page in
which a person wrote something of their own is kept.
"""

import json
import shutil
from datetime import date
from pathlib import Path

from workshop.answers.atomic import free
from workshop.errors import WorkshopError

WELCOME = Path("notebooks") / "m00_welcome.ipynb"


class FolderError(WorkshopError):
    """A participant's folder cannot be made there; the message says why."""


def make(root: Path, folder: Path) -> list[str]:
    """Make or refresh a participant's folder; returns sentences about pages that were kept."""
    if folder.resolve() == root.resolve():
        raise FolderError(
            "This is the folder of the kit itself, with the solutions in it. Choose another one, for instance "
            "my_workshop."
        )
    if not (root / WELCOME).is_file():
        raise FolderError("The pages are not built yet. Run `workshop build` first.")
    notes: list[str] = []
    try:
        for path in [*sorted((root / "notebooks").glob("*.ipynb")), *sorted((root / "exercises").glob("*/*.ipynb"))]:
            notes += _refresh(path, folder, path.relative_to(root))
        data = folder / "data"
        for path in [*sorted((root / "data").glob("*.*")), *sorted((root / "data" / "tables").glob("*.csv"))]:
            target = data / path.relative_to(root / "data")
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.is_file() or target.read_bytes() != path.read_bytes():
                shutil.copyfile(path, target)
    except OSError as error:
        raise FolderError(f"The folder {folder} could not be made: {error.strerror}.") from error
    return notes


def _refresh(source: Path, folder: Path, place: Path) -> list[str]:
    """Copy a page unless it is there already; one in which a person wrote is first kept under a new name.

    `.workshop/given/` remembers each page as it was given out, to tell a person's own words from the kit's.
    """
    target, given = folder / place, folder / ".workshop" / "given" / place
    notes = []
    if target.is_file():
        if given.is_file() and given.read_bytes() == source.read_bytes():
            return []
        words = _words(target)
        if words is None or words not in (_words(given), _words(source)):
            kept = free(target.with_name(f"{target.stem} - mine until {date.today()}.ipynb"))
            target.replace(kept)
            notes.append(f"{target.name} has a new edition. What you wrote in the old one is kept as “{kept.name}”.")
    for copy in (target, given):
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copy)
    return notes


def _words(path: Path) -> list[str] | None:
    """The sources of a notebook's cells, or None when it cannot be read."""
    try:
        return ["".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]
    except (OSError, ValueError, KeyError, TypeError):
        return None
