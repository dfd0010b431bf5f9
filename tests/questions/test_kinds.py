"""A kind of question is one file: nothing outside looks at the kind, and every list of kinds is the registry's."""

import ast
import json
import random
from pathlib import Path

import pytest
from support.small_project import QUESTIONS, ROOT, line_of, page, question

from workshop.questions import kinds

SOURCE = ROOT / "src" / "workshop"
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def comparisons_with_a_kind(path: Path) -> list[str]:
    """`file:line` of every comparison of something called kind with the name of a kind of question."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Compare):
            names = {getattr(part, "attr", getattr(part, "id", "")) for part in ast.walk(node)}
            texts = {part.value for part in ast.walk(node) if isinstance(part, ast.Constant)}
            if "kind" in names and texts & kinds.BY_NAME.keys():
                found.append(f"{path}:{node.lineno}")
    return found


def test_no_module_but_those_of_the_kinds_asks_which_kind_a_question_is():
    others = [path for path in SOURCE.rglob("*.py") if path.parent != SOURCE / "questions" / "kinds"]
    assert [place for path in others for place in comparisons_with_a_kind(path)] == []


def test_such_a_question_would_be_noticed(tmp_path):
    module = tmp_path / "module.py"
    module.write_text('if item.kind in ("write", "rank"):\n    pass\n', encoding="utf-8")
    assert comparisons_with_a_kind(module) == [f"{module}:1"]


def test_there_is_a_small_question_of_every_kind_to_test_with():
    assert list(QUESTIONS) == [kind.kind for kind in kinds.KINDS]


def test_an_unknown_kind_is_a_fault_with_file_and_line():
    text = "### When?\n\n`timeliness` `a1`\n\nProse.\n"
    _, problems = page(text)
    assert problems and problems[0].startswith(
        f"small.md:{line_of(text, '`timeliness`')}: “timeliness” is no code word"
    )


def test_a_misspelt_kind_is_a_fault_that_names_every_kind():
    _, problems = page(QUESTIONS["single"].replace("choose one", "chose one"))
    assert all(kind.word in problems[0] for kind in kinds.KINDS)


def test_stored_data_of_an_unknown_kind_says_what_to_do():
    data = {**question(QUESTIONS["single"]).public(), "kind": "hologram"}
    with pytest.raises(kinds.UnknownKindError, match=r"“hologram”.*knows only single, multiple.*Take a fresh copy"):
        kinds.from_data(data)


def test_a_question_stored_by_an_edition_with_more_fields_is_read():
    read = question(QUESTIONS["single"])
    assert kinds.from_data({**read.data(), "best": [], "rubric": []}) == read


@pytest.mark.parametrize("kind", QUESTIONS)
def test_what_is_public_makes_a_question_that_can_be_answered(kind):
    asked = kinds.from_data(json.loads(json.dumps(question(QUESTIONS[kind]).public())))
    answer = asked.sample(random.Random(1))
    assert asked.clean(answer) is not None and asked.in_words(answer) and asked.room_on_paper()


@pytest.mark.parametrize("kind", QUESTIONS)
def test_a_sample_answer_belongs_to_its_question(kind):
    asked = question(QUESTIONS[kind])
    for seed in range(20):
        answer = asked.sample(random.Random(seed))
        assert json.loads(json.dumps(asked.clean(answer))) == answer


@pytest.mark.parametrize("kind", kinds.KINDS, ids=lambda kind: kind.kind)
def test_contributing_says_how_each_kind_is_written(kind):
    assert f"| `{kind.word}` | {kind.form} |" in CONTRIBUTING
