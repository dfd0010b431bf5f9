"""What the workshop promises of its pages: enough to read, try, play, take home and grade, for each statement."""

from functools import cache

import pytest
from support.small_project import real

from workshop.content.markdown import source_keys
from workshop.content.trees import text_of
from workshop.project import coverage
from workshop.project.pages import Canvas, Explore, Prose

MODULES = [
    "m00_welcome",
    "m01_common_language",
    "m02_challenges",
    "m03_lessons",
    "m04_gaamac",
    "m05_east_asia",
    "m06_reading_risk",
    "m07_your_architecture",
]
TAUGHT = MODULES[1:]
CHECKS = ["check_before", "check_after"]


@cache
def page(name):
    return real().lesson(name) or real().exercise(name)


@cache
def covered():
    return {row["statement"]: row for row in coverage.rows(real())}


def test_the_workshop_has_its_eight_modules():
    assert [lesson.name for lesson in real().lessons] == MODULES


@pytest.mark.parametrize("name", MODULES)
def test_a_module_takes_from_thirty_to_seventy_five_minutes(name):
    assert 30 <= page(name).front["minutes"] <= 75


@pytest.mark.parametrize("name", MODULES)
def test_a_module_opens_with_a_question_and_ends_with_something_to_take_home(name):
    front = page(name).front
    assert front["question"].endswith("?") and front["take_home"] and len(front["outcomes"]) >= 3
    assert [question for question in page(name).questions if question.kind == "write"], "a worksheet to take home"


@pytest.mark.parametrize("name", MODULES)
def test_a_module_asks_ten_questions_or_more_of_four_kinds_or_more(name):
    assert len(page(name).questions) >= 10 and len({question.kind for question in page(name).questions}) >= 4


@pytest.mark.parametrize("name", MODULES)
def test_a_module_lets_people_try_something_and_play_a_scenario_or_a_part_of_one(name):
    assert any(isinstance(part, Explore | Canvas) for part in page(name).parts) and page(name).plays


@pytest.mark.parametrize("name", MODULES)
def test_every_module_tells_the_facilitator_what_to_ask_what_to_watch_and_what_to_leave_out(name):
    notes = "\n".join(part.source for part in page(name).parts if isinstance(part, Prose) and part.note)
    assert all(words in notes for words in ("- Ask: ", "- Watch for: ", "- If short of time: "))


@pytest.mark.parametrize("name", TAUGHT)
def test_a_module_names_at_least_ten_sources(name):
    keys = {
        key
        for part in page(name).parts
        if isinstance(part, Prose) and not part.note
        for key in source_keys(part.source)
    }
    assert len(keys - {"OWN", "NOTES"}) >= 10


@pytest.mark.parametrize("name", TAUGHT)
def test_an_exercise_has_ten_items_or_more_of_four_kinds_or_more_and_each_has_points(name):
    exercise = real().exercise(name)
    assert exercise and len(exercise.questions) >= 10 and len({question.kind for question in exercise.questions}) >= 4
    assert all(question.points for question in exercise.questions)


@pytest.mark.parametrize("name", TAUGHT)
def test_an_exercise_asks_for_a_text_that_a_person_reads_by_a_rubric(name):
    written = [question for question in real().exercise(name).questions if question.kind == "write"]
    assert written and all(len(question.rubric) >= 2 and question.model for question in written)


@pytest.mark.parametrize("name", TAUGHT)
def test_an_exercise_has_a_code_item_that_nobody_needs(name):
    items = [cell for cell in real().exercise(name).code if cell.test]
    assert items and all(cell.optional for cell in items)


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_has_twelve_questions_of_one_point(name):
    assert [question.points for question in page(name).questions] == [1] * 12


def test_the_checks_before_and_after_ask_other_questions_on_the_same_outcomes():
    before, after = (page(name).questions for name in CHECKS)
    assert [(q.id, q.kind) for q in before] == [(q.id, q.kind) for q in after]
    assert not {q.title for q in before} & {q.title for q in after}


def test_there_are_at_least_a_hundred_and_fifty_questions():
    assert sum(len(each.questions) for each in real().pages) >= 150


@pytest.mark.parametrize("statement", coverage.statements(real().root))
def test_a_statement_has_a_passage_two_questions_in_lessons_and_a_graded_item(statement):
    row = covered()[statement]
    assert row["lessons"] and len(row["questions"]) >= 2 and row["graded"], row


def longest_is_right(question):
    longest = max(len(text_of(option.text)) for option in question.options)
    return any(option.right and len(text_of(option.text)) == longest for option in question.options)


def test_nobody_gets_far_by_choosing_the_longest_option():
    asked = [question for each in real().pages for question in each.questions if question.kind == "single"]
    assert sum(map(longest_is_right, asked)) / len(asked) <= 0.4


@pytest.mark.parametrize("name", [*MODULES, *CHECKS])
def test_on_no_page_the_longest_option_is_right_almost_always(name):
    asked = [question for question in page(name).questions if question.kind == "single"]
    assert len(asked) < 4 or sum(map(longest_is_right, asked)) / len(asked) <= 0.75
