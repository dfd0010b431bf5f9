"""Questions are read from Markdown, and a text that is not in order gets a line, a reason and a mend."""

import json
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.small_project import (
    CLASSIFY,
    CODE_ITEM,
    EXERCISE_FRONT,
    LESSON_FRONT,
    MAP,
    MATCH,
    MULTIPLE,
    NUMBER,
    QUESTIONS,
    RANK,
    ROOT,
    SCENARIO,
    SINGLE,
    WRITE,
    exercise,
    faults,
    line_of,
    page,
    question,
    real,
    real_questions,
    scenario,
    small_project,
)

from workshop.content.trees import text_of
from workshop.project import project
from workshop.questions.kinds import from_data
from workshop.questions.kinds.base import shuffled

SECRET = {"right", "reason", "should", "may", "best", "rubric", "model", "numbers", "closing", "tie", "sources"}


def texts(items):
    return {text_of(item["text"] if isinstance(item, dict) else item.text) for item in items}


def keys_in(value):
    """Every name that stands anywhere in JSON data."""
    if isinstance(value, dict):
        return set(value) | {key for inner in value.values() for key in keys_in(inner)}
    return {key for inner in value for key in keys_in(inner)} if isinstance(value, list) else set()


# ---------------------------------------------------------------- each kind is read


def test_choose_one_has_options_one_of_them_right_each_with_its_reason():
    read = question(SINGLE)
    assert (read.kind, read.id, read.title) == ("single", "first", "Who hears first?")
    assert {text_of(o.text): (o.right, text_of(o.reason)) for o in read.options} == {
        "The ministry": (False, "It reads reports."),
        "The board": (True, "Yes: it sits in the district."),
    }


def test_prompt_closing_words_statements_and_sources_are_read():
    read = question(SINGLE)
    assert text_of(read.prompt) == "Meridia has four offices."
    assert text_of(read.closing) == "Think of your own office."
    assert (read.statements, read.sources) == (["a1"], ["OWN"])


def test_choose_all_may_have_several_right_options():
    assert texts(o for o in question(MULTIPLE).options if o.right) == {"A list of names", "A closed market"}


def test_rank_keeps_the_best_order_and_its_ties():
    assert question(RANK).best == [["words"], ["a-decree", "a-budget"], ["a-law"]]


def test_the_word_tie_is_not_shown():
    assert texts(question(RANK).options) == {"Words", "A decree", "A budget", "A law"}


def test_the_text_of_a_ranked_line_is_whole_when_its_reason_is_a_list():
    read = question(
        "### Order\n\n`rank` `a1`\n\n1. Words\n   - Cheap.\n2. Decree\n   - Binds.\n3. Law\n   - Binds more.\n"
    )
    assert texts(read.options) == {"Words", "Decree", "Law"}


def test_match_has_rows_columns_and_a_right_side_that_fits_none():
    read = question(MATCH)
    assert {text_of(row.text): row.should for row in read.rows} == {
        "Police": ["incidents"],
        "Board": ["rumours"],
        "Radio": ["rumours"],
    }
    assert texts(read.columns) == {"Incidents", "Rumours", "Rainfall"}
    assert (read.row_label, read.column_label) == ("Institution", "Brings")


def test_classify_accepts_each_of_two_classes_joined_by_or():
    read = question(CLASSIFY)
    assert texts(read.columns) == {"Words", "Deed"}
    assert {text_of(row.text): row.should for row in read.rows}["A vote"] == ["words", "deed"]


def test_number_has_its_range_its_slips_and_its_unit():
    read = question(NUMBER)
    assert [(n.low, n.high, n.right) for n in read.numbers] == [(34.8, 35.8, True), (30, 30, False)]
    assert read.unit == "million US dollars"


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("30 to 32", 30, 32),
        ("32 to 30", 30, 32),
        ("17,800,000 ± 1000", 17_799_000, 17_801_000),
        ("-5 to -3", -5, -3),
        ("7", 7, 7),
    ],
)
def test_a_range_may_be_written_in_these_ways(written, low, high):
    number = question(NUMBER.replace("35.3 ± 0.5", written)).numbers[0]
    assert (number.low, number.high) == (low, high)


def test_map_has_cells_that_should_be_ticked_and_cells_that_may_be():
    rows = {text_of(row.text): (row.should, row.may) for row in question(MAP).rows}
    assert rows == {
        "Hear": (["police", "board"], []),
        "Answer": (["board"], []),
        "Count": (["police"], ["board"]),
        "Sing": ([], []),
    }


def test_write_has_a_rubric_with_points_a_model_answer_and_a_word_limit():
    read = question(WRITE)
    assert [(line["points"], text_of(line["text"])) for line in read.rubric] == [
        (1, "names an office"),
        (2, "names a day"),
    ]
    assert text_of(read.model) == "Ask the board on Monday."
    assert read.words == 20


def test_graded_questions_have_points():
    assert question(exercise(SINGLE), "exercise").points == 3


def test_a_ranking_of_empty_lines_is_a_fault_and_no_crash():
    assert "This line is empty" in faults("### Order\n\n`rank` `a1`\n\n1.\n2.\n3.\n")[0]


def test_the_id_is_the_anchor_of_the_heading_unless_one_is_given():
    assert question(SINGLE.replace(" `#first`", "")).id == "who-hears-first"


def test_the_line_of_a_question_is_that_of_its_heading():
    assert question(SINGLE).line == line_of(SINGLE, "### Who")


@pytest.mark.parametrize("kind", QUESTIONS)
def test_a_question_survives_being_written_down(kind):
    read = question(QUESTIONS[kind])
    assert from_data(json.loads(json.dumps(read.data()))) == read


def test_a_question_ends_at_the_next_heading():
    read, _ = page(SINGLE + "\n## Next\n\nProse.\n")
    assert text_of(read.questions[0].closing) == "Think of your own office."
    assert read.parts[-1].source.startswith("## Next")


# ---------------------------------------------------------------- each fault has its line and its mend

FAULTS = [
    (
        "a missing reason",
        SINGLE,
        "  It reads reports.\n\n",
        "",
        "[ ] The ministry",
        "“The ministry” has no reason. Add an indented paragraph",
    ),
    ("a missing reason in a ranking", RANK, "   Cheapest.\n\n", "", "1. Words", "“Words” has no reason."),
    (
        "a missing reason in a table",
        MATCH,
        "They count them.",
        "",
        "| Police",
        "“Police” has no reason. Fill the last cell",
    ),
    ("a choice without a key", SINGLE, "[x]", "[ ]", "- [ ] The ministry", "mark the right option with [x]"),
    ("several without a key", MULTIPLE, "[x]", "[ ]", "- [x] A list", "mark the right option with [x]"),
    (
        "two keys in choose one",
        SINGLE,
        "[ ]",
        "[x]",
        "- [ ] The ministry",
        "2 options marked [x]. Leave one, or write `choose all`",
    ),
    (
        "no list at all",
        SINGLE,
        "- [ ] The ministry\n\n  It reads reports.\n\n- [x] The board\n\n  Yes: it sits in the district.\n",
        "",
        "### Who hears",
        "has no key: it needs a list whose lines begin with [ ] or [x]",
    ),
    ("a line without a mark", SINGLE, "- [x] The", "- The", "- [x] The board", "does not begin with [ ] or [x]"),
    ("an empty option", SINGLE, "The ministry", "", "- [ ] The", "This option is empty. Write its text"),
    (
        "a misspelt kind",
        SINGLE,
        "choose one",
        "chose one",
        "`choose one`",
        "a kind of question is misspelt: known are choose one",
    ),
    (
        "an unknown code word",
        SINGLE,
        "`a1`",
        "`hard`",
        "`choose one`",
        "“hard” is no code word of a question. Known are: points",
    ),
    (
        "a rubric line without points",
        WRITE,
        "`1 point` names",
        "names",
        "- `1 point`",
        "A rubric line begins with its points in code",
    ),
    (
        "a rubric line that is only points",
        WRITE,
        " names an office",
        "",
        "- `1 point`",
        "A rubric line begins with its points",
    ),
    (
        "no model answer",
        WRITE,
        "> Ask the board on Monday.\n",
        "",
        "- `1 point`",
        "has no model answer. Add one as a quotation",
    ),
    (
        "no rubric",
        WRITE,
        "- `1 point` names an office\n- `2 points` names a day\n",
        "",
        "### Say it",
        "it needs a list of rubric lines",
    ),
    (
        "a strange cell of a map",
        MAP,
        "| o |",
        "| yes |",
        "| Count",
        "“yes” in “Who does what?”: a cell of a map holds x",
    ),
    ("a map without a tick", MAP, "x", "o", "| Task", "has no key: no cell holds an x"),
    (
        "a match with a missing cell",
        MATCH,
        "| Board | Rumours |",
        "| Board | |",
        "| Board",
        "both first cells must be filled",
    ),
    ("a class without a statement", CLASSIFY, "| A budget |", "| |", "| A budget", "both first cells must be filled"),
    (
        "a table of two columns",
        "### M\n\n`match` `a1`\n\n| A | B |\n| --- | --- |\n| c | d |\n",
        "",
        "",
        "| A | B",
        "the table needs three columns",
    ),
    (
        "a table without rows",
        "### M\n\n`match` `a1`\n\n| A | B | C |\n| --- | --- | --- |\n",
        "",
        "",
        "| A | B",
        "its table has no rows",
    ),
    (
        "two rows that begin alike",
        MATCH,
        "| Radio |",
        "| Board |",
        "| Radio",
        "Two rows of “Who brings what?” begin with “Board”",
    ),
    (
        "a number that cannot be read",
        NUMBER,
        "35.3 ± 0.5",
        "many",
        "- [x] 35.3",
        "“many” is not a number such as “[x] 31.2 ± 0.3”",
    ),
    ("a range written with a dash", NUMBER, "35.3 ± 0.5", "30–32", "- [x] 35.3", "“30–32” is not a number such as"),
    ("a number without a key", NUMBER, "[x]", "[ ]", "- [x] 35.3", "mark the right number with [x]"),
    (
        "a ranking of two",
        "### R\n\n`rank` `a1`\n\n1. A\n\n   Why.\n\n2. B\n\n   Why.\n",
        "",
        "",
        "1. A",
        "fewer than three lines",
    ),
    (
        "a ranking without a list",
        RANK,
        RANK[RANK.index("1. ") :],
        "Prose.\n",
        "### Put",
        "it needs a numbered list in the best order",
    ),
    (
        "a ranking in which all tie",
        re.sub(r"(\d\. [\w ]+\w)\n", r"\1 `tie`\n", RANK.replace(" `tie`", "")),
        "",
        "",
        "1. Words",
        "every order is right. Take a `tie` away",
    ),
    ("a ranking shown solved", RANK, "`a1`", "`a1` `in order`", "`rank`", "would show it solved. Take `in order` away"),
    (
        "points in a lesson",
        SINGLE,
        "`a1`",
        "`2 points` `a1`",
        "`choose one`",
        "Take the points away, or move the question",
    ),
    (
        "a heading without words",
        SINGLE.replace(" `#first`", ""),
        "Who hears first?",
        "???",
        "### Who",
        "This question has no name",
    ),
]


@pytest.mark.parametrize(
    ("text", "old", "new", "where", "message"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS]
)
def test_a_fault_is_told_with_its_line_and_a_mend(text, old, new, where, message):
    assert old in text
    found = faults(text.replace(old, new) if old else text)
    line = line_of(text, where)
    assert any(fault.startswith(f"small.md:{line}: ") and message in fault for fault in found), found


def test_missing_points_in_an_exercise_are_told():
    found = faults(SINGLE, "exercise")
    assert found == [
        f"small.md:{line_of(SINGLE, '`choose one`', EXERCISE_FRONT)}: “Who hears first?” has no points. "
        "Add a code word such as `2 points`."
    ]


def test_a_rubric_that_does_not_add_up_is_told():
    found = faults(exercise(WRITE).replace("`2 points` names", "`4 points` names"), "exercise")
    assert len(found) == 1 and "adds up to 5, and the question has 3 points. Make them equal." in found[0]


def test_two_questions_of_one_id_are_told_with_both_lines():
    text = SINGLE + "\n" + MULTIPLE.replace("#signs", "#first")
    first, second = line_of(text, "### Who hears"), line_of(text, "### Which are")
    assert faults(text) == [
        f"small.md:{second}: Two questions have the id “first” (the other is in line {first}). "
        "Give one another name, a code word such as “#first-step”."
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (":points: 2\n", "", "The test “count” has no points."),
        (":points: 2", ":points: two", "The test “count” has no points."),
        (":solution: count", ":solution: counts", "The test “count” has no solution."),
        ("    # END SOLUTION\n", "", "BEGIN SOLUTION and END SOLUTION do not go in pairs."),
        ("# END HIDDEN TESTS\n", "", "BEGIN HIDDEN TESTS and END HIDDEN TESTS do not go in pairs."),
    ],
)
def test_a_code_item_that_is_not_whole_is_told(old, new, message):
    found = faults(CODE_ITEM.replace(old, new), "exercise")
    assert len(found) == 1 and message in found[0]


def test_a_code_item_that_is_whole_has_no_fault():
    assert faults(CODE_ITEM, "exercise") == []


def test_all_faults_of_all_pages_come_in_one_run(tmp_path):
    small_project(
        tmp_path,
        lesson=SINGLE.replace("[x]", "[ ]") + NUMBER.replace("35.3 ± 0.5", "many"),
        exercise_body=SINGLE,
        scenario_text=SCENARIO.replace("#it-grows)", "#it-grow)"),
    )
    found = project.read(tmp_path).problems
    assert [problem.path for problem in found] == ["notebooks/small.md"] * 3 + ["solutions/small.md"] + [
        "data/scenarios/rumour.md"
    ] * 2


# ---------------------------------------------------------------- damaged pages


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "Grüße\n".encode("latin-1"),
            "This is not UTF-8 text. Open the file in an editor and save it with the encoding UTF-8.",
        ),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "This is not UTF-8 text."),
        (b"", "does not open with front matter"),
        (b"\x00\x01" * 50, "does not open with front matter"),
        (b"---\n---\n# T\n", "not a list of"),
        (b"---\n\n---\n# T\n", "not a list of"),
        (b"---\n- a\n---\n", "not a list of"),
        (b"---\ntitle: Orvane: our ministry\n---\n", "A text with a colon needs quotation marks."),
        (b"---\nwhen: 2025-13-41\n---\n", "The front matter cannot be read: month must be in 1..12"),
        (b"---\nwhen: !!bool perhaps\n---\n", "The front matter cannot be read"),
        (b"---\n" + b"[" * 1500 + b"\n---\n", "The front matter cannot be read"),
    ],
)
def test_a_damaged_page_gets_a_plain_message(content, message):
    for found in (faults(content), faults(content, "exercise"), scenario(content)[1]):
        assert len(found) == 1 and message in found[0] and "\n" not in found[0]


def test_the_line_of_a_foreign_letter_is_told():
    assert faults((LESSON_FRONT + "# T\n\nGr").encode() + "ü".encode("latin-1"))[0].startswith("small.md:11: ")


def test_a_page_that_is_a_folder_gets_a_plain_message(tmp_path):
    small_project(tmp_path)
    (tmp_path / "notebooks/other.md").mkdir()
    assert [str(p) for p in project.read(tmp_path).problems] == [
        "notebooks/other.md:1: The file cannot be read: Is a directory."
    ]


@pytest.mark.parametrize("fence", ["```", "~~~", "```{code-cell}", "````"])
def test_a_fence_that_is_never_closed_is_told_where_it_begins(fence):
    text = f"# T\n\n{fence}\nx = 1\n\n" + SINGLE
    assert (
        faults(text)[0] == f"small.md:{line_of(text, fence)}: This block is never closed, so the page ends inside it. "
        "Put a line with its closing ``` where it should end."
    )


def test_a_closed_fence_is_no_fault():
    assert faults("# T\n\n````\n```\nx\n````\n\n~~~ python\nx\n~~~\n") == []


def test_a_note_that_is_never_closed_is_told_because_it_would_hide_the_rest():
    found = faults('# T\n\n+++ {"facilitator": true}\n\n- Ask: who?\n\n## Next\n\n' + SINGLE)
    assert (
        found[0] == "small.md:15: “Next” stands inside a facilitator's note, which no participant sees. "
        "End the note with a line +++ before it."
    )


def test_a_broken_note_line_is_told():
    assert "a broken “+++ {…}” line" in faults('# T\n\n+++ {"facilitator": tr}\n\nx\n\n+++\n')[0]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('title: "Small"\n', "", "The front matter has no “title”. Add a line “title: …”."),
        ("minutes: 5", "minutes: five", "“minutes” in the front matter must be a whole number."),
        ("minutes: 5", "minutes: yes", "“minutes” in the front matter must be a whole number."),
        ("statements: [a1]", "statements: a1", "“statements” in the front matter must be a list of texts."),
        (
            'outcomes: ["Name one office"]',
            "outcomes: [Know: this]",
            "“outcomes” in the front matter must be a list of texts.",
        ),
    ],
)
def test_a_wrong_line_of_the_front_matter_is_told(old, new, message):
    found = faults("# T\n", front=LESSON_FRONT.replace(old, new))
    assert len(found) == 1 and found[0].endswith(message)


def real_texts():
    found = [(read.kind, ROOT / read.path) for read in real().pages]
    return found + [("scenario", ROOT / read.path) for read in real().scenarios.values()]


def read_any(kind, content):
    return scenario(content)[1] if kind == "scenario" else faults(content, kind)


TREES = st.lists(
    st.sampled_from(
        [
            "### Q\n\n",
            "## S\n\n",
            "# R\n\n",
            "`choose one` `a1`\n\n",
            "`choose all`\n\n",
            "`rank`\n\n",
            "`match`\n\n",
            "`classify`\n\n",
            "`number`\n\n",
            "`map`\n\n",
            "`write`\n\n",
            "`a1` `5 minutes`\n\n",
            "- [x] a\n\n  b\n\n",
            "- [ ]\n",
            "- ***\n",
            "- `1 point`\n",
            "1. a\n\n   b\n\n",
            "2. `tie`\n\n   b\n",
            "3. ---\n\n   b\n",
            "| a | b | Why |\n| - | - | - |\n",
            "| x | o | c |\n",
            "| | | |\n",
            "> m\n\n",
            "```\n",
            "```{code-cell}\n",
            ":test: x\n",
            "+++\n",
            '+++ {"facilitator": true}\n',
            "- [x] ± 3 to\n\n  b\n\n",
            "- [go](#s)",
            " `strong` `2 weeks` `RISK +1`\n",
            " `if #s: later RISK -1`\n",
            "# Endings\n\n",
            "- > q\n",
            "- ```\n",
            "\t",
            "-\n",
            "[x]: y\n",
            "---\n",
        ]
    )
    | st.text(max_size=8),
    max_size=25,
).map("".join)


@given(st.one_of(TREES, st.text(max_size=200)))
def test_no_text_whatever_makes_reading_fail(body):
    for kind in ("lesson", "exercise"):
        assert all(re.match(r"small\.md:\d+: \S", fault) for fault in faults(body, kind))
    assert isinstance(scenario(SCENARIO.split("# Meridia")[0] + body)[1], list)


@given(st.binary(max_size=300), st.sampled_from(["lesson", "exercise", "scenario"]))
def test_no_bytes_whatever_make_reading_fail(content, kind):
    assert read_any(kind, content)


@given(st.integers(0, 2**32), st.sampled_from(real_texts()))
def test_no_cut_or_slip_in_a_real_page_makes_reading_fail(seed, which):
    dice, (kind, path) = random.Random(seed), which
    content = path.read_text(encoding="utf-8")
    lines = content.split("\n")
    start = dice.randrange(len(lines))
    lines = lines[:14] + lines[max(14, start) : start + 120]  # a stretch of the page, for speed
    for _ in range(dice.randrange(1, 6)):
        at = dice.randrange(len(lines))
        lines[at] = dice.choice(
            [
                "",
                lines[at][: dice.randrange(len(lines[at]) + 1)],
                lines[at][1:],
                lines[at] + dice.choice("`|[](){}:#*>-"),
                dice.choice(lines),
                lines[at].replace(" ", "\t"),
                "```",
                "---",
                "+++",
                lines[at][::-1],
            ]
        )
    if dice.random() < 0.3:
        del lines[dice.randrange(len(lines)) :]
    assert isinstance(read_any(kind, "\n".join(lines).encode()), list)


# ---------------------------------------------------------------- what a participant may see


@pytest.mark.parametrize("kind", QUESTIONS)
def test_what_is_public_of_a_question_holds_no_key(kind):
    public = question(QUESTIONS[kind]).public()
    assert not keys_in(public) & SECRET
    assert "Yes" not in json.dumps(public) and "Ask the board" not in json.dumps(public)


@given(st.sampled_from(real_questions()))
def test_what_is_public_of_a_real_question_holds_no_key(which):
    _, real_question = which
    public = real_question.public()
    assert not keys_in(public) & SECRET
    seen = json.dumps(public, ensure_ascii=False)
    assert not [
        words
        for words in map(text_of, real_question.secrets())
        if words and json.dumps(words, ensure_ascii=False)[1:-1] in seen
    ]


def test_an_option_says_the_same_whether_it_is_right_or_not():
    swapped = SINGLE.replace("[ ]", "[?]").replace("[x]", "[ ]").replace("[?]", "[x]")
    assert question(SINGLE).public() == question(swapped).public()


def test_a_table_is_shown_the_same_whatever_its_key_is():
    swapped = CLASSIFY.replace("| Words |", "| ? |").replace("| Deed |", "| Words |").replace("| ? |", "| Deed |")
    assert question(CLASSIFY).public() == question(swapped).public()


def test_the_order_of_the_options_is_the_same_at_every_reading():
    assert question(MULTIPLE).public() == question(MULTIPLE).public()
    assert [o.id for o in question(MULTIPLE).options] != ["a-list-of-names", "a-closed-market", "rain", "a-new-road"]


def test_the_order_of_the_options_does_not_follow_the_order_of_the_text():
    turned = (
        "\n".join(MULTIPLE.split("\n")[:4]) + "\n- [ ] Rain\n\n  Weather.\n\n- [x] A closed market\n\n  Yes.\n\n"
        "- [x] A list of names\n\n  Yes.\n\n- [ ] A new road\n\n  Traffic.\n"
    )
    assert question(MULTIPLE).public()["options"] == question(turned).public()["options"]


def test_options_stay_as_written_where_the_text_asks_for_it():
    assert [o.id for o in question(MULTIPLE.replace("`a1`", "`a1` `in order`")).options] == [
        "a-list-of-names",
        "a-closed-market",
        "rain",
        "a-new-road",
    ]


@given(
    st.lists(
        st.tuples(st.text("abcdefg", min_size=1, max_size=3), st.booleans()),
        min_size=3,
        max_size=5,
        unique_by=lambda x: x[0],
    ),
    st.text("abcdefgh", min_size=1, max_size=4),
)
def test_a_ranking_is_never_shown_in_its_right_order(lines, name):
    listed = "\n\n".join(f"{n}. {word}{' `tie`' if tie else ''}\n\n   Why." for n, (word, tie) in enumerate(lines, 1))
    read, problems = page(f"### R\n\n`rank` `#{name}`\n\n{listed}\n")
    if all(tie for _, tie in lines[1:]):
        assert problems
        return
    band = {option: place for place, group in enumerate(read.questions[0].best) for option in group}
    shown = [band[option.id] for option in read.questions[0].options]
    assert shown != sorted(shown)


def test_the_right_option_of_the_real_questions_does_not_always_stand_in_one_place():
    places = {[o.right for o in q.options].index(True) for _, q in real_questions() if q.kind == "single"}
    assert len(places) > 2


def test_items_are_shuffled_by_their_names_and_the_seed_alone():
    items = [{"id": name} for name in "abcdef"]
    assert shuffled(items, "x") == shuffled(items[::-1], "x") != shuffled(items, "y")
