"""The tables are what they say they are, and every row names where it comes from."""

import csv
import json
import re
from pathlib import Path

import pandas as pd
import pytest

from workshop.content import tables
from workshop.explorations import armed_groups

ROOT = Path(__file__).resolve().parents[2]
NAMES = list(json.loads((ROOT / "data/datapackage.json").read_text(encoding="utf-8"))["resources"])
NAMES = [resource["name"] for resource in NAMES]


@pytest.fixture(autouse=True)
def at_home(monkeypatch):
    monkeypatch.setenv("WORKSHOP_HOME", str(ROOT))


def kit(folder, cells, fields):
    """A kit with one table of the given cells."""
    (folder / "data").mkdir()
    (folder / "data/small.csv").write_text(cells, encoding="utf-8")
    schema = {"fields": [{"name": name, "type": type_} for name, type_ in fields.items()]}
    package = {"resources": [{"name": "small", "path": "small.csv", "schema": schema}]}
    (folder / "data/datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    return folder


def test_the_data_package_is_valid():
    from frictionless import validate

    report = validate(str(ROOT / "data/datapackage.json"))
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "note"])


def test_every_column_has_a_title_a_type_and_a_description():
    for resource in tables.describe().values():
        assert resource["licenses"] and resource["sources"] and resource["schema"]["missingValues"] == [""]
        for field in resource["schema"]["fields"]:
            assert field["type"] in tables.DTYPES and field["title"] and field["description"], field


def test_no_table_lies_there_undescribed():
    described = {resource["path"] for resource in tables.describe().values()}
    lying = {path.relative_to(ROOT / "data").as_posix() for path in (ROOT / "data/tables").glob("*.csv")}
    assert lying == described - {"sources.csv"}


@pytest.mark.parametrize("name", [name for name in NAMES if name != "sources"])
def test_every_row_names_a_source_that_is_in_the_register(name):
    register = tables.sources()
    for cell in tables.table(name)["source"]:
        assert all(key in register for key in cell.split(";")), cell


def test_every_source_has_its_own_key_and_says_how_it_is_known():
    with (ROOT / "data/sources.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["key"] for row in rows}) == len(rows)
    assert {row["basis"] for row in rows} == {"seen", "known", "own"}
    assert all(row["title"] for row in rows)


def test_every_source_of_the_glossary_is_in_the_register():
    text = (ROOT / "data/glossary.md").read_text(encoding="utf-8")
    terms = text.split("\n## ")[1:]
    assert len(terms) >= 40
    for term in terms:
        title, keys, meaning = term.strip().split("\n\n", 2)
        assert re.fullmatch(r"(`S:[^`]+` ?)+", keys), title
        assert set(re.findall(r"`S:([^`]+)`", keys)) <= set(tables.sources()), title
        assert meaning.strip()


def test_the_glossary_is_in_alphabetical_order():
    text = (ROOT / "data/glossary.md").read_text(encoding="utf-8")
    terms = [line.removeprefix("## ").lower() for line in text.splitlines() if line.startswith("## ")]
    assert terms == sorted(terms)


@pytest.mark.parametrize("name", NAMES)
def test_the_types_of_a_table_are_those_of_its_description(name):
    frame = tables.table(name)
    for field in tables.describe()[name]["schema"]["fields"]:
        assert str(frame[field["name"]].dtype) == tables.DTYPES[field["type"]], field["name"]


def test_namibia_and_the_word_none_survive_and_an_empty_cell_is_missing(tmp_path, monkeypatch):
    cells = "code,status,year\nNA,none,1990\nNO,null,\n"
    monkeypatch.setenv(
        "WORKSHOP_HOME", str(kit(tmp_path, cells, {"code": "string", "status": "string", "year": "integer"}))
    )
    small = tables.table("small")
    assert list(small["code"]) == ["NA", "NO"]
    assert list(small["status"]) == ["none", "null"]
    assert small["year"][0] == 1990 and small["year"].isna()[1] and str(small["year"].dtype) == "Int64"


def test_a_misspelled_table_is_answered_with_the_nearest_name():
    with pytest.raises(
        tables.NotFoundError, match=r"There is no table “meridia_office”\. Did you mean “meridia_offices”\?"
    ):
        tables.table("meridia_office")


def test_a_table_that_nothing_resembles_is_answered_with_the_list():
    with pytest.raises(tables.NotFoundError, match="risk_factors"):
        tables.table("zzzzzz")


def test_home_is_found_from_a_folder_inside_the_kit(tmp_path, monkeypatch):
    monkeypatch.delenv("WORKSHOP_HOME")
    kit(tmp_path, "a\n1\n", {"a": "integer"})
    inside = tmp_path / "notebooks" / "deep"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    assert tables.home() == tmp_path


def test_far_from_any_kit_home_is_the_project_the_package_comes_from(tmp_path, monkeypatch):
    monkeypatch.delenv("WORKSHOP_HOME")
    monkeypatch.chdir(tmp_path)
    assert tables.home() == ROOT


def test_a_wrong_home_is_named_with_the_way_to_mend_it(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKSHOP_HOME", str(tmp_path / "moved"))
    with pytest.raises(tables.NotFoundError, match=r"moved.*no data/datapackage\.json.*unset it"):
        tables.home()


def keys_of(name):
    return {key for cell in tables.table(name)["source"] for key in cell.split(";")}


TABLES = [name for name in NAMES if name != "sources"]


def test_no_row_rests_on_a_source_that_was_not_seen():
    assert not any("SRC_NONE" in keys_of(name) for name in TABLES)


def test_of_data_that_may_not_be_passed_on_only_counts_without_states_are_kept():
    for name in TABLES:
        if keys_of(name) & {"SRC_EPR_2021", "SRC_VDEM_15"}:
            assert "looks" in tables.table(name) and not {"state", "iso3", "country", "year"} & set(
                tables.table(name)
            ), name


def test_a_table_built_on_share_alike_data_carries_its_licence_and_no_other_does():
    for name in TABLES:
        licence = tables.describe()[name]["licenses"][0]["name"]
        assert licence == ("CC-BY-SA-4.0" if "SRC_VDEM_15" in keys_of(name) else "CC-BY-4.0"), name


def test_the_invented_country_rests_on_no_real_source():
    for name in ("meridia_offices", "meridia_sight"):
        assert set(tables.table(name)["source"]) == {"OWN"}


def test_the_table_of_armed_groups_names_neither_states_nor_groups_nor_deaths():
    assert list(tables.table("armed_group_years")) == ["year", "region", "group_id", "governments", "source"]


def published(*rows):
    return pd.DataFrame(rows, columns=["year", "gwno_a", "side_b_id", "type_of_conflict"])


def test_a_group_that_fights_two_governments_counts_once_as_a_group_and_twice_as_fights():
    rows = armed_groups.extract(published((2015, 475, 7, 3), (2015, 436, 7, 4), (2016, 475, 7, 3)))
    assert armed_groups.by_year(rows).to_dict() == {2015: 1, 2016: 1}
    assert armed_groups.by_year(rows, what="fights").to_dict() == {2015: 2, 2016: 1}


def test_a_year_without_a_group_in_the_region_counts_nought():
    rows = armed_groups.extract(published((2015, 840, 7, 3), (2016, 475, 8, 3), (2017, 840, 7, 3)))
    assert armed_groups.by_year(rows, "East and South-East Asia").to_dict() == {2015: 1, 2016: 0, 2017: 1}


def test_wars_between_states_are_not_counted():
    assert armed_groups.extract(published((2015, 475, 7, 2), (2015, 475, 8, 3)))["group_id"].tolist() == [8]


@pytest.mark.parametrize(
    ("number", "region"),
    [
        (850, "East and South-East Asia"),
        (775, "East and South-East Asia"),
        (750, "South Asia"),
        (630, "South Asia"),
        (702, "Central Asia"),
        (910, "Oceania"),
        (100, "Latin America and the Caribbean"),
        (2, "Northern America"),
        (625, "Northern Africa and Western Asia"),
        (626, "Sub-Saharan Africa"),
        (372, "Northern Africa and Western Asia"),
        (365, "Europe"),
    ],
)
def test_a_state_number_lies_in_its_region(number, region):
    assert armed_groups.region_of(number) == region


def test_the_count_of_armed_groups_is_the_published_one():
    rows = tables.table("armed_group_years")
    groups, fights = armed_groups.by_year(rows), armed_groups.by_year(rows, what="fights")
    assert [groups[year] for year in (1989, 1991, 2005, 2010, 2015, 2024)] == [59, 66, 41, 39, 51, 47]
    assert [fights[year] for year in (1989, 1991, 2005, 2010, 2015, 2024)] == [59, 66, 41, 40, 68, 64]
    assert fights.sum() == 1945
