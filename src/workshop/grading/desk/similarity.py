"""Written answers that are alike, found on this machine and in any language: by the runs of letters that they share."""

import difflib
import math
from collections import Counter
from collections.abc import Mapping

RUN = 5  # letters
ENOUGH = 0.55  # share of common runs above which two answers are shown beside each other
SHORT = 40  # letters, below which answers are alike by nature


def pairs(texts: Mapping[str, str]) -> list[tuple[float, str, str]]:
    """[(share of common runs, key, key)] for texts by key, the most alike first.

    Two texts that are alike enough share one of the rarest runs of each (prefix filtering: Chaudhuri, Ganti and Kaushik
    2006), so that only those are compared, and not all pairs of a class.
    """
    runs = {key: _runs(text) for key, text in texts.items() if len(text) >= SHORT}
    how_often = Counter(run for own in runs.values() for run in own)
    earlier: dict[str, list[str]] = {}  # run -> keys of texts that have it among their rarest
    found = []
    for key, own in runs.items():
        rarest = sorted(own, key=lambda run: (how_often[run], run))[: len(own) - math.ceil(ENOUGH * len(own)) + 1]
        for other in {other for run in rarest for other in earlier.get(run, ())}:
            share = len(own & runs[other]) / len(own | runs[other])
            if share >= ENOUGH:
                found.append((round(share, 2), other, key))
        for run in rarest:
            earlier.setdefault(run, []).append(key)
    return sorted(found, key=lambda pair: (-pair[0], pair[1], pair[2]))


def _runs(text: str) -> set[str]:
    letters = " ".join(text.casefold().split())
    return {letters[place : place + RUN] for place in range(len(letters) - RUN + 1)}


def marked(first: str, second: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Both texts as [(words, whether the other has them, too)]."""
    a, b = first.split(), second.split()
    sides: tuple[list[tuple[str, bool]], list[tuple[str, bool]]] = ([], [])
    for kind, a1, a2, b1, b2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        for side, words in ((sides[0], a[a1:a2]), (sides[1], b[b1:b2])):
            if words:
                side.append((" ".join(words), kind == "equal"))
    return sides
