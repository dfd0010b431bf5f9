"""Writing files and folders so that nobody ever finds half of one."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path


def write_atomically(path: Path, content: bytes) -> None:
    """Put these bytes where `path` says; whoever ends the process meanwhile finds the old file or the new one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def fill_folder(folder: Path, content: Mapping[str, bytes], locked: bool = False) -> None:
    """Make a folder that holds exactly these files (name -> bytes), as nbgrader leaves it.

    It is not to be written to if `locked`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.name not in content:
            remove(path)
    for file, data in content.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        remove(path)
        path.write_bytes(data)
        if locked:
            path.chmod(0o444)


def remove(path: Path) -> None:
    """Take away a file, a link or a folder with all that is in it, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
