"""The file with which an exercise is handed in."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

from workshop import __version__
from workshop.answers.sheet import now
from workshop.answers.storage import SaveError

FOLDER = "hand_in"


def hand_in_folder(folder: Path) -> Path:
    """The folder for hand-in files: `hand_in/` of the working folder, else beside the page."""
    for place in (folder, *folder.parents):
        if (place / "data" / "datapackage.json").is_file():
            return place / FOLDER
    return folder / FOLDER


def files_of(page: str, folder: Path) -> dict[str, bytes]:
    """The files of a page in this folder that are handed in: the notebook and the answer sheet, if they are there.

    Raises SaveError.
    """
    names = (f"{page}.ipynb", f"{page}.answers.json")
    try:
        return {name: (folder / name).read_bytes() for name in names if (folder / name).exists()}
    except OSError as error:
        raise _failed(error) from error


def make_file(target: Path, page: str, code: str, files: Mapping[str, bytes]) -> None:
    """Write the hand-in file with these files in it, in one step.

    Raises SaveError, and leaves an earlier file as it was.
    """
    about = {"page": page, "code": code, "time": now(), "edition": __version__}
    temporary = target.with_suffix(".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, content in {"hand_in.json": json.dumps(about).encode(), **files}.items():
                    # Without the file's own time: a zip cannot hold that of a laptop whose clock stands at 1970.
                    archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise _failed(error) from error


def _failed(error: OSError) -> SaveError:
    return SaveError(
        f"The hand-in file could not be made: {error.strerror}. Your answers are safe in the answer sheet."
    )
