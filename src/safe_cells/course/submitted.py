"""A submission as it lies in `submitted/`.

Whatever a folder may hold is read as far as it is sensible, or refused in words.
"""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from safe_cells.course import damaged
from safe_cells.errors import CourseError, SafeCellsError
from safe_cells.limits import Limits

MOST_BYTES = Limits().scratch
MOST_FILES, MOST_DEPTH = 5000, 50
LEFT_OUT = {".ipynb_checkpoints", "__pycache__"}
PIECE = 1 << 20


def written(name: str) -> str:
    """A name or sentence from outside as it can be shown in one line.

    What is no letter or cannot be seen is written out.
    """
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape", "backslashreplace").decode("ascii")
        for letter in name
    )


def reason(error: Exception) -> str:
    """Why a submission is refused, as a sentence for the instructor."""
    if isinstance(error, SafeCellsError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        where = f" ({written(str(error.filename))})" if error.filename else ""
        return f"It cannot be read or written: {error.strerror}{where}. It stays as it is."
    if isinstance(error, MemoryError):
        return "It needs more memory than there is. It stays as it is."
    return f"It could not be graded ({type(error).__name__}: {written(str(error))[:300]}). It stays as it is."


@dataclass
class Submitted:
    """The folder of a submission.

    `time` is when it was handed in (UTC, without a zone), or None; `time_unread` is what stands there instead of a
    time. Raises CourseError or OSError when the folder cannot be taken as it is.
    """

    folder: Path
    paths: dict[str, Path] = field(init=False)
    time: datetime | None = field(init=False, default=None)
    time_unread: str = field(init=False, default="")

    def __post_init__(self) -> None:
        if self.folder.is_symlink() or not self.folder.is_dir():
            kind = "a link" if self.folder.is_symlink() else "no folder"
            raise CourseError(
                f"{written(str(self.folder))} is {kind}: a submission is a folder of its own. It stays as it is."
            )
        self.paths = files_in(self.folder)
        stamp = self.paths.get("timestamp.txt")
        if stamp and stamp.stat().st_size < PIECE:
            self.time, self.time_unread = time_of(stamp.read_bytes())

    def digest(self) -> str:
        """A short name for all that is in the files."""
        whole = hashlib.sha256()
        for name, path in sorted(self.paths.items()):
            content = hashlib.sha256()
            with path.open("rb") as file:
                while piece := file.read(PIECE):
                    content.update(piece)
            whole.update(repr((name, content.hexdigest())).encode("utf-8", "surrogatepass"))
        return whole.hexdigest()

    def read(self) -> dict[str, Any]:
        """What a worker gets: {"notebooks": {path: bytes}, "files": {path: bytes}}."""
        content = {name: path.read_bytes() for name, path in self.paths.items()}
        return {
            "notebooks": {name: data for name, data in content.items() if name.endswith(".ipynb")},
            "files": {name: data for name, data in content.items() if not name.endswith(".ipynb")},
        }


def files_in(folder: Path, most: int | None = MOST_BYTES) -> dict[str, Path]:
    """{path within the folder: path} of its regular files; links are not followed, and what is no file has no content.

    Raises CourseError when there are too many, too deep or, in all, more than `most` bytes (None is no limit): nothing
    is read to find out.
    """
    found: dict[str, Path] = {}
    total = 0
    for entry, depth in _walk(folder):
        if depth > MOST_DEPTH:
            raise CourseError(
                f"It holds folders more than {MOST_DEPTH} deep. Take out what does not belong, then grade again."
            )
        about = entry.stat(follow_symlinks=False)
        if not stat.S_ISREG(about.st_mode):
            continue
        total += about.st_size
        if most is not None and total > most:
            raise CourseError(
                f"Its files are larger than {most // 1_000_000} MB in all (the last one: {written(entry.name)}, "
                f"{about.st_size // 1_000_000} MB). Take out what does not belong, then grade again."
            )
        path = Path(entry.path)
        found[path.relative_to(folder).as_posix()] = path
        if len(found) > MOST_FILES:
            raise CourseError(
                f"It holds more than {MOST_FILES} files. Take out what does not belong, then grade again."
            )
    return dict(sorted(found.items()))


def _walk(folder: Path) -> Iterator[tuple["os.DirEntry[str]", int]]:
    """All entries below a folder with their depth.

    Without recursion: folders can be nested deeper than Python calls.
    """
    todo = [(str(folder), 0)]
    while todo:
        path, depth = todo.pop()
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False) and entry.name not in LEFT_OUT and depth <= MOST_DEPTH:
                    todo.append((entry.path, depth + 1))
                yield entry, depth


def time_of(raw: bytes) -> tuple[datetime | None, str]:
    """(the time of a time stamp in UTC without a zone, "") or (None, the words that are no time)."""
    from dateutil import parser  # type: ignore[import-untyped]  # has no types

    words = damaged.text_of(raw)[0].strip()
    try:
        moment = parser.parse(words)
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment, ""
    except (ValueError, OverflowError):
        return None, written(words[:60]) or "it is empty"
