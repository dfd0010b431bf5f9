"""A number on a page is the number of its table, and a change on either side is told with file and line."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.small_project import ROOT, SINGLE, small_project, told

from workshop.authoring import printed_numbers
from workshop.authoring.printed_numbers import COLUMNS, PATH

TABLE = """\
series,year,region,amount,part,source
asked,2012,Hills,16000000,4,KEY1
asked,2019,Hills,30000000,8,KEY1
came,2019,Hills,35300000,,KEY1
came,2019,Coast,4400,,KEY2
"""
FIELDS = {
    "series": "string",
    "year": "year",
    "region": "string",
    "amount": "integer",
    "part": "integer",
    "source": "string",
}
ASKED, CAME = "series=asked;year=2019", "series=came;year=2019;region=Hills"
SENTENCE = "In 2019 the appeal asked for 30 million and 35.3 million came [S:KEY1].\n\n"


def found(folder, text, *lines, table=TABLE):
    """What the check says of a small project with one table, a lesson with this text, and these lines of the file."""
    small_project(folder, text + SINGLE)
    (folder / "data/tables").mkdir(exist_ok=True)
    (folder / "data/tables/money.csv").write_text(table, encoding="utf-8")
    fields = ",".join(f'{{"name": "{name}", "type": "{kind}"}}' for name, kind in FIELDS.items())
    (folder / "data/datapackage.json").write_text(
        f'{{"resources": [{{"name": "money", "path": "tables/money.csv", "schema": {{"fields": [{fields}]}}}}]}}',
        encoding="utf-8",
    )
    with (folder / "data/sources.csv").open("a", encoding="utf-8") as file:
        file.write("KEY1,One,,own,own,\nKEY2,Two,,own,own,\nBOOK,A book,,own,own,\n")
    with (folder / PATH).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
    return told(folder)


def line(words, rows="", how="value", column="amount", **more):
    return {
        "page": "notebooks/small.md",
        "words": words,
        "table": "money",
        "rows": rows,
        "how": how,
        "column": column,
        **more,
    }


ASKED_LINE, CAME_LINE = line("30 million and", ASKED), line("35.3 million came", CAME)


# ---------------------------------------------------------------- the kit


def test_every_number_of_the_file_stands_on_its_page_and_is_what_its_table_gives():
    class Kit:
        root = ROOT

    assert [str(problem) for problem in printed_numbers.faults(Kit)] == []


def test_every_lesson_and_exercise_with_figures_of_our_tables_is_in_the_file():
    with (ROOT / PATH).open(encoding="utf-8", newline="") as file:
        pages = {row["page"] for row in csv.DictReader(file)}
    for name in (
        "m01_common_language",
        "m02_challenges",
        "m03_lessons",
        "m04_gaamac",
        "m05_east_asia",
        "m06_reading_risk",
    ):
        assert {f"notebooks/{name}.md", f"solutions/{name}.md"} <= pages


def test_no_line_asks_the_same_of_the_same_words_twice():
    with (ROOT / PATH).open(encoding="utf-8", newline="") as file:
        asked = [(row["page"], row["words"]) for row in csv.DictReader(file)]
    assert len(asked) == len(set(asked))


# ---------------------------------------------------------------- text against table


def test_numbers_that_agree_are_no_fault(tmp_path):
    assert found(tmp_path, SENTENCE, ASKED_LINE, CAME_LINE) == []


def test_a_project_without_the_file_is_not_asked_for_one(tmp_path):
    found(tmp_path, "In 2019 30 million were asked for [S:KEY1].\n\n")
    (tmp_path / PATH).unlink()
    assert told(tmp_path) == []


def test_a_changed_table_is_told_at_the_line_of_the_page_with_what_it_gives_now(tmp_path):
    (told,) = found(tmp_path, SENTENCE, ASKED_LINE, CAME_LINE, table=TABLE.replace("35300000", "36100000"))
    assert told == (
        "notebooks/small.md:14: “35.3 million came” is printed here. The table money gives 36.1 million. "
        f"Mend the text, or line 3 of {PATH}."
    )


def test_a_changed_text_is_told_at_its_line_with_what_the_table_gives(tmp_path):
    told = found(tmp_path, SENTENCE.replace("35.3", "35.8"), ASKED_LINE, CAME_LINE)
    assert told[0].startswith(
        "notebooks/small.md:14: Here stood “35.3 million came”, and it does no longer. "
        "The table money gives 35.3 million."
    )


def test_words_that_are_gone_altogether_are_told_at_the_line_of_the_file(tmp_path):
    (told,) = found(tmp_path, "In 2019 the appeal asked for 30 million and more.\n\n", ASKED_LINE, CAME_LINE)
    assert told.startswith(
        f"{PATH}:3: “35.3 million came” does not stand on notebooks/small.md any more. "
        "The table money gives 35.3 million."
    )


def test_words_that_stand_twice_on_a_page_are_too_short(tmp_path):
    (told,) = found(tmp_path, SENTENCE + "Again 35.3 million came.\n\n", ASKED_LINE, CAME_LINE)
    assert told.startswith(f"{PATH}:3: “35.3 million came” stands on notebooks/small.md 2 times, on the lines 14, 16.")


def test_words_are_found_across_the_lines_of_a_quotation(tmp_path):
    assert found(tmp_path, "> It asked for 30\n> million and 35.3\n> million came.\n\n", ASKED_LINE, CAME_LINE) == []


def test_a_number_inside_a_longer_one_is_another_number(tmp_path):
    (told,) = found(tmp_path, "Before 2019 there were 130 million and few [S:BOOK].\n\n", ASKED_LINE)
    assert told.startswith("notebooks/small.md:14: Here stood “30 million and”, and it does no longer.")


# ---------------------------------------------------------------- the ways to count


@pytest.mark.parametrize(
    ("words", "more"),
    [
        ("30 ± 0.5", line("30 ± 0.5", ASKED, unit="million")),
        ("35,300,000 dollars", line("35,300,000 dollars", CAME)),
        ("46 million in two years", line("46 million", "series=asked", "sum")),
        ("two years", line("two years", "series=asked", "count", "")),
        ("thirty million", line("thirty", ASKED, unit="million")),
        ("Two regions", line("Two regions", "year=2012..2019", "different", "region")),
        ("16 million until 2015", line("16 million", "series=asked;year=..2015")),
        ("4,400 elsewhere", line("4,400 elsewhere", "series=came;region=!Hills")),
        ("about 4,000 elsewhere", line("4,000 elsewhere", "region=Coast", rounded="1000")),
        ("118 percent", line("118 percent", CAME, "share", beside=ASKED)),
        ("1.9 times", line("1.9 times", ASKED, "ratio", beside="series=asked;year=2012")),
        ("5.3 million more", line("5.3 million more", CAME, "difference", beside=ASKED)),
        (
            "0.00005 percent",
            line("0.00005 percent", "series=asked;year=2012..2019", "share", "part/amount", rounded="0.00005"),
        ),
        ("2.4 million", line("2.4 million", ASKED, "percent of", "amount/part")),
        ("27.6 million", line("27.6 million", ASKED, "less percent", "amount/part")),
        ("2012, the first year", line("2012, the", "series=asked", "first", "year")),
        ("4.1 percent", line("4.1 percent", ASKED, "share of UN members", "part")),
    ],
)
def test_a_number_is_computed_and_rounded_as_it_is_printed(tmp_path, words, more):
    assert found(tmp_path, f"There were {words}, they say.\n\n", more) == []


def test_a_number_is_not_held_to_more_places_than_it_has(tmp_path):
    assert found(tmp_path, "About 35 million came.\n\n", line("35 million came", CAME)) == []
    assert "gives 35.30 million" in found(tmp_path, "Just 35.31 million came.\n\n", line("35.31 million came", CAME))[0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"table": "mony"}, "There is no table “mony”. Did you mean “money”?"),
        ({"page": "notebooks/smal.md"}, "There is no page notebooks/smal.md. Did you mean “notebooks/small.md”?"),
        ({"column": "amout"}, "There is no column “amout”. Did you mean “amount”?"),
        ({"rows": "serie=asked"}, "There is no column “serie”. Did you mean “series”?"),
        ({"rows": "asked"}, "“asked” is no list of conditions. Write them as column=value;column=value."),
        ({"rows": "series=lost"}, "No row of the table fulfils these conditions."),
        ({"rows": "series=asked"}, "`value` needs one row with a number, and these conditions leave 2."),
        ({"rows": "year=a..b"}, "`value` cannot be computed from these rows and columns"),
        ({"how": "summ"}, "There is no way to count called “summ”. Did you mean “sum”?"),
        ({"how": "years without", "rows": "series=asked"}, "`years without` cannot be computed"),
        ({"words": "million and"}, "“million and” has no number that can be read."),
        ({"words": ""}, "“” has no number that can be read."),
        ({"unit": "dozen"}, "has no number that can be read."),
        ({"rounded": "much"}, "“much” under `rounded` is no number."),
    ],
)
def test_a_line_that_cannot_be_read_is_told_with_a_way_to_mend_it(tmp_path, change, message):
    told = found(tmp_path, SENTENCE.replace(" [S:KEY1]", ""), ASKED_LINE | change)
    assert len(told) == 1 and told[0].startswith(f"{PATH}:2: ") and message in told[0], told


def test_another_first_line_is_told(tmp_path):
    found(tmp_path, SENTENCE)
    (tmp_path / PATH).write_text("page;words\n", encoding="utf-8")
    assert told(tmp_path) == [f"{PATH}:1: The first line must name these columns: {','.join(COLUMNS)}."]


# ---------------------------------------------------------------- numbers that nobody listed


def test_a_number_beside_a_source_of_a_table_needs_a_line(tmp_path):
    (told,) = found(tmp_path, SENTENCE, CAME_LINE)
    assert told.startswith(
        f"notebooks/small.md:14: “30” stands beside the source KEY1, and no line of {PATH} says where it comes from."
    )


def test_a_number_from_elsewhere_is_listed_as_such(tmp_path):
    assert (
        found(
            tmp_path, SENTENCE, CAME_LINE, {"page": "notebooks/small.md", "words": "30 million and", "how": "no table"}
        )
        == []
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "On 24 April 2019 it came [S:KEY1].",
        "In the 1990s they asked [S:KEY1].",
        "Some 12 states met [S:BOOK].",
        "They met 12 times. Nobody paid [S:KEY1].",
        "1. They asked again [S:KEY1].",
        "Resolution 75/277 asks for it [S:KEY1].",
        "Two asked again [S:KEY1].",
        "The key is `12` [S:KEY1].",
    ],
)
def test_years_days_list_numbers_and_numbers_beside_other_sources_need_none(tmp_path, sentence):
    assert found(tmp_path, SENTENCE + sentence + "\n\n", ASKED_LINE, CAME_LINE) == []


# ---------------------------------------------------------------- reading numbers


@pytest.mark.parametrize(
    "text", ["", "[S:KEY]", "> > \n\n1.", "| 1 | 2 [S:KEY] |\n| - |", "```\n12 [S:KEY]", "12 [S:KEY", "`12` ± [S:KEY]"]
)
def test_any_text_can_be_searched(text):
    page = printed_numbers.Text(text)
    assert page.places("nowhere") == [] and all(
        line <= text.count("\n") + 1 for line, _, _ in page.figures_beside({"KEY"})
    )


@given(st.integers(0, 10**9), st.integers(0, 3), st.sampled_from(["", "million"]))
def test_what_is_printed_is_read_back(number, places, unit):
    value = number / 10**places
    there, step = printed_numbers.printed(f"{value:,.{places}f} {unit} people")
    assert there == pytest.approx(value * printed_numbers.UNITS[unit])
    assert step == pytest.approx(printed_numbers.UNITS[unit] / 10**places)


@pytest.mark.parametrize(
    ("words", "number"), [("sixty-one states", 61), ("Nineteen together", 19), ("forty", 40), ("[ ] 5 ± 1", 5)]
)
def test_numbers_in_words_are_read(words, number):
    assert printed_numbers.printed(words) == (number, 1)
