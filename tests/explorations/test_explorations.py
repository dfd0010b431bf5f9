"""The explorations say what the tables say, in pictures and in words."""

import base64
import io
import re
from itertools import combinations
from pathlib import Path

import pytest
from PIL import Image

from workshop.content.tables import sources, table
from workshop.explorations import armed_groups, at_the_table, break_even, explored, names, who_pays
from workshop.explorations.kit.widgets import Slider
from workshop.render import figures

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def at_home(monkeypatch):
    monkeypatch.setenv("WORKSHOP_HOME", str(ROOT))


VIEWS = {
    "share, department": lambda: who_pays.view("share", "department"),
    "share, tools": lambda: who_pays.view("share", "tools"),
    "share, missions": lambda: who_pays.view("share", "missions"),
    "appeal": lambda: who_pays.view("appeal"),
    "model": lambda: break_even.view(),
    "model, damage known": lambda: break_even.view(doubt=1),
    "model, never pays": lambda: break_even.view(cost=100, damage=20, doubt=2, chance=80),
    "model, chance of nought": lambda: break_even.view(chance=0),
    "published models": lambda: break_even.view("published"),
    "one office": lambda: at_the_table.view(),
    "empty table": lambda: at_the_table.view([]),
    "full table": lambda: at_the_table.view(at_the_table.offices()),
    "groups, world": lambda: armed_groups.view(),
    "fights, region": lambda: armed_groups.view("East and South-East Asia", "fights", 2015),
    "groups, base year": lambda: armed_groups.view("Europe", "groups", 2005),
    "one group": lambda: armed_groups.view("Europe", "groups", 2022),
}


@pytest.mark.parametrize("name", VIEWS)
def test_a_figure_has_picture_title_words_caption_and_table(name):
    view = VIEWS[name]()
    card = view.card()
    assert set(card) == {"type", "title", "src", "alt", "caption", "note", "table"} and card["type"] == "figure"
    assert all(card[part].strip() for part in ("title", "alt", "note"))
    kind, data = card["src"].split(",", 1)
    assert kind == "data:image/png;base64" and base64.b64decode(data).startswith(b"\x89PNG")
    assert view.table[1] and all(len(row) == len(view.table[0]) for row in view.table[1])


@pytest.mark.parametrize("name", VIEWS)
def test_a_caption_is_a_tree_of_allowed_parts_and_names_known_sources(name):
    def walk(node):
        if isinstance(node, str):
            return
        tag, attributes, *children = node
        assert tag in {"p", "code"} and attributes == {}
        if tag == "code":
            assert children[0] in sources()
        for child in children:
            walk(child)

    caption = VIEWS[name]().caption
    for node in caption:
        walk(node)
    assert str(caption[-1][2]).startswith("Source")


@pytest.mark.parametrize("name", VIEWS)
def test_the_words_of_a_figure_hold_no_slips_of_the_program(name):
    view = VIEWS[name]()
    cells = [str(cell) for row in view.table[1] for cell in row]
    for words in (view.title, view.alt, view.note, *cells):
        assert not re.search(r"\bnan\b|<NA>|\bNone\b|  |\de\+|[{}]|\b1 \w+s\b", words), words


def test_the_palest_grey_of_a_figure_stays_apart_from_white():
    def draw(axes):
        axes.axhspan(0, 0.5, facecolor="#F4F4F4", linewidth=0)

    picture = Image.open(io.BytesIO(figures.Drawing(draw).png())).convert("RGB")
    assert {(255, 255, 255), (0xF4, 0xF4, 0xF4)} <= {colour for _, colour in picture.getcolors()}


def test_a_figure_without_words_is_refused():
    with pytest.raises(ValueError, match="for those who do not see it"):
        figures.FigureView(figures.Drawing(lambda _axes: None), title="A title", alt=" ", note="A note.")


# a8: who pays


def test_the_appeal_of_2023_brought_41_million_less_24_percent():
    assert (
        who_pays.received_2023(table("un_prevention_finance"))
        == pytest.approx(41_000_000 * 0.76)
        == pytest.approx(31_160_000)
    )


def test_with_special_political_missions_the_voluntary_share_is_about_four_percent():
    assert who_pays.share_with_missions(table("un_prevention_finance")) == pytest.approx(
        100 * 31.16 / (31.16 + 766.1939)
    )
    assert "about 4 percent" in who_pays.view("share", "missions").title


def test_a_source_that_speaks_in_words_gets_no_number():
    percents = {(kind, year): percent for kind, year, _, percent, _ in who_pays.answers(table("un_prevention_finance"))}
    assert percents["department", 2016] == percents["department", 2018] == 40
    assert percents["department", 2023] is None and percents["tools", 2022] is None


@pytest.mark.parametrize("counted", who_pays.COUNTED)
def test_no_answer_claims_two_thirds(counted):
    view = who_pays.view("share", counted)
    assert "confirmed in none" in view.note
    assert not any("67" in str(cell) or "66" in str(cell) for row in view.table[1] for cell in row)


def test_years_without_a_figure_are_gaps_and_not_noughts():
    rows = {year: cells for year, *cells in who_pays.view("appeal").table[1]}
    for year in (2014, 2016, 2017, 2020, 2021, 2022):
        assert rows[year][:2] == ["no figure found", "no figure found"]
    assert rows[2013][:2] == ["16.0", "no figure found"]
    assert rows[2019][:2] == ["30.0", "35.3"]
    assert rows[2023][:2] == ["41.0", "31.2"]
    assert "contradicts itself" in rows[2011][2]


# a10: break-even


def test_at_one_to_sixteen_break_even_lies_at_six_and_a_quarter_percent():
    assert break_even.needed_chance(10, 160) == 6.25
    assert "6.25 percent" in break_even.view(cost=10, damage=160).title


def test_a_measure_is_worth_chance_times_damage_less_cost():
    assert break_even.gain(cost=10, damage=160, chance=40) == 54
    assert break_even.gain(cost=10, damage=160, chance=6.25) == 0


def test_at_first_the_sign_holds_over_the_whole_range_and_the_size_does_not():
    note = break_even.view().note
    assert "between 32 and 800 million crowns" in note and "between 1.25 percent and 31.25 percent" in note
    assert "pays everywhere in that range" in note and "from 2.8 to 310" in note


def test_with_a_small_chance_even_the_sign_is_open():
    assert "even the sign is open" in break_even.view(chance=10).note


def test_a_measure_that_costs_more_than_the_damage_never_pays():
    view = break_even.view(cost=100, damage=20, doubt=2, chance=80)
    assert "does not pay, even if it always works" in view.title and "never pays" in view.note


def test_the_published_range_is_not_turned_into_a_promise():
    view = break_even.view("published")
    assert "between 5 and 70 billion" in view.title and "do not say what one mechanism" in view.note


# a1, a11: at the table


def test_the_foreign_ministry_alone_sees_two_risk_factors_first():
    view = at_the_table.view(["foreign-ministry"])
    assert view.title.startswith("2 of 14 risk factors")
    assert "3 more are seen only late" in view.note and "weak State structures (3)" in view.note


def test_nobody_at_the_table_sees_nothing():
    assert at_the_table.view([]).title.startswith("0 of 14")


def test_when_everybody_sits_all_fourteen_are_seen_first():
    view = at_the_table.view(at_the_table.offices())
    assert view.title.startswith("14 of 14") and "none that nobody sees" in view.note


def test_eight_offices_suffice_and_seven_do_not():
    firsts = {
        office: set(rows["risk_factor"])
        for office, rows in table("meridia_sight").query("sees == 'first'").groupby("office")
    }

    def suffices(size):
        return [seats for seats in combinations(firsts, size) if len(set().union(*(firsts[s] for s in seats))) == 14]

    assert not suffices(7)
    assert len(suffices(8)) == 2


def test_every_office_sees_something_first():
    sight = table("meridia_sight")
    assert set(sight[sight["sees"] == "first"]["office"]) == set(at_the_table.offices())


# a12: armed groups


def test_the_rise_since_2005_depends_on_how_one_counts():
    assert armed_groups.view().title == "The world: 41 armed groups fought a government in 2005, 47 in 2024"
    assert (
        armed_groups.view(what="fights").title
        == "The world: 41 pairs of armed group and government in 2005, 64 in 2024"
    )


def test_a_region_shows_its_own_count_beside_the_world():
    view = armed_groups.view("East and South-East Asia", year=2024)
    assert view.table[0] == ["Year", "East and South-East Asia", "The world"]
    assert view.table[1][-1] == [2024, 12, 47]


def test_what_is_not_counted_is_said():
    assert "Not counted" in str(armed_groups.view().caption)


# The controls


@pytest.fixture(params=names())
def shown(request):
    return explored(request.param)


def test_every_control_has_a_description_in_full_words(shown):
    for control in shown.controls.values():
        assert len(control.description) > 5 and "_" not in control.description


def test_a_control_changes_what_the_same_card_shows(shown):
    before, card = shown.card.view, shown.card
    control = next(iter(shown.controls.values()))
    control.value = next(value for _, value in control.options if value != control.value)
    assert shown.card is card and card.view["title"] != before["title"]


def test_every_choice_and_both_ends_of_every_long_list_give_a_figure(shown):
    for control in shown.controls.values():
        options = control.options
        for _, value in options if len(options) < 8 else (options[0], options[-1]):
            control.value = value
            assert shown.card.view["alt"]


def test_a_slider_that_is_moved_has_the_value_of_its_place():
    moved = Slider("How much", [("a little", 1), ("much", 10)], 1)
    moved.place = 1
    assert moved.value == 10
    moved.value = 1
    assert moved.place == 0


def test_a_slider_stays_on_its_scale_whatever_the_browser_sends():
    moved = Slider("How much", [("a little", 1), ("much", 10)], 1)
    moved.place = 99
    assert moved.value == 10


def test_seating_everybody_or_one_draws_once():
    box = explored("at-the-table")
    drawn = []
    box.card.observe(drawn.append, names="view")
    everybody, alone = box.children[2].children
    everybody.press()
    assert len(drawn) == 1 and box.card.view["title"].startswith("14 of 14")
    alone.press()
    assert len(drawn) == 2 and box.card.view["title"].startswith("2 of 14")


def test_controls_that_a_view_does_not_use_are_put_away():
    box = explored("break-even")
    box.controls["show"].value = "published"
    assert box.controls["cost"].layout.display == "none"
    box.controls["show"].value = "model"
    assert box.controls["cost"].layout.display is None
