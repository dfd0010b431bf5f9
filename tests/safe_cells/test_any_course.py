"""Any nbgrader course can be graded, with the grade book that nbgrader itself would have written.

A few submissions by default; WORKSHOP_EVERY_SUBMISSION=1 takes all of them.
"""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from urllib.parse import quote

import nbformat
import pytest
from support import any_course
from support.any_course import ASSIGNMENT, NOTEBOOKS, SUBMISSIONS
from support.course_helpers import ROOT, running_formgrader
from support.gradebook_rows import differences, rows, score

pytestmark = pytest.mark.nbgrader

EVERYTHING = bool(os.environ.get("WORKSHOP_EVERY_SUBMISSION"))
HONEST = any_course.chosen("honest", EVERYTHING)
DAMAGED = any_course.chosen("damaged", EVERYTHING)
HOSTILE = any_course.chosen("hostile", EVERYTHING)


def book(course):
    return rows(course / "gradebook.db", ASSIGNMENT)


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """The course with its assignment released and nothing handed in."""
    return any_course.make(tmp_path_factory.mktemp("released"))


@pytest.fixture(scope="module")
def graded(released, tmp_path_factory):
    """The honest submissions, graded by nbgrader and by us: two course folders."""
    place = tmp_path_factory.mktemp("graded")
    theirs, ours = (shutil.copytree(released, place / name) for name in ("theirs", "ours"))
    for course in (theirs, ours):
        any_course.hand_in(course, *HONEST)
    with subprocess.Popen(
        [sys.executable, "-m", "nbgrader", "autograde", ASSIGNMENT],
        cwd=theirs,
        text=True,
        env=any_course.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as nbgrader:
        any_course.workshop(ours, "grade", ASSIGNMENT)
        said, _ = nbgrader.communicate(timeout=900)
    assert nbgrader.returncode == 0, said
    return theirs, ours


@pytest.fixture(scope="module")
def attacked(released, tmp_path_factory):
    """DamagedSheetError and hostile submissions between right and wrong ones, graded by us alone."""
    course = shutil.copytree(released, tmp_path_factory.mktemp("attacked") / "course")
    any_course.hand_in(course, "right", "wrong", *DAMAGED, *HOSTILE)
    return course, any_course.workshop(course, "grade", ASSIGNMENT)


@contextmanager
def formgrader(course):
    """nbgrader's own formgrader on a course; gives a function from path to page."""
    command = [
        sys.executable,
        "-m",
        "jupyter_server",
        "--no-browser",
        "--allow-root",
        "--ServerApp.port=0",
        "--ServerApp.ip=127.0.0.1",
        "--IdentityProvider.token=reader",
        "--FormgradeExtension.debug=False",
        "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}",
    ]
    log = course / "formgrader.log"
    with (
        log.open("w") as words,
        subprocess.Popen(command, cwd=course, env=any_course.environment(), stderr=words) as server,
    ):
        end = time.monotonic() + 60
        while not (said := re.search(r"http://127\.0\.0\.1:\d+/", log.read_text())):
            assert server.poll() is None and time.monotonic() < end, "the formgrader did not start"
            time.sleep(0.05)

        def page(path):
            request = urllib.request.Request(f"{said[0]}formgrader/{path}", headers={"Authorization": "token reader"})
            with urllib.request.urlopen(request, timeout=20) as reply:
                return reply.read().decode()

        try:
            yield page
        finally:
            server.terminate()


def test_honest_submissions_have_the_same_rows_as_by_nbgrader(graded):
    theirs, ours = graded
    assert differences(book(theirs), book(ours), names=("nbgrader", "workshop")) == []


def test_the_same_files_lie_in_the_autograded_folder_but_for_what_the_code_wrote(graded):
    # What a participant's code writes stays in the jail and goes with it.
    theirs, ours = (
        {
            str(path.relative_to(course)): oct(path.stat().st_mode)
            for path in (course / "autograded").rglob("*")
            if path.is_file() and path.name != "note.txt"
        }
        for course in graded
    )
    assert ours == theirs


def test_nbgraders_export_writes_the_same_table(graded):
    tables = []
    for course in graded:
        any_course.nbgrader(course, "export", "--to", "grades.csv")
        tables.append(sorted(csv.reader((course / "grades.csv").read_text().splitlines())))
    assert tables[0] == tables[1]
    assert len(tables[0]) == len(HONEST) + 1


def test_nbgraders_feedback_is_written_from_our_result(graded):
    _, ours = graded
    any_course.nbgrader(ours, "generate_feedback", ASSIGNMENT, "--student", "right")
    for notebook in NOTEBOOKS:
        assert "(Score:" in (ours / "feedback" / "right" / ASSIGNMENT / f"{notebook}.html").read_text()


def test_nbgraders_formgrader_shows_our_result(graded):
    _, ours = graded
    with formgrader(ours) as page:
        listed = json.loads(page(f"api/submissions/{ASSIGNMENT}"))
        assert {one["student"] for one in listed if one["autograded"]} == set(HONEST)
        for notebook in NOTEBOOKS:
            submitted = json.loads(page(f"api/submitted_notebooks/{ASSIGNMENT}/{notebook}"))
            right = next(one for one in submitted if one["student"] == "right")
            assert "nbgrader_cell" in page(f"submissions/{right['id']}")
            grades = json.loads(page(f"api/grades?submission_id={right['id']}"))
            assert {one["name"] for one in grades} == {
                cell
                for (who, where, cell), row in book(ours).items()
                if (who, where) == ("right", notebook) and "auto_score" in row
            }


def read(course, student):
    """What a reader does: scores for a figure and a task, extra credit, a comment, and another score for a test."""
    with any_course.gradebook(course) as gradebook:
        for cell, notebook, points, extra in (
            ("figure", "counting", 2.5, None),
            ("ask-an-office", "building", 4, None),
            ("for-more", "building", 0, 1.5),
            ("order-test", "building", 0.5, None),
        ):
            grade = gradebook.find_grade(cell, notebook, ASSIGNMENT, student)
            grade.manual_score, grade.extra_credit, grade.needs_manual_grade = points, extra, False
        gradebook.find_comment("figure", "counting", ASSIGNMENT, student).manual_comment = "Name the axes."
        gradebook.db.commit()


def test_grading_again_changes_nothing_and_keeps_what_a_reader_gave(graded, tmp_path):
    course = shutil.copytree(graded[1], tmp_path / "course")
    read(course, "right")
    before = book(course)
    any_course.workshop(course, "grade", ASSIGNMENT)
    assert differences(before, book(course), names=("before", "after")) == []
    assert before["right", "building", "for-more"]["extra_credit"] == 1.5


def test_a_changed_submission_is_graded_again_as_nbgrader_does_it(graded, tmp_path):
    theirs, ours = (shutil.copytree(course, tmp_path / course.name) for course in graded)
    for course in (theirs, ours):
        read(course, "wrong")
        any_course.hand_in(course, "right")
        for path in (course / "submitted" / "right" / ASSIGNMENT).glob("*.ipynb"):
            shutil.copy(path, course / "submitted" / "wrong" / ASSIGNMENT)
        (course / "submitted" / "wrong" / ASSIGNMENT / "timestamp.txt").write_text("2026-03-02 10:00:00 UTC\n")
    any_course.nbgrader(theirs, "autograde", ASSIGNMENT, "--student", "wrong")
    any_course.workshop(ours, "grade", ASSIGNMENT)
    assert differences(book(theirs), book(ours), names=("nbgrader", "workshop")) == []
    assert book(ours)["wrong", "building", "order-test"] == {
        "auto_score": 1.0,
        "manual_score": 0.5,
        "extra_credit": None,
        "needs_manual_grade": 1,
    }


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_submission_gains_nothing(attacked, name):
    course, _said = attacked
    found = {cell: score(row) for (who, _, cell), row in book(course).items() if who == name and "auto_score" in row}
    assert {cell: found[cell] for cell in SUBMISSIONS[name].no_points if found.get(cell)} == {}, SUBMISSIONS[name].about


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_submission_is_graded_as_the_intact_one(attacked, name):
    course, said = attacked
    like, theirs = SUBMISSIONS[name].like, book(course)
    intact = {(name, *key[1:]): row for key, row in theirs.items() if key[0] == like}
    assert differences(intact, theirs, {name}, names=("the intact one", name)) == [], said


def test_hostile_submissions_harm_nobody_else(attacked, graded):
    course, said = attacked
    assert differences(book(graded[1]), book(course), {"right", "wrong"}, names=("without them", "with them")) == [], (
        said
    )


def test_a_renamed_notebook_and_one_in_a_folder_are_graded_as_the_intact_ones(attacked, tmp_path):
    course = shutil.copytree(attacked[0], tmp_path / "course")
    folder = course / "submitted" / "renamed" / ASSIGNMENT
    shutil.copytree(course / "submitted" / "right" / ASSIGNMENT, folder)
    (folder / "inside").mkdir()
    first, second = NOTEBOOKS
    (folder / f"{first}.ipynb").rename(folder / "final FINAL (2).ipynb")
    (folder / f"{second}.ipynb").rename(folder / "inside" / f"{second}.ipynb")
    said = any_course.workshop(course, "grade", ASSIGNMENT)
    theirs = book(course)
    intact = {("renamed", *key[1:]): row for key, row in theirs.items() if key[0] == "right"}
    assert differences(intact, theirs, {"renamed"}, names=("the intact one", "renamed")) == [], said
    assert f"final FINAL (2).ipynb was taken for {first}.ipynb" in said


def test_what_a_participant_put_into_a_cell_is_inert_in_the_formgrader_as_we_start_it(attacked, tab, tmp_path):
    course = shutil.copytree(attacked[0], tmp_path / "course")
    name = "<img src=x onerror=window.hacked=1>"
    folder = course / "submitted" / name / ASSIGNMENT
    shutil.copytree(course / "submitted" / "right" / ASSIGNMENT, folder)
    path = folder / "counting.ipynb"
    notebook = nbformat.read(path, 4)
    paint = (
        "<img src=x onerror='window.hacked = 1'><img src='http://192.0.2.1/seen.png'><script>window.hacked = 1</script>"
    )
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "figure":
            cell.source = (
                f"from IPython.display import *\nwords = {paint!r}\n"
                "display(HTML(words), Markdown(words), SVG('<svg>' + words + '</svg>'), "
                "Javascript('window.hacked = 1'))"
            )
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "what-it-shows":
            cell.source = "Painted. " + paint
    notebook.cells.append(nbformat.v4.new_raw_cell(paint))
    nbformat.write(notebook, path)
    any_course.workshop(course, "grade", ASSIGNMENT)
    outside = []
    tab.on(
        "requestfinished",
        lambda request: (
            outside.append(request.url) if not request.url.startswith(("http://127.0.0.1", "data:")) else None
        ),
    )
    with any_course.gradebook(course) as gradebook:
        number = gradebook.find_submission_notebook("counting", ASSIGNMENT, name).id
    with running_formgrader(ROOT, "--course", str(course)) as (address, key):
        tab.goto(f"{address}/?{key}")
        tab.get_by_role("link", name=ASSIGNMENT).first.wait_for()
        for place in (f"manage_submissions/{ASSIGNMENT}", "manage_students", f"manage_students/{quote(name)}"):
            tab.goto(f"{address}/formgrader/{place}")
            tab.get_by_text(name).first.wait_for()
            tab.wait_for_load_state("networkidle")
            assert tab.evaluate("window.hacked") is None, place
        tab.goto(f"{address}/formgrader/submissions/{number}")
        tab.get_by_text("Painted.").wait_for()
        tab.wait_for_load_state("networkidle")
        assert tab.evaluate("window.hacked") is None and outside == []
