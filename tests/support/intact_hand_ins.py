"""Hand-in files as the card makes them, with answers drawn by lot, before anything happens to them."""

import functools
import json
import zipfile

from support.course_helpers import ROOT

from workshop.grading import submissions
from workshop.project import exercises

EXERCISES = ("check_before", "m01_common_language")
OWN = '''def parties(table, treaty, year):
    """States that were party to a treaty at the end of a year, as a whole number."""
    rows = table[(table["treaty"] == treaty) & (table["year"] <= year)]
    return int(rows["joined"].sum() - rows["left"].sum())'''


@functools.cache
def exercise(name):
    """An exercise of the kit with its key, as a round knows it."""
    notebook = json.loads((ROOT / "exercises" / name / f"{name}.ipynb").read_text(encoding="utf-8"))
    return submissions.Exercise(name, exercises.key_of(name, ROOT), notebook)


def intact(name, chance):
    """{file: bytes} of an intact hand-in with answers drawn by lot, and those answers."""
    one = exercise(name)
    answers = {
        question.id: {"kind": question.kind, "value": question.sample(chance), "saved": "2026-11-25T10:00:00Z"}
        for question in one.questions.values()
        if chance.random() < 0.8
    }
    sheet = {
        "format": "workshop-answers",
        "version": 3,
        "page": name,
        "saved": "",
        "code": "lynx",
        "answers": answers,
        "plays": {},
        "canvases": {},
    }
    notebook = json.loads(json.dumps(one.notebook))
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = OWN
    about = {"page": name, "code": "lynx", "time": "2026-11-25T10:00:00Z", "edition": "0"}
    return {
        file: json.dumps(content, indent=1).encode()
        for file, content in (("hand_in.json", about), (f"{name}.ipynb", notebook), (f"{name}.answers.json", sheet))
    }


def pack(files, folder):
    """An inbox with these files in one hand-in; gives its folder."""
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / "m--lynx.zip", "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return folder


def answers_of(one, questions):
    """{question id: value} of what a hand-in that was read holds."""
    return {id: entry["value"] for id, entry in ((one.sheet or {}).get("answers") or {}).items() if id in questions}
