"""The key of an exercise is read from its text, kept, and read again only when the text has changed."""

import pytest
from support.small_project import SINGLE, exercise, small_project

from workshop.errors import GradingError
from workshop.project import exercises


def test_the_key_is_that_of_the_text_also_when_it_was_kept(tmp_path):
    small_project(tmp_path, exercise_body=exercise(SINGLE))
    for _ in range(2):
        assert exercises.key_of("small", tmp_path)["first"].perfect() == "the-board"
    text = tmp_path / "solutions/small.md"
    text.write_text(
        text.read_text(encoding="utf-8").replace("[x]", "[y]").replace("[ ]", "[x]").replace("[y]", "[ ]"),
        encoding="utf-8",
    )
    assert exercises.key_of("small", tmp_path)["first"].perfect() == "the-ministry"


def test_a_damaged_key_is_read_from_the_text_again(tmp_path):
    small_project(tmp_path, exercise_body=exercise(SINGLE))
    exercises.key_of("small", tmp_path)
    (kept,) = (tmp_path / exercises.KEPT).iterdir()
    kept.write_text('{"first": {}}', encoding="utf-8")
    assert exercises.key_of("small", tmp_path)["first"].perfect() == "the-board"


def test_a_text_with_a_fault_has_no_key(tmp_path):
    small_project(tmp_path, exercise_body=exercise(SINGLE).replace("[x]", "[ ]"))
    with pytest.raises(GradingError, match=r"solutions/small\.md:\d+: "):
        exercises.key_of("small", tmp_path)
    with pytest.raises(GradingError, match=r"There is no exercise “big”\. The exercises are: small"):
        exercises.key_of("big", tmp_path)
