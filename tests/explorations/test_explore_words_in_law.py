"""The counts of states that joined a treaty are those of the published lists."""

from pathlib import Path

import pandas as pd
import pytest

from workshop.content.tables import table
from workshop.explorations import words_in_law

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def at_home(monkeypatch):
    monkeypatch.setenv("WORKSHOP_HOME", str(ROOT))


# The totals that the depositary published for the day on which each list ends.
@pytest.mark.parametrize(
    ("treaty", "total"),
    [("genocide_convention", 153), ("rome_statute", 124), ("icerd", 182), ("iccpr", 173), ("cat", 173), ("cped", 68)],
)
def test_the_last_count_is_the_published_total(treaty, total):
    assert words_in_law.parties(table("treaty_joinings"), treaty).iloc[-1] == total


def test_a_withdrawal_takes_one_away_in_the_year_in_which_it_takes_effect():
    published = pd.DataFrame(
        {
            "treaty": ["rome_statute"] * 3,
            "status": ["party", "withdrawn", "signatory"],
            "year": [2000, 2001, None],
            "withdrawal_effective": [None, "2019-03-17", None],
        }
    )
    rows = words_in_law.extract(published, {"rome_statute": "KEY"})
    assert rows.values.tolist() == [
        ["rome_statute", 2000, 1, 0, "KEY"],
        ["rome_statute", 2001, 1, 0, "KEY"],
        ["rome_statute", 2019, 0, 1, "KEY"],
    ]
    counts = words_in_law.parties(rows, "rome_statute")
    assert (counts[2018], counts[2019]) == (2, 1)


@pytest.mark.parametrize(
    ("year", "said"),
    [(1948, "0 parties at the end of 1948"), (2005, "138 parties at the end of 2005"), (2025, "no count for 2025")],
)
def test_the_title_gives_the_count_of_the_year_and_none_after_the_list_ends(year, said):
    assert said in words_in_law.view("genocide_convention", year=year).title


def test_the_same_treaty_twice_is_shown_once():
    assert words_in_law.view("cat", "cat").table[0] == ["Year", "Convention against Torture"]


@pytest.mark.parametrize("beside", list(words_in_law.TREATIES))
def test_two_treaties_stand_side_by_side_with_a_row_for_every_year(beside):
    rows = words_in_law.view("genocide_convention", beside).table[1]
    assert [row[0] for row in rows] == list(range(1949, rows[-1][0] + 1))
