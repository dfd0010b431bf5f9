"""Handing in: one file with the notebook and the answer sheet, under a code name."""

from pathlib import Path

from workshop.answers.code_names import code_name
from workshop.answers.hand_in import files_of, hand_in_folder, make_file
from workshop.answers.storage import SaveError
from workshop.cards.base import Controller


class HandInController(Controller):
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
            raise SaveError("Choose a code name first: two letters from a to z or more, and not your own name.")
        self.sheet.set_code(code)
        target = hand_in_folder(self.folder) / f"{self.page}--{code}.zip"
        make_file(target, self.page, code, files_of(self.page, self.folder))
        self.file = target.name
        self.note = (
            f"The file is in the folder “{target.parent.name}”. Give it to your facilitator. "
            "You may change answers and hand in again: the newest file counts."
        )

    def view(self):
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
