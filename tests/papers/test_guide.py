"""The facilitator's guide: it says every note of every page, on the screen and on paper, and what the day needs."""

import json
import re
import shutil
import sys

import pytest
from support.papers import bare, opened, read
from support.small_project import ROOT, SCENARIO, SINGLE, build_kit, real, small_project

from workshop.cli.main import main
from workshop.content import markdown
from workshop.content.trees import text_of
from workshop.papers import guide
from workshop.project import agendas, project
from workshop.render.html import to_html

CHAPTERS = [
    "Before people arrive",
    "Agendas",
    "Leading the room",
    "Duty of care",
    "Scenarios and the debrief",
    "When something fails",
    "Making it yours",
    "Did it help?",
    "The pages and their notes",
    "Sources of this guide",
]


@pytest.fixture(scope="module")
def screen():
    return (ROOT / guide.PATH).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def printed():
    return read((ROOT / guide.PRINT).read_bytes())


def notes(lesson):
    return [part for part in lesson.parts if getattr(part, "note", False)]


def with_chapter(folder, source):
    """A small kit with a chapter of its own in its guide."""
    kit = small_project(folder, SINGLE, scenario_text=SCENARIO)
    (kit / guide.FOLDER).mkdir(parents=True, exist_ok=True)
    (kit / guide.FOLDER / "1_own.md").write_text(source, encoding="utf-8")
    return kit


# ---------------------------------------------------------------- nothing is missing


def test_every_real_note_reaches_the_guide_and_no_notebook(screen):
    for lesson in real().lessons:
        given = (ROOT / f"notebooks/{lesson.name}.ipynb").read_text(encoding="utf-8")
        assert notes(lesson), lesson.name
        for note in notes(lesson):
            for line in note.source.split("\n"):
                assert json.dumps(line, ensure_ascii=False)[1:-1] not in given or not line.strip(), line
            assert to_html(markdown.tree(note.nodes)) in screen


def test_every_real_note_stands_on_paper(printed):
    whole = bare("".join(printed))
    for lesson in real().lessons:
        for note in notes(lesson):
            for item in markdown.tree(note.nodes)[0][2:]:
                assert bare(text_of(item[2:])) in whole, item


def test_the_guide_says_when_how_long_and_what_for(screen):
    for lesson in real().lessons:
        assert (
            f"{lesson.front['minutes']} minutes" in screen
            and to_html([f"Take home: {lesson.front['take_home']}"]) in screen
        )
        for section in lesson.sections:
            assert to_html([section.title]) in screen, section.title
        for outcome in lesson.front["outcomes"]:
            assert to_html([outcome]) in screen


def test_every_question_is_named_and_none_has_its_key(screen):
    for lesson in real().lessons:
        for question in lesson.questions:
            assert to_html([question.title]) in screen
            for option in question.options:
                assert not option.reason or to_html(option.reason) not in screen


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_guide_has_the_chapter(chapter, screen, printed):
    assert f">{to_html([chapter])}</h1>" in screen
    assert any(page.startswith(chapter) for page in printed)


def test_every_agenda_stands_in_the_guide_block_by_block(screen):
    for agenda in agendas.read(real())[0].values():
        for day in agenda.days:
            for begin, end, block in day.timed("09:00"):
                assert f"<td>{begin}–{end}</td><td><p><strong>{to_html([block.title])}</strong></p>" in screen


def test_the_debrief_has_nine_steps_and_ends_with_leaving_the_role():
    chapter = markdown.parse((ROOT / guide.FOLDER / "5_scenarios.md").read_text(encoding="utf-8"))
    steps = [markdown.plain(item) for node in chapter if node.type == "ordered_list" for item in node.children]
    assert steps[-9].startswith("Breathe.") and steps[-1].startswith("Leave the role.")


def test_every_scenario_is_in_the_guide(screen):
    assert all(to_html([scenario.title]) in screen for scenario in real().scenarios.values())


def test_the_sources_of_notes_and_chapters_are_listed(screen):
    listed = set(re.findall(r"<li><strong>([\w-]+)</strong>: ", screen.split(">Sources of this guide</h1>")[1]))
    named = {key for lesson in real().lessons for note in notes(lesson) for key in markdown.source_keys(note.source)}
    assert named <= listed and "CHATHAM" in listed


# ---------------------------------------------------------------- paper


def test_a_note_is_never_broken_over_two_pages(printed):
    pages = [bare(page) for page in printed]
    for lesson in real().lessons:
        for note in notes(lesson):
            items = [bare(text_of(item[2:])) for item in markdown.tree(note.nodes)[0][2:]]
            assert any(all(item in page for item in items) for page in pages), items[0]


def test_the_print_is_the_same_bytes_each_time():
    assert guide.as_pdf(guide.blocks(real())) == guide.as_pdf(guide.blocks(real())) == (ROOT / guide.PRINT).read_bytes()


def test_the_print_says_what_it_is_and_can_be_read_aloud():
    reader = opened((ROOT / guide.PRINT).read_bytes())
    assert reader.metadata.title == guide.TITLE and reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_a_machine_without_the_typesetter_builds_all_the_rest_and_says_so(tmp_path, monkeypatch):
    kit, said = small_project(tmp_path, SINGLE), []
    monkeypatch.setitem(sys.modules, "typst", None)
    written = build_kit(kit, say=said.append)
    assert guide.PATH in written and "notebooks/small.ipynb" in written and guide.PRINT not in written
    assert [line for line in said if "typst" in line] == [
        f"{guide.PRINT} is left as it is. The package typst, which makes PDF, is not installed here. "
        "Install what this edition needs: `make lab`, or pip install --editable . in the folder of the kit."
    ]


# ---------------------------------------------------------------- a chapter of one's own


def test_a_chapter_is_markdown_that_anybody_may_write(tmp_path):
    page = guide.as_html(
        guide.blocks(
            project.read(with_chapter(tmp_path, "# Own\n\nBring **tea** [S:OWN].\n\n| a | b |\n| - | - |\n| 1 | 2 |\n"))
        )
    )
    assert (
        "<p>Bring <strong>tea</strong> (OWN).</p>" in page
        and "<td>1</td>" in page
        and "<strong>OWN</strong>: Our own" in page
    )


def test_a_code_word_is_replaced_by_what_it_names(tmp_path):
    page = guide.as_html(guide.blocks(project.read(with_chapter(tmp_path, "# Own\n\n`scenarios`\n\n# Last\n"))))
    assert page.index("Own</h1>") < page.index("Meridia: the rumour") < page.index("Last</h1>")


def test_the_pages_are_never_left_out(tmp_path):
    assert "Who hears first?" in guide.as_html(guide.blocks(project.read(small_project(tmp_path))))
    assert (
        guide.as_html(guide.blocks(project.read(with_chapter(tmp_path, "# Own\n\n`pages`\n")))).count(
            "Question to open with"
        )
        == 1
    )


def test_a_code_word_or_a_source_that_does_not_exist_is_a_fault_with_its_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("WORKSHOP_HOME", str(with_chapter(tmp_path, "# Own\n\n`agenda`\n\nTea [S:OWM].\n")))
    main(["check", "--quick"])
    said = capsys.readouterr().out
    assert "solutions/guide/1_own.md:3: “agenda” stands for no part of the guide. Did you mean `agendas`?" in said
    assert "solutions/guide/1_own.md:5: There is no source OWM in data/sources.csv." in said


def test_a_changed_chapter_or_agenda_builds_the_guide_and_nothing_else(tmp_path):
    kit = with_chapter(tmp_path, "# Own\n")
    build_kit(kit)
    (kit / guide.FOLDER / "1_own.md").write_text("# Own\n\nMore.\n", encoding="utf-8")
    assert build_kit(kit) == [guide.PATH, guide.PRINT]
    shutil.copy(ROOT / agendas.PATH, kit / agendas.PATH)
    build_kit(kit)
    assert build_kit(kit) == []


def test_the_guide_escapes_what_it_is_given(tmp_path):
    small_project(tmp_path)
    page = tmp_path / "notebooks/small.md"
    page.write_text(
        page.read_text(encoding="utf-8").replace('title: "Small"', 'title: "<script>alert(1)</script>"')
        + '\n+++ {"facilitator": true}\n\n- Ask: <b>who</b>? [go](javascript:alert(1))\n\n+++\n',
        encoding="utf-8",
    )
    page = guide.as_html(guide.blocks(project.read(tmp_path)))
    assert "<script>" not in page and "<b>who" not in page and 'href="javascript' not in page
