"""A course folder of its own for a test, and participants who hand in."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from contextlib import contextmanager
from pathlib import Path

from workshop.answers.hand_in import files_of, make_file
from workshop.answers.sheet import Sheet
from workshop.answers.storage import FileStorage
from workshop.grading import round
from workshop.project import exercises

ROOT = Path(__file__).resolve().parents[2]
EXERCISE = "m02_challenges"
# What somebody writes who solves its code item.
SOLUTION = """def received_by_year(table):
    rows = table[(table["series"] == "appeal_received") & (table["certainty"] == "as_published")]
    return {int(row.year): round(float(row.amount_usd) / 1_000_000, 1) for row in rows.itertuples()}
"""


def course_folder(folder):
    """A copy of what grading needs, so that no test touches the project."""
    for name in ("solutions", "exercises", "data"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    return folder


def hand_in(folder, code, answers, code_cell=None, exercise=EXERCISE):
    """Hand in these answers (question id -> value) under a code name, as the card does; returns the file."""
    desk = folder / "desks" / code
    desk.mkdir(parents=True, exist_ok=True)
    notebook = json.loads((folder / "exercises" / exercise / f"{exercise}.ipynb").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if code_cell and cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = code_cell
    (desk / f"{exercise}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    sheet = Sheet(FileStorage(desk / f"{exercise}.answers.json"), exercise)
    questions = exercises.key_of(exercise, folder)
    for name, value in answers.items():
        sheet.set_answer(name, questions[name].kind, value)
    sheet.set_code(code)
    target = folder / "hand_in" / f"{exercise}--{code}.zip"
    make_file(target, exercise, code, files_of(exercise, desk))
    return target


def grade(folder, exercise=EXERCISE, **options):
    """Grade what lies in the inbox of a course folder; gives the round."""
    return round.grade_round(folder, exercise, folder / "hand_in", **options)


def change_notebook(path, change):
    """Let `change` do to the notebook in a hand-in file what a careless person or an editor might."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    notebook = json.loads(files[f"{EXERCISE}.ipynb"])
    change(notebook)
    files[f"{EXERCISE}.ipynb"] = json.dumps(notebook).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)


def right_answers(folder, exercise=EXERCISE):
    """The answers that get full points, by question id."""
    return {name: question.perfect() for name, question in exercises.key_of(exercise, folder).items()}


@contextmanager
def running_formgrader(folder, *options):
    """A real formgrader on a course folder; gives its address and the key in it."""
    command = [sys.executable, "-m", "workshop", "formgrader", "--no-browser", "--port", "0", *options]
    with subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "WORKSHOP_HOME": str(folder)},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            for line in process.stdout:
                if found := re.search(r"(http://127\.0\.0\.1:\d+)/\?(token=\w+)", line):
                    yield found.group(1), found.group(2)
                    break
            else:
                raise RuntimeError("the formgrader did not start")
        finally:
            process.terminate()
            process.stdout.read()
