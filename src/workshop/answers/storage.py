"""Where an answer sheet lies: the port that every face saves through, and the adapter for a file beside the page.

The room's adapter stands in `workshop.room.store`. All adapters pass the tests in `tests/answers/test_storage.py`.
"""

from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from workshop.answers.atomic import cause, free, put
from workshop.errors import WorkshopError


class SaveError(WorkshopError):
    """What somebody answered was not saved; the message is for the participant."""


class StorageError(SaveError):
    """The disk, or what lies on it, refused; the same answer may be saved when it is tried again."""


class SheetStorage(Protocol):
    """Where the answer sheet of one participant for one page lies. What was saved is on the disk."""

    @property
    def name(self) -> str:
        """What messages call the sheet, for instance the name of its file."""

    def load(self) -> bytes | None:
        """The sheet as it was saved last, or None when there is none yet. Raises StorageError."""

    def save(self, content: bytes) -> None:
        """Put these bytes in the place of the sheet. Raises StorageError, and then the earlier ones are still there."""

    def set_aside(self) -> str:
        """Keep a sheet that cannot be read elsewhere, as it is, and return where. Raises StorageError."""

    def changing(self) -> AbstractContextManager[object]:
        """What is loaded and saved within is one change, as far as the storage can promise it.

        Raises StorageError at its end.
        """


class FileStorage:
    """A file beside the page. Replaced in one step: whoever is killed meanwhile leaves the old sheet or the new one."""

    def __init__(self, path: Path) -> None:
        self.path = Path(path)

    @property
    def name(self) -> str:
        return self.path.name

    def load(self) -> bytes | None:
        try:
            return self.path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise StorageError(f"The answer sheet {self.name} cannot be read: {error.strerror}.") from error

    def save(self, content: bytes) -> None:
        try:
            put(self.path, content)
        except OSError as error:
            raise StorageError(
                f"Not saved: {cause(error)} Your earlier answers are safe. "
                "Put that right, then change your answer once more."
            ) from error

    def set_aside(self) -> str:
        kept = free(self.path.with_name(f"{self.path.stem}.damaged-{moment()}.json"))
        try:
            self.path.replace(kept)
        except OSError as error:
            raise StorageError(
                f"The answer sheet {self.name} is damaged and could not be moved aside: {error.strerror}."
            ) from error
        return kept.name

    def changing(self) -> AbstractContextManager[object]:
        # Two windows of one person are two processes; each rereads the file before it changes one entry.
        return nullcontext()


def moment() -> str:
    """The present moment in UTC, as a file's name may hold it."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
