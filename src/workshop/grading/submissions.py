"""What lies in the inbox, as values: hand-in files, folders, bare notebooks and sheets, renamed, mailed or mended by hand.

Each is read as the intact one would be, or as far as possible with what is missing, or refused with the reason. Files stay
where they are; nothing in an archive is unpacked to disk, and links are not followed.
"""

import hashlib
import re
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePosixPath

from workshop.answers.code_names import code_name
from workshop.answers.sheet import NewerSheetError
from workshop.grading import repair
from workshop.grading.code_cells import SafeCellsError, damaged, files_in

MOST_BYTES = 50_000_000
PAGE = re.compile(r'Page\(\\?["\']([\w-]+)\\?["\']\)')
NUMBERED = re.compile(r"( ?\(\d+\)| - copy| copy| ?kopie)+$", re.I)
AGAIN = "Ask for the file once more; nothing was changed."


@dataclass
class Exercise:
    """What reading needs to know of an exercise: its name, its questions by id, and the notebook that was given out."""

    name: str
    questions: dict
    notebook: dict


@dataclass
class HandIn:
    """What one person handed in: the answer sheet in its present form, and the lines of the solution cells by name."""

    code: str
    time: datetime | None
    file: str
    sheet: dict | None
    code_cells: dict = field(default_factory=dict)
    repairs: list = field(default_factory=list)
    missing: list = field(default_factory=list)


@dataclass
class Inbox:
    """All hand-ins of an exercise, one for each person; what was refused, by file; and what the instructor should know."""

    hand_ins: list = field(default_factory=list)
    refused: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)


class Refused(Exception):
    """This cannot be graded; the message says why and what to do."""


class Other(Exception):
    """This belongs to another exercise."""


def read(inbox, exercise):
    """Everything in the folder `inbox` that belongs to this exercise, as an `Inbox`."""
    found, newest = Inbox(), {}
    for name, load in sorted(_bundles(inbox), key=lambda bundle: bundle[0]):
        try:
            one = _hand_in(name, load(), exercise)
        except Other:
            continue
        except Refused as why:
            found.refused[name] = str(why)
            continue
        except SafeCellsError as why:
            found.refused[name] = f"{name}: {why}"
            continue
        except Exception as error:  # noqa: BLE001 - one hand-in never ends a round
            found.refused[name] = f"{name} cannot be opened ({error}). {AGAIN}"
            continue
        earlier = newest.get(one.code)
        if earlier:
            older, one = sorted(
                (earlier, one), key=lambda each: (each.time or datetime.min.replace(tzinfo=UTC), each.file)
            )
            found.notes.append(f"{one.code} handed in more than once: {one.file} counts, {older.file} is kept.")
        newest[one.code] = one
    found.hand_ins = [newest[code] for code in sorted(newest)]
    return found


def _bundles(inbox):
    """(name, function that gives {path: bytes}) of everything that may be one hand-in."""
    for path in sorted(Path(inbox).iterdir()):
        if path.is_symlink() or path.name.startswith((".", "__MACOSX")) or path.name == "Thumbs.db":
            continue
        if path.is_dir():
            try:
                files = files_in(path, most=None).values()
            except (SafeCellsError, OSError) as error:
                yield path.name, partial(_fail, error)
                continue
            inner = [one for one in files if not any(part.startswith(".") for part in one.relative_to(inbox).parts)]
            zips = [one for one in inner if one.suffix.lower() == ".zip"]
            for one in zips:
                yield one.relative_to(inbox).as_posix(), lambda one=one: _members(one)
            for folder in sorted({one.parent for one in inner if one not in zips}):
                files = [one for one in inner if one.parent == folder and one not in zips]
                yield (
                    folder.relative_to(inbox).as_posix(),
                    lambda files=files: {
                        one.relative_to(inbox).as_posix(): _bytes(one) for one in files if _is_ours(one.name)
                    },
                )
        elif path.is_file() and (path.suffix.lower() == ".zip" or zipfile.is_zipfile(path)):
            yield path.name, lambda path=path: _members(path)
        elif path.is_file():
            yield path.name, lambda path=path: {path.name: _bytes(path)}
        else:
            yield path.name, partial(_fail, Refused(f"{path.name} is no file that can be read. It stays where it is."))


def _fail(error):
    raise error


def _is_ours(name):
    return bool(re.search(r"\.(ipynb|json|txt)(\W|$)", name.lower()))


def _bytes(path):
    if path.stat().st_size > MOST_BYTES:
        raise Refused(f"{path.name} is larger than {MOST_BYTES // 1_000_000} MB. {AGAIN}")
    return path.read_bytes()


def _members(path):
    """{path in it: bytes} of a zip; sizes are checked as declared and as they come."""
    found, total = {}, 0
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            name = PurePosixPath(info.filename.replace("\\", "/"))
            if info.is_dir() or "__MACOSX" in name.parts or name.name.startswith(".") or not _is_ours(name.name):
                continue
            if info.file_size > MOST_BYTES:
                raise Refused(f"{name.name} in {path.name} is larger than {MOST_BYTES // 1_000_000} MB.")
            with archive.open(info) as file:
                data = file.read(MOST_BYTES + 1)
            total += len(data)
            if total > MOST_BYTES:
                raise Refused(f"{path.name} holds more than {MOST_BYTES // 1_000_000} MB.")
            found[info.filename] = data
    return found


def _hand_in(bundle, parts, exercise):
    """One hand-in from its files. Raises Other or Refused."""
    about, notebooks, sheets = {}, [], []
    for name, raw in parts.items():
        if PurePosixPath(name).name == "hand_in.json":
            data, _ = damaged.json_of(raw)
            about = data if isinstance(data, dict) else {}
        elif raw.strip(b"\0 \r\n\t") and not name.endswith("timestamp.txt"):
            start = damaged.text_of(raw)[0][:2_000_000]
            (notebooks if '"cell_type"' in start or '"cells"' in start else sheets).append((name, raw, start))
    if not parts:
        raise Refused(
            f"{bundle} is no hand-in file of this workshop: it holds no notebook and no answer sheet. {AGAIN}"
        )
    sheets = [one for one in sheets if '"answers"' in one[2] or one[0].endswith(".answers.json")]
    if not notebooks and not sheets and not about:
        empty = all(not raw.strip(b"\0 \r\n\t") for raw in parts.values())
        raise Refused(f"{bundle} is {'empty' if empty else 'no hand-in of this workshop'}. {AGAIN}")
    if len(parts) > 1 or about:
        page = about.get("page") if isinstance(about.get("page"), str) else None
        if page and page != exercise.name and not _speaks_of(exercise, [*notebooks, *sheets]):
            raise Other
    if not (
        about.get("page") == exercise.name or _speaks_of(exercise, [*notebooks, *sheets]) or exercise.name in bundle
    ):
        if about.get("page") or any(PAGE.search(start) or '"page"' in start for _, _, start in [*notebooks, *sheets]):
            raise Other
        raise Refused(f"{bundle} belongs to no exercise that is known here. Look at what it is; it stays where it is.")
    notebooks = [one for one in notebooks if _speaks_of(exercise, [one])] or notebooks[:1]
    sheets = [one for one in sheets if _speaks_of(exercise, [one])] or sheets[:1]
    one = HandIn("", _time(about, parts), bundle, None)
    for _, raw, _ in sheets[:1]:
        try:
            one.sheet, repairs, missing = repair.sheet_of(raw, exercise.name, exercise.questions)
        except NewerSheetError as newer:
            raise Refused(
                f"{bundle}: {newer}. Bring this copy of the workshop up to date, then grade again."
            ) from newer
        one.repairs += repairs
        one.missing += missing
    if not sheets:
        one.missing.append("there is no answer sheet, so all its questions count as not answered")
    _read_code(one, notebooks, exercise)
    if one.sheet is None and not one.code_cells and (notebooks or sheets or not parts.get("hand_in.json")):
        raise Refused(f"Nothing in {bundle} can be read ({'; '.join(one.missing)}). {AGAIN}")
    one.code = _code(about, one, bundle, exercise, parts)
    return one


def _read_code(one, notebooks, exercise):
    wanted = any(cell.get("metadata", {}).get("nbgrader", {}).get("solution") for cell in exercise.notebook["cells"])
    if not wanted:
        return
    for _, raw, _ in notebooks[:1]:
        cells, repairs = damaged.cells_of(raw)
        if cells is None:
            one.missing.append("the notebook cannot be read; what is in the answer sheet counts")
            return
        one.code_cells, more, missing = damaged.code_cells(cells, exercise.notebook)
        one.repairs += [*repairs, *more]
        one.missing += missing
    if not notebooks:
        one.missing.append("there is no notebook, so its code counts as not written")


def _speaks_of(exercise, parts):
    for name, _, start in parts:
        page = PAGE.search(start) or re.search(r'"page"\s*:\s*"([\w-]+)"', start)
        if (page and page.group(1) == exercise.name) or exercise.name in name:
            return True
        if not page and sum(f'"{id}"' in start or f'\\"{id}\\"' in start for id in exercise.questions) >= min(
            2, len(exercise.questions)
        ):
            return True
    return False


def _time(about, parts):
    stamps = [about.get("time")] + [
        damaged.text_of(raw)[0].strip().replace(" UTC", "+00:00")
        for name, raw in parts.items()
        if name.endswith("timestamp.txt")
    ]
    for stamp in stamps:
        try:
            moment = datetime.fromisoformat(stamp)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (TypeError, ValueError, OverflowError):
            continue
    return None


def _code(about, one, bundle, exercise, parts):
    """The code name, from whatever still tells it."""
    stem = NUMBERED.sub("", PurePosixPath(bundle).name.split(".")[0])
    after = stem.split("--", 1)[1] if "--" in stem else ""
    folders = [part for part in PurePosixPath(bundle).parts if code_name(part) not in ("", code_name(exercise.name))]
    folder = folders[0] if folders and ("/" in bundle or "." not in bundle) else ""
    for words in (about.get("code"), (one.sheet or {}).get("code"), after, folder):
        if isinstance(words, str) and (code := code_name(words)):
            return code
    whole = b"".join(parts[name] for name in sorted(parts))
    code = f"unknown-{hashlib.sha256(whole).hexdigest()[:6]}"
    one.repairs.append(f"no code name was found in {one.file}; it is graded as {code}")
    return code
