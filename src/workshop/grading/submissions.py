"""What lies in the inbox, as values.

Hand-in files, folders, bare notebooks and sheets, renamed, mailed or mended by hand. Each is read as the intact one
would be, or as far as possible with what is missing, or refused with the reason. Files stay where they are; nothing in
an archive is unpacked to disk, and links are not followed.
"""

import hashlib
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn

from workshop.answers.code_names import code_name
from workshop.answers.sheet import NewerSheetError
from workshop.grading import repair
from workshop.grading.code_cells import SafeCellsError, damaged, files_in
from workshop.questions.kinds.base import Question

Parts = dict[str, bytes]  # the files of a hand-in by their paths
Text = tuple[str, bytes, str]  # path, bytes, and how the text begins
MOST_BYTES = 50_000_000
PAGE = re.compile(r'Page\(\\?["\']([\w-]+)\\?["\']\)')
NUMBERED = re.compile(r"( ?\(\d+\)| - copy| copy| ?kopie)+$", re.I)
AGAIN = "Ask for the file once more; nothing was changed."
CUT_OFF = "the file was cut off on its way; what could be read of it counts"
PIECE = 1 << 14  # a piece of a bomb this size unpacks to 16 MB at most
LOCAL, HEADER = b"PK\x03\x04", struct.Struct("<4x5H3I2H")


@dataclass
class Exercise:
    """What reading needs to know of an exercise: its name, its questions by id, and the notebook that was given out."""

    name: str
    questions: dict[str, Question]
    notebook: dict[str, Any]


@dataclass
class HandIn:
    """What one person handed in: the answer sheet in its present form, and the lines of the solution cells by name."""

    code: str
    time: datetime | None
    file: str
    sheet: dict[str, Any] | None
    code_cells: dict[str, str] = field(default_factory=dict)
    repairs: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


@dataclass
class Inbox:
    """All hand-ins of an exercise, one for each person.

    Also what was refused, by file; and what the instructor should know.
    """

    hand_ins: list[HandIn] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


class Refused(Exception):
    """This cannot be graded; the message says why and what to do."""


class Other(Exception):
    """This belongs to another exercise."""


def read(inbox: Path, exercise: Exercise) -> Inbox:
    """Everything in the folder `inbox` that belongs to this exercise, as an `Inbox`."""
    found = Inbox()
    newest: dict[str, HandIn] = {}
    for name, load in sorted(_bundles(inbox), key=lambda bundle: bundle[0]):
        try:
            parts, repairs = load()
            one = _hand_in(name, parts, repairs, exercise)
        except Other:
            continue
        except Refused as why:
            found.refused[name] = str(why)
            continue
        except SafeCellsError as why:
            found.refused[name] = f"{name}: {why}"
            continue
        except Exception as error:  # noqa: BLE001 - whatever a file makes its reader raise, the others are read
            found.refused[name] = f"{name} cannot be opened ({error}). {AGAIN}"
            continue
        if earlier := newest.get(one.code):
            one, words = _that_counts(earlier, one, exercise)
            found.notes.append(words)
        newest[one.code] = one
    found.hand_ins = [newest[code] for code in sorted(newest)]
    return found


def _that_counts(one: HandIn, other: HandIn, exercise: Exercise) -> tuple[HandIn, str]:
    """(which of two hand-ins under one code name counts, a sentence that says so).

    A code name is no secret. So the later one counts only if it goes on from the earlier one: it leaves out nothing,
    and some answer in it is still the same. Otherwise the earlier one counts until a person has decided.
    """
    earlier, later = sorted(
        (one, other),
        key=lambda each: (each.time or datetime.min.replace(tzinfo=UTC), _answered(each, exercise), each.file),
    )
    before, after = _answers(earlier, exercise), _answers(later, exercise)
    left_out = len(before.keys() - after.keys())
    if not left_out and (not before or any(after[id] == answer for id, answer in before.items())):
        return later, f"{later.code} handed in more than once: {later.file} counts, {earlier.file} is kept."
    why = (
        f"leaves out {left_out} of its answers"
        if left_out
        else "holds none of its answers, as if somebody else had written it"
    )
    return earlier, (
        f"{later.code} handed in more than once: {later.file} came later than {earlier.file} and {why}, so the earlier "
        "one counts. Ask, put the one that should not count elsewhere, and grade again."
    )


def _answers(one: HandIn, exercise: Exercise) -> dict[str, object]:
    """What was answered: id of a question -> its entry in the sheet, and name of a cell -> lines that were changed."""
    entries = ((one.sheet or {}).get("answers") or {}).items()
    given: dict[str, object] = {
        id: (entry["value"], entry["saved"])
        for id, entry in entries
        if id in exercise.questions and exercise.questions[id].clean(entry["value"]) is not None
    }
    stubs = {
        cell["metadata"].get("nbgrader", {}).get("grade_id"): "".join(cell["source"])
        for cell in exercise.notebook["cells"]
    }
    return given | {name: lines for name, lines in one.code_cells.items() if lines != stubs.get(name)}


def _answered(one: HandIn, exercise: Exercise) -> int:
    return len(_answers(one, exercise))


def _bundles(inbox: Path) -> Iterator[tuple[str, Callable[[], tuple[Parts, list[str]]]]]:
    """(name, function that gives {path: bytes} and what was put right) of everything that may be one hand-in."""
    for path in sorted(Path(inbox).iterdir()):
        if path.is_symlink() or path.name.startswith((".", "__MACOSX")) or path.name == "Thumbs.db":
            continue
        if path.is_dir():
            try:
                inside = files_in(path, most=None).values()
            except (SafeCellsError, OSError) as error:
                yield path.name, partial(_fail, error)
                continue
            inner = [one for one in inside if not any(part.startswith(".") for part in one.relative_to(inbox).parts)]
            zips = [one for one in inner if one.suffix.lower() == ".zip"]
            for one in zips:
                yield one.relative_to(inbox).as_posix(), partial(_members, one)
            for folder in sorted({one.parent for one in inner if one not in zips}):
                files = [one for one in inner if one.parent == folder and one not in zips and _is_ours(one.name)]
                yield folder.relative_to(inbox).as_posix(), partial(_files, inbox, files)
        elif path.is_file() and (path.suffix.lower() == ".zip" or _is_zip(path)):
            yield path.name, partial(_members, path)
        elif path.is_file():
            yield path.name, partial(_files, inbox, [path])
        else:
            yield path.name, partial(_fail, Refused(f"{path.name} is no file that can be read. It stays where it is."))


def _fail(error: Exception) -> NoReturn:
    raise error


def _is_ours(name: str) -> bool:
    return bool(re.search(r"\.(ipynb|json|txt)(\W|$)", name.lower()))


def _bytes(path: Path) -> bytes:
    if path.stat().st_size > MOST_BYTES:
        raise Refused(f"{path.name} is larger than {MOST_BYTES // 1_000_000} MB. {AGAIN}")
    return path.read_bytes()


def _files(inbox: Path, files: Sequence[Path]) -> tuple[Parts, list[str]]:
    """({path in the inbox: bytes} of files that are in no zip, nothing that was put right)"""
    return {one.relative_to(inbox).as_posix(): _bytes(one) for one in files}, []


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == LOCAL


def _members(path: Path) -> tuple[Parts, list[str]]:
    """({path in it: bytes} of a zip, what was put right); sizes are checked as declared and as they come."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _bounded(path, _listed(path, archive)), []
    except zipfile.BadZipFile as error:
        found = _bounded(path, _left_of(path))
        if not any(found.values()):
            raise Refused(f"{path.name} cannot be opened ({error}). {AGAIN}") from error
        return found, [CUT_OFF]


def _listed(path: Path, archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of each file that the directory of a zip lists."""
    for info in archive.infolist():
        if not info.is_dir() and _is_wanted(info.filename):
            if info.file_size > MOST_BYTES:
                raise Refused(f"{info.filename} in {path.name} is larger than {MOST_BYTES // 1_000_000} MB.")
            with archive.open(info) as file:
                yield info.filename, file.read(MOST_BYTES + 1)


def _left_of(path: Path) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of each file in what is left of a zip whose end is missing, where its directory would stand.

    Before each file stands a header (APPNOTE.TXT 4.3.7); a file that is cut off gives what came before.
    """
    content, place = _bytes(path), 0
    raw = memoryview(content)
    while (place := content.find(LOCAL, place)) >= 0 and len(raw) >= place + HEADER.size:
        _, flags, method, _, _, _, size, _, name_length, extra_length = HEADER.unpack_from(raw, place)
        begin = place + HEADER.size + name_length
        name = bytes(raw[place + HEADER.size : begin]).decode("utf-8" if flags & 0x800 else "cp437", "replace")
        begin += extra_length
        place = begin
        if not _is_wanted(name):
            continue
        if method == zipfile.ZIP_DEFLATED:
            data, length = _inflated(raw[begin:])
            place += length
            yield name, data
        elif method == zipfile.ZIP_STORED:
            place += size
            yield name, bytes(raw[begin:place])


def _inflated(packed: memoryview) -> tuple[bytes, int]:
    """(what can be unpacked of it, how many bytes that took)"""
    unpacking, found, place = zlib.decompressobj(-zlib.MAX_WBITS), bytearray(), 0
    with suppress(zlib.error):
        while not unpacking.eof and place < len(packed) and len(found) <= MOST_BYTES:
            found += unpacking.decompress(packed[place : place + PIECE])
            place += PIECE
    return bytes(found), min(place, len(packed)) - len(unpacking.unused_data)


def _is_wanted(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return "__MACOSX" not in path.parts and not path.name.startswith(".") and _is_ours(path.name)


def _bounded(path: Path, members: Iterator[tuple[str, bytes]]) -> Parts:
    found: Parts = {}
    total = 0
    for name, data in members:
        total += len(data)
        if total > MOST_BYTES:
            raise Refused(f"{path.name} holds more than {MOST_BYTES // 1_000_000} MB.")
        found[name] = data
    return found


def _hand_in(bundle: str, parts: Parts, repairs: list[str], exercise: Exercise) -> HandIn:
    """One hand-in from its files, with what was put right in reading them. Raises Other or Refused."""
    about, notebooks, sheets = _sorted(parts)
    if not parts:
        raise Refused(
            f"{bundle} is no hand-in file of this workshop: it holds no notebook and no answer sheet. {AGAIN}"
        )
    if not notebooks and not sheets and not about:
        empty = all(not raw.strip(b"\0 \r\n\t") for raw in parts.values())
        raise Refused(f"{bundle} is {'empty' if empty else 'no hand-in of this workshop'}. {AGAIN}")
    _require_ours(bundle, parts, about, [*notebooks, *sheets], exercise)
    notebooks = [one for one in notebooks if _speaks_of(exercise, [one])] or notebooks[:1]
    sheets = [one for one in sheets if _speaks_of(exercise, [one])] or sheets[:1]
    time, unbelieved = _time(about, parts)
    one = HandIn("", time, bundle, None, repairs=[*repairs, *unbelieved])
    _read_sheet(one, sheets, exercise)
    if not sheets and repairs:
        raise Refused(f"{bundle} was cut off on its way, before its answer sheet. {AGAIN}")
    if not sheets:
        one.missing.append("there is no answer sheet, so all its questions count as not answered")
    _read_code(one, notebooks, exercise)
    if one.sheet is None and not one.code_cells and (notebooks or sheets or not parts.get("hand_in.json")):
        raise Refused(f"Nothing in {bundle} can be read ({'; '.join(one.missing)}). {AGAIN}")
    one.code = _code(about, one, bundle, exercise, parts)
    return one


def _sorted(parts: Parts) -> tuple[dict[str, Any], list[Text], list[Text]]:
    """(what the note of the hand-in says, the notebooks, the answer sheets)."""
    about: dict[str, Any] = {}
    notebooks: list[Text] = []
    sheets: list[Text] = []
    for name, raw in parts.items():
        if PurePosixPath(name).name == "hand_in.json":
            data, _ = damaged.json_of(raw)
            about = data if isinstance(data, dict) else {}
        elif raw.strip(b"\0 \r\n\t") and not name.endswith("timestamp.txt"):
            start = damaged.text_of(raw)[0][:2_000_000]
            (notebooks if '"cell_type"' in start or '"cells"' in start else sheets).append((name, raw, start))
    return about, notebooks, [one for one in sheets if '"answers"' in one[2] or one[0].endswith(".answers.json")]


def _require_ours(bundle: str, parts: Parts, about: dict[str, Any], texts: Sequence[Text], exercise: Exercise) -> None:
    """Raises Other for what belongs to another exercise, and Refused for what belongs to none."""
    if len(parts) > 1 or about:
        page = about.get("page") if isinstance(about.get("page"), str) else None
        if page and page != exercise.name and not _speaks_of(exercise, texts):
            raise Other
    if not (about.get("page") == exercise.name or _speaks_of(exercise, texts) or exercise.name in bundle):
        if about.get("page") or any(PAGE.search(start) or '"page"' in start for _, _, start in texts):
            raise Other
        raise Refused(f"{bundle} belongs to no exercise that is known here. Look at what it is; it stays where it is.")


def _read_sheet(one: HandIn, sheets: Sequence[Text], exercise: Exercise) -> None:
    for _, raw, _ in sheets[:1]:
        try:
            one.sheet, mended, missing = repair.sheet_of(raw, exercise.name, exercise.questions)
        except NewerSheetError as newer:
            raise Refused(
                f"{one.file}: {newer}. Bring this copy of the workshop up to date, then grade again."
            ) from newer
        if one.sheet is None:
            raise Refused(f"{one.file}: {'; '.join(missing)}. {AGAIN}")
        one.repairs += mended
        one.missing += missing


def _read_code(one: HandIn, notebooks: Sequence[Text], exercise: Exercise) -> None:
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


def _speaks_of(exercise: Exercise, parts: Sequence[Text]) -> bool:
    for name, _, start in parts:
        page = PAGE.search(start) or re.search(r'"page"\s*:\s*"([\w-]+)"', start)
        if (page and page.group(1) == exercise.name) or exercise.name in name:
            return True
        if not page and sum(f'"{id}"' in start or f'\\"{id}\\"' in start for id in exercise.questions) >= min(
            2, len(exercise.questions)
        ):
            return True
    return False


def _time(about: dict[str, Any], parts: Parts) -> tuple[datetime | None, list[str]]:
    """(when it was handed in or None, what was not believed of that)."""
    stamps = [about.get("time")] + [
        damaged.text_of(raw)[0].strip().replace(" UTC", "+00:00")
        for name, raw in parts.items()
        if name.endswith("timestamp.txt")
    ]
    unbelieved: list[str] = []
    for stamp in stamps:
        try:
            moment = datetime.fromisoformat(stamp or "")
            moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (TypeError, ValueError, OverflowError):
            continue
        if moment <= datetime.now(UTC) + timedelta(days=1):  # a clock may be set to another zone
            return moment, unbelieved
        unbelieved.append(f"its time ({moment:%Y-%m-%d %H:%M} UTC) is still to come and does not count")
    return None, unbelieved


def _code(about: dict[str, Any], one: HandIn, bundle: str, exercise: Exercise, parts: Parts) -> str:
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
