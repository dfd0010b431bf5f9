"""The round an instructor goes: hand-ins, nbgrader, the real formgrader in a real browser, feedback, grade book."""

import json
import os
import shutil
import subprocess
import sys
import time
import zipfile

import pytest
from support.course_helpers import (
    EXERCISE,
    SOLUTION,
    change_notebook,
    course_folder,
    grade,
    hand_in,
    right_answers,
    running_formgrader,
)
from support.gradebook_rows import differences, rows
from support.small_project import ROOT

from safe_cells.course import nbgrader_api
from workshop.authoring import build
from workshop.cli import steps
from workshop.errors import GradingError
from workshop.project import exercises, project

pytestmark = pytest.mark.nbgrader

HOSTILE = "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'> Minister, good morning."


def half_right(right):
    """One of two ticks, one of the rows, one written answer; the other choices wrong or left out."""
    return {
        "thirty-one-chairs": right["thirty-one-chairs"],
        "which-signal-costs": "wrong-shape-of-answer",
        "revenge-or-law": dict(list(right["revenge-or-law"].items())[:1]),
        "what-is-new": right["what-is-new"][:1],
        "arrived-in-2019": "35,3 million",
        "sceptical-minister": HOSTILE,
    }


def carelessly(notebook):
    """Copy a cell, delete another, strip the metadata of a third, add one with live HTML."""
    cells = notebook["cells"]
    asked = [cell for cell in cells if "page.ask(" in "".join(cell["source"])]
    cells.insert(2, asked[0])
    cells.remove(asked[3])
    asked[4]["metadata"] = {}
    cells.append({"cell_type": "markdown", "id": "mine", "metadata": {}, "source": HOSTILE})


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A course with four hand-ins, graded once."""
    folder = course_folder(tmp_path_factory.mktemp("course"))
    right = right_answers(folder)
    hand_in(folder, "right", right, SOLUTION)
    hand_in(folder, "half", half_right(right))
    hand_in(folder, "empty", {})
    change_notebook(hand_in(folder, "careless", right, SOLUTION), carelessly)
    return folder, grade(folder)


def points(result, code):
    return {id: mark.points for id, mark in result.people[code].marks.items()}


def test_right_answers_get_every_point_a_machine_may_give(graded):
    _, result = graded
    assert result.people["right"].points == 22 and result.people["right"].extra == 2
    assert result.people["right"].waiting == 2


def test_a_half_right_hand_in_gets_exactly_its_share(graded):
    folder, result = graded
    key = exercises.key_of(EXERCISE, folder)
    found = points(result, "half")
    assert found["thirty-one-chairs"] == 2
    assert found["which-signal-costs"] == 0
    assert found["revenge-or-law"] == round(3 / len(key["revenge-or-law"].rows), 2)
    assert found["what-is-new"] == round(2 / sum(option.right for option in key["what-is-new"].options), 2)
    assert found["arrived-in-2019"] == 2
    assert found["received-by-year-test"] == 0
    assert result.people["half"].points == pytest.approx(sum(found.values()))


def test_an_empty_hand_in_gets_nothing_and_waits_for_nobody(graded):
    _, result = graded
    assert result.people["empty"].points == 0 and result.people["empty"].extra == 0
    assert result.people["empty"].waiting == 0


def test_copied_deleted_and_stripped_cells_cost_nothing(graded):
    _, result = graded
    assert points(result, "careless") == points(result, "right")


def test_what_a_careless_person_added_does_not_reach_the_formgrader(graded):
    folder, _ = graded
    assert "onerror" not in (folder / "autograded" / "careless" / EXERCISE / f"{EXERCISE}.ipynb").read_text()


def test_grading_twice_changes_nothing(graded):
    folder, result = graded
    again = grade(folder)
    assert sorted(again.unchanged) == ["careless", "empty", "half", "right"]
    assert again.people == result.people


def test_the_notebook_that_nbgrader_grades_holds_answers_as_plain_text(graded):
    folder, _ = graded
    notebook = json.loads((folder / "autograded" / "half" / EXERCISE / f"{EXERCISE}.ipynb").read_text())
    outputs = [
        output
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if "page.ask" in "".join(cell["source"])
    ]
    assert outputs and all(
        output["output_type"] == "stream" or set(output["data"]) == {"text/plain"} for output in outputs
    )


def test_an_instructor_reads_a_written_answer_and_scores_it_in_the_formgrader(graded, tab, tmp_path):
    folder = shutil.copytree(graded[0], tmp_path / "course")
    with running_formgrader(folder) as (address, key):
        tab.goto(f"{address}/?{key}")
        tab.goto(f"{address}/formgrader/gradebook/{EXERCISE}/{EXERCISE}")
        tab.locator("a[href*=submissions]", has_text="Submission").first.wait_for()
        links = tab.locator("a[href*=submissions]", has_text="Submission").evaluate_all(
            "all => all.map(one => one.href)"
        )
        for link in links:
            tab.goto(link)
            if tab.get_by_text("Minister, good morning.").count():
                break
        answer = tab.get_by_text("Minister, good morning.")
        assert "<script>" in answer.inner_text()
        assert tab.evaluate("window.hacked") is None
        # The task cell under the answer holds its rubric, the points and the comment.
        task = tab.locator(".nbgrader_cell", has_text="accuses nobody")
        assert task.get_by_text("Model answer").is_visible()
        task.locator("input.score").fill("3")
        task.locator("input.score").press("Tab")
        task.locator("textarea.comment").fill("Good opening; name an office.")
        task.locator("textarea.comment").blur()
        tab.wait_for_timeout(1500)
    result = grade(folder)
    assert points(result, "half")["sceptical-minister"] == 3
    assert result.people["half"].waiting == 0
    page = (folder / "feedback" / "half" / EXERCISE / f"{EXERCISE}.html").read_text(encoding="utf-8")
    assert "Good opening; name an office." in page
    assert "<script>" not in page and "onerror='" not in page


def test_the_formgrader_loads_nothing_from_elsewhere(graded, tab):
    outside = []
    tab.on(
        "requestfinished",
        lambda request: (
            outside.append(request.url) if not request.url.startswith(("http://127.0.0.1", "data:")) else None
        ),
    )
    with running_formgrader(graded[0]) as (address, key):
        tab.goto(f"{address}/?{key}")
        tab.goto(f"{address}/formgrader/gradebook/{EXERCISE}/{EXERCISE}")
        tab.locator("a[href*=submissions]", has_text="Submission").first.click()
        tab.get_by_text("A reader gives up to").first.wait_for()
    assert outside == []


def test_feedback_gives_each_point_a_reason_and_shows_nobody_elses_work(graded, tab):
    folder, _ = graded
    tab.goto((folder / "feedback" / "right" / EXERCISE / f"{EXERCISE}.html").as_uri())
    assert tab.get_by_text("22 of 30 points, and 2 extra").is_visible()
    assert tab.locator("section").count() == 13
    assert "Minister, good morning." not in tab.content()
    assert "HIDDEN TESTS" not in tab.content()


def test_a_file_that_is_no_hand_in_is_named_and_the_rest_is_graded(graded, tmp_path):
    folder = shutil.copytree(graded[0], tmp_path / "course")
    (folder / "hand_in" / "holiday.zip").write_bytes(b"not a zip")
    result = grade(folder)
    assert "holiday.zip cannot be opened" in result.refused["holiday.zip"]
    assert len(result.people) == 4


def test_of_an_answer_sheet_that_is_cut_off_every_whole_answer_counts(graded, tmp_path):
    folder = shutil.copytree(graded[0], tmp_path / "course")
    path = hand_in(folder, "cut-off", right_answers(folder))
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files[f"{EXERCISE}.answers.json"] = files[f"{EXERCISE}.answers.json"][:200]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    result = grade(folder)
    assert points(result, "cut-off")["arrived-in-2019"] == 2 == result.people["cut-off"].points
    assert any("cut off or broken" in words for words in result.repaired["cut-off"])


def test_a_file_in_a_zip_with_another_path_is_not_written_anywhere(graded, tmp_path):
    folder = shutil.copytree(graded[0], tmp_path / "course")
    with zipfile.ZipFile(folder / "hand_in" / "sly.zip", "w") as archive:
        archive.writestr("hand_in.json", json.dumps({"page": EXERCISE, "code": "../../sly", "time": "now"}))
        archive.writestr("../../evil.txt", "evil")
    result = grade(folder)
    assert "sly" in result.people
    assert not list(tmp_path.parent.rglob("evil.txt"))


def test_an_unknown_exercise_is_answered_with_the_known_ones(graded):
    with pytest.raises(GradingError, match=r"The exercises are: .*m02_challenges"):
        grade(graded[0], "m03_lesson")


def test_nbgrader_itself_gives_the_same_scores_flags_and_comments(graded, tmp_path):
    folder = shutil.copytree(graded[0], tmp_path / "course")
    ours = rows(folder / "gradebook.db", EXERCISE)
    autograde = [sys.executable, "-m", "nbgrader", "autograde", EXERCISE, "--student", "right", "--force"]
    subprocess.run(
        autograde, cwd=folder, check=True, capture_output=True, env={**os.environ, "WORKSHOP_HOME": str(folder)}
    )
    assert differences(rows(folder / "gradebook.db", EXERCISE), ours, {"right"}, names=("nbgrader", "workshop")) == []


LIVE = '''import IPython.display as show


def received_by_year(table):
    return {}


show.display(show.HTML("""<p id=shown>words</p><script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>
<svg onload='window.hacked = 1'></svg><iframe srcdoc="<script>parent.hacked = 1</script>"></iframe>
<a id=link href="javascript:window.hacked = 1">link</a><img src="http://elsewhere.example/spy.png">
<form action="http://elsewhere.example"><button>send</button></form><style>body { display: none }</style>"""))
show.display(show.Javascript("window.hacked = 1"))
show.display({"image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg' onload='window.hacked = 1'>"
                               "<script>window.hacked = 1</script></svg>",
              "text/markdown": "<script>window.hacked = 1</script>",
              "text/latex": "<script>window.hacked = 1</script>"}, raw=True)
print("<script>window.hacked = 1</script>")
raise ValueError("<img src=x onerror='window.hacked = 1'>")
'''


def test_what_a_participants_code_puts_out_is_inert_in_the_formgrader(graded, tab, tmp_path):
    folder = shutil.copytree(graded[0], tmp_path / "course")
    shutil.rmtree(folder / "hand_in")
    hand_in(folder, "live", right_answers(folder), LIVE)
    grade(folder)
    outside = []
    tab.on(
        "requestfinished",
        lambda request: (
            outside.append(request.url) if not request.url.startswith(("http://127.0.0.1", "data:", "about:")) else None
        ),
    )
    with running_formgrader(folder) as (address, key):
        tab.goto(f"{address}/?{key}")
        tab.goto(f"{address}/formgrader/gradebook/{EXERCISE}/{EXERCISE}")
        tab.locator("a[href*=submissions]", has_text="Submission").first.wait_for()
        links = tab.locator("a[href*=submissions]", has_text="Submission").evaluate_all(
            "all => all.map(one => one.href)"
        )
        shown = 0
        for link in links:
            tab.goto(link)
            tab.get_by_text("A reader gives up to").first.wait_for()
            shown += tab.get_by_text("IPython.core.display.HTML object").count()
            for anchor in tab.get_by_text("link", exact=True).all():
                assert "javascript:" not in (anchor.get_attribute("href") or "")
            assert tab.locator("form[action*=elsewhere], iframe[srcdoc]").count() == 0
            assert tab.evaluate("window.hacked") is None
    assert shown and outside == []


def test_a_round_that_is_interrupted_goes_on_where_it_was(graded, tmp_path):
    folder = shutil.copytree(graded[0], tmp_path / "course")
    shutil.rmtree(folder / "hand_in")
    right = right_answers(folder)
    for number in range(6):
        hand_in(folder, f"coder-{number}", right, SOLUTION + f"# {number}\n")

    def interrupt(done, _of):
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grade(folder, workers=2, progress=interrupt)
    result = grade(folder)
    assert len(result.unchanged) == 3 and len(result.graded) == 3
    assert {code: person.extra for code, person in result.people.items() if code.startswith("coder")} == {
        f"coder-{n}": 2 for n in range(6)
    }


def test_a_process_that_is_killed_in_the_middle_leaves_a_grade_book_that_the_next_round_completes(graded, tmp_path):
    folder = shutil.copytree(graded[0], tmp_path / "course")
    right = right_answers(folder)
    for number in range(5):
        hand_in(folder, f"coder-{number}", right, SOLUTION + f"# {number}\n")
    command = [sys.executable, "-m", "workshop", "grade", EXERCISE]
    with subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "WORKSHOP_HOME": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        time.sleep(1.5)
        process.kill()
    result = grade(folder)
    assert {code: person.extra for code, person in result.people.items() if code.startswith("coder")} == {
        f"coder-{n}": 2 for n in range(5)
    }
    assert sorted(result.graded + result.unchanged) == sorted(result.people)


def test_an_answer_that_came_later_is_no_longer_settled_and_waits_for_a_reader(graded, tmp_path):
    folder = shutil.copytree(graded[0], tmp_path / "course")
    hand_in(folder, "empty", {"sceptical-minister": "Minister, nobody accuses you."})
    person = grade(folder).people["empty"]
    assert person.waiting == 1 and person.marks["sceptical-minister"].manual is None
    assert person.marks["sceptical-minister"].comment == ""


def test_a_changed_exercise_is_graded_again_and_keeps_what_readers_gave(graded, tmp_path):
    folder = shutil.copytree(graded[0], tmp_path / "course")
    with nbgrader_api.api(folder).gradebook as book:
        mark = book.find_grade("sceptical-minister", EXERCISE, EXERCISE, "right")
        mark.manual_score, mark.needs_manual_grade = 3, False
        book.db.commit()
    text = folder / "solutions" / f"{EXERCISE}.md"
    text.write_text(text.read_text(encoding="utf-8").replace("2 points", "1 point", 1), encoding="utf-8")
    shutil.copy(ROOT / "README.md", folder)
    build.build(folder, [step for step in steps.build_steps(project.read(folder)) if EXERCISE in step.path])
    result = grade(folder)
    assert sorted(result.graded) == ["careless", "empty", "half", "right"]
    assert result.people["right"].marks["sceptical-minister"].manual == 3
    assert result.people["right"].points == graded[1].people["right"].points - 1 + 3
