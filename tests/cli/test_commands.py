"""Every command that a person can read somewhere exists, and a slip on the command line gets one sentence."""

import itertools
import json
import re
import shlex
import subprocess
import sys
from datetime import datetime

import pytest
from support.small_project import CODE_ITEM, ROOT, SCENARIO, SINGLE, exercise, real, small_project

from workshop.cli.main import main, parser
from workshop.papers import schedule
from workshop.project import coverage, project

COMMANDS = [
    "lab",
    "folder",
    "build",
    "check",
    "coverage",
    "schedule",
    "handouts",
    "grade",
    "export",
    "report",
    "room",
    "study",
    "formgrader",
]
PAGES = [path for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md") if path.is_file()]


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A small kit of one lesson and one exercise, in which the commands work."""
    for name in ("WORKSHOP_HOME", "IPYTHONDIR", "PYDEVD_DISABLE_FILE_VALIDATION"):
        monkeypatch.setenv(name, str(tmp_path))
    return small_project(tmp_path, exercise_body=exercise(SINGLE))


def run(*arguments, home=ROOT):
    """The command as a person types it, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "workshop", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env={"WORKSHOP_HOME": str(home), "PATH": "/usr/bin:/bin"},
    )


# ---------------------------------------------------------------- help


def test_help_names_every_command():
    said = run("--help")
    assert (said.returncode, said.stderr) == (0, "")
    assert re.findall(r"^    (\w+)", said.stdout, re.M) == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(command, capsys):
    with pytest.raises(SystemExit) as stop:
        main([command, "--help"])
    assert stop.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: workshop {command} ")


def test_without_a_command_the_way_to_help_is_shown():
    said = run()
    assert said.returncode == 2 and "usage: workshop" in said.stderr and "Traceback" not in said.stderr


# ---------------------------------------------------------------- commands that are shown


def commands_in(markdown):
    """Each `workshop …` and `make …` that stands in a code span or a block of commands, as lists of words."""
    shown = []
    blocks = re.findall(r"^ *(?:```|~~~) *(\w*).*\n([\s\S]*?)^ *(?:```|~~~) *$", markdown, re.M)
    for language, block in blocks:
        if language in ("", "sh", "bash", "shell", "console", "text", "powershell"):
            shown += block.replace("\\\n", " ").split("\n")
    prose = re.sub(r"^ *(?:```|~~~)[\s\S]*?^ *(?:```|~~~) *$", "", markdown, flags=re.M)
    shown += re.findall(r"(?<!`)`([^`]+)`(?!`)", prose)
    found = []
    for line in shown:
        for part in re.split(r"&&|\|\||[;|]", line):
            words = shlex.split(re.sub(r"(?<!\S)[#>].*", "", part).strip().removeprefix("$ ").replace("'", ""))
            words = [word for word in words if not re.match(r"[A-Z_]+=", word)]
            words = words[2:] if words[:2] in (["python", "-m"], ["python3", "-m"]) else words
            if words and re.split(r"[/\\]", words[0])[-1] in ("workshop", "make") and len(words) > 1:
                found.append([re.split(r"[/\\]", words[0])[-1], *words[1:]])
    return found


def unknown(command):
    """Why a command that is shown does not exist, or an empty text."""
    tool, *words = command
    if tool == "make":
        targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
        return "" if {word for word in words if "=" not in word} <= targets else "no such target in the Makefile"
    try:
        parser().parse_args(
            [word for word in words if word not in ("…", "...")] if words[0] not in ("…", "...") else ["check"]
        )
    except SystemExit as stop:
        return "" if stop.code == 0 else "no such command"
    return ""


EXAMPLE = """
Type `workshop lab`, or `make lab`; never `workshop.table`, `make`, `make believe` or ``workshop`` alone.
`Makefile` is a file.

```sh
$ workshop schedule --start 09:30 m02_challenges   # an agenda
.venv/bin/workshop check && make test
WORKSHOP_HOME=/tmp/kit python -m workshop coverage --json > table.json
workshop lab \\
  --port 8899
```

```python
workshop check
```
"""


def test_the_collector_finds_commands_in_spans_and_blocks_and_nothing_else():
    assert sorted(commands_in(EXAMPLE)) == sorted(
        [
            ["workshop", "lab"],
            ["make", "lab"],
            ["make", "believe"],
            ["workshop", "schedule", "--start", "09:30", "m02_challenges"],
            ["workshop", "check"],
            ["make", "test"],
            ["workshop", "coverage", "--json"],
            ["workshop", "lab", "--port", "8899"],
        ]
    )


@pytest.mark.parametrize(
    ("words", "known"),
    [
        ("workshop lab", True),
        ("workshop lab --help", True),
        ("workshop grade m02_challenges", True),
        ("workshop build --check", True),
        ("workshop open", False),
        ("workshop grade", False),
        ("workshop check --fast", False),
        ("workshop folder", False),
        ("make test", True),
        ("make lab PYTHON=/usr/bin/python3", True),
        ("make believe", False),
    ],
)
def test_a_command_that_does_not_exist_is_told_from_one_that_does(words, known):
    assert (unknown(words.split()) == "") == known


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_shown_exists(page):
    shown = commands_in(page.read_text(encoding="utf-8"))
    assert shown
    for command in shown:
        assert not unknown(command), f"{page.name} shows `{shlex.join(command)}`: {unknown(command)}"


def test_every_command_in_the_examples_of_the_help_exists(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    examples = [line.strip() for line in capsys.readouterr().out.split("Examples:\n")[1].splitlines()]
    for line in examples:
        command = re.split(r"\s{2,}", line)[0].split()
        assert command[0] == "workshop" and not unknown(command), line


def test_every_command_that_a_message_names_exists():
    for path in (ROOT / "src/workshop").glob("*.py"):
        for words in re.findall(r"`(workshop [a-z][^`]*)`", path.read_text(encoding="utf-8")):
            assert not unknown(re.sub(r"\{[^}]*\}", "x", words).split()), f"{path.name}: {words}"


# ---------------------------------------------------------------- slips


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["grade", "m99_nothing"], "There is no exercise “m99_nothing”. The exercises are: small."),
        (["grade", "small"], "The exercise small is not built yet. Run `workshop build` first."),
        (["schedule", "m99_nothing"], "There is no page m99_nothing. The pages are: small."),
        (["schedule", "--start", "noon"], "“noon” is not a time such as 09:30."),
        (["schedule", "--start", "25:00"], "“25:00” is not a time such as 09:30."),
        (["folder", "my_folder"], "The pages are not built yet. Run `workshop build` first."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_slip_gets_one_sentence_and_the_status_2(capsys, arguments, says):
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.strip()) == ("", says)


def test_the_process_ends_with_that_status_and_no_traceback(tmp_path):
    said = run("check", home=tmp_path / "moved")
    assert said.returncode == 2 and "moved" in said.stderr and len(said.stderr.strip().splitlines()) == 1


def test_an_exercise_with_a_fault_is_not_graded_and_the_fault_is_told(home, capsys):
    small_project(home, exercise_body=SINGLE)
    assert main(["grade", "small"]) == 2
    assert capsys.readouterr().err.startswith("solutions/small.md:")


@pytest.mark.parametrize("arguments", [["open"], ["grade"], ["check", "--fast"], ["lab", "--port", "many"]])
def test_an_unknown_word_gets_help_and_no_traceback(arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert "usage: workshop" in capsys.readouterr().err


# ---------------------------------------------------------------- schedule


def minutes(start, end):
    return (datetime.strptime(end, "%H:%M") - datetime.strptime(start, "%H:%M")).seconds // 60


def test_the_schedule_of_the_kit_adds_up():
    made = schedule.entries(real(), "09:00")
    work = [minutes(start, end) for start, end, what in made if what != "Break"]
    assert sum(work) == sum(page.front["minutes"] for page in real().lessons)
    assert made[0][0] == "09:00" and all(one[1] == other[0] for one, other in itertools.pairwise(made))


def test_after_ninety_minutes_of_work_at_most_there_is_a_break():
    made = schedule.entries(real(), "09:00")
    worked = 0
    for start, end, what in made:
        worked = 0 if what == "Break" else worked + minutes(start, end)
        assert worked <= schedule.PAUSE_AFTER
    assert made[-1][2] != "Break"


def test_each_section_stands_in_the_schedule_with_its_minutes(home):
    page = home / "notebooks/small.md"
    page.write_text(
        page.read_text(encoding="utf-8")
        + "\n## One\n\n`a1` `2 minutes`\n\n## Two\n\n`3 minutes`\n\n## Three\n\nProse.\n",
        encoding="utf-8",
    )
    assert (
        schedule.as_text(schedule.entries(project.read(home), "23:58"))
        == "23:58–00:00  Small: One\n00:00–00:03  Small: Two"
    )


@pytest.mark.usefixtures("home")
def test_a_page_without_timed_sections_stands_as_a_whole(capsys):
    assert main(["schedule", "--start", "09:30"]) == 0
    assert capsys.readouterr().out == "09:30–09:35  Small\n"


def test_the_schedule_can_be_of_chosen_pages():
    assert {what.split(":")[0] for _, _, what in schedule.entries(real(), names=["m00_welcome"])} == {"Welcome"}


# ---------------------------------------------------------------- coverage


def test_the_coverage_as_data_has_a_row_a_statement_with_four_lists(monkeypatch, capsys):
    monkeypatch.setenv("WORKSHOP_HOME", str(ROOT))
    assert main(["coverage", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["statement"] for row in rows] == [
        f"{group}{n}" for group, last in (("a", 12), ("b", 15), ("c", 6), ("d", 2)) for n in range(1, last + 1)
    ]
    for row in rows:
        assert set(row) == {"statement", "text", "lessons", "questions", "scenarios", "graded"} and row["text"]
        assert all(
            isinstance(name, str) for list_ in ("lessons", "questions", "scenarios", "graded") for name in row[list_]
        )


def test_the_coverage_finds_each_statement_where_it_stands(tmp_path):
    kit = small_project(tmp_path, "## Part\n\n`a1` `5 minutes`\n\n" + SINGLE, exercise(SINGLE) + CODE_ITEM, SCENARIO)
    first, other = coverage.rows(project.read(kit))
    assert first == {
        "statement": "a1",
        "text": "A statement.",
        "lessons": ["small#Part"],
        "questions": ["small:first"],
        "scenarios": ["rumour"],
        "graded": ["small:first"],
    }
    assert [other[name] for name in ("lessons", "questions", "scenarios", "graded")] == [[], [], [], []]


def test_the_coverage_counts_only_what_has_a_passage_two_questions_and_a_graded_item():
    row = {"statement": "a1", "lessons": ["x"], "questions": ["x", "y"], "scenarios": [], "graded": ["z"]}
    said = coverage.as_text([row, {**row, "questions": ["x"]}, {**row, "lessons": []}, {**row, "graded": []}])
    assert said.endswith("1 of 4 statements have a lesson passage, two questions and a graded item.")
