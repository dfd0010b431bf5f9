"""What is printed for a workshop: everything is there, nothing is cut, and no key lies on a participant's table."""

import json
import re

import pytest
from support.papers import HEIGHT, WIDTH, alternatives, bare, opened, placed, read
from support.small_project import QUESTIONS, ROOT, SCENARIO, SINGLE, real, small_project
from support.small_project import question as question_text

from workshop.architecture import model as architecture
from workshop.cli.main import main
from workshop.content.trees import text_of
from workshop.papers import handouts, question_sheets, scenario_papers
from workshop.project import agendas, coverage, project
from workshop.scenarios.model import ENDINGS

PAPERS = handouts.every(real())
NAMES = [paper.name for paper in PAPERS]
SHEETS = [page for page in real().lessons if page.questions]
SCENARIOS = list(real().scenarios.values())


@pytest.fixture(scope="module")
def printed():
    """{name: PDF}, each paper made when a test first asks for it."""
    made, named = {}, {paper.name: paper for paper in PAPERS}

    class Printed(dict):
        def __missing__(self, name):
            made[name] = self[name] = named[name].make().pdf()
            return self[name]

    return Printed()


FOOT = re.compile(r"BuildingNationalArchitectures·.*?\d+/\d+")


def words(pdf):
    """All words of a paper without its foot, so that a sentence may run over two pages."""
    return "".join(FOOT.sub("", bare(page)) for page in read(pdf))


def own(folder, markdown, name="own"):
    """A small kit with one page of handouts of its own."""
    kit = small_project(folder, SINGLE, scenario_text=SCENARIO)
    (kit / handouts.FOLDER).mkdir(parents=True, exist_ok=True)
    (kit / handouts.FOLDER / f"{name}.md").write_text(markdown, encoding="utf-8")
    return project.read(kit)


FRONT = '---\ntitle: "Own"\nfor: participants\ncopies: "one each"\n---\n\n'


# ---------------------------------------------------------------- every paper


@pytest.mark.parametrize("name", NAMES)
def test_every_word_stands_within_the_margins(name, printed):
    for page in opened(printed[name]).pages:
        width, height = (float(side) for side in page.mediabox[2:])
        assert {round(width), round(height)} == {WIDTH, HEIGHT}
        assert all(50 < x < width - 50 and 25 < y < height - 40 for x, y in placed(page))


@pytest.mark.parametrize("name", NAMES)
def test_no_page_is_empty(name, printed):
    assert all(FOOT.sub("", bare(page)) for page in read(printed[name]))


@pytest.mark.parametrize("name", NAMES)
def test_printing_again_gives_the_same_bytes(name, printed):
    again = next(paper for paper in handouts.every(real()) if paper.name == name)
    assert again.make().pdf() == printed[name]


@pytest.mark.parametrize("name", NAMES)
def test_each_paper_is_tagged_and_has_its_title(name, printed):
    reader = opened(printed[name])
    assert reader.metadata.title and reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_all_that_a_day_needs_is_there():
    wanted = {
        *(f"agenda_{length}" for length in ("half", "1", "2", "3")),
        "house_rules",
        "statements",
        "glossary",
        "spanish_terms",
        "blank_canvas",
        "commitment_card",
        "evaluation_form",
        "debrief_sheet",
        *(f"{kind}{page.name}" for page in real().checks for kind in ("", "key_")),
        *(f"{kind}_{page.name}" for page in SHEETS for kind in ("questions", "key")),
        *(
            f"{scenario.name}_{what}"
            for scenario in SCENARIOS
            for what in ("brief", "role_cards", "signals", "debrief", "play_on_paper")
        ),
    }
    assert set(NAMES) == wanted and len(NAMES) == len(wanted)


def test_what_an_agenda_says_to_bring_can_be_printed_or_is_stationery():
    titles = (
        " ".join(paper.title.lower() for paper in PAPERS)
        + " question sheet role cards debrief sheet statements on one sheet "
        "agenda on the wall a box a clock tape pens blank paper coloured pens one each one a table"
    )
    for agenda in agendas.read(real())[0].values():
        for block in (block for day in agenda.days for block in day.blocks):
            for thing in filter(None, re.split(r", ", text_of(block.bring).strip("“”").lower().replace("”", ""))):
                assert thing.strip("“”") in titles, thing


# ---------------------------------------------------------------- keys


@pytest.mark.parametrize("page", SHEETS, ids=lambda page: page.name)
def test_no_reason_rubric_or_model_answer_is_on_a_participant_s_sheet(page, printed):
    sheet = words(printed[f"questions_{page.name}"])
    for asked in page.questions:
        for tree in asked.secrets():
            assert len(text_of(tree)) < 15 or bare(text_of(tree)) not in sheet, text_of(tree)


@pytest.mark.parametrize("page", SHEETS, ids=lambda page: page.name)
def test_every_question_stands_on_the_sheet_with_all_that_can_be_chosen(page, printed):
    sheet = words(printed[f"questions_{page.name}"])
    for number, asked in enumerate(page.questions, 1):
        assert bare(f"{number}. {asked.title}") in sheet
        for tree in [
            *(option.text for option in asked.options),
            *(row.text for row in asked.rows),
            *(column["text"] for column in asked.columns),
        ]:
            assert bare(text_of(tree)) in sheet, text_of(tree)


@pytest.mark.parametrize("page", SHEETS, ids=lambda page: page.name)
def test_the_key_answers_every_question_with_its_reasons(page, printed):
    key = words(printed[f"key_{page.name}"])
    for number, asked in enumerate(page.questions, 1):
        assert bare(f"{number}. {asked.title}") in key
        for tree in asked.secrets():
            assert all(bare(part) in key for part in _pieces(tree)), text_of(tree)


def _pieces(tree):
    """The texts of a tree, block by block, because a list is numbered on paper."""
    return [node for node in tree if isinstance(node, str)] + [
        piece for node in tree if not isinstance(node, str) for piece in _pieces(node[2:])
    ]


def test_the_paper_of_the_facilitator_and_that_of_participants_lie_apart():
    assert {
        paper.place.split("/")[0]
        for paper in PAPERS
        if paper.name.startswith(("key_", "debrief")) or paper.name.endswith(("_debrief", "_play_on_paper"))
    } == {"for_the_facilitator"}


def test_every_kind_of_question_has_room_to_answer_and_a_key():
    for kind, markdown in QUESTIONS.items():
        asked = question_text(markdown)
        assert question_sheets.asked(asked, 1) and asked.key_on_paper(), kind


@pytest.mark.parametrize("page", SHEETS, ids=lambda page: page.name)
def test_every_figure_of_a_lesson_is_on_its_sheet_with_its_words(page, printed):
    assert len(alternatives(printed[f"questions_{page.name}"])) == len(page.explorations)


# ---------------------------------------------------------------- cards and forms


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_each_role_card_fills_one_page_and_no_more(scenario, printed):
    pages = read(printed[f"{scenario.name}_role_cards"])
    assert len(pages) == len(scenario.roles)
    for role, page in zip(scenario.roles, pages, strict=True):
        assert bare(page).startswith(bare(role.title))
        for tree in (role.wants, role.knows, role.fears):
            assert bare(text_of(tree)) in bare(page)
        assert "say your own name" in " ".join(page.split())


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_no_slip_says_whether_it_is_a_sign_or_noise(scenario, printed):
    slips = words(printed[f"{scenario.name}_signals"])
    for name in scenario.rounds:
        for slip in scenario_papers.slips(scenario, name):
            assert bare(text_of(slip)) in slips
    for passage in scenario.debrief:
        assert all(bare(piece) not in slips for piece in _pieces(passage.text) if len(piece) > 25)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_the_brief_tells_no_option_and_no_ending(scenario, printed):
    brief = words(printed[f"{scenario.name}_brief"])
    assert all(
        bare(text_of(choice.text)) not in brief
        for scene in scenario.scenes
        for choice in scene.choices
        if choice.quality
    )
    assert all(bare(ending.title) not in brief for ending in scenario.endings)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_the_play_on_paper_holds_every_scene_option_and_ending(scenario, printed):
    book = words(printed[f"{scenario.name}_play_on_paper"])
    for number, scene in enumerate(scenario.scenes, 1):
        assert bare(f"{number}. {scene.title}") in book
        assert all(bare(piece) in book for piece in _pieces(scene.text) if len(piece) < 60), scene.title
        assert all(bare(text_of(choice.text)) in book for choice in scene.choices)
    assert all(bare(ending.title) in book for ending in scenario.endings)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_the_play_on_paper_leads_from_each_option_to_the_scene_of_the_screen(scenario):
    numbers = {scene.id: str(number) for number, scene in enumerate(scenario.scenes, 1)}
    for scene in scenario.scenes:
        rows = json.dumps(scenario_papers.options(scene, numbers), ensure_ascii=False)
        for choice in scene.choices:
            assert ("the endings" if choice.target == ENDINGS else numbers[choice.target]) in rows
            for effect in choice.effects:
                assert f"{effect.gauge} {'+' if effect.change > 0 else '−'}{abs(effect.change)}" in rows


@pytest.mark.parametrize(
    ("name", "pages"),
    [
        ("house_rules", 1),
        ("commitment_card", 1),
        ("evaluation_form", 1),
        ("check_before", 3),
        ("check_after", 3),
        ("debrief_sheet", 1),
        ("statements", 2),
        ("spanish_terms", 1),
        ("blank_canvas", 3),
    ],
)
def test_a_form_takes_no_more_paper_than_it_should(name, pages, printed):
    assert len(opened(printed[name]).pages) == pages


def test_an_agenda_has_a_page_for_each_day(printed):
    for length, agenda in agendas.read(real())[0].items():
        assert len(opened(printed[f"agenda_{length}"]).pages) == len(agenda.days)


def test_the_sheet_of_statements_has_all_of_them_as_they_were_said(printed):
    sheet = words(printed["statements"])
    assert all(bare(f"{key}. {said}") in sheet for key, said in coverage.statements(ROOT).items())


@pytest.mark.parametrize("name", ["check_before", "check_after"])
def test_a_check_has_its_twelve_questions_on_paper(name, printed):
    sheet = "\n".join(read(printed[name]))
    assert re.findall(r"^(\d+)\. ", sheet, re.M) == [str(number) for number in range(1, 13)] and "Code name" in sheet


def test_the_evaluation_asks_what_the_protocol_asks(printed):
    form = " ".join(" ".join(read(printed["evaluation_form"])).lower().split())
    for asked in (
        "most useful",
        "least useful",
        "within thirty days",
        "what stops you",
        "safe to speak",
        "about your region",
    ):
        assert asked in form


def test_the_canvas_has_the_functions_levels_and_questions_of_the_one_on_the_screen(printed):
    canvas = words(printed["blank_canvas"])
    for name in (*architecture.FUNCTIONS.values(), *architecture.LEVELS.values(), *architecture.MANDATE.values()):
        assert bare(name) in canvas


def test_every_term_of_the_glossary_stands_on_paper_with_its_sources(printed):
    source, sheet = (ROOT / "data/glossary.md").read_text(encoding="utf-8"), words(printed["glossary"])
    for term, keys in re.findall(r"^## (.+)\n\n((?:`S:[\w-]+` ?)+)$", source, re.M):
        assert bare(term) in sheet and f"({','.join(re.findall('S:([^`]+)', keys))})" in sheet, term


# ---------------------------------------------------------------- pages of one's own


def test_a_page_of_one_s_own_is_printed_with_room_to_write(tmp_path):
    read_project = own(
        tmp_path, FRONT + "Say it.\n\n`3 lines`\n\n- [ ] yes\n- [ ] no\n\nBy `3 cm`.\n\n| a | b |\n| - | - |\n| x | |\n"
    )
    paper = next(paper for paper in handouts.every(read_project) if paper.name == "own")
    assert (paper.place, paper.copies) == ("for_participants/own.pdf", "one each")
    said = words(paper.make().pdf())
    assert (
        all(word in said for word in ("Sayit.", "yes", "no", "By", "x"))
        and "[" not in said
        and "3lines" not in said
        and "3cm" not in said
    )


@pytest.mark.parametrize(
    ("markdown", "says"),
    [
        (
            FRONT + "`3 lanes`\n",
            "own.md:7: “3 lanes” stands for nothing on paper. Known are “3 lines”, “new page”, “functions”, “mandate”, "
            "and “3 cm” within a sentence.",
        ),
        (
            FRONT.replace("participants", "everybody"),
            "own.md:1: “for” in the front matter must be participants, facilitator or foot.",
        ),
        (FRONT + "So it is [S:NOBODY].\n", "own.md:7: There is no source NOBODY in data/sources.csv."),
        ("Words.\n", "own.md:1: The page does not open with front matter"),
        (FRONT + "```\nnever closed\n", "own.md:7: This block is never closed"),
    ],
    ids=range(5),
)
def test_a_fault_of_a_page_of_handouts_is_told_by_the_check(tmp_path, monkeypatch, capsys, markdown, says):
    own(tmp_path, markdown)
    monkeypatch.setenv("WORKSHOP_HOME", str(tmp_path))
    main(["check", "--quick"])
    assert says in capsys.readouterr().out


# ---------------------------------------------------------------- the command


def test_the_command_writes_every_paper_and_says_which_are_for_whom(tmp_path, monkeypatch, capsys):
    own(tmp_path, FRONT + "Words.\n")
    monkeypatch.setenv("WORKSHOP_HOME", str(tmp_path))
    assert main(["handouts"]) == 0
    written = sorted(
        path.relative_to(tmp_path / "handouts").as_posix() for path in (tmp_path / "handouts").rglob("*.pdf")
    )
    assert written == sorted(paper.place for paper in handouts.every(project.read(tmp_path)))
    said = capsys.readouterr().out
    assert all(name in said for name in written) and said.endswith("holds keys: it is for you alone.\n")


def test_a_folder_that_cannot_be_written_is_named_in_one_sentence(tmp_path, monkeypatch, capsys):
    own(tmp_path, FRONT + "Words.\n")
    monkeypatch.setenv("WORKSHOP_HOME", str(tmp_path))
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    assert main(["handouts", str(tmp_path / "taken")]) == 2
    assert "could not be written" in capsys.readouterr().err


def test_a_small_kit_without_handouts_of_its_own_prints_what_it_has(tmp_path):
    kit = project.read(small_project(tmp_path, SINGLE, scenario_text=SCENARIO))
    assert [paper.name for paper in handouts.every(kit)] == [
        "statements",
        "questions_small",
        "rumour_brief",
        "rumour_role_cards",
        "rumour_signals",
        "rumour_debrief",
        "rumour_play_on_paper",
        "key_small",
    ]
    assert all(paper.make().pdf() for paper in handouts.every(kit))
