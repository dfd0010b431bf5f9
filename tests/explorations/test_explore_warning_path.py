"""A chain is as long as its hand-overs, and each of them can be the last."""

import pytest

from workshop.explorations.warning_path import OFFICES, WARNINGS, run, view


def answered(**setting):
    found = run(**setting)
    return found["late"] + found["timely"]


@pytest.mark.parametrize("links", range(1, len(OFFICES) + 1))
def test_every_warning_is_counted_once(links):
    found = run(links)
    assert sum(found["lost"]) + found["late"] + found["timely"] == WARNINGS and len(found["lost"]) == links


def test_the_chances_of_the_links_multiply():
    assert answered(links=4, chance=80) / WARNINGS == pytest.approx(0.8**4, abs=0.04)


def test_the_same_setting_always_gives_the_same_picture():
    assert run() == run()


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ({"links": 5}, {"links": 2}),
        ({"chance": 60}, {"chance": 90}),
        ({}, {"reminder": True}),
        ({}, {"second": True}),
        ({"days": 8}, {"days": 2}),
        ({"deadline": 3}, {"deadline": 14}),
    ],
)
def test_what_should_help_never_answers_fewer_in_time(worse, better):
    assert run(**better)["timely"] > run(**worse)["timely"]


def test_a_reminder_answers_more_and_some_of_them_late():
    assert answered(reminder=True) > answered() and run(reminder=True)["late"] > run()["late"]


def test_the_figure_says_what_it_shows_and_that_it_is_a_model():
    shown = view(chance=90, second=True)
    assert "90 percent" in shown.note and "The model is ours" in str(shown.caption) and len(shown.table[1]) == 6
