"""The report: statistics that agree with other ways to compute them, and a page and a notebook that can be read."""

import random
from datetime import datetime, timedelta

import nbformat
import numpy as np
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from nbclient import NotebookClient
from support.course_helpers import course_folder, grade, hand_in, right_answers

from safe_cells.socket_kernels import SocketKernelManager
from workshop.cli.main import main
from workshop.grading import results
from workshop.grading.report import item_analysis
from workshop.project import exercises

pytestmark = pytest.mark.nbgrader

EXERCISES = ("check_before", "check_after", "m02_challenges")
PEOPLE = 12


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A course of twelve people who knew more after the workshop than before; one more took the first check alone."""
    made = course_folder(tmp_path_factory.mktemp("course"))
    chance = random.Random(4)
    for exercise, known in zip(EXERCISES, (0.3, 0.8, 0.6), strict=True):
        right, key = right_answers(made, exercise), exercises.key_of(exercise, made)
        for person in range(PEOPLE + (exercise == "check_before")):
            hand_in(
                made,
                f"p{person}",
                {
                    id: value if chance.random() < known * (0.6 + 0.06 * person) else key[id].sample(chance)
                    for id, value in right.items()
                    if chance.random() < 0.9
                },
                exercise=exercise,
            )
        grade(made, exercise)
    return made


@pytest.fixture(scope="module")
def written(folder):
    """The folder of the report, and everything in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKSHOP_HOME", str(folder))
        assert main(["report"]) == 0
    return folder / "report"


def test_difficulty_is_the_mean_share_of_the_points(folder):
    read = results.read(folder, "check_before")
    table = item_analysis.items(read).set_index("item")
    for item in read.items:
        assert table.loc[item.id, "difficulty"] == pytest.approx(
            sum(person.marks[item.id].points for person in read.people.values()) / item.points / len(read.people),
            abs=1e-3,
        )


def test_discrimination_is_the_correlation_with_the_sum_of_the_other_items():
    chance = np.random.default_rng(2)
    table = pd.DataFrame(chance.random((40, 5)), columns=list("abcde"))
    rest = table[["b", "c", "d", "e"]].sum(axis=1)
    by_hand = ((table["a"] - table["a"].mean()) * (rest - rest.mean())).sum() / np.sqrt(
        ((table["a"] - table["a"].mean()) ** 2).sum() * ((rest - rest.mean()) ** 2).sum()
    )
    assert item_analysis.discrimination(table, "a") == pytest.approx(by_hand, abs=1e-3)


def test_an_item_that_everybody_has_right_discriminates_nobody():
    table = pd.DataFrame({"a": [1.0] * 9, "b": np.arange(9) / 9})
    assert np.isnan(item_analysis.discrimination(table, "a"))


def test_alpha_is_one_for_items_that_say_the_same_and_as_in_the_textbook_for_others():
    column = np.arange(10.0)
    assert item_analysis.alpha(pd.DataFrame(dict.fromkeys("abc", column))) == 1
    table = pd.DataFrame({"a": [1, 2, 3, 4, 5, 5], "b": [2, 1, 4, 3, 5, 6], "c": [1, 3, 2, 5, 4, 6]}, dtype=float)
    covariance = np.cov(table.to_numpy().T)
    assert item_analysis.alpha(table) == pytest.approx(3 / 2 * (1 - np.trace(covariance) / covariance.sum()), abs=1e-3)


def test_every_option_is_counted_as_often_as_it_was_taken(folder):
    read = results.read(folder, "m02_challenges")
    table = item_analysis.options(read)
    single = next(item for item in read.items if item.kind == "single")
    taken = [person.answers[single.id] for person in read.people.values() if single.id in person.answers]
    rows = table[table["item"] == single.id]
    assert sorted(rows["times"]) == sorted(taken.count(option.id) for option in single.question.options)
    assert set(rows["of"]) == {len(taken)} and rows["right"].sum() == 1


def test_the_gain_is_that_of_those_who_took_both_checks(folder):
    before, after = (results.read(folder, name) for name in EXERCISES[:2])
    found = item_analysis.gain(before, after)
    change = [
        after.people[code].points / after.points - before.people[code].points / before.points for code in after.people
    ]
    assert found["matched"] == PEOPLE and found["gain"] == pytest.approx(np.mean(change))
    # For a mean, drawing again and again comes near to the textbook's interval.
    error = 1.96 * np.std(change) / np.sqrt(len(change))
    assert found["low"] == pytest.approx(np.mean(change) - error, abs=0.03)
    assert found["high"] == pytest.approx(np.mean(change) + error, abs=0.03)
    assert found["normalised"] == pytest.approx(found["gain"] / (1 - found["before"]))


def test_seconds_are_the_time_from_one_saved_answer_to_the_next_and_breaks_do_not_count(folder):
    read = results.read(folder, "check_before")
    person = next(iter(read.people.values()))
    ids = list(person.saved)[:4]
    start = datetime(2026, 3, 1, 9)
    person.saved = {
        id: (start + timedelta(seconds=s)).isoformat() for id, s in zip(ids, (0, 40, 100, 9000), strict=True)
    }
    table = item_analysis.seconds(read).loc[person.code]
    assert (table[ids[1]], table[ids[2]]) == (40, 60) and np.isnan(table[ids[0]]) and np.isnan(table[ids[3]])


def test_of_four_people_nothing_is_broken_down(folder):
    before, after = (results.read(folder, name) for name in EXERCISES[:2])
    for read in (before, after):
        read.people = dict(list(read.people.items())[:4])
    assert item_analysis.items(before)["difficulty"].isna().all()
    assert len(item_analysis.options(before)) == 0
    assert item_analysis.modules([before])["middle"].isna().all()
    assert item_analysis.gain(before, after) == {"matched": 4}
    assert len(item_analysis.gain_by_item(before, after)) == 0


def test_people_are_listed_only_when_asked_for(folder, written, monkeypatch):
    assert not (written / "tables" / "people.csv").exists() and "p12" not in (written / "report.html").read_text(
        encoding="utf-8"
    )
    monkeypatch.setenv("WORKSHOP_HOME", str(folder))
    main(["report", "--people", "--folder", str(folder / "for me")])
    listed = pd.read_csv(folder / "for me" / "tables" / "people.csv")
    assert "Has not handed in: Exercise on challenges, Check after." in set(listed[listed["code"] == "p12"]["why"])


def test_without_anything_graded_it_is_said_what_to_do(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("WORKSHOP_HOME", str(course_folder(tmp_path)))
    assert main(["report"]) == 2
    assert "Run `workshop grade" in capsys.readouterr().err


def test_the_page_can_be_read_by_everybody_and_on_a_telephone(written, tab):
    faults = []
    tab.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    tab.goto((written / "report.html").as_uri())
    assert tab.get_by_role("heading", name="Before and after").is_visible()
    assert tab.get_by_text("12 people took both checks").is_visible()
    assert tab.get_by_role("img", name="Where the points lie").is_visible()
    tab.set_viewport_size({"width": 360, "height": 740})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    violations = Axe().run(tab).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in violations] == [] == faults


def test_the_notebook_runs_from_top_to_bottom(written):
    notebook = nbformat.read(written / "report.ipynb", as_version=4)
    nbformat.validate(notebook)
    NotebookClient(
        notebook, kernel_manager_class=SocketKernelManager, resources={"metadata": {"path": str(written)}}
    ).execute()
    shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert any("image/png" in output.get("data", {}) for output in shown)
    assert not [output for output in shown if output.output_type == "error"]
