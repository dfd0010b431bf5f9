"""Writing a file in one step: who kills the process meanwhile finds the old file or the new one, never half of one."""

import errno
import os
from pathlib import Path


def put(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Put these bytes where `path` says, on the disk before anybody is told so.

    `mode` are the file's permissions from its first moment, less what the process masks. Raises OSError, and then the
    old file is still there.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def free(path: Path) -> Path:
    """The path, or one beside it with a number, so that nothing is overwritten."""
    number, unused = 2, path
    while unused.exists():
        number, unused = number + 1, path.with_name(f"{path.stem}-{number}{path.suffix}")
    return unused


def cause(error: OSError) -> str:
    """Why the disk refused, in plain words."""
    if error.errno == errno.ENOSPC:
        return "the disk is full."
    if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
        return "this folder may not be written to."
    return f"{error.strerror}."
