"""What takes long to make, kept on the disk between two commands, with a digest of all that each entry is made from.

An entry is never half written, and a damaged one is made anew: deleting them costs time and nothing else.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from importlib import metadata
from pathlib import Path
from typing import TypeVar

from workshop.answers.atomic import cause
from workshop.errors import WorkshopError

Value = TypeVar("Value")
PACKAGE = Path(__file__).resolve().parents[1]


class CacheError(WorkshopError):
    """The disk refused to keep something; the message says why and how to put it right."""


def cached(folder: Path, name: str, made_from: str, make: Callable[[], bytes]) -> bytes:
    """What `make` returns, from the file `folder/name` if it was made from the same there.

    `made_from` is a digest of everything that `make` uses (see `digest`); the entry holds the newest only. Raises
    CacheError when an entry cannot be written, and what `make` raises.
    """
    path = folder / name
    kept = _kept(path, made_from)
    if kept is None:
        kept = make()
        _keep(path, _head(made_from, kept) + kept)
    return kept


def cached_json(folder: Path, name: str, made_from: str, make: Callable[[], Value]) -> Value:
    """The same for what JSON can hold. It comes back as JSON gives it: a tuple as a list, each key as a string."""
    content = cached(folder, name, made_from, lambda: json.dumps(make(), ensure_ascii=False).encode())
    value: Value = json.loads(content)
    return value


def digest(*parts: bytes | str) -> str:
    """A digest of these parts, each told apart from the next."""
    whole = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        whole.update(len(content).to_bytes(8) + content)
    return whole.hexdigest()


def digest_of_files(paths: Iterable[Path]) -> str:
    """A digest of what these files hold, in this order. A file that is not there counts as an empty one."""
    return digest(*(path.read_bytes() if path.is_file() else b"" for path in paths))


def digest_of_code(*names: str) -> str:
    """A digest of modules (`project/pages.py`) and packages (`questions`) of the kit, as a part of a `made_from`."""
    files = {
        file
        for name in names
        for file in ([PACKAGE / name] if name.endswith(".py") else (PACKAGE / name).rglob("*.py"))
    }
    return digest_of_files(sorted(files))


def versions(*libraries: str) -> str:
    """The versions of installed libraries, as a part of a `made_from`; one that is not installed has none."""
    return " ".join(f"{name} {_version(name)}" for name in libraries)


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "none"


def _head(made_from: str, content: bytes) -> bytes:
    """The first line of an entry. The digest of what follows tells a damaged entry from a whole one."""
    return f"{made_from} {hashlib.sha256(content).hexdigest()}\n".encode()


def _kept(path: Path, made_from: str) -> bytes | None:
    try:
        head, _, content = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return content if head + b"\n" == _head(made_from, content) else None


def _keep(path: Path, entry: bytes) -> None:
    # No fsync: an entry that a power cut damages is made anew.
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            temporary.write_bytes(entry)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise CacheError(
            f"{path} could not be written: {cause(error)} Put that right, then give the command once more."
        ) from error
