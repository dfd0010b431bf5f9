"""`workshop check` finds each fault with its line and a mend, and finds none in the kit itself."""

import json

import pytest
from support.small_project import (
    CLASSIFY,
    EXERCISE_FRONT,
    ROOT,
    SCENARIO,
    SINGLE,
    build_kit,
    exercise,
    line_of,
    small_project,
    told,
)

from workshop.authoring import check_claims
from workshop.cli.main import main

TOP = "\n# Small\n\nWho hears first?\n\n"


def found(folder, lesson=SINGLE, exercise_body=None, scenario_text=None):
    """What the check finds in a small project, without running anything."""
    small_project(folder, lesson, exercise_body, scenario_text)
    return told(folder)


def given_out(folder, content):
    """A notebook in `exercises/` that holds this text."""
    path = folder / "exercises/small/small.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"cells": [{"source": content}]}, ensure_ascii=False), encoding="utf-8")


def test_the_kit_has_no_fault():
    assert told(ROOT) == []


def test_a_small_project_in_order_has_no_fault(tmp_path):
    assert found(tmp_path, scenario_text=SCENARIO) == []


# ---------------------------------------------------------------- one test a fault

FAULTS = [
    (
        "an unknown source",
        "It is so.\n\nAnd so [S:OWNN].\n\n" + SINGLE,
        "And so",
        "There is no source OWNN in data/sources.csv. Did you mean OWN?",
    ),
    (
        "an unknown source in a section",
        "## Part [S:NONE9]\n\n`a1` `5 minutes`\n\n" + SINGLE,
        "## Part",
        "There is no source NONE9",
    ),
    ("an unknown source of a question", SINGLE.replace("S:OWN", "S:OWM"), "### Who", "There is no source OWM"),
    (
        "an unknown statement",
        "## Part\n\n`a13` `5 minutes`\n\n" + SINGLE,
        "## Part",
        "There is no statement a13 in the notes. Did you mean a1",
    ),
    ("an unknown statement of a question", SINGLE.replace("`a1`", "`d9`"), "### Who", "There is no statement d9"),
    (
        "a question without a statement",
        SINGLE.replace(" `a1`", ""),
        "### Who",
        "“Who hears first?” names no statement. Add its key",
    ),
    (
        "a link to no heading",
        "See [above](#smal).\n\n" + SINGLE,
        "See",
        "The link #smal leads nowhere: no heading has that name. Did you mean small?",
    ),
    (
        "a link to a question",
        "See [below](#who-hears-first).\n\n" + SINGLE,
        "See",
        "The link #who-hears-first leads to a question, which a notebook",
    ),
    (
        "a link to no file",
        "See [this](../data/nothing.csv).\n\n" + SINGLE,
        "See",
        "The link ../data/nothing.csv leads to a file that is not there.",
    ),
    (
        "a picture without words",
        "![](../README.md)\n\n" + SINGLE,
        "![]",
        "This picture has no text for people who cannot see it.",
    ),
    (
        "a picture that is not there",
        "![A map](map.png)\n\n" + SINGLE,
        "![A",
        "The link map.png leads to a file that is not there.",
    ),
    (
        "an unknown scenario",
        "```{play} rumor\n```\n\n" + SINGLE,
        "```{play}",
        "There is no scenario “rumor” in data/scenarios/.",
    ),
    (
        "an unknown exploration",
        "```{explore} who-pay\n```\n\n" + SINGLE,
        "```{explore}",
        "There is no exploration “who-pay”. Did you mean who-pays?",
    ),
    (
        "an unknown canvas",
        "```{canvas} plans\n```\n\n" + SINGLE,
        "```{canvas}",
        "There is no canvas “plans”. Did you mean plan?",
    ),
    (
        "minutes that do not add up",
        "## Part\n\n`a1` `4 minutes`\n\n" + SINGLE,
        "---\ntitle",
        "The sections add up to 4 minutes, and the front matter says 5. Make them equal.",
    ),
    (
        "a passage hidden under a question",
        SINGLE + "\n" + "Everybody should read this. " * 15,
        "### Who",
        "After the answers of “Who hears first?” stand more than 60 words, and they are shown only with the result.",
    ),
    (
        "a claim about a state without a source",
        "Kenya has a committee.\n\n" + SINGLE,
        "Kenya",
        "This speaks of Kenya and names no source.",
    ),
    (
        "a claim about a body in a list",
        "- Offices\n- The World Bank pays\n\n" + SINGLE,
        "- The World",
        "This speaks of World Bank and names no source.",
    ),
    (
        "a claim in a row of a table",
        "| a | b |\n| - | - |\n| Kenya | yes |\n\n" + SINGLE,
        "| Kenya",
        "This speaks of Kenya and names no source.",
    ),
    (
        "a claim in a quotation",
        "> In Peru it works.\n\n" + SINGLE,
        "> In Peru",
        "This speaks of Peru and names no source.",
    ),
    (
        "a claim in a question",
        SINGLE.replace(" `S:OWN`", "").replace("Meridia", "Ghana"),
        "### Who",
        "The question “Who hears first?” speaks of Ghana and names no source. Add S:KEY",
    ),
    (
        "a claim in a reason",
        CLASSIFY.replace(" `S:OWN`", "").replace("No duty.", "As in Ghana."),
        "### Words",
        "speaks of Ghana",
    ),
    (
        "a working mark",
        "Nine offices [K: check].\n\n" + SINGLE,
        "Nine",
        "[K: check] is a working mark of the fact base.",
    ),
    ("a question mark left in", "Nine offices [?].\n\n" + SINGLE, "Nine", "[?] is a working mark"),
]


@pytest.mark.parametrize(("lesson", "where", "message"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_a_fault_is_found_at_its_line(tmp_path, lesson, where, message):
    lines = found(tmp_path, lesson)
    line = line_of(TOP + lesson, where)
    assert len(lines) == 1 and lines[0].startswith(f"notebooks/small.md:{line}: ") and message in lines[0], lines


def test_a_claim_with_its_source_and_the_name_of_an_invented_state_are_no_faults(tmp_path):
    assert (
        found(tmp_path, "Kenya has a committee [S:OWN]. Meridia has none.\n\nMeridia has nine offices.\n\n" + SINGLE)
        == []
    )


def test_a_heading_and_a_facilitator_s_note_need_no_source(tmp_path):
    assert (
        found(tmp_path, '## From Kenya\n\n+++ {"facilitator": true}\n\n- Ask: who knows Kenya?\n\n+++\n\n' + SINGLE)
        == []
    )


def test_faults_that_reading_finds_are_told_too(tmp_path):
    assert "mark the right option with [x]" in found(tmp_path, SINGLE.replace("[x]", "[ ]"))[0]


@pytest.mark.parametrize(
    ("old", "new", "where", "message"),
    [
        ("[S:OWN]", "[S:OWNER]", "A host", "There is no source OWNER in data/sources.csv. Did you mean OWN?"),
        ("The rumour dies.", "The rumour dies [S:NEW].", "The rumour dies", "There is no source NEW"),
        ("A rumour runs", "A rumour [S:NEW] runs", "A rumour [S", "There is no source NEW"),
        ("statements: [a1]", "statements: [a2]", "---\ntitle", "There is no statement a2"),
        ("\n`a1` `#monday", "\n`a3` `#monday", "## Monday", "There is no statement a3"),
        ("`RISK <= 30`", "`RISK <= 3`", "## Quiet", "No play reaches the ending “Quiet”"),
        ("The rumour dies.", "The rumour dies [K].", "The rumour dies", "[K] is a working mark"),
    ],
)
def test_a_fault_of_a_scenario_is_found_at_its_line(tmp_path, old, new, where, message):
    changed = SCENARIO.replace(old, new)
    line = changed[: changed.index(where)].count("\n") + 1
    assert any(
        fault.startswith(f"data/scenarios/rumour.md:{line}: ") and message in fault
        for fault in found(tmp_path, scenario_text=changed)
    )


def test_a_statement_of_the_front_matter_must_exist(tmp_path):
    small_project(tmp_path)
    page = tmp_path / "notebooks/small.md"
    page.write_text(
        page.read_text(encoding="utf-8").replace("statements: [a1]", "statements: [a1, b7]"), encoding="utf-8"
    )
    assert told(tmp_path) == ["notebooks/small.md:1: There is no statement b7 in the notes."]


def test_an_exercise_that_is_not_built_is_told(tmp_path):
    assert found(tmp_path, exercise_body=exercise(SINGLE)) == [
        "solutions/small.md:1: The exercise is not built yet. Run `workshop build`."
    ]


@pytest.mark.parametrize(
    "leak", ["- [x] The board", "### BEGIN SOLUTION", "# BEGIN HIDDEN TESTS", "=== BEGIN MARK SCHEME ==="]
)
def test_a_part_of_a_key_in_exercises_is_found(tmp_path, leak):
    given_out(tmp_path, leak)
    (line,) = found(tmp_path, exercise_body=exercise(CLASSIFY))
    assert line.startswith("exercises/small/small.ipynb:1: Part of a key reached participants: ")


def test_a_key_in_the_metadata_of_an_exercise_is_found(tmp_path):
    path = tmp_path / "exercises/small/small.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text('{\n"questions": {"right": true}}', encoding="utf-8")
    assert found(tmp_path, exercise_body=exercise(CLASSIFY))[0].startswith(
        'exercises/small/small.ipynb:2: Part of a key reached participants: “"right":”'
    )


def test_a_reason_in_exercises_is_found_in_any_form(tmp_path):
    given_out(tmp_path, "Yes: it sits in the district.")
    assert found(tmp_path, exercise_body=exercise(SINGLE)) == [
        "exercises/small/small.ipynb:1: “Yes: it sits in the district.…” belongs to the key of “Who hears first?”. "
        "Run `workshop build` again."
    ]


def test_a_strange_file_in_exercises_is_found(tmp_path):
    (tmp_path / "exercises").mkdir(parents=True)
    (tmp_path / "exercises/key.md").write_text("Answers", encoding="utf-8")
    assert found(tmp_path) == ["exercises/key.md:1: Only built notebooks belong in exercises/. Take this file away."]


@pytest.mark.parametrize("place", ["notebooks/old.ipynb", "exercises/old/old.ipynb", "solutions/old/old.ipynb"])
def test_a_notebook_whose_text_is_gone_is_found(tmp_path, place):
    (tmp_path / place).parent.mkdir(parents=True)
    (tmp_path / place).write_text("{}", encoding="utf-8")
    assert found(tmp_path) == [f"{place}:1: No text makes this notebook any more. Take it away."]


def test_all_faults_come_in_one_run_in_the_order_of_the_pages(tmp_path):
    lines = found(tmp_path, "Kenya.\n\nSee [x](#y).\n\n" + SINGLE, scenario_text=SCENARIO.replace("[S:OWN]", "[S:NEW]"))
    assert [line.split(":")[0] for line in lines] == ["data/scenarios/rumour.md"] + ["notebooks/small.md"] * 2


def test_the_command_prints_every_fault_and_counts_them(tmp_path, monkeypatch, capsys):
    small_project(tmp_path, "Kenya.\n\nPeru.\n\n" + SINGLE)
    monkeypatch.setenv("WORKSHOP_HOME", str(tmp_path))
    assert main(["check", "--quick"]) == 1
    said = capsys.readouterr()
    assert len(said.out.splitlines()) == 2 and said.err == "2 faults found.\n"


# ---------------------------------------------------------------- with a kernel

BROKEN_ITEMS = """
```{code-cell}
:solution: count

def count(words):
    # BEGIN SOLUTION
    return len(words)
    # END SOLUTION
```

```{code-cell}
:test: count
:points: 2

assert count("two words") == 2
```

```{code-cell}
:solution: greet

# BEGIN SOLUTION
greeting = "hello"
# END SOLUTION
```

```{code-cell}
:test: greet
:points: 3

assert True
```
"""


def test_a_solution_that_fails_and_a_test_that_passes_for_nothing_are_found(tmp_path):
    small_project(tmp_path, exercise_body=exercise(SINGLE) + BROKEN_ITEMS)
    build_kit(tmp_path)
    page = EXERCISE_FRONT + "\n# Small exercise\n\n" + exercise(SINGLE) + BROKEN_ITEMS
    count, greet = (page[: page.index(words)].count("\n") + 1 for words in ("assert count", "assert True"))
    assert told(tmp_path, run=True) == [
        f"solutions/small.md:{count}: The solution of “count-test” gets 0 of 2 points.",
        f"solutions/small.md:{greet}: “greet-test” gives 3 points to somebody who did nothing. "
        "Add a test that an empty answer fails.",
    ]


# ---------------------------------------------------------------- errors put right once

CORRECTIONS = "pattern,right\nSalomon Islands?,the name is Solomon Islands.\n"


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("notebooks/small.md", "The Salomon Islands asked [S:OWN]."),
        ("data/glossary.md", "Help for the salomon islands."),
        ("data/scenarios/rumour.md", "They asked the Salomon Islands [S:OWN]."),
    ],
)
def test_an_error_that_was_put_right_once_is_found_in_every_text(tmp_path, place, line):
    small_project(tmp_path)
    (tmp_path / "data/corrections.csv").write_text(CORRECTIONS, encoding="utf-8")
    with (tmp_path / place).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    lines = told(tmp_path)
    assert [line for line in lines if line.startswith(place) and "the name is Solomon Islands" in line], lines


def test_what_participants_said_and_a_wrong_option_may_hold_the_error(tmp_path):
    small_project(
        tmp_path,
        "> Participants said (a1): the Salomon Islands [S:OWN].\n\n"
        + SINGLE.replace("The ministry", "Salomon Islands"),
    )
    (tmp_path / "data/corrections.csv").write_text(CORRECTIONS, encoding="utf-8")
    assert told(tmp_path) == []


def test_a_scenario_may_speak_of_a_real_state_only_with_a_source(tmp_path):
    lines = found(tmp_path, scenario_text=SCENARIO.replace("The rumour dies.", "The rumour dies, as in Kenya."))
    assert any("speaks of Kenya and names no source" in line for line in lines)


def test_the_corrections_of_the_workshop_are_patterns_that_work():
    rows = check_claims.corrections(ROOT)
    assert len(rows) >= 5 and any(pattern.search("its ascension to the treaty") for pattern, _ in rows)
