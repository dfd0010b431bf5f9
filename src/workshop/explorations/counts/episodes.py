"""Episodes of mass killing, counted by region and year, from two lists that researchers keep.

The kit holds counts alone, `data/tables/atrocity_episode_years.csv`: no states, no names of episodes. `extract` made it
from the two lists, so anybody who has them can make it again:

    extract(mass_killing, genocide_politicide, bands).to_csv(
        "data/tables/atrocity_episode_years.csv", index=False, lineterminator="\\n")

Each list has one row for each episode: `region` (a sub-region of the United Nations), `start_year`, `end_year` (empty
when still going on) and `led_by` (state or armed_group). `bands` has one row for each year of an episode of the second
list: `region`, `year`, and the band of deaths, `deaths_low` and `deaths_high` (empty in the highest band).
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

MASS_KILLING, GENOCIDE = "mass_killing", "genocide_politicide"
# The list, its first and last year, and the key of its source.
LISTS = {MASS_KILLING: (1945, 2024, "SRC_EWP_2025"), GENOCIDE: (1955, 2014, "SRC_PITF_2014")}

NORTHEAST, SOUTHEAST = "Northeast Asia", "South-East Asia"
# The sub-regions of the United Nations (M49) that a list may name, and the shorter names of the kit.
REGION_OF = {
    "Eastern Asia": NORTHEAST,
    "South-eastern Asia": SOUTHEAST,
    "Southern Asia": "South Asia",
    "Central Asia": "Central Asia",
    "Western Asia": "Western Asia",
    "Northern Africa": "Northern Africa",
    "Sub-Saharan Africa": "Sub-Saharan Africa",
    "Latin America and the Caribbean": "Latin America and the Caribbean",
    **dict.fromkeys(["Eastern Europe", "Northern Europe", "Southern Europe", "Western Europe"], "Europe"),
    **dict.fromkeys(["Australia and New Zealand", "Melanesia", "Micronesia", "Polynesia"], "Oceania"),
}
# The words for East Asia, by where its border runs, and the regions inside.
HOME = {
    "northeast": "Northeast Asia",
    "east": "Northeast and South-East Asia",
    "asia-pacific": "Asia and the Pacific",
}
BORDERS = {
    "northeast": [NORTHEAST],
    "east": [NORTHEAST, SOUTHEAST],
    "asia-pacific": [NORTHEAST, SOUTHEAST, "South Asia", "Central Asia", "Oceania"],
}


def extract(mass_killing: pd.DataFrame, genocide_politicide: pd.DataFrame, bands: pd.DataFrame) -> pd.DataFrame:
    """One row for each list, region, year and kind of leader in which an episode was going on.

    `deaths_low` and `deaths_high` add up the bands of the second list. Where its highest band, which has no upper
    end, is among them, `deaths_high` is empty; the first list has no deaths at all.
    """
    return pd.concat(
        [counted(MASS_KILLING, mass_killing), with_deaths(counted(GENOCIDE, genocide_politicide), bands)],
        ignore_index=True,
    )


def counted(name: str, episodes: pd.DataFrame) -> pd.DataFrame:
    """Starts and episodes going on, by region, year and who led the killing."""
    _, last, source = LISTS[name]
    episodes = episodes.assign(
        region=episodes["region"].map(REGION_OF), end_year=episodes["end_year"].fillna(last).astype(int)
    )
    spans = zip(episodes["start_year"], episodes["end_year"], strict=True)
    years = episodes.assign(year=pd.Series([range(first, end + 1) for first, end in spans], index=episodes.index))
    years = years.explode("year")
    years["year"] = years["year"].astype(int)
    years["starts"] = (years["year"] == years["start_year"]).astype(int)
    groups = years.groupby(["region", "year", "led_by"])
    rows = groups.agg(starts=("starts", "sum"), going_on=("starts", "size")).reset_index()
    rows = rows.assign(list=name, source=source)
    rows["deaths_low"] = rows["deaths_high"] = pd.NA
    return rows[["list", "region", "year", "led_by", "starts", "going_on", "deaths_low", "deaths_high", "source"]]


def with_deaths(rows: pd.DataFrame, bands: pd.DataFrame) -> pd.DataFrame:
    """The counts of the second list with the sums of its yearly bands of deaths."""
    groups = bands.assign(region=bands["region"].map(REGION_OF)).groupby(["region", "year"])
    sums = pd.DataFrame(
        {
            "deaths_low": groups["deaths_low"].sum(),
            "deaths_high": groups["deaths_high"].sum(min_count=1),
            "open": groups["deaths_high"].apply(lambda column: column.isna().any()),
        }
    )
    sums["deaths_high"] = sums["deaths_high"].mask(sums.pop("open"))
    return (
        rows.drop(columns=["deaths_low", "deaths_high"])
        .join(sums, on=["region", "year"])
        .astype({"deaths_low": "Int64", "deaths_high": "Int64"})[list(rows.columns)]
    )


def groups(border: str, whole_africa: bool = False) -> dict[str, str]:
    """The name under which each region is counted, for one way to draw East Asia's border and Africa's."""
    home = BORDERS[border]
    names = {region: region for region in REGION_OF.values()}
    if whole_africa:
        names |= dict.fromkeys(["Northern Africa", "Sub-Saharan Africa"], "Africa")
    else:
        names |= dict.fromkeys(["Northern Africa", "Western Asia"], "Northern Africa and Western Asia")
    return names | dict.fromkeys(home, HOME[border])


def count(rows: pd.DataFrame, what: str, years: tuple[float, float], names: Mapping[str, str]) -> "pd.Series[Any]":
    """One number for each group: episodes going on in these years, their starts, years of killing, or a bound of
    deaths.

    An episode that lasts through all these years counts once under `going_on`, and anew every year under `years`.
    An upper bound is missing where the list gives none for one of the years.
    """
    rows = rows[rows["year"].between(*years)]
    if what == "going_on":
        # On in the first year, or begun later: so each is counted once.
        values = rows["going_on"].where(rows["year"] == years[0], rows["starts"])
    else:
        values = rows["going_on" if what == "years" else what]
    sums = values.groupby(rows["region"].map(names)).agg(lambda column: column.sum(skipna=False))
    return sums.reindex(order(names), fill_value=0)


def order(names: Mapping[str, str]) -> list[str]:
    """The groups in an order that says nothing about their numbers: from east to west."""
    return list(dict.fromkeys(names[region] for region in REGION_OF.values()))
