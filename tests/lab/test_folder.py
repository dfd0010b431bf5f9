"""A participant's folder holds everything for the day and nothing of the key; remade, it keeps what people wrote."""

import json

import pytest
from support.small_project import ROOT, copy_of_the_kit, real

from workshop.answers.sheet import Sheet
from workshop.answers.storage import FileStorage
from workshop.cli.main import main
from workshop.content.trees import text_of
from workshop.lab import folder

LESSON = "notebooks/m00_welcome.ipynb"


@pytest.fixture
def mine(tmp_path):
    """A participant's folder, fresh from the kit."""
    assert folder.make(ROOT, tmp_path / "mine") == []
    return tmp_path / "mine"


@pytest.fixture
def kit(tmp_path):
    """A kit of which the next edition can be made."""
    (tmp_path / "kit").mkdir()
    return copy_of_the_kit(tmp_path / "kit")


def change(path, old, new):
    """Edit a notebook as a person or a new edition would."""
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")


def files(place):
    return sorted(
        path.relative_to(place).as_posix()
        for path in place.rglob("*")
        if path.is_file() and ".workshop" not in path.parts
    )


def test_it_holds_every_page_exercise_and_table(mine):
    pages = [f"notebooks/{page.name}.ipynb" for page in real().lessons] + [
        f"exercises/{page.name}/{page.name}.ipynb" for page in real().exercises
    ]
    tables = [f"data/tables/{path.name}" for path in (ROOT / "data/tables").glob("*.csv")]
    assert set(pages + tables + ["data/datapackage.json", "data/sources.csv"]) <= set(files(mine))
    for name in pages + tables:
        assert (mine / name).read_bytes() == (ROOT / name).read_bytes()


def test_it_holds_no_solution_no_text_of_a_page_and_no_scenario(mine):
    assert not [name for name in files(mine) if name.split("/")[0] not in ("notebooks", "exercises", "data")]
    assert not [name for name in files(mine) if name.endswith((".md", ".html", ".py")) and name.split("/")[0] != "data"]
    assert not (mine / "data/scenarios").exists() and not (mine / "solutions").exists()


def test_no_reason_of_an_exercise_is_anywhere_in_it(mine):
    secrets = {
        text_of(words) for page in real().exercises for question in page.questions for words in question.secrets()
    }
    secrets = {json.dumps(words, ensure_ascii=False)[1:-1] for words in secrets if len(words) > 15}
    assert secrets
    for path in (path for path in mine.rglob("*") if path.is_file()):
        whole = path.read_text(encoding="utf-8")
        assert not [words for words in secrets if words in whole], path


def test_a_page_in_it_knows_its_questions(mine):
    from workshop import Page

    page = Page("m02_challenges", mine / "exercises/m02_challenges")
    assert page.graded and len(page.parts["questions"]) == len(real().exercise("m02_challenges").questions)


def test_made_again_nothing_changes(mine):
    before = {name: (mine / name).read_bytes() for name in files(mine)}
    assert folder.make(ROOT, mine) == []
    assert {name: (mine / name).read_bytes() for name in files(mine)} == before


def test_made_again_it_keeps_all_answers_and_hand_ins(mine):
    sheet = Sheet(FileStorage(mine / "notebooks/m00_welcome.answers.json"), "m00_welcome")
    sheet.set_answer("practice-saved", "single", "x")
    (mine / "hand_in").mkdir()
    (mine / "hand_in/m02_challenges--heron.zip").write_bytes(b"zip")
    folder.make(ROOT, mine)
    assert Sheet(sheet.storage, "m00_welcome").answer("practice-saved") == "x"
    assert (mine / "hand_in/m02_challenges--heron.zip").read_bytes() == b"zip"


def test_own_words_in_a_page_stay_while_the_page_has_no_new_edition(mine):
    change(mine / LESSON, "# Welcome", "# Welcome, said I")
    assert folder.make(ROOT, mine) == []
    assert "said I" in (mine / LESSON).read_text(encoding="utf-8")


def test_a_page_without_own_words_is_replaced_by_its_new_edition(kit, tmp_path):
    mine = tmp_path / "mine"
    folder.make(kit, mine)
    change(kit / LESSON, "# Welcome", "# Welcome again")
    assert folder.make(kit, mine) == []
    assert (mine / LESSON).read_bytes() == (kit / LESSON).read_bytes()
    assert len(list((mine / "notebooks").iterdir())) == len(real().lessons)


def test_results_that_running_left_in_a_page_are_no_own_words(kit, tmp_path):
    mine = tmp_path / "mine"
    folder.make(kit, mine)
    change(mine / LESSON, '"execution_count": null', '"execution_count": 7')
    change(kit / LESSON, "# Welcome", "# Welcome again")
    assert folder.make(kit, mine) == []
    assert (mine / LESSON).read_bytes() == (kit / LESSON).read_bytes()


def test_a_page_with_own_words_is_kept_under_a_new_name(kit, tmp_path):
    mine = tmp_path / "mine"
    folder.make(kit, mine)
    change(mine / LESSON, "# Welcome", "# Welcome, said I")
    change(kit / LESSON, "# Welcome", "# Welcome again")
    (note,) = folder.make(kit, mine)
    (kept,) = (mine / "notebooks").glob("m00_welcome - mine until *.ipynb")
    assert note == f"m00_welcome.ipynb has a new edition. What you wrote in the old one is kept as “{kept.name}”."
    assert "said I" in kept.read_text(encoding="utf-8")
    assert (mine / LESSON).read_bytes() == (kit / LESSON).read_bytes()


def test_a_page_kept_twice_in_one_day_is_kept_twice(kit, tmp_path):
    mine = tmp_path / "mine"
    folder.make(kit, mine)
    for day in ("first", "second"):
        change(mine / LESSON, "# Welcome", f"# Welcome, {day} words")
        change(kit / LESSON, "# Welcome", "# Welcome again")
        assert len(folder.make(kit, mine)) == 1
    kept = [path.read_text(encoding="utf-8") for path in (mine / "notebooks").glob("*mine until*")]
    assert [sum(f"{day} words" in words for words in kept) for day in ("first", "second")] == [1, 1]


def test_a_page_that_cannot_be_read_is_kept_too(kit, tmp_path):
    mine = tmp_path / "mine"
    folder.make(kit, mine)
    (mine / LESSON).write_text("damaged", encoding="utf-8")
    change(kit / LESSON, "# Welcome", "# Welcome again")
    assert len(folder.make(kit, mine)) == 1
    assert [path.read_text(encoding="utf-8") for path in (mine / "notebooks").glob("*mine until*")] == ["damaged"]


def test_a_page_that_was_taken_away_comes_back(mine):
    (mine / LESSON).unlink()
    folder.make(ROOT, mine)
    assert (mine / LESSON).read_bytes() == (ROOT / LESSON).read_bytes()


def test_a_copied_folder_without_its_memory_is_not_filled_with_twins(mine):
    for path in (mine / ".workshop/given").rglob("*.ipynb"):
        path.unlink()
    assert folder.make(ROOT, mine) == []
    assert not list(mine.rglob("*mine until*"))


def test_a_table_that_was_changed_by_accident_is_put_right(mine):
    (mine / "data/sources.csv").write_text("oops", encoding="utf-8")
    folder.make(ROOT, mine)
    assert (mine / "data/sources.csv").read_bytes() == (ROOT / "data/sources.csv").read_bytes()


@pytest.mark.parametrize("place", [".", "notebooks/.."])
def test_the_kit_s_own_folder_is_refused(kit, place):
    before = files(kit)
    with pytest.raises(
        folder.FolderError, match=r"This is the folder of the kit itself, with the solutions in it\. Choose another one"
    ):
        folder.make(kit, kit / place)
    assert files(kit) == before


def test_a_place_that_is_no_folder_is_refused_in_plain_words(tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(folder.FolderError, match="could not be made: "):
        folder.make(ROOT, tmp_path / "file")


def test_without_built_pages_the_command_says_what_to_do(kit, tmp_path):
    (kit / LESSON).unlink()
    with pytest.raises(folder.FolderError, match="Run `workshop build` first"):
        folder.make(kit, tmp_path / "mine")


def test_the_command_makes_the_folder_and_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("WORKSHOP_HOME", str(ROOT))
    assert main(["folder", str(tmp_path / "mine")]) == 0
    assert (
        capsys.readouterr().out
        == f"Ready: {tmp_path / 'mine'}. Give this folder to participants; it holds no solutions.\n"
    )
    assert (tmp_path / "mine" / LESSON).is_file()
