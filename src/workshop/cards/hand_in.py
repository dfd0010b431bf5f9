"""Handing in: one file with the notebook and the answer sheet, under a code name."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from workshop.answers.code_names import code_name
from workshop.answers.hand_in import files_of, hand_in_folder, make_file
from workshop.answers.sheet import Sheet
from workshop.answers.storage import SaveError
from workshop.cards.base import Controller
from workshop.cards.protocol import HandInView
from workshop.questions.kinds.base import Question


class HandInController(Controller):
    """The last card of an exercise: what is still open, a code name, and the file that was made."""

    def __init__(self, page: str, folder: Path, questions: Sequence[Question], sheet: Sheet) -> None:
        super().__init__(sheet)
        self.page, self.folder, self.questions = page, folder, questions
        self.file, self.note = "", ""

    def do(self, request: dict[str, Any]) -> None:
        """Carry out `code` (store the code name) or `hand-in` (make the file)."""
        what, value = request.get("do"), request.get("value")
        typed = code_name(value) if isinstance(value, str) else ""
        if what == "code" and isinstance(value, str):
            self.file, self.note = "", ""
            self.sheet.set_code(typed)
        elif what == "hand-in":
            self.hand_in(typed or self.code)

    @property
    def code(self) -> str:
        """The code name stored so far."""
        return code_name(self.sheet.data.get("code"))

    def hand_in(self, code: str) -> None:
        """Make the hand-in file. Raises SaveError, which says what is missing."""
        if len(code) < 2:
            raise SaveError("Choose a code name first: two letters from a to z or more, and not your own name.")
        self.sheet.set_code(code)
        target = hand_in_folder(self.folder) / f"{self.page}--{code}.zip"
        make_file(target, self.page, code, files_of(self.page, self.folder))
        self.file = target.name
        self.note = (
            f"The file is in the folder “{target.parent.name}”. Give it to your facilitator. "
            "You may change answers and hand in again: the newest file counts."
        )

    def view(self) -> HandInView:
        """What is answered, what is not, and the file, if there is one."""
        missing = [
            question.title for question in self.questions if question.clean(self.sheet.answer(question.id)) is None
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
