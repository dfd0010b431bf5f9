"""Agendas: what a facilitator puts on the wall adds up, leaves room to breathe, and names what is missing."""

import itertools
import re
from datetime import datetime

import pytest
from support.small_project import ROOT, SCENARIO, real, small_project

from workshop.cli.main import main
from workshop.papers import schedule
from workshop.project import agendas, coverage, project

HEAD = "| Minutes | Block | How | What happens | Bring |\n| --- | --- | --- | --- | --- |\n"
LENGTHS = ["half", "1", "2", "3"]


def read(folder, rows, before="## One day\n\n`1`\n\nFor a few.\n\n### Day 1\n\n"):
    """The agendas of a small kit whose page of agendas holds these rows, and the faults as lines of text."""
    kit = small_project(folder, "## Who hears?\n\n`a1` `5 minutes`\n", scenario_text=SCENARIO)
    (kit / agendas.PATH).write_text("# Agendas\n\n" + before + HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    found, faults = agendas.read(project.read(kit))
    return found, [str(fault) for fault in faults]


def faults(folder, *rows, **options):
    return read(folder, rows, **options)[1]


def block(folder, row):
    return read(folder, [row])[0]["1"].days[0].blocks[0]


@pytest.fixture(scope="module", params=LENGTHS)
def agenda(request):
    return agendas.read(real())[0][request.param]


# ---------------------------------------------------------------- the kit's own


def test_the_kit_has_agendas_of_half_a_day_to_three_days_without_a_fault():
    found, problems = agendas.read(real())
    assert list(found) == LENGTHS and problems == []
    assert [len(agenda.days) for agenda in found.values()] == [1, 1, 2, 3]


def test_each_block_begins_when_the_last_one_ends(agenda):
    for day in agenda.days:
        timed = day.timed("08:30")
        assert timed[0][0] == "08:30" and all(one[1] == other[0] for one, other in itertools.pairwise(timed))


def test_the_minutes_of_the_blocks_are_the_length_of_the_day(agenda):
    for day in agenda.days:
        timed = day.timed("09:00")
        whole = datetime.strptime(timed[-1][1], "%H:%M") - datetime.strptime("09:00", "%H:%M")
        assert whole.seconds == 60 * sum(block.minutes for block in day.blocks)


def test_no_day_is_longer_than_an_office_day(agenda):
    assert all(day.timed("09:00")[-1][1] <= "17:30" for day in agenda.days)


def test_nobody_only_listens_for_longer_than_25_minutes(agenda):
    assert [
        block.title for day in agenda.days for block in day.blocks if block.how == "plenary" and block.minutes > 25
    ] == []


def test_nobody_works_longer_than_90_minutes_without_a_break(agenda):
    for day in agenda.days:
        worked = 0
        for block in day.blocks:
            worked = 0 if block.pause else worked + block.minutes
            assert worked <= 90, block.title


def test_every_whole_day_has_a_lunch_of_an_hour():
    for agenda in agendas.read(real())[0].values():
        for day in agenda.days if agenda.length != "half" else ():
            assert [block.minutes for block in day.blocks if block.how == "lunch"] == [60], day.title


def test_each_agenda_opens_with_the_house_rules_and_ends_with_the_check_after_and_an_evaluation(agenda):
    words = [" ".join(schedule.details(block)) for day in agenda.days for block in day.blocks]
    assert "house rules" in words[0] and "check after" in words[-1].lower() and "evaluation" in words[-1]


def test_each_agenda_has_a_scenario_a_debrief_after_it_and_commitments(agenda):
    titles = [block.title.lower() for day in agenda.days for block in day.blocks]
    played = next(i for i, title in enumerate(titles) if "scenario" in title)
    assert any("debrief" in title for title in titles[played:])
    assert any(
        "commitment" in schedule.details(block)[-1].lower()
        for day in agenda.days
        for block in day.blocks
        if not block.pause
    )


def test_a_play_is_followed_by_a_debrief_of_a_third_of_its_time(agenda):
    played = 0
    for block in (block for day in agenda.days for block in day.blocks):
        if "scenario" in block.title.lower():
            played += block.minutes
        elif block.title == "Debrief":
            assert block.minutes >= played / 3
            played = 0
    assert played == 0


def test_every_lesson_has_a_place_in_three_days():
    links = set(
        re.findall(r"notebooks/(\w+)\.md", (ROOT / agendas.PATH).read_text(encoding="utf-8").split("## Three days")[1])
    )
    assert links == {page.name for page in real().lessons}


def test_every_working_block_of_the_content_names_its_statements(agenda):
    frame = {"Opening", "Before", "Close", "After", "Debrief", "What stayed", "A light ending", "When words do harm"}
    assert [
        block.title
        for day in agenda.days
        for block in day.blocks
        if not block.pause and not block.statements and block.title not in frame
    ] == []


def test_three_days_touch_every_statement():
    assert set(agendas.read(real())[0]["3"].statements) == set(coverage.statements(ROOT))


# ---------------------------------------------------------------- reading


def test_a_block_takes_its_statements_and_its_reading_time_from_the_part_it_links(tmp_path):
    made = block(tmp_path, "| 20 | Ears | pairs | [Who](../notebooks/small.md#who-hears) `a12` | Pens |")
    assert (made.minutes, made.title, made.how, made.statements, made.reading) == (
        20,
        "Ears",
        "pairs",
        ["a1", "a12"],
        5,
    )
    assert schedule.details(made) == [
        "Who.",
        "Statements a1, a12 · its pages take 5 minutes, the rest is talk",
        "Bring: Pens",
    ]


def test_a_block_takes_its_statements_from_a_whole_page_or_a_scenario(tmp_path):
    assert block(tmp_path, "| 20 | Ears | pairs | [All](../notebooks/small.md) | |").reading == 5
    assert block(tmp_path, "| 20 | Play | groups | [Rumour](scenarios/rumour.md) | |").statements == ["a1"]


def test_a_kit_without_a_page_of_agendas_has_none_and_no_fault(tmp_path):
    assert agendas.read(project.read(small_project(tmp_path))) == ({}, [])


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("| ten | A | pairs | x | |", "“ten” is not a number of minutes."),
        (
            "| 10 | A | | x | |",
            "A block needs a name and a way of working, for instance “pairs”, “groups”, “plenary” or “break”.",
        ),
        (
            "| 30 | A | plenary | x | |",
            "“A” lets people listen for 30 minutes; 25 are the most that anybody can. Shorten it, or give them "
            "something to do and say so under How.",
        ),
        (
            "| 4 | A | pairs | [x](../notebooks/small.md) | |",
            "“A” has 4 minutes, and the pages it names take 5. Give it more time, or take a page out.",
        ),
        (
            "| 9 | A | pairs | [x](../notebooks/smal.md) | |",
            "There is no page “smal”, so this block has nothing to open. Did you mean small?",
        ),
        (
            "| 9 | A | pairs | [x](../notebooks/small.md#who-heard) | |",
            "The page “small” has no part “#who-heard”. Did you mean #who-hears?",
        ),
        ("| 9 | A | pairs | [x](scenarios/rumor.md) | |", "There is no scenario “rumor”. Did you mean rumour?"),
    ],
    ids=lambda value: value[:30],
)
def test_what_is_wrong_with_a_row_is_said_with_its_line(tmp_path, row, says):
    assert faults(tmp_path, row) == [f"data/agendas.md:13: {says}"]


def test_ninety_one_minutes_without_a_break_are_a_fault(tmp_path):
    rows = ["| 60 | A | pairs | x | |", "| 31 | B | pairs | x | |"]
    assert faults(tmp_path, *rows) == [
        "data/agendas.md:14: With “B” people have worked for 91 minutes without a break; 90 are enough. "
        "Put a break before it."
    ]
    assert faults(tmp_path, rows[0], "| 5 | Break | break | | |", rows[1]) == []


def test_an_agenda_without_a_length_or_with_one_twice_is_a_fault(tmp_path):
    assert "stands no length" in faults(tmp_path, before="## One day\n\nFor a few.\n\n### Day 1\n\n")[0]
    assert (
        "Two agendas have the length `1`" in faults(tmp_path, before="## A\n\n`1`\n\n## B\n\n`1`\n\n### Day 1\n\n")[0]
    )


def test_a_table_with_other_columns_or_outside_a_day_is_a_fault(tmp_path):
    assert "belongs to no day" in faults(tmp_path, before="## A\n\n`1`\n\n")[0]
    (tmp_path / agendas.PATH).write_text(
        "## A\n\n`1`\n\n### Day\n\n| a | b |\n| - | - |\n| 1 | 2 |\n", encoding="utf-8"
    )
    assert "The columns of this table are a, b." in str(agendas.read(project.read(tmp_path))[1][0])


def test_a_missing_page_is_a_fault_of_the_check_and_the_agenda_still_prints(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("WORKSHOP_HOME", str(tmp_path))
    read(tmp_path, ["| 20 | Later | pairs | [x](../notebooks/m99_later.md) | |"])
    assert main(["check", "--quick"]) == 1 and "There is no page “m99_later”" in capsys.readouterr().out
    assert main(["schedule", "--days", "1"]) == 0 and "09:00–09:20  Later · pairs" in capsys.readouterr().out


def test_a_statement_that_the_notes_do_not_have_is_a_fault_of_the_check(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("WORKSHOP_HOME", str(tmp_path))
    read(tmp_path, ["| 20 | Later | pairs | x `b99` | |"])
    main(["check", "--quick"])
    assert "data/agendas.md:13: There is no statement b99 in the notes." in capsys.readouterr().out


# ---------------------------------------------------------------- the command


@pytest.mark.parametrize("days", LENGTHS)
def test_the_command_prints_every_block_with_its_time(days, monkeypatch, capsys):
    monkeypatch.setenv("WORKSHOP_HOME", str(ROOT))
    assert main(["schedule", "--days", days, "--start", "08:30"]) == 0
    said = capsys.readouterr().out
    agenda = agendas.read(real())[0][days]
    assert re.findall(r"^\d\d:\d\d–\d\d:\d\d  ([^·\n]+)", said, re.M) == [
        title
        for day in agenda.days
        for _, _, b in day.timed("08:30")
        for title in [b.title + (" " if not b.pause else "")]
    ]
    assert said.count("08:30–") == len(agenda.days) and max(map(len, said.split("\n"))) <= 100


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--days", "9"], "There is no agenda “9” in data/agendas.md. It has: half, 1, 2, 3."),
        (["--days", "1", "m02_challenges"], "Choose one: pages by their minutes, or --days for a whole agenda."),
        (["--days", "1", "--start", "noon"], "“noon” is not a time such as 09:30."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_slip_gets_one_sentence(arguments, says, monkeypatch, capsys):
    monkeypatch.setenv("WORKSHOP_HOME", str(ROOT))
    assert main(["schedule", *arguments]) == 2
    assert capsys.readouterr() == ("", says + "\n")
