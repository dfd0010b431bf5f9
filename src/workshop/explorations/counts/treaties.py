"""Treaties and the states that joined them, counted without their names."""

import pandas as pd

# Name, and the date to which the list of parties reaches.
TREATIES = {
    "genocide_convention": ("Genocide Convention", "24 April 2024"),
    "icerd": ("Convention against Racial Discrimination", "August 2022"),
    "iccpr": ("Covenant on Civil and Political Rights", "August 2022"),
    "cat": ("Convention against Torture", "August 2022"),
    "rome_statute": ("Rome Statute of the International Criminal Court", "2 June 2026"),
    "cped": ("Convention against Enforced Disappearance", "August 2022"),
}


def parties(rows: pd.DataFrame, treaty: str) -> "pd.Series[int]":
    """The number of parties at the end of each year, from the first joining to the last year that the list reaches."""
    own = rows[rows["treaty"] == treaty].set_index("year")
    last = int(TREATIES[treaty][1][-4:])
    changes = (own["joined"] - own["left"]).reindex(range(int(own.index.min()), last + 1), fill_value=0)
    return changes.cumsum().astype(int)


def years_until(counts: "pd.Series[int]", number: int) -> int | None:
    """How many years after the first joining a number of parties was reached, or None."""
    reached = counts.index[counts >= number]
    return int(reached[0]) - int(counts.index[0]) if len(reached) else None
