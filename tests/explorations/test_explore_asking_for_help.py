"""Three cases of asking for help: dates as in the sources, waits counted in months, no ranking and no cause claimed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.participant_lab import open_page, to_the_top

from workshop.explorations import asking_for_help as asking

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def at_home(monkeypatch):
    monkeypatch.setenv("WORKSHOP_HOME", str(ROOT))


def rows(case):
    return asking.view(case).table[1]


def test_the_request_of_2000_was_refused_and_the_one_of_2003_granted():
    shown = asking.view("Solomon Islands", "asked")
    assert "April 2000, asked" in shown.alt and "May 2000, refused" in shown.alt and "April 2003, asked" in shown.alt
    assert "July 2003" not in shown.alt


def test_from_the_first_request_to_the_landing_were_three_years_and_three_months():
    assert [months for *_, months in asking.waits("Solomon Islands")] == [39, 3]
    assert (
        asking.view("Solomon Islands", "waited").title
        == "Solomon Islands: 3 years and 3 months from the first request to the landing, 3 months from the second"
    )


def test_the_mediation_in_kenya_was_in_2008_and_the_calm_vote_in_2013():
    when = {row[2]: row[0] for row in rows("Kenya")}
    assert next(date for step, date in when.items() if "has mediated" in step) == "February 2008"
    assert next(date for step, date in when.items() if "without mass violence" in step) == "March 2013"


def test_the_vote_in_sudan_was_in_january_2011_under_the_agreement_of_2005():
    ((first, last, months),) = asking.waits("Sudan")
    assert (first.when, last.when, months) == ("January 2005", "January 2011", 72)


@pytest.mark.parametrize("case", asking.CASES)
def test_every_case_shows_what_it_did_not_settle(case):
    assert any(row[1] == "not settled" for row in rows(case))
    assert asking.chosen("limit", case)


@pytest.mark.parametrize("case", asking.CASES)
@pytest.mark.parametrize("show", asking.SHOWN)
def test_every_figure_says_that_order_in_time_is_not_cause(case, show):
    assert "what caused what" in asking.view(case, show).note


@pytest.mark.parametrize("case", asking.CASES)
def test_a_month_that_no_source_gives_is_said_to_be_missing(case):
    for step in asking.steps(case):
        assert (step.month is None) == step.when.endswith("month not found")


@given(st.integers(min_value=1, max_value=600))
def test_a_time_in_words_is_the_same_number_of_months(months):
    words = asking.lasting(months).replace(" and", "").split()
    amounts = {unit.rstrip("s"): int(number) for number, unit in zip(words[::2], words[1::2], strict=True)}
    assert 12 * amounts.get("year", 0) + amounts.get("month", 0) == months
    assert amounts.get("month", 0) < 12


# In the browser


def control(tab, label):
    """The control of that name, scrolled to. JupyterLab draws a cell only when it comes near."""
    found = tab.get_by_label(label, exact=True)
    to_the_top(tab)
    for _ in range(300):
        if found.count():
            break
        tab.locator(".jp-WindowedPanel-outer:visible").first.evaluate("panel => panel.scrollBy(0, 400)")
        tab.wait_for_timeout(50)
    found.scroll_into_view_if_needed()
    return found


def test_in_the_lesson_both_figures_follow_their_controls(kit, tab):
    open_page(tab, kit, "notebooks/m04_gaamac.ipynb")
    control(tab, "Which network").select_option(label="GAAMAC")
    tab.get_by_role("heading", name="GAAMAC: one published figure, 29 in 2023").wait_for()
    control(tab, "Which network").select_option(label="Two votes at the United Nations")
    tab.get_by_role("heading", name="Two votes: 32 of 47").wait_for()
    assert not tab.get_by_label("What is counted", exact=True).is_visible()

    case = control(tab, "Which case")
    case.focus()
    case.press("ArrowDown")  # by keyboard, as somebody without a mouse would
    tab.get_by_role("heading", name="Sudan: the steps that our sources date").wait_for()
    tab.get_by_label("What to bring to the front", exact=True).select_option(label="How long it took")
    tab.get_by_role("heading", name="Sudan: 6 years from the agreement to the vote").wait_for()
