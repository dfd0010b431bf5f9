"""The file with which an exercise is handed in."""

import json
import os
import zipfile

from workshop import __version__
from workshop.answers.sheet import SaveError, now

FOLDER = "hand_in"


def hand_in_folder(folder):
    """The folder for hand-in files: `hand_in/` of the working folder, else beside the page."""
    for place in (folder, *folder.parents):
        if (place / "data" / "datapackage.json").is_file():
            return place / FOLDER
    return folder / FOLDER


def make_file(target, page, folder, code):
    """Write the hand-in file in one step. Raises SaveError, and leaves an earlier file as it was."""
    about = {"page": page, "code": code, "time": now(), "edition": __version__}
    temporary = target.with_suffix(".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
                files = {"hand_in.json": json.dumps(about).encode()}
                for name in (f"{page}.ipynb", f"{page}.answers.json"):
                    if (folder / name).is_file():
                        files[name] = (folder / name).read_bytes()
                for name, content in files.items():
                    # Without the file's own time: a zip cannot hold that of a laptop whose clock stands at 1970.
                    archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
            os.replace(temporary, target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise SaveError(
            f"The hand-in file could not be made: {error.strerror}. Your answers are safe in the answer sheet."
        ) from error
