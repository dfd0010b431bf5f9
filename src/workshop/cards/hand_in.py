"""Handing in: one file with the notebook and the answer sheet, under a code name."""

import json
import os
import zipfile
from pathlib import Path

from workshop import __version__
from workshop.answers.sheet import NotSaved, now
from workshop.cards.controllers import Conversation
from workshop.grading.course import code_name
from workshop.questions.grading import clean

FOLDER = "hand_in"


class HandInConversation(Conversation):
    """The last card of an exercise: what is still open, a code name, and the file that was made."""

    def __init__(self, page, folder, questions, sheet):
        super().__init__(sheet)
        self.page, self.folder, self.questions = page, Path(folder), questions
        self.file, self.note = "", ""

    def do(self, request):
        """Carry out `code` (store the code name) or `hand-in` (make the file)."""
        what, value = request.get("do"), request.get("value")
        typed = code_name(value) if isinstance(value, str) else ""
        if what == "code" and isinstance(value, str):
            self.file, self.note = "", ""
            self.sheet.set_code(typed)
        elif what == "hand-in":
            self.hand_in(typed or self.code)

    @property
    def code(self):
        """The code name stored so far."""
        return code_name(self.sheet.data.get("code"))

    def hand_in(self, code):
        """Make the hand-in file, or say what is missing."""
        if len(code) < 2:
            raise NotSaved("Choose a code name first: two letters from a to z or more, and not your own name.")
        self.sheet.set_code(code)
        target = hand_in_folder(self.folder) / f"{self.page}--{code}.zip"
        make_file(target, self.page, self.folder, code)
        self.file = target.name
        self.note = (
            f"The file is in the folder “{target.parent.name}”. Give it to your facilitator. "
            "You may change answers and hand in again: the newest file counts."
        )

    def view(self):
        """What is answered, what is not, and the file, if there is one."""
        missing = [
            question.title for question in self.questions if clean(question, self.sheet.answer(question.id)) is None
        ]
        return {
            "type": "handin",
            "answered": len(self.questions) - len(missing),
            "of": len(self.questions),
            "missing": missing,
            "code": self.code,
            "file": self.file,
            "note": self.note,
            "saved": self.saved,
            "trouble": self.trouble,
        }


def hand_in_folder(folder):
    """The folder for hand-in files: `hand_in/` of the working folder, else beside the page."""
    for place in (folder, *folder.parents):
        if (place / "data" / "datapackage.json").is_file():
            return place / FOLDER
    return folder / FOLDER


def make_file(target, page, folder, code):
    """Write the hand-in file in one step. Raises NotSaved, and leaves an earlier file as it was."""
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
        raise NotSaved(
            f"The hand-in file could not be made: {error.strerror}. Your answers are safe in the answer sheet."
        ) from error
