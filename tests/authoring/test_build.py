"""What is built is made from the texts alone: the same each time, without keys for participants, told when stale."""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from support.small_project import (
    CODE_ITEM,
    QUESTIONS,
    ROOT,
    SCENARIO,
    SINGLE,
    build_kit,
    copy_of_the_kit,
    exercise,
    real,
    small_project,
)

from workshop.answers import cache
from workshop.authoring import build, readme
from workshop.cli import steps
from workshop.cli.main import main
from workshop.content import markdown
from workshop.content.trees import text_of
from workshop.errors import GradingError
from workshop.grading import assignments
from workshop.grading.code_cells import GradeBook, nbgrader_api
from workshop.papers import guide
from workshop.project import project

SECRET = {"right", "reason", "should", "may", "best", "rubric", "model", "numbers", "closing", "tie", "sources"}
# What opens a package holds a sentence and no code.
PACKAGES = {f"{package}/__init__.py" for package in ("answers", "authoring", "lab", "notebook", "project", "scenarios")}
NOTE = '+++ {"facilitator": true}\n\n- Ask: who is missing?\n- Watch for: **haste** [S:OWN].\n\n+++\n\n'


def built_files(root):
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.suffix in (".ipynb", ".html", ".json") and ".workshop" not in path.parts
    }


def notebooks():
    return sorted(
        [*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("solutions/*/*.ipynb"), *ROOT.glob("exercises/*/*.ipynb")]
    )


def lesson_cells(folder, lesson):
    """The built notebook of a small lesson."""
    small_project(folder, lesson)
    build_kit(folder)
    return nbformat.read(folder / "notebooks/small.ipynb", as_version=4)


@pytest.fixture(scope="module")
def kit(tmp_path_factory):
    """A small kit with every kind of question in its exercise, built once. A test that changes it copies it first."""
    folder = small_project(
        tmp_path_factory.mktemp("kit"),
        lesson=NOTE + SINGLE,
        exercise_body=exercise(*QUESTIONS.values()) + "\n" + CODE_ITEM,
        scenario_text=SCENARIO,
    )
    build_kit(folder)
    return folder


@pytest.fixture
def own_kit(kit, tmp_path, monkeypatch):
    """A copy of the small kit, and the command line at home in it."""
    monkeypatch.setenv("WORKSHOP_HOME", str(tmp_path / "kit"))
    return shutil.copytree(kit, tmp_path / "kit")


@pytest.fixture
def own_lesson(tmp_path, monkeypatch):
    """A small kit without an exercise, which is built in no time."""
    monkeypatch.setenv("WORKSHOP_HOME", str(tmp_path))
    lesson_cells(tmp_path, SINGLE)
    return tmp_path


def nodes(value):
    """Every dict that stands anywhere in JSON data."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(inner)


# ---------------------------------------------------------------- the same bytes


def test_building_from_nothing_in_another_folder_gives_the_bytes_that_are_in_the_kit(tmp_path):
    kit = copy_of_the_kit(tmp_path)
    for path in [*kit.glob("*/*.ipynb"), *kit.glob("*/*/*.ipynb")]:
        path.unlink()
    for path in (guide.PATH, guide.PRINT):
        (kit / path).unlink()
    written = build_kit(kit)
    assert len(written) == len(notebooks()) + 2
    for path in written:
        assert (kit / path).read_bytes() == (ROOT / path).read_bytes(), path


def test_building_again_writes_nothing(own_kit):
    before = built_files(own_kit)
    assert build_kit(own_kit) == []
    assert built_files(own_kit) == before


def test_a_step_is_carried_out_again_only_when_what_it_is_made_from_has_changed(own_kit):
    def again():
        raise AssertionError("made again")

    def build_again():
        todo = [replace(step, make=again) for step in steps.build_steps(project.read(own_kit))]
        return build.build(own_kit, todo)

    assert build_again() == ([], [])
    lesson = own_kit / "notebooks/small.md"
    lesson.write_text(lesson.read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="made again"):
        build_again()


def test_a_changed_text_builds_its_own_notebook_and_no_other(own_kit):
    lesson = own_kit / "notebooks/small.md"
    lesson.write_text(lesson.read_text(encoding="utf-8") + "\nMore words.\n", encoding="utf-8")
    assert build_kit(own_kit) == ["notebooks/small.ipynb"]
    assert "More words." in (own_kit / "notebooks/small.ipynb").read_text(encoding="utf-8")


def test_a_changed_scenario_builds_the_page_that_plays_it(tmp_path):
    play = "\n## Play\n\n```{play} rumour\n```\n"
    small_project(tmp_path, SINGLE + play, scenario_text=SCENARIO)
    build_kit(tmp_path)
    (tmp_path / "data/scenarios/rumour.md").write_text(
        SCENARIO.replace("A host repeats it", "Two hosts repeat it"), encoding="utf-8"
    )
    assert build_kit(tmp_path) == ["notebooks/small.ipynb"]


def test_a_built_file_that_was_taken_away_or_edited_is_built_again(own_kit):
    (own_kit / "notebooks/small.ipynb").unlink()
    (own_kit / guide.PATH).write_text("edited", encoding="utf-8")
    assert build_kit(own_kit) == ["notebooks/small.ipynb", guide.PATH]


def loaded(module):
    """The kit's own modules that come with one, as paths in the package."""
    code = (
        f"import sys, {module}; print(*(m.__file__ for n, m in sys.modules.items() if n.split('.')[0] == 'workshop'))"
    )
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    return {Path(path).relative_to(cache.PACKAGE).as_posix() for path in said.split()}


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("workshop.authoring.notebooks", build.NOTEBOOK_CODE),
        ("workshop.scenarios.reader", build.NOTEBOOK_CODE),
        ("workshop.authoring.readme", build.TABLE_CODE),
    ],
)
def test_the_code_that_makes_a_page_stale_is_all_that_it_is_made_by(module, code):
    covered = [name if name.endswith(".py") else f"{name}/" for name in code]
    assert {path for path in loaded(module) if not path.startswith(tuple(covered))} <= PACKAGES


def test_code_that_makes_no_page_makes_none_stale():
    assert not {name for name in build.TABLE_CODE if name.startswith(("room", "grading", "cards", "explorations"))}
    assert "authoring/build.py" not in {*build.NOTEBOOK_CODE, *build.TABLE_CODE, *steps.GUIDE_CODE, *steps.RELEASE_CODE}


def test_another_source_of_the_register_makes_nothing_stale(own_lesson):
    before = {step.path: step.made_from for step in steps.build_steps(project.read(own_lesson))}
    with (own_lesson / "data/sources.csv").open("a", encoding="utf-8") as register:
        register.write("NEW,A new one,,own,own,\n")
    after = {step.path: step.made_from for step in steps.build_steps(project.read(own_lesson))}
    assert before == after


def test_when_nothing_was_touched_no_text_is_read(own_lesson, monkeypatch):
    monkeypatch.setattr(steps.project, "read", None)
    assert build_kit(own_lesson) == []


@pytest.mark.parametrize(
    "path",
    [
        "notebooks/small.md",
        "notebooks/small.ipynb",
        "data/sources.csv",
        "data/agendas.md",
        "solutions/guide/facilitators_guide.pdf",
        "README.md",
        "nbgrader_config.py",
    ],
)
def test_whatever_is_touched_is_noticed(own_lesson, path):
    assert build.unchanged(own_lesson)
    with (own_lesson / path).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert not build.unchanged(own_lesson)


def test_a_file_that_was_taken_away_is_noticed(own_lesson):
    (own_lesson / "notebooks/small.ipynb").unlink()
    assert not build.unchanged(own_lesson)


def test_a_guide_that_says_the_same_is_not_set_again(own_lesson):
    def guides():
        return {step.path: step.made_from for step in steps.build_steps(project.read(own_lesson))}[guide.PRINT]

    before, page = guides(), own_lesson / "notebooks/small.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")
    assert guides() == before
    page.write_text(page.read_text(encoding="utf-8") + NOTE, encoding="utf-8")
    assert guides() != before


def test_an_exercise_is_what_nbgrader_makes_by_its_own_command(kit, tmp_path):
    solved = (kit / "solutions/small/small.ipynb").read_bytes()
    released, book = assignments.released(kit, "small", solved)
    (tmp_path / "solutions/small").mkdir(parents=True)
    (tmp_path / "solutions/small/small.ipynb").write_bytes(solved)
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    nbgrader_api.new_book(url, "small")
    nbgrader_api.generate(tmp_path, "small", db_url=url)
    assert released == (tmp_path / "exercises/small/small.ipynb").read_bytes()
    kept = GradeBook(url)
    theirs, ours = kept.assignment("small").notebooks["small"], book.notebooks["small"]
    kept.close()
    assert ours.kernelspec == theirs.kernelspec
    assert ours.cells == {key: {k: v for k, v in about.items() if k != "id"} for key, about in theirs.cells.items()}
    assert ours.sources == {cell: {k: row[k] for k in ours.sources[cell]} for cell, row in theirs.sources.items()}


def test_a_notebook_that_nbgrader_refuses_is_told_in_its_words(kit):
    twice = json.loads((kit / "solutions/small/small.ipynb").read_text(encoding="utf-8"))
    marked = [cell for cell in twice["cells"] if cell["metadata"].get("nbgrader")]
    twice["cells"] += [{**cell, "id": f"{cell['id']}-2"} for cell in marked]
    with pytest.raises(GradingError, match="nbgrader could not make the assignment small:"):
        assignments.released(kit, "small", json.dumps(twice).encode())


def test_a_damaged_memory_of_the_last_build_only_costs_time(own_lesson):
    for kept in (own_lesson / build.KEPT).rglob("*.*"):
        kept.write_bytes(kept.read_bytes()[:-10])
    assert build_kit(own_lesson) == []


def test_a_built_file_that_cannot_be_written_is_told_in_a_sentence(own_lesson, capsys):
    (own_lesson / "notebooks/small.ipynb").unlink()
    (own_lesson / "notebooks/small.ipynb").mkdir()
    assert main(["build"]) == 2
    assert "notebooks/small.ipynb could not be written: " in capsys.readouterr().err


# ---------------------------------------------------------------- build --check


@pytest.mark.usefixtures("own_lesson")
def test_the_check_of_a_fresh_build_is_silent(capsys):
    assert main(["build", "--check"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("path", ["notebooks/small.ipynb", guide.PATH, "data/answer_sheet.schema.json"])
def test_the_check_names_a_built_file_that_was_edited_and_changes_nothing(own_lesson, capsys, path):
    edited = (own_lesson / path).read_bytes() + b" "
    (own_lesson / path).write_bytes(edited)
    assert main(["build", "--check"]) == 1
    assert capsys.readouterr().out == f"{path} is not what its text makes. Run `workshop build`.\n"
    assert (own_lesson / path).read_bytes() == edited


def test_the_check_names_a_notebook_that_is_older_than_its_text(own_lesson, capsys):
    page = own_lesson / "notebooks/small.md"
    page.write_text(page.read_text(encoding="utf-8").replace("four offices", "five offices"), encoding="utf-8")
    assert main(["build", "--check"]) == 1
    assert capsys.readouterr().out == "notebooks/small.ipynb is not what its text makes. Run `workshop build`.\n"


def test_the_check_names_an_exercise_that_was_edited(own_kit, capsys):
    path = own_kit / "exercises/small/small.ipynb"
    path.write_bytes(path.read_bytes().replace(b"Meridia has four offices.", b"Meridia has five offices."))
    assert main(["build", "--check"]) == 1
    assert capsys.readouterr().out == "exercises/small/small.ipynb is not what its text makes. Run `workshop build`.\n"


def test_with_a_fault_in_a_text_nothing_is_built(own_kit, capsys):
    page, before = own_kit / "notebooks/small.md", built_files(own_kit)
    page.write_text(page.read_text(encoding="utf-8").replace("[x]", "[ ]"), encoding="utf-8")
    assert main(["build"]) == 1
    assert "mark the right option with [x]" in capsys.readouterr().out
    assert built_files(own_kit) == before


# ---------------------------------------------------------------- the facilitator's notes


def test_a_note_reaches_the_guide_and_not_the_notebook(kit):
    page = (kit / guide.PATH).read_text(encoding="utf-8")
    assert "<li>Ask: who is missing?</li>" in page and "<li>Watch for: <strong>haste</strong> (OWN).</li>" in page
    assert "who is missing" not in (kit / "notebooks/small.ipynb").read_text(encoding="utf-8")


# ---------------------------------------------------------------- keys stay at home


def test_no_key_of_any_kind_of_question_reaches_an_exercise(kit):
    given = nbformat.read(kit / "exercises/small/small.ipynb", as_version=4)
    assert not [part for part in nodes(json.loads(json.dumps(given.metadata.workshop.questions))) if set(part) & SECRET]
    asked = [question.id for question in project.read(kit).exercise("small").questions]
    assert [question.id for question in given.metadata.workshop.questions] == asked
    whole = (kit / "exercises/small/small.ipynb").read_text(encoding="utf-8")
    for secret in (
        "It sits in the district",
        "Cheapest",
        "They count them",
        "No duty",
        "That was asked for",
        "The board.",
        "Ask the board on Monday",
        "names an office",
        "35.3",
        "SOLUTION",
        "HIDDEN",
        "MARK SCHEME",
        "words.split",
        'count("")',
    ):
        assert secret not in whole, secret


def test_no_key_of_the_real_exercises_reaches_participants():
    for page in real().exercises:
        path = ROOT / f"exercises/{page.name}/{page.name}.ipynb"
        whole = path.read_text(encoding="utf-8")
        given = json.loads(whole)["metadata"]["workshop"]
        assert not [part for part in nodes(given["questions"]) if set(part) & SECRET] and given["sources"] == {}
        for question in page.questions:
            for words in filter(None, map(text_of, question.secrets())):
                assert json.dumps(words, ensure_ascii=False)[1:-1] not in whole, words
        for cell in page.code:
            for hidden in re.findall(r"# BEGIN (?:SOLUTION|HIDDEN TESTS)\n(.*?)# END", cell.source, re.S):
                for line in filter(None, map(str.strip, hidden.split("\n"))):
                    assert json.dumps(line, ensure_ascii=False)[1:-1] not in whole, line


def test_the_instructor_s_notebook_has_the_rubric_where_the_reader_needs_it(kit):
    solved = nbformat.read(kit / "solutions/small/small.ipynb", as_version=4)
    (task,) = [cell for cell in solved.cells if cell.metadata.get("nbgrader", {}).get("task")]
    assert "- **2** names a day" in task.source and "> Ask the board on Monday." in task.source
    assert task.metadata.nbgrader.points == 3


def test_a_lesson_carries_its_reasons_because_it_must_explain_without_a_server(kit):
    lesson = nbformat.read(kit / "notebooks/small.ipynb", as_version=4)
    assert lesson.metadata.workshop.questions[0].options[0].reason


# ---------------------------------------------------------------- notebooks


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_built_notebook_is_valid_and_has_run_nowhere(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        assert cell.cell_type == "markdown" or (cell.outputs == [] and cell.execution_count is None)


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_ids_of_the_cells_are_all_different(path):
    ids = [cell.id for cell in nbformat.read(path, as_version=4).cells]
    assert len(set(ids)) == len(ids)


def test_the_id_of_a_cell_comes_from_its_text(tmp_path):
    first = lesson_cells(tmp_path / "a", SINGLE + "\n## Next\n\nSome prose.\n").cells
    second = lesson_cells(tmp_path / "b", SINGLE + "\n## Next\n\nOther prose.\n").cells
    pairs = list(zip(first, second, strict=True))
    assert [one.id == other.id for one, other in pairs] == [one.source == other.source for one, other in pairs]
    assert sum(one.id == other.id for one, other in pairs) == len(first) - 1


def test_two_cells_of_the_same_text_have_two_ids(tmp_path):
    twin = "\n```{explore} who-pays\n```\n"
    one, other = [
        cell for cell in lesson_cells(tmp_path, SINGLE + "\n## Next\n" + twin + twin).cells if "explore" in cell.source
    ]
    assert one.source == other.source and one.id != other.id


def test_a_page_says_first_what_it_is_and_makes_itself_ready(kit):
    first, second, third = nbformat.read(kit / "notebooks/small.ipynb", as_version=4).cells[:3]
    assert first.source.startswith("# Small\n") and "About 5 minutes" in first.source
    assert (
        second.source == 'from workshop import Page\n\npage = Page("small")' and second.metadata.jupyter.source_hidden
    )
    assert third.source == 'page.ask("first")'


def test_an_exercise_ends_with_the_card_to_hand_it_in(kit):
    cells = nbformat.read(kit / "exercises/small/small.ipynb", as_version=4).cells
    assert [cell.source for cell in cells if cell.cell_type == "code"][-1] == "page.hand_in()"


# ---------------------------------------------------------------- sources


def test_source_marks_become_links_to_the_list_at_the_end(tmp_path):
    cells = lesson_cells(tmp_path, "It is so [S:OWN].\n\n" + SINGLE).cells
    assert "It is so ([OWN](#Sources-of-this-page))." in cells[0].source
    assert cells[-1].source == "## Sources of this page\n\n- **OWN**: Our own"


def test_a_source_named_only_in_a_question_is_listed_too(tmp_path):
    assert lesson_cells(tmp_path, SINGLE).cells[-1].source.endswith("- **OWN**: Our own")


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_source_link_leads_to_a_line_of_the_list(path):
    cells = nbformat.read(path, as_version=4).cells
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    linked = set(re.findall(r"\[([^\]]+)\]\(#Sources-of-this-page\)", prose))
    listed = set(re.findall(r"^- \*\*([^*]+)\*\*: \S", prose.split("## Sources of this page\n")[-1], re.M))
    assert linked <= listed
    assert "[S:" not in prose


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_inside_a_notebook_leads_to_a_heading(path):
    cells = nbformat.read(path, as_version=4).cells
    prose = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    anchors = {markdown.plain(node).replace(" ", "-") for node in markdown.parse(prose) if node.type == "heading"}
    assert set(re.findall(r"\]\(#([^)\s]+)\)", prose)) <= anchors


# ---------------------------------------------------------------- the README


def test_the_table_of_the_readme_is_what_the_pages_say():
    content = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme.modules(real()) in content and readme.filled(real()) == content


def test_the_readme_is_filled_between_its_marks_and_nowhere_else(kit):
    assert (kit / "README.md").read_text(encoding="utf-8") == (
        "# Kit\n\n<!-- modules -->\n"
        "| Module | Question | Minutes | Statements | Graded exercise |\n| --- | --- | --- | --- | --- |\n"
        "| [Small](notebooks/small.md) | Who hears first? | 5 | a1 | "
        "[5 minutes, 27 points](exercises/small/small.ipynb) |\n<!-- /modules -->\n"
    )


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ([], "–"),
        (["a1"], "a1"),
        (["a1", "a2"], "a1, a2"),
        (["b5", "a3", "a1", "a2"], "a1 to a3, b5"),
        (["a3", "b1"], "a3, b1"),
        (["a1", "a2", "a3", "b1", "b2", "b3"], "a1 to a3, b1 to b3"),
        (["a1", "z9"], "a1"),
    ],
)
def test_neighbouring_statements_are_named_as_a_run(keys, said):
    assert readme.runs(keys, ["a1", "a2", "a3", "b1", "b2", "b3", "b5"]) == said
