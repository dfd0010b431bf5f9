"""What answers say about questions and about learning: classical item analysis and the gain between two checks.

Everything is a table of pandas, from `workshop.grading.results`. What fewer than five people answered is not broken
down.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from workshop.grading.results import Results

FEW = 5  # fewer answers than this are not broken down
EASY, HARD = 0.9, 0.3  # mean share of the points: above, nearly everybody; below, hardly anybody
# Customary bounds of the corrected item-total correlation: below 0.2 an item tells people hardly apart.
WEAK, AGAINST = 0.2, 0.0
LONGEST = 20 * 60  # seconds between two answers, beyond which nobody was working on the second
DRAWS = 4000


def shares(results: Results) -> pd.DataFrame:
    """Share of the points by person (rows) and item (columns) of an exercise; empty while a reader is needed."""
    return pd.DataFrame(
        {
            item.id: {
                code: np.nan if person.marks[item.id].waiting else person.marks[item.id].points / item.points
                for code, person in results.people.items()
            }
            for item in results.items
            if not item.optional
        },
        dtype=float,
    )


def items(results: Results) -> pd.DataFrame:
    """One row an item.

    How hard it is, how well it tells people apart, how often it was left open, seconds, and words on it.
    """
    table, times = shares(results), seconds(results)
    rows = []
    for item in results.items:
        if item.optional:
            continue
        got = table[item.id].dropna()
        left = (
            [item.question.clean(person.answers.get(item.id)) is None for person in results.people.values()]
            if item.question
            else []
        )
        row = {
            "exercise": results.name,
            "item": item.id,
            "title": item.title,
            "kind": item.kind,
            "points": item.points,
            "scored": len(got),
        }
        if len(got) >= FEW:
            time = times[item.id].dropna()
            row |= {
                "difficulty": round(got.mean(), 3),
                "discrimination": discrimination(table, item.id),
                "left_open": round(float(np.mean(left)), 3) if left else np.nan,
                "seconds": round(float(time.median())) if len(time) >= FEW else np.nan,
            }
            row["words"] = words(row)
        else:
            row["words"] = f"Fewer than {FEW} are scored: not broken down."
        rows.append(row)
    return pd.DataFrame(
        rows,
        columns=[
            "exercise",
            "item",
            "title",
            "kind",
            "points",
            "scored",
            "difficulty",
            "discrimination",
            "left_open",
            "seconds",
            "words",
        ],
    )


def discrimination(table: pd.DataFrame, item: str) -> float:
    """The correlation of an item with the sum of all others, over people with every item scored.

    It is empty where nothing varies.
    """
    whole = table.dropna()
    rest = whole.drop(columns=item).sum(axis=1)
    if len(whole) < FEW or whole[item].nunique() < 2 or rest.nunique() < 2:
        return np.nan
    return round(float(np.corrcoef(whole[item], rest)[0, 1]), 3)


def words(row: Mapping[str, Any]) -> str:
    """What the numbers of an item say to somebody who wrote it."""
    said = []
    if row["difficulty"] > EASY:
        said.append("Nearly everybody has it right.")
    if row["difficulty"] < HARD:
        said.append("Hardly anybody has it right: was it taught, and is it clear?")
    found = row["discrimination"]
    if found < AGAINST:
        said.append("Those who know the rest get this one wrong: look at its text and its key.")
    elif found < WEAK and row["difficulty"] <= EASY:
        said.append("It hardly tells apart those who know the rest from those who do not.")
    if row["left_open"] > 0.2:
        said.append("Many left it open.")
    return " ".join(said) or "As it should be."


def alpha(table: pd.DataFrame) -> float:
    """Cronbach's alpha of the items (columns) over the people with all of them scored; empty where it says nothing."""
    whole = table.dropna()
    count = whole.shape[1]
    total = whole.sum(axis=1).var(ddof=1)
    if len(whole) < FEW or count < 2 or not total > 0:
        return np.nan
    return round(float(count / (count - 1) * (1 - whole.var(axis=0, ddof=1).sum() / total)), 3)


def options(results: Results) -> pd.DataFrame:
    """One row for each way to answer.

    How often an option, a column of a row or an expected number was taken, and if it is right.
    """
    rows = []
    for item in results.items:
        question = item.question
        if question is None:
            continue
        given = [question.clean(person.answers.get(item.id)) for person in results.people.values()]
        given = [value for value in given if value is not None]
        if len(given) >= FEW:
            rows += [
                {
                    "exercise": results.name,
                    "item": item.id,
                    "of": len(given),
                    **row,
                    "share": round(row["times"] / len(given), 3),
                }
                for row in question.ways(given)
            ]
    return pd.DataFrame(rows, columns=["exercise", "item", "line", "answer", "right", "times", "of", "share"])


def seconds(results: Results) -> pd.DataFrame:
    """Seconds from one saved answer to the next, by person and item.

    They are rough, since the stamp is that of the last change.
    """
    found = {item.id: dict.fromkeys(results.people) for item in results.items}
    for code, person in results.people.items():
        stamps = sorted((datetime.fromisoformat(when), id) for id, when in person.saved.items() if id in found and when)
        for (before, _), (after, id) in pairwise(stamps):
            gap = (after - before).total_seconds()
            if 0 < gap <= LONGEST:
                found[id][code] = gap
    return pd.DataFrame(found, dtype=float)


def modules(every: Sequence[Results]) -> pd.DataFrame:
    """One row an exercise.

    How many handed in, how the points lie, what waits, and how well its items belong together.
    """
    rows = []
    for results in every:
        points = pd.Series([person.points for person in results.people.values()], dtype=float)
        row = {
            "exercise": results.name,
            "title": results.title,
            "handed_in": len(points),
            "of": results.points,
            "waiting": sum(person.waiting for person in results.people.values()),
        }
        if len(points) >= FEW:
            row |= {
                "mean": round(points.mean(), 2),
                "lower_quarter": points.quantile(0.25),
                "middle": points.median(),
                "upper_quarter": points.quantile(0.75),
                "alpha": alpha(shares(results)),
            }
        rows.append(row)
    return pd.DataFrame(
        rows,
        columns=[
            "exercise",
            "title",
            "handed_in",
            "of",
            "waiting",
            "mean",
            "lower_quarter",
            "middle",
            "upper_quarter",
            "alpha",
        ],
    )


def gain(before: Results, after: Results, seed: int = 1) -> dict[str, float]:
    """What changed between two checks, for those who took both.

    {"matched", "before", "after", "gain", "low", "high", "normalised"}. Shares of the points; `low` and `high` bound
    the mean gain with 95 percent confidence, by drawing people again and again. The normalised gain is the part of what
    could still be learned that was learned (Hake). Only the number of people when fewer than five took both.
    """
    both = sorted(before.people.keys() & after.people.keys())
    found: dict[str, float] = {"matched": len(both)}
    if len(both) < FEW:
        return found
    first, second = (np.array([one.people[code].points / one.points for code in both]) for one in (before, after))
    change = second - first
    draws = np.random.default_rng(seed).choice(change, (DRAWS, len(change))).mean(axis=1)
    low, high = np.percentile(draws, [2.5, 97.5])
    left = 1 - first.mean()
    return found | {
        "before": first.mean(),
        "after": second.mean(),
        "gain": change.mean(),
        "low": low,
        "high": high,
        "normalised": change.mean() / left if left > 0 else np.nan,
    }


def gain_by_item(before: Results, after: Results) -> pd.DataFrame:
    """One row for each item of both checks: the mean share of the points before and after, for those who took both."""
    both = sorted(before.people.keys() & after.people.keys())
    first, second = shares(before), shares(after)
    titles = {item.id: item.title for item in before.items}
    rows = (
        [
            {
                "item": id,
                "title": titles[id],
                "before": round(first.loc[both, id].mean(), 3),
                "after": round(second.loc[both, id].mean(), 3),
            }
            for id in first.columns
            if id in second.columns
        ]
        if len(both) >= FEW
        else []
    )
    return pd.DataFrame(rows, columns=["item", "title", "before", "after"]).assign(
        gain=lambda table: (table["after"] - table["before"]).round(3)
    )


def people(every: Sequence[Results]) -> pd.DataFrame:
    """One row for each thing that somebody might do for a person, by code name: for the instructor's eyes alone."""
    rows, everybody = [], sorted({code for results in every for code in results.people})
    for code in everybody:
        missing = [results.title for results in every if code not in results.people]
        if missing and len(missing) < len(every):
            rows.append({"code": code, "exercise": "", "why": f"Has not handed in: {', '.join(missing)}."})
        for results in every:
            person = results.people.get(code)
            if person is None:
                continue
            left = sum(
                item.question is not None and item.question.clean(person.answers.get(item.id)) is None
                for item in results.items
            )
            scored = sum(
                item.points for item in results.items if not item.optional and not person.marks[item.id].waiting
            )
            if left > len(results.items) / 3:
                rows.append(
                    {
                        "code": code,
                        "exercise": results.name,
                        "why": f"Left {left} of {len(results.items)} questions open. Was there time enough?",
                    }
                )
            elif scored and person.points < scored / 2:
                rows.append(
                    {
                        "code": code,
                        "exercise": results.name,
                        "why": (
                            "Has less than half of the points. A talk about two or three of the reasons helps more "
                            "than the number."
                        ),
                    }
                )
            if person.waiting:
                rows.append(
                    {
                        "code": code,
                        "exercise": results.name,
                        "why": (
                            f"Waits for a reader: {person.waiting} written answers, "
                            f"handed in on {person.handed_in:%d %B %Y}."
                        ),
                    }
                )
    return pd.DataFrame(rows, columns=["code", "exercise", "why"])
