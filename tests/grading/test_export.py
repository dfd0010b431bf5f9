"""Results leave for spreadsheets, Moodle and Canvas whole, without names unless asked, and harm nobody on the way."""

import csv
import io
import re
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.course_helpers import course_folder, grade, hand_in, right_answers

from workshop.cli.main import main
from workshop.errors import GradingError
from workshop.grading.export import csv_files, export, lms, roster
from workshop.grading.export.roster import Identity, People
from workshop.grading.results import Item, Mark, Person, Results

pytestmark = pytest.mark.nbgrader

CHECK = "check_before"
ITEMS = [
    Item("who", "Who sits at the table?", "single", 2.0, False, None),
    Item("plan", "A plan", "write", 4.0, False, None),
    Item("more", "More", "code", 1.0, True, None),
]
LISTED = (
    "code,name,id,sis_id,login,email,section\n"
    "amber,Aña Õun,41,S-041,ana,ana@example.org,A\nbirch,Ben Ødegård,42,S-042,ben,ben@example.org,B\n"
)


def mark(points=0.0, waiting=False, comment=""):
    return Mark(points, points, None, waiting, comment)


def handed_in(code, who, plan, more=None, penalty=0.0):
    marks = {"who": who, "plan": plan, "more": more or mark()}
    return Person(code, datetime(2026, 11, 25, 9, 30), 0.0, penalty, marks, items=ITEMS)


def results(*persons, name="m02_challenges", title="Exercise on challenges"):
    return Results(name, title, 6.0, ITEMS, {one.code: one for one in persons})


@pytest.fixture
def two():
    """Amber has everything read; of birch the plan waits for a reader."""
    return results(
        handed_in("amber", mark(1.25), mark(3.0, comment="Name the\nboard."), mark(1.0), penalty=0.5),
        handed_in("birch", mark(2.0), mark(waiting=True)),
    )


@pytest.fixture
def listed(tmp_path):
    """Makes a list of people of this text, read for amber and birch."""

    def make(text=LISTED):
        (tmp_path / "people.csv").write_text(text, encoding="utf-8")
        return roster.read(tmp_path / "people.csv", ["amber", "birch"])

    return make


def opened(content):
    """The rows of a file's bytes, as a spreadsheet program reads them."""
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def table(rows):
    header, *body = opened(csv_files.content(rows))
    assert all(len(row) == len(header) for row in body)
    return [dict(zip(header, row, strict=True)) for row in body]


# ---------------------------------------------------------------- a real course


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course of three people who handed in the check before the workshop, graded."""
    folder = course_folder(tmp_path_factory.mktemp("course"))
    right = right_answers(folder, CHECK)
    hand_in(folder, "amber", right, exercise=CHECK)
    hand_in(folder, "birch", dict(list(right.items())[:5]), exercise=CHECK)
    hand_in(folder, "cedar", {}, exercise=CHECK)
    grade(folder, CHECK)
    return folder


def rows_of(path):
    header, *body = opened(path.read_bytes())
    return [dict(zip(header, row, strict=True)) for row in body]


def test_the_command_writes_items_and_totals_of_all_that_is_graded_with_code_names_alone(course, monkeypatch):
    monkeypatch.setenv("WORKSHOP_HOME", str(course))
    assert main(["export"]) == 0
    assert sorted(path.name for path in (course / "export").iterdir()) == ["items.csv", "totals.csv"]
    totals = {
        row["code"]: (row["points"], row["of"], row["waiting"]) for row in rows_of(course / "export" / "totals.csv")
    }
    assert totals == {"amber": ("12", "12", "0"), "birch": ("5", "12", "0"), "cedar": ("0", "12", "0")}
    items = rows_of(course / "export" / "items.csv")
    assert len(items) == 3 * 12 and sum(float(row["points"]) for row in items) == 17
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", items[0]["handed_in"])


def test_with_a_list_of_people_the_command_writes_what_canvas_and_moodle_take_and_leaves_the_list_alone(
    course, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("WORKSHOP_HOME", str(course))
    kept = tmp_path / "people.csv"
    kept.write_text(LISTED, encoding="utf-8")
    out = tmp_path / "out"
    assert main(["export", CHECK, "--to", "moodle", "--to", "canvas", "--names", str(kept), "--folder", str(out)]) == 1
    said = capsys.readouterr().out
    assert "Not in the file for Canvas: cedar" in said and "Keep them as you keep a register of grades" in said
    assert moodle_reads((out / "moodle.csv").read_bytes()) == {
        "41": {"Check before": 12.0},
        "42": {"Check before": 5.0},
    }
    assert canvas_reads((out / "canvas.csv").read_bytes())[1]["42"] == {"Check before": 5.0}
    assert kept.read_text(encoding="utf-8") == LISTED
    assert sorted(path.name for path in out.iterdir()) == ["canvas.csv", "moodle.csv"]


def test_what_the_grade_book_knows_of_a_person_fills_what_the_list_leaves_empty(course, listed):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        book.update_or_create_student(
            "amber", first_name="Aña", last_name="Õun", email="ana@example.org", lms_user_id="41"
        )
    completed = roster.completed(listed("code\namber\n"), export.results.students(course))
    assert completed.by_code["amber"] == Identity("Aña Õun", id="41", email="ana@example.org")


def test_a_stopped_export_writes_nothing(course, tmp_path):
    with pytest.raises(GradingError, match="Canvas finds a person by its own number"):
        export.write(course, formats=("items", "canvas"), folder=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_nothing_graded_is_said_in_a_sentence(tmp_path):
    with pytest.raises(GradingError, match="Nothing is graded yet"):
        export.write(tmp_path)


# ---------------------------------------------------------------- tables


def test_an_item_that_waits_for_a_reader_has_no_points(two):
    plans = {row["code"]: row for row in table(export.items([two])) if row["item"] == "plan"}
    assert (plans["birch"]["points"], plans["birch"]["waiting"]) == ("", "yes")
    assert (plans["amber"]["points"], plans["amber"]["of"], plans["amber"]["handed_in"]) == (
        "3",
        "4",
        "2026-11-25T09:30:00Z",
    )


def test_a_total_is_given_once_everything_that_counts_is_read(two):
    amber, birch = table(export.totals([two]))
    assert amber == {
        "code": "amber",
        "exercise": "m02_challenges",
        "points": "3.75",
        "of": "6",
        "extra": "1",
        "late_penalty": "0.5",
        "waiting": "0",
    }
    assert (birch["points"], birch["late_penalty"], birch["waiting"]) == ("", "", "1")


def test_an_optional_item_that_waits_holds_back_the_extra_points_alone():
    (row,) = table(export.totals([results(handed_in("amber", mark(2), mark(4), mark(waiting=True)))]))
    assert (row["points"], row["extra"], row["waiting"]) == ("6", "", "1")


def test_names_stand_beside_code_names_when_they_are_asked_for(two, listed):
    assert [(row["code"], row["name"]) for row in table(export.totals([two], listed()))] == [
        ("amber", "Aña Õun"),
        ("birch", "Ben Ødegård"),
    ]


@pytest.mark.parametrize(
    ("value", "written"), [(0.0, "0"), (-0.001, "0"), (10.0, "10"), (1234567.5, "1234567.5"), (2 / 3, "0.67")]
)
def test_a_number_has_a_point_and_at_most_two_decimals(value, written):
    assert csv_files.number(value) == written


# ---------------------------------------------------------------- formulas


def begins_formula(cell):
    return cell != "-" and bool(re.match(r'[\s"]*[=+\-@＝＋－＠]|[\t\r\n\0]', cell))


def without_marks(text):
    return re.sub(r"(^|[;\t\r\n])'", r"\1", text)


RISKY = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("=+-@;,\"'\t\r\n |＝")), max_size=30
)


@given(RISKY)
def test_any_text_reads_back_from_the_file_and_begins_no_formula(text):
    ((cell, number),) = opened(csv_files.content([[text, 1.5]]))
    assert without_marks(cell) == without_marks(text) and number == "1.5"
    assert not begins_formula(cell)


@given(RISKY)
def test_no_formula_begins_where_a_spreadsheet_program_splits_at_semicolons(text):
    shown = csv_files.content([["amber", text, 1.5]]).decode("utf-8-sig")
    cells = [cell for line in re.split(r"[\r\n]", shown) for cell in re.split(r"[;\t]", line)]
    assert not any(begins_formula(cell) for cell in cells)


@given(RISKY, RISKY)
def test_any_title_and_comment_reaches_the_files_inert_and_in_one_line_for_a_platform(title, comment):
    one = results(handed_in("amber", mark(2), mark(3, comment=comment)), title=title or "x")
    one.items = [replace(item, title=title) for item in ITEMS]
    who = People("people.csv", {"code", "name", "id"}, {"amber": Identity("=Aña", "41")})
    for_moodle, for_canvas = lms.moodle([one], who)[0], lms.canvas([one], who)[0]
    for rows in (export.items([one]), export.totals([one], who), for_moodle, for_canvas):
        assert not any(begins_formula(cell) for row in opened(csv_files.content(rows)) for cell in row)
    assert list(moodle_reads(csv_files.content(for_moodle))["41"].values()) == [5.0]
    assert list(canvas_reads(csv_files.content(for_canvas))[1]["41"].values()) == [5.0]


def test_a_formula_is_shown_as_it_was_typed_behind_an_apostrophe():
    assert csv_files.inert('=HYPERLINK("http://example.org")') == '\'=HYPERLINK("http://example.org")'
    assert csv_files.inert("a;=1+1") == "a;'=1+1"
    assert csv_files.inert("first - second, 3 = 3") == "first - second, 3 = 3"


# ---------------------------------------------------------------- Moodle


def moodle_reads(content):
    """What Moodle's import makes of a file: identity -> column -> grade, None for none.

    See `workshop.grading.export.lms`.
    """
    lines = content.decode("utf-8-sig").replace("\r\n", "\n").strip("\n").split("\n")
    (header, *rows) = list(csv.reader(lines))
    assert len(rows) + 1 == len(lines), "a cell goes over several lines"
    assert header[0] in ("ID number", "Email address", "Username") and len(set(header)) == len(header)
    grades = [column for column in header[1:] if column != "Name" and not column.endswith(" (feedback)")]
    for column in header:
        assert not column.endswith(" (feedback)") or header[header.index(column) - 1] == column.removesuffix(
            " (feedback)"
        )
    found = {}
    for row in rows:
        assert len(row) == len(header) and row[0] not in ("", "0") and row[0] not in found
        cells = dict(zip(header, row, strict=True))
        for column in grades:
            assert re.fullmatch(r"-|\d+(\.\d{1,2})?", cells[column]), "an empty cell would become 0"
        found[row[0]] = {column: None if cells[column] == "-" else float(cells[column]) for column in grades}
    return found


def test_moodle_reads_each_grade_and_none_where_a_reader_is_awaited(two, listed):
    rows, _, left_out = lms.moodle([two], listed())
    assert moodle_reads(csv_files.content(rows)) == {
        "41": {"Exercise on challenges": 3.75},
        "42": {"Exercise on challenges": None},
    }
    assert left_out == []


def test_moodle_gets_what_readers_wrote_in_one_line_beside_the_grade(two, listed):
    amber, birch = table(lms.moodle([two], listed())[0])
    assert amber["Exercise on challenges (feedback)"] == "A plan: Name the board."
    assert birch["Exercise on challenges (feedback)"] == ""


def test_an_exercise_that_was_not_handed_in_is_no_grade(two, listed):
    other = results(handed_in("amber", mark(2), mark(4)), name="m03_lessons", title="Exercise on lessons")
    assert moodle_reads(csv_files.content(lms.moodle([two, other], listed())[0]))["42"]["Exercise on lessons"] is None


def test_without_a_list_moodle_gets_code_names_and_the_instructor_is_told_what_that_takes(two):
    rows, notes, _ = lms.moodle([two])
    assert list(moodle_reads(csv_files.content(rows))) == ["amber", "birch"] and "Name" not in rows[0]
    assert "code names and no names" in notes[0] and "--names PEOPLE.csv" in notes[0]


def test_the_column_that_identifies_most_people_is_taken_and_nobody_is_written_without_an_identity(two, listed):
    rows, _, left_out = lms.moodle([two], listed("code,name,id,email\namber,Aña,,ana@example.org\nbirch,Ben,0,\n"))
    assert list(moodle_reads(csv_files.content(rows))) == ["ana@example.org"] and left_out == ["birch"]


def test_an_identity_that_would_run_as_a_formula_is_left_out(two, listed):
    assert lms.moodle([two], listed("code,name,id\namber,Aña,=1+1\nbirch,Ben,42\n"))[2] == ["amber"]


def test_the_maximum_grades_to_set_in_moodle_are_said(two, listed):
    assert "Exercise on challenges: 6" in lms.moodle([two], listed())[1][-1]


def test_a_grade_over_one_hundred_is_said_because_moodle_would_import_nothing(listed):
    big = results(handed_in("amber", mark(60), mark(60)))
    assert "over 100" in lms.moodle([big], listed())[1][-1]


# ---------------------------------------------------------------- Canvas


def canvas_reads(content):
    """What Canvas's import makes of a file: (title -> points, ID -> title -> score).

    See `workshop.grading.export.lms`.
    """
    lines = content.decode("utf-8-sig").replace("\r\n", "\n").strip("\n").split("\n")
    header, worth, *rows = list(csv.reader(lines))
    assert len(rows) + 2 == len(lines), "a cell goes over several lines"
    assert not lines[0].startswith('"'), "a quote after the mark at the beginning is a fault to Canvas"
    assert header[:5] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    titles = header[5:]
    assert titles and len(set(titles)) == len(titles)
    for title in titles:
        assert not re.search(r"(Current|Final|Override) (Score|Points|Grade|Status)| \(\d+\)$", title)
    assert worth[0] == "    Points Possible" and worth[1:5] == [""] * 4
    assert all(re.fullmatch(r"\d+(\.\d{1,2})?", points) for points in worth[5:])
    scores = {}
    for row in rows:
        assert len(row) == len(header) and row[0] and any(row[1:4]) and re.fullmatch(r"\d*", row[1])
        assert all(re.fullmatch(r"(\d+(\.\d{1,2})?)?", cell) for cell in row[5:])
        cells = zip(titles, row[5:], strict=True)
        scores[row[1] or row[2] or row[3]] = {title: float(cell) if cell else None for title, cell in cells}
    return dict(zip(titles, map(float, worth[5:]), strict=True)), scores


def test_canvas_reads_points_possible_each_score_and_none_where_a_reader_is_awaited(two, listed):
    rows, _, left_out = lms.canvas([two], listed())
    assert canvas_reads(csv_files.content(rows)) == (
        {"Exercise on challenges": 6.0},
        {"41": {"Exercise on challenges": 3.75}, "42": {"Exercise on challenges": None}},
    )
    assert rows[2][:5] == ["Aña Õun", "41", "S-041", "ana", "A"] and left_out == []


def test_an_id_that_is_not_canvas_s_own_number_is_not_taken_for_one(two, listed):
    rows, _, left_out = lms.canvas([two], listed("code,name,id,login\namber,Aña,12abc,ana\nbirch,Ben,43b,\n"))
    assert rows[2][1:4] == ["", "", "ana"] and left_out == ["birch"]


@pytest.mark.parametrize(
    "title", ["Final Score", "Group Current Points", "Round (12)", "Section", "Override Grade (2026)"]
)
def test_a_title_that_canvas_would_misread_gives_way_to_the_name_of_the_exercise(title, listed):
    one = results(handed_in("amber", mark(2), mark(4)), title=title)
    assert list(canvas_reads(csv_files.content(lms.canvas([one], listed())[0]))[0]) == ["m02_challenges"]


def test_two_exercises_with_one_title_have_two_columns(two, listed):
    again = results(handed_in("amber", mark(1), mark(1)), name="m03_lessons")
    rows = lms.canvas([two, again], listed())[0]
    assert list(canvas_reads(csv_files.content(rows))[0]) == ["m02_challenges", "m03_lessons"]


# ---------------------------------------------------------------- the list of people


def test_the_gradebook_that_canvas_exports_is_a_list_when_a_column_code_is_added(listed):
    exported = (
        "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,code\n    Points Possible,,,,,\n"
        '"Õun, Aña",41,S-041,ana,A,Amber\n"Ødegård, Ben",42,S-042,ben,B,birch\n'
    )
    found = listed(exported)
    assert found.by_code["amber"] == Identity("Õun, Aña", "41", "S-041", "ana", "", "A") and found.notes == []


def test_a_list_that_excel_separated_with_semicolons_and_moodle_s_headings_are_understood(listed):
    found = listed("First name;Last name;ID number;Email address;Code\nAña;Õun;7;ana@example.org;amber\n")
    assert found.by_code["amber"] == Identity("Aña Õun", "7", email="ana@example.org")


def test_people_without_a_code_name_and_code_names_that_nobody_used_are_said_with_their_lines(listed):
    notes = listed("code,name\n,Aña\nbrich,Ben\n").notes
    assert notes == [
        "people.csv: no code name in line 2; nothing is exported for these people.",
        "people.csv: nothing is graded under brich (line 3). Is a code name misspelt?",
    ]


@pytest.mark.parametrize("text", ["name,id\nAña,41\n", ""])
def test_a_list_without_code_names_is_refused_with_how_to_write_it(text, listed):
    with pytest.raises(
        GradingError, match=r"people\.csv:1: there is no column “code”.*for instance: code,name,id,email,login"
    ):
        listed(text)


@pytest.mark.parametrize(
    ("make", "missing"),
    [(lms.moodle, "“id” or “email” or “login”"), (lms.canvas, "“id” or “sis_id” or “login”")],
)
def test_a_list_without_what_a_platform_knows_people_by_is_refused_with_how_to_write_it(make, missing, two, listed):
    with pytest.raises(GradingError, match=f"there is no column {missing}"):
        make([two], listed("code,name\namber,Aña\n"))


@pytest.mark.parametrize("make", [lms.moodle, lms.canvas])
def test_two_people_with_one_identity_are_refused(make, two, listed):
    with pytest.raises(GradingError, match="amber and birch have the same ID"):
        make([two], listed("code,name,id\namber,Aña,41\nbirch,Ben,41\n"))


def test_a_code_name_that_stands_twice_is_refused(listed):
    with pytest.raises(GradingError, match=r"people\.csv:3: the code name amber stands in line 2 too"):
        listed("code,name\namber,Aña\nAmber,Ben\n")


def test_a_list_that_is_not_utf_8_is_refused_with_how_to_save_it(tmp_path):
    (tmp_path / "people.csv").write_bytes("code,name\namber,Aña\n".encode("cp1252"))
    with pytest.raises(GradingError, match="CSV UTF-8"):
        roster.read(tmp_path / "people.csv", ["amber"])
