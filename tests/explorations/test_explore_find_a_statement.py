"""The finder of statements says where each of the 35 is taken up, and says nothing that the pages do not."""

from pathlib import Path

import pytest
from support.small_project import real

from workshop.content.tables import table
from workshop.explorations import find_a_statement
from workshop.project import coverage

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def at_home(monkeypatch):
    monkeypatch.setenv("WORKSHOP_HOME", str(ROOT))


@pytest.mark.parametrize("key", coverage.statements(ROOT))
def test_each_statement_is_shown_with_its_words_and_a_page_to_open(key):
    view = find_a_statement.view(key)
    assert view.title == f"Statement {key}: {coverage.statements(ROOT)[key]}"
    assert view.note.startswith("You meet it in ")


def test_the_table_counts_what_the_coverage_lists():
    counted = table("coverage").groupby("statement")["questions"].sum()
    for row in coverage.rows(real()):
        assert counted.get(row["statement"], 0) == len(row["questions"]), row["statement"]


def test_a_round_touches_only_the_statements_of_its_scenes():
    scenario = real().scenarios["kestia"]
    assert coverage.touches(scenario, "a12", part=2) and not coverage.touches(scenario, "c3", part=2)
    assert coverage.touches(scenario, "c3")
