"""How long an exploration takes to answer: `python benchmarks/explorations.py`. Aim: well under half a second."""

import statistics
import time

from workshop.content.tables import table
from workshop.explorations import armed_groups, at_the_table, break_even, who_pays

ANSWERS = {
    "who-pays, share": lambda: who_pays.view("share", "tools"),
    "who-pays, appeal": lambda: who_pays.view("appeal"),
    "break-even, model": lambda: break_even.view(cost=20, damage=320, doubt=5, chance=30),
    "break-even, published": lambda: break_even.view("published"),
    "at-the-table, one office": lambda: at_the_table.view(["foreign-ministry"]),
    "at-the-table, everybody": lambda: at_the_table.view(at_the_table.offices()),
    "armed-groups, world": lambda: armed_groups.view(),
    "armed-groups, region": lambda: armed_groups.view("East and South-East Asia", "fights", 2015),
    "table, largest": lambda: table("armed_group_years"),
    "table, smallest": lambda: table("risk_factors"),
}


def milliseconds(answer, times=15):
    """How long each of several calls takes, the first one apart."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        answer()
        taken.append(1000 * (time.perf_counter() - start))
    return taken


if __name__ == "__main__":
    print(f"{'':28}{'first':>8}{'median':>8}{'worst':>8}  milliseconds")
    for name, answer in ANSWERS.items():
        first, *others = milliseconds(answer)
        print(f"{name:28}{first:8.0f}{statistics.median(others):8.0f}{max(others):8.0f}")
