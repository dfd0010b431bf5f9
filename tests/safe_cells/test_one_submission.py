"""One submission never ends a round.

Whatever lies in `submitted/`, it is graded or refused in words, and the others are graded.
"""

import json
import os
import shutil
import socket
import string
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.small_course import SmallCourse, answer, check, words

from safe_cells import CourseError
from safe_cells.course import notebooks, submission
from safe_cells.course.submitted import Submitted, reason, time_of, written

RIGHT = "def f(x):\n    return 2 * x"
CELLS = [answer("f", RIGHT), check("t", "assert f(2) == 4"), words("why", "Because.")]
BELIEVED = "The office in the north reports first, because it is nearest to the border."


def old_format(notebook):
    """Make a notebook one of nbformat 3."""
    cells = [
        {key: value for key, value in cell.items() if key in ("cell_type", "metadata")}
        | (
            {"input": cell["source"], "language": "python", "outputs": []}
            if cell["cell_type"] == "code"
            else {"source": cell["source"]}
        )
        for cell in notebook.pop("cells")
    ]
    notebook.update(nbformat=3, nbformat_minor=0, worksheets=[{"cells": cells, "metadata": {}}])


def half_a_letter(notebook):
    """Leave half of an emoji in the code, as cutting a text at a length does."""
    notebook["cells"][0]["source"] += "  # ok \ud83d"


def another(notebook):
    """Make it last week's notebook."""
    notebook["cells"] = [
        {"cell_type": "markdown", "metadata": {}, "id": f"w{n}", "source": f"Week 1, part {n}"} for n in range(3)
    ]


def without_marks(notebook):
    """Take away the marks of all cells, as Colab does."""
    for number, cell in enumerate(notebook["cells"]):
        cell["metadata"], cell["id"] = {}, f"x{number}"


def in_a_cell_of_its_own(notebook):
    """Write the answer into a new cell and take the given one away."""
    notebook["cells"][-1] = {"cell_type": "markdown", "metadata": {}, "id": "own", "source": BELIEVED}


def folder_like_the_notebook(folder):
    (folder / "nb.ipynb").rename(folder / "mine.ipynb")
    (folder / "nb.ipynb").mkdir()
    (folder / "nb.ipynb" / "x.txt").write_text("x")


def huge_file(folder):
    with (folder / "huge.bin").open("wb") as file:
        file.truncate(30_000_000_000)


def odd_kinds(folder):
    os.mkfifo(folder / "pipe")
    (folder / "away").symlink_to("/etc/passwd")
    (folder / "nowhere").symlink_to(folder / "nothing")
    with socket.socket(socket.AF_UNIX) as line:
        line.bind(os.path.relpath(folder / "line"))


def deep_folders(folder):
    here = os.open(folder, os.O_RDONLY)
    for _ in range(400):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)


def odd_names(folder):
    for name in (b"caf\xe9.txt", b"two\nlines.txt", "right\u202eleft.txt".encode(), b"x" * 250):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text("x")


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class of odd submissions with an honest one at the beginning and one at the end, and the round."""
    course = SmallCourse(tmp_path_factory.mktemp("odd") / "course", CELLS).release()
    right = {"f": RIGHT, "why": BELIEVED}
    here = Path.cwd()
    os.chdir(course.root)  # the name of a socket has room for a hundred letters
    try:
        for name in ("ada", "zoe"):
            course.hand_in(name, right)
        for change in (old_format, half_a_letter, another, without_marks):
            course.hand_in(change.__name__, right, change)
        course.hand_in("in_a_cell_of_its_own", {"f": RIGHT}, in_a_cell_of_its_own)
        for furnish in (folder_like_the_notebook, huge_file, odd_kinds, deep_folders, odd_names):
            furnish(course.hand_in(furnish.__name__, right))
        for name, stamp in (
            ("far_zone", "2026-01-01 10:00:00 +9999\n"),
            ("before_time", "0000-01-01 00:00\n"),
            ("no_words", ""),
        ):
            course.hand_in(name, right, stamp=stamp)
        for name in (b"caf\xe9", b"two\nlines", "right\u202eleft".encode()):
            shutil.copytree(
                course.root / "submitted/ada", Path(os.fsdecode(os.fsencode(course.root / "submitted") + b"/" + name))
            )
        (course.root / "submitted/a_file").mkdir()
        (course.root / "submitted/a_file/ps1").write_text("no folder")
        (course.root / "submitted/a_link").mkdir()
        (course.root / "submitted/a_link/ps1").symlink_to(course.root / "submitted/ada/ps1")
        (course.root / "submitted/empty/ps1").mkdir(parents=True)
        yield course, course.grade()
    finally:
        os.chdir(here)


def test_everybody_else_is_graded(graded):
    course, _ = graded
    for name in ("ada", "zoe"):
        assert course.scores(name) == {"t": 2.0, "why": "reader"}


@pytest.mark.parametrize(
    "name",
    [
        "old_format",
        "half_a_letter",
        "odd_kinds",
        "odd_names",
        "far_zone",
        "before_time",
        "no_words",
        "without_marks",
        "folder_like_the_notebook",
    ],
)
def test_what_can_be_read_is_graded(graded, name):
    course, done = graded
    assert course.scores(name) == {"t": 2.0, "why": "reader"}, done.refused


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("another", "No cell of nb.ipynb belongs to ps1"),
        ("huge_file", "larger than 200 MB in all"),
        ("deep_folders", "more than 50 deep"),
        ("a_file", "is no folder"),
        ("a_link", "is a link"),
        ("empty", "None of its notebooks belongs to ps1"),
        ("caf\\udce9", "letters that cannot be written"),
        ("two\\nlines", "letters that cannot be written"),
        ("right\\u202eleft", "letters that cannot be written"),
    ],
)
def test_what_cannot_is_refused_with_the_reason(graded, name, why):
    course, done = graded
    assert why in done.refused[name] and course.scores(name) == {}


def test_a_time_that_cannot_be_is_told(graded):
    assert any(
        note.startswith("far_zone: its time stamp cannot be read (2026-01-01 10:00:00 +9999)")
        for note in graded[1].notes
    )


def test_an_answer_in_a_cell_of_ones_own_waits_for_a_reader(graded):
    assert graded[0].scores("in_a_cell_of_its_own") == {"t": 2.0, "why": "reader"}


def test_a_round_that_is_repeated_refuses_the_same_and_grades_nothing_twice(graded):
    course, done = graded
    again = course.grade()
    assert (
        again.graded == []
        and again.refused == done.refused | {"another": done.refused["another"]}
        and len(again.unchanged) == 12
    )


# ---------------------------------------------------------------- whatever it may be

NAMES = st.binary(min_size=1, max_size=40).filter(
    lambda name: b"/" not in name and b"\0" not in name and name not in (b".", b"..")
)
LETTERS = st.text(string.ascii_lowercase, min_size=1, max_size=8).map(str.encode)
CONTENT = (
    st.binary(max_size=200)
    | st.just(b'{"cells": [{"cell_type": "code"}]}')
    | st.just(json.dumps({"cells": 3}).encode("utf-16"))
)
KINDS = st.one_of(
    st.tuples(st.just("file"), CONTENT),
    st.tuples(st.just("folder"), st.integers(0, 60)),
    st.tuples(st.just("fifo"), st.none()),
    st.tuples(st.just("link"), st.sampled_from(["/dev/zero", "..", ".", "nothing", "/"])),
    st.tuples(st.just("sparse"), st.integers(0, 2**40)),
)


def furnish(folder, name, kind, detail):
    """Put something of this kind under this name, if there is none yet."""
    path = Path(os.fsdecode(os.fsencode(folder) + b"/" + name))
    if os.path.lexists(path):
        return
    if kind == "file":
        path.write_bytes(detail)
    elif kind == "folder":
        path.joinpath(*["d"] * detail).mkdir(parents=True)
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "link":
        path.symlink_to(detail)
    else:
        with path.open("wb") as file:
            file.truncate(detail)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(NAMES | LETTERS | st.just(b"nb.ipynb") | st.just(b"timestamp.txt"), KINDS), max_size=6))
def test_whatever_lies_in_a_submission_it_is_read_or_refused_in_one_line_of_words(tmp_path, items):
    folder = tmp_path / "ps1"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, (kind, detail) in items:
        furnish(folder, name, kind, detail)
    spec = {"name": "ps1", "notebooks": {}, "files": {"data.csv": b""}, "theirs": []}
    try:
        found = Submitted(folder)
        found.digest()
        handed = found.read()
        kept = submission.own_files(spec, handed["files"])
        (tmp_path / "laid").mkdir(exist_ok=True)
        submission.lay_out(tmp_path / "laid", kept)
    except (CourseError, OSError) as error:
        why = reason(error)
        assert why == written(why) and why.encode("utf-8")
    finally:
        shutil.rmtree(tmp_path / "laid", ignore_errors=True)


NOTEBOOK = {
    "sources": {"f": {"source": "pass", "cell_type": "code", "locked": False, "checksum": ""}},
    "kinds": {"f": ["solution"]},
    "points": {},
    "layout": [{"cell_type": "code", "source": "pass", "id": "f", "metadata": {"nbgrader": {"grade_id": "f"}}}],
    "kernelspec": None,
}
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=8)
    | st.sampled_from(["code", "f", "\ud83d"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["cells", "cell_type", "source", "metadata", "nbgrader", "grade_id", "id", "worksheets"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(JSON | st.fixed_dictionaries({"cells": st.lists(JSON, max_size=3)}))
def test_whatever_stands_in_a_notebook_it_is_put_in_order_or_cannot_be_read(data):
    ordered = notebooks.whole(NOTEBOOK, json.dumps(data).encode())
    assert ordered is None or json.dumps(ordered.data, ensure_ascii=False).encode("utf-8")


@given(
    st.binary(max_size=40)
    | st.text(max_size=40).map(str.encode)
    | st.from_regex(r"\d{1,5}-\d\d-\d\d \d\d:\d\d [+-]\d{1,6}").map(str.encode)
)
def test_whatever_a_time_stamp_says_it_is_a_time_or_told(raw):
    moment, said = time_of(raw)
    assert (moment is None) == bool(said) and said == written(said)


# ---------------------------------------------------------------- a course that is odd itself


def test_a_course_in_the_old_format_is_graded(tmp_path):
    course = SmallCourse(tmp_path / "course", CELLS)
    path = course.source / "nb.ipynb"
    notebook = json.loads(path.read_text())
    old_format(notebook)
    path.write_text(json.dumps(notebook))
    course.release().hand_in("ada", {"f": RIGHT})
    course.grade()
    assert course.scores("ada")["t"] == 2.0


def test_a_notebook_in_another_language_is_refused_even_if_its_kernel_names_none(tmp_path):
    course = SmallCourse(tmp_path / "course", CELLS)
    path = course.source / "nb.ipynb"
    path.write_text(
        json.dumps({**json.loads(path.read_text()), "metadata": {"kernelspec": {"name": "ir", "display_name": "R"}}})
    )
    course.release()
    with pytest.raises(CourseError, match=r"is written in ir\. Here only Python is graded"):
        course.grade()


def test_too_much_data_in_the_source_is_told_with_a_way_out(tmp_path):
    course = SmallCourse(tmp_path / "course", CELLS).release()
    with (course.source / "data.bin").open("wb") as file:
        file.truncate(210_000_000)
    with pytest.raises(CourseError, match=r"(?s)larger than 200 MB.*--allow DIR"):
        course.grade()


def test_what_was_given_out_stays_when_the_grade_book_is_gone(tmp_path):
    course = SmallCourse(tmp_path / "course", CELLS).release()
    (course.root / "gradebook.db").unlink()
    (course.root / "release/ps1/extra.txt").write_text("given out by hand")
    course.hand_in("ada", {"f": RIGHT})
    course.grade()
    assert course.scores("ada")["t"] == 2.0 and (course.root / "release/ps1/extra.txt").exists()


def test_settings_that_change_scores_are_honoured_or_named(tmp_path):
    config = (
        'c.IgnorePattern.enabled = True\nc.IgnorePattern.pattern = ".*DeprecationWarning.*"\n'
        'c.CourseDirectory.student_id_exclude = "tester,other"\nc.CourseDirectory.directory_structure = '
        '"{nbgrader_step}/group-{student_id}/{assignment_id}"\n'
    )
    course = SmallCourse(tmp_path / "course", CELLS, config)
    (course.root / "nbgrader_config.json").write_text(json.dumps({"ExecutePreprocessor": {"timeout": 1}}))
    (course.root / "nbgrader_config.py").write_text(
        (course.root / "nbgrader_config.py").read_text().replace("c.Execute.timeout = 20\n", "")
    )
    (course.root / "source/group-.").mkdir()
    course.source.rename(course.root / "source/group-./ps1")
    course.release()
    (course.root / "release/group-./ps1").rename(course.root / "release/ps1")
    slow = f"import time\ntime.sleep(1.7)\n{RIGHT}"
    warns = "import warnings\ndef f(x):\n    warnings.warn('old', DeprecationWarning)\n    return 2 * x"
    for name, code in (("group-right", RIGHT), ("group-slow", slow), ("group-warns", warns), ("group-tester", RIGHT)):
        course.hand_in(name, {"f": code})
    (course.root / "release/ps1").rename(course.root / "release/group-./ps1")
    course.grade()
    assert [course.scores(name).get("t") for name in ("right", "slow", "warns", "tester")] == [2.0, 0.0, 2.0, None]


def test_a_course_with_a_step_of_its_own_is_told_before_anything_is_graded(tmp_path):
    course = SmallCourse(tmp_path / "course", CELLS, "c.Autograde.pre_convert_hook = print\n").release()
    with pytest.raises(CourseError, match="runs a function of its own before or after grading"):
        course.grade()
