"""Written answers that are alike, found on this machine and in any language: by the runs of letters that they share."""

import difflib
from collections import Counter

RUN = 5  # letters
ENOUGH = 0.55  # share of common runs above which two answers are shown beside each other
SHORT = 40  # letters, below which answers are alike by nature


def pairs(texts):
    """[(share of common runs, key, key)] for texts by key, the most alike first."""
    runs = {key: _runs(text) for key, text in texts.items() if len(text) >= SHORT}
    where = {}
    for key, own in runs.items():
        for run in own:
            where.setdefault(run, []).append(key)
    # Only texts that share an unusual run are compared: all pairs of a large class would take long.
    common = max(20, len(runs) // 4)
    together = Counter()
    for keys in where.values():
        if 1 < len(keys) <= common:
            together.update((a, b) for place, a in enumerate(keys) for b in keys[place + 1 :])
    found = []
    for first, second in together:
        share = len(runs[first] & runs[second]) / len(runs[first] | runs[second])
        if share >= ENOUGH:
            found.append((round(share, 2), first, second))
    return sorted(found, key=lambda pair: (-pair[0], pair[1], pair[2]))


def _runs(text):
    letters = " ".join(text.casefold().split())
    return {letters[place : place + RUN] for place in range(len(letters) - RUN + 1)}


def marked(first, second):
    """Both texts as [(words, whether the other has them, too)]."""
    a, b = first.split(), second.split()
    sides = ([], [])
    for kind, a1, a2, b1, b2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        for side, words in ((sides[0], a[a1:a2]), (sides[1], b[b1:b2])):
            if words:
                side.append((" ".join(words), kind == "equal"))
    return sides
