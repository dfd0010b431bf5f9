"""No work is lost.

Hand-ins damaged at random give what the intact ones give, or less and the instructor is told; never more.
`DAMAGED=20000` in the environment raises the number of hand-ins that are damaged; `DAMAGE_SEED` chooses others.
"""

import json
import os
import random

import pytest
from support.intact_hand_ins import EXERCISES, OWN, answers_of, exercise, intact, pack

from safe_cells.course import notebooks
from workshop.grading import submissions

HOW_MANY = int(os.environ.get("DAMAGED", "400"))
SEED = int(os.environ.get("DAMAGE_SEED", "1"))


# ---------------------------------------------------------------- what may happen to a file


def in_notebook(change):
    """A damage of the notebook's cells."""

    def damage(files, name, chance):
        notebook = json.loads(files[f"{name}.ipynb"])
        change(notebook, chance)
        files[f"{name}.ipynb"] = json.dumps(notebook, indent=1).encode()

    damage.__name__ = change.__name__
    return damage


def is_solution(cell):
    return OWN.split("\n")[0] in "".join(cell["source"])


def cell_copied(notebook, chance):
    cells = notebook["cells"]
    cells.insert(chance.randrange(len(cells) + 1), json.loads(json.dumps(chance.choice(cells))))


def cell_deleted(notebook, chance):
    others = [cell for cell in notebook["cells"] if not is_solution(cell)]
    notebook["cells"].remove(chance.choice(others))


def cells_shuffled(notebook, chance):
    chance.shuffle(notebook["cells"])


def marks_stripped(notebook, _chance):
    for cell in notebook["cells"]:
        cell["metadata"] = {}


def ids_changed(notebook, _chance):
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = f"new-{number}"


def kinds_changed(notebook, chance):
    for cell in notebook["cells"]:
        if chance.random() < 0.3:
            cell["cell_type"] = chance.choice(["raw", "markdown", "code"])


def outputs_added(notebook, chance):
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * chance.randrange(1000)}]


def lines_for_source(notebook, _chance):
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)


def old_format(notebook, _chance):
    cells = notebook.pop("cells")
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
    notebook |= {"nbformat": 3, "worksheets": [{"cells": cells}]}


def own_cell_added(notebook, _chance):
    notebook["cells"].insert(
        0,
        {"cell_type": "code", "id": "mine", "metadata": {}, "source": "1 + 1", "outputs": [], "execution_count": None},
    )


def in_text(change):
    """A damage of the text of the notebook or the sheet, one of them by lot."""

    def damage(files, name, chance):
        file = chance.choice([f"{name}.ipynb", f"{name}.answers.json"])
        files[file] = change(files[file], chance)

    damage.__name__ = change.__name__
    return damage


def byte_order_mark(raw, _chance):
    return b"\xef\xbb\xbf" + raw


def as_utf16(raw, _chance):
    return raw.decode().encode("utf-16")


def other_line_ends(raw, _chance):
    return raw.replace(b"\n", b"\r\n")


def trailing_comma(raw, _chance):
    return raw.rstrip()[:-1] + b",}"


def merge_marks(raw, _chance):
    return b"<<<<<<< HEAD\n" + raw + b"\n>>>>>>> theirs\n"


def cut_off(raw, chance):
    return raw[: chance.randrange(len(raw))]


def hole(raw, chance):
    start = chance.randrange(len(raw))
    return raw[:start] + raw[start + chance.randrange(1, 200) :]


def noise(raw, chance):
    start = chance.randrange(len(raw))
    return raw[:start] + bytes(chance.randrange(256) for _ in range(5)) + raw[start:]


def emptied(_raw, _chance):
    return b""


def note_lost(files, _name, _chance):
    files.pop("hand_in.json", None)


def junk_added(files, _name, _chance):
    files |= {"__MACOSX/._x": b"\0", ".DS_Store": b"\0\0", "my work/.ipynb_checkpoints/old.ipynb": b"{}"}


CELLS = [
    *map(
        in_notebook,
        (
            cell_deleted,
            cells_shuffled,
            ids_changed,
            outputs_added,
            lines_for_source,
            own_cell_added,
            cell_copied,
            marks_stripped,
            kinds_changed,
        ),
    ),
    note_lost,
    junk_added,
]
# What can come only after all else, and once: a text that is broken has no cells to change.
LAST = [
    in_notebook(old_format),
    *map(in_text, (byte_order_mark, as_utf16, other_line_ends, trailing_comma, merge_marks)),
]
LOSSY = [*map(in_text, (cut_off, hole, noise, emptied))]


def drawn(kind, chance):
    """One to four damages by lot, in an order in which they can happen."""
    return [*chance.sample(CELLS, chance.randint(0, 3)), chance.choice(LAST if kind == "harmless" else LOSSY)]


def _still_json(files):
    """Whether every file is whole to the eye: then nobody can see that something is gone from it."""
    try:
        return all(json.loads(content) is not None for file, content in files.items() if file.startswith(EXERCISES))
    except ValueError:
        return False


@pytest.mark.parametrize("kind", ["harmless", "lossy"])
def test_a_damaged_hand_in_gives_what_the_intact_one_gives_or_less_and_says_so(kind, tmp_path):
    chance = random.Random(f"{kind} {SEED}")
    for number in range(HOW_MANY // 2):
        name = chance.choice(EXERCISES)
        files = intact(name, chance)
        before = submissions.read(pack(files, tmp_path / "inbox"), exercise(name)).hand_ins[0]
        damages = drawn(kind, chance)
        for damage in damages:
            damage(files, name, chance)
        found = submissions.read(pack(files, tmp_path / "inbox"), exercise(name))
        said = f"number {number}, seed {SEED}: {[damage.__name__ for damage in damages]} on {name}"
        if kind == "harmless":
            assert found.hand_ins, (said, found.refused)
        if not found.hand_ins:
            assert found.refused, said
            continue
        after = found.hand_ins[0]
        theirs, whole = (answers_of(one, exercise(name).questions) for one in (after, before))
        assert theirs.keys() <= whole.keys(), said
        # A letter more or less within an answer is a fault that nobody can see.
        assert damages[-1].__name__ in ("noise", "hole") or all(whole[id] == value for id, value in theirs.items()), (
            said
        )
        if kind == "harmless":
            assert (theirs, after.code_cells) == (whole, before.code_cells), (said, after)
        elif not _still_json(files) and (theirs.keys() != whole.keys() or after.code_cells != before.code_cells):
            assert after.missing or after.repairs, (said, after)


def test_damages_of_this_table_do_change_the_files():
    chance = random.Random(SEED)
    for damage in [*CELLS, *LAST, *LOSSY]:
        files = intact(EXERCISES[1], chance)
        before = dict(files)
        damage(files, EXERCISES[1], chance)
        assert files != before, damage.__name__


# ---------------------------------------------------------------- a course of another's


def small_notebook():
    """An assignment of six cells, as `any_course` knows it."""

    def cell(id, source, kind="code", **marks):
        given = {
            "grade": False,
            "solution": False,
            "task": False,
            "locked": False,
            "grade_id": id,
            "schema_version": 3,
            "cell_type": kind,
        }
        return {
            "cell_type": kind,
            "id": f"id-{id}",
            "source": source,
            "metadata": {"nbgrader": given | marks} if marks else {},
        } | ({"outputs": [], "execution_count": None} if kind == "code" else {})

    layout = [
        cell("given", "import math"),
        cell("area", "def area(r):\n    ...", solution=True),
        cell("area-test", "assert area(1) > 3", grade=True, locked=True, points=2),
        cell("read-me", "Do not change.", "markdown", locked=True),
        cell("why", "Write here.", "markdown", grade=True, solution=True, points=3),
        cell("round", "def rounded(r):\n    ...", solution=True),
        cell("round-test", "assert rounded(1.2) == 1", grade=True, locked=True, points=1),
    ]
    sources = {
        one["metadata"]["nbgrader"]["grade_id"]: {
            "source": one["source"],
            "cell_type": one["cell_type"],
            "checksum": "x",
            "locked": bool(one["metadata"]["nbgrader"].get("locked")),
        }
        for one in layout
        if one["metadata"]
    }
    kinds = {
        name: [
            kind
            for kind in ("grade", "solution")
            if next(one for one in layout if one["metadata"].get("nbgrader", {}).get("grade_id") == name)["metadata"][
                "nbgrader"
            ].get(kind)
        ]
        for name in sources
    }
    return {
        "layout": layout,
        "sources": sources,
        "kinds": kinds,
        "points": {"area-test": 2.0, "why": 3.0, "round-test": 1.0},
        "kernelspec": None,
    }


THEIRS = {
    "area": "def area(r):\n    return 3.2 * r",
    "why": "Because.",
    "round": "def rounded(r):\n    return round(r)",
}


def handed(notebook):
    cells = json.loads(json.dumps(notebook["layout"]))
    for cell in cells:
        if id := cell["metadata"].get("nbgrader", {}).get("grade_id"):
            cell["source"] = THEIRS.get(id, cell["source"])
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def what_counts(data):
    """What grading looks at: the named cells with kind and text, in order, and the given cell."""
    found = [
        (cell["metadata"].get("nbgrader", {}).get("grade_id") or cell["id"], cell["cell_type"], cell["source"])
        for cell in data["cells"]
    ]
    return [one for one in found if one[0] in (*THEIRS, "area-test", "read-me", "round-test", "id-given")]


def locked_deleted(notebook, chance):
    locked = [
        cell
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("locked") or cell["id"] == "id-given"
    ]
    if locked:
        notebook["cells"].remove(chance.choice(locked))


def locked_edited(notebook, chance):
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("locked"):
            cell["source"] = chance.choice(["pass", "", "assert True"])


def marks_forged(notebook, chance):
    for cell in notebook["cells"]:
        if "nbgrader" in cell["metadata"] and chance.random() < 0.5:
            cell["metadata"]["nbgrader"] |= {
                "points": 99,
                "locked": False,
                "grade": chance.random() < 0.5,
                "task": True,
            }


def released_copied(notebook, chance):
    cells = notebook["cells"]
    stubs = [cell for cell in small_notebook()["layout"] if cell["metadata"].get("nbgrader", {}).get("solution")]
    cells.insert(chance.randrange(len(cells) + 1), chance.choice(stubs))


MENDED = [
    cells_shuffled,
    outputs_added,
    lines_for_source,
    own_cell_added,
    locked_deleted,
    locked_edited,
    marks_forged,
    released_copied,
]


def test_a_notebook_of_another_course_is_put_in_order_whatever_was_done_to_it():
    notebook = small_notebook()
    wanted = what_counts(notebooks.whole(notebook, json.dumps(handed(notebook)).encode()).data)
    chance = random.Random(SEED)
    for number in range(HOW_MANY):
        data, damages = handed(notebook), chance.sample(MENDED, chance.randint(1, 3))
        for damage in damages:
            damage(data, chance)
        found = notebooks.whole(notebook, json.dumps(data).encode())
        assert what_counts(found.data) == wanted, (number, [damage.__name__ for damage in damages])


def test_any_bytes_are_a_notebook_that_cannot_be_read_or_one_with_every_cell_of_the_assignment():
    notebook, chance = small_notebook(), random.Random(SEED)
    raw = json.dumps(handed(notebook)).encode()
    for _ in range(HOW_MANY):
        damaged = chance.choice([cut_off, hole, noise, as_utf16])(raw, chance)
        found = notebooks.whole(notebook, damaged)
        if found is not None:
            names = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in found.data["cells"]]
            assert [name for name in names if name] == ["area", "area-test", "read-me", "why", "round", "round-test"]
