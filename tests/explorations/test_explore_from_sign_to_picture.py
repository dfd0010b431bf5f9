"""What an office knows depends on whom it listens to."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.participant_lab import card, open_page

from workshop.content.tables import table
from workshop.explorations import explored, false_alarms
from workshop.explorations.from_sign_to_picture import LAST, REPORTERS, picture, reports, view

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def at_home(monkeypatch):
    monkeypatch.setenv("WORKSHOP_HOME", str(ROOT))


def test_every_report_comes_from_somebody_one_can_listen_to():
    assert set(table("two_wells_signals")["reporter"]) == set(REPORTERS)


def test_a_report_names_a_risk_factor_unless_it_is_everyday_news():
    rows = table("two_wells_signals")
    assert ((rows["kind"] == "noise") == rows["risk_factor"].isna()).all()


def test_two_wells_is_invented():
    assert set(table("two_wells_signals")["source"]) == {"OWN"}


def test_with_everybody_six_factors_are_seen_and_two_only_heard_of_by_week_eight():
    assert picture(reports()) == ([2, 3, 5, 7, 8, 9], [4, 6], 3)


def test_the_police_alone_see_no_risk_factor_and_have_heard_of_one():
    assert picture(reports(LAST, ["police"])) == ([], [7], 1)
    note = view(LAST, ("police",)).note
    assert "Nothing seen first hand" in note and "Complaints about the police do not come from the police" in note


def test_the_capital_alone_knows_a_date_and_a_letter_against_those_at_risk():
    assert picture(reports(LAST, ["capital"])) == ([8], [4], 0)
    assert "the very people who are at risk" in view(LAST, ("capital",)).note


def test_what_one_office_has_only_heard_of_another_has_seen():
    assert "enabling circumstances or preparation (7), somebody else has seen" in view(6, ("police",)).note


def test_hearsay_that_somebody_confirms_counts_as_seen():
    assert 5 in picture(reports(5))[1] and 5 in picture(reports(6))[0]


def test_everybody_together_miss_nothing_that_was_reported_and_are_told_what_an_empty_line_means():
    shown = view()
    assert "misses nothing that anybody reported" in shown.note and "not that nothing is there" in str(shown.caption)


def test_without_everyday_news_the_desk_is_clearer_and_the_picture_the_same():
    with_news, without = view(noise=True), view(noise=False)
    assert with_news.title == without.title
    assert len(with_news.table[1]) == 18 and len(without.table[1]) == 15


def test_an_office_that_listens_to_nobody_still_gets_a_figure():
    assert "0 risk factors seen first hand" in view(3, ()).title


@given(st.integers(1, LAST - 1), st.sets(st.sampled_from(sorted(REPORTERS))))
def test_nothing_that_was_known_is_forgotten_a_week_later(week, listened):
    (seen, heard, protects), later = picture(reports(week, listened)), picture(reports(week + 1, listened))
    assert set(seen) <= set(later[0]) and {*seen, *heard} <= {*later[0], *later[1]} and protects <= later[2]


def test_a_button_draws_once():
    box = explored("from-sign-to-picture")
    drawn = []
    box.card.observe(drawn.append, names="view")
    buttons = next(
        child
        for child in box.children
        if getattr(child, "children", None) and child.children[0].description == "Everybody"
    )
    buttons.children[1].press()
    assert len(drawn) == 1 and box.card.view["title"].startswith("Up to week 8: 0 risk factors seen")


def test_in_jupyterlab_a_click_on_police_only_empties_the_picture(kit, tab):
    open_page(tab, kit, "notebooks/m06_reading_risk.ipynb")
    card(tab, view().title)
    tab.get_by_role("button", name="Police only").click()
    tab.get_by_text("Nothing seen first hand").first.wait_for()
    card(tab, false_alarms.view().title)
    tab.get_by_label("Raise an alert from").press("ArrowRight")
    tab.get_by_text("An alert from 5 percent would reach 11 of 167 states").first.wait_for()
