"""The papers to take home open, say all that was written, and are never half there."""

import errno
import io
import itertools
import json
import os
from datetime import date

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from support.small_project import ROOT

from workshop.answers import atomic
from workshop.answers.sheet import SaveError, Sheet
from workshop.answers.storage import FileStorage
from workshop.architecture import figure, papers
from workshop.architecture import model as architecture
from workshop.architecture.canvases import PLAN_ROW, REQUEST_FIELDS, PlanController, RequestController
from workshop.architecture.words import suggestions
from workshop.content import paper
from workshop.render import pdf
from workshop.render.docx import docx

DAY = date(2026, 11, 25)
DRAFT = architecture.read(json.loads((ROOT / "data/canvas_examples.json").read_text(encoding="utf-8"))[0]["value"])
ROWS = [
    {
        "id": str(number),
        **{name: one[name] for name in ("goal", "step", "sign")},
        "who": "Ombudsman",
        "when": "30 June 2027",
        "money": "none",
    }
    for number, one in enumerate(suggestions(DRAFT, architecture.analysed(DRAFT))[:4])
]
FULL = {
    "title": "Plan for the first year",
    "office": "Interior ministry",
    "place": "Meridia",
    "summary": "Warnings are answered.",
    "neighbours": "Their alert form.",
    "gaamac": "Two days with one expert.",
    "rows": ROWS,
}
ASKED = {field["id"]: f"Our words on {field['id']}" for field in REQUEST_FIELDS}


@pytest.fixture(autouse=True)
def at_home(monkeypatch):
    monkeypatch.setenv("WORKSHOP_HOME", str(ROOT))


def made(folder, kind="plan", value=FULL, drawn=DRAFT):
    """The DOCX, opened again, and the PDF's bytes."""
    papers.write(kind, value, drawn, folder / "my_plan", DAY)
    name = papers.FILES[kind]
    return Document(folder / "my_plan" / f"{name}.docx"), (folder / "my_plan" / f"{name}.pdf").read_bytes()


def headings(document):
    return [paragraph.text for paragraph in document.paragraphs if paragraph.style.name.startswith("Heading 1")]


def cells(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def pages(kind, value, drawn=DRAFT):
    blocks = papers.plan(value, drawn, DAY) if kind == "plan" else papers.request(value, DAY)
    document = pdf.Document("Paper", blocks)
    if kind == "request":
        papers.on_one_page(document)
    return document.pictures(dpi=30)


# ---------------------------------------------------------------- what is in them


def test_the_plan_has_a_title_page_and_every_part(tmp_path):
    document, _ = made(tmp_path)
    assert [paragraph.text for paragraph in document.paragraphs[:5]] == [
        "Plan for the first year",
        "Interior ministry",
        "Meridia",
        "25 November 2026",
        "Draft for discussion",
    ]
    assert headings(document) == [
        "Summary",
        "The architecture: Meridia's first draft",
        "Action plan",
        "The mandate so far",
        "Open questions",
        "What is known from elsewhere",
        "Sources",
    ]


def test_the_table_of_the_plan_holds_each_step_with_who_and_when(tmp_path):
    document, _ = made(tmp_path)
    [table] = [table for table in document.tables if table.cell(0, 1).text == "Goal and step"]
    assert len(table.rows) == 1 + len(ROWS)
    assert cells(table)[1][2:] == ["Ombudsman", "30 June 2027", "none", ROWS[0]["sign"]]
    assert ROWS[0]["goal"] in cells(table)[1][1] and ROWS[0]["step"] in cells(table)[1][1]


def test_the_heads_of_a_table_return_on_the_next_page(tmp_path):
    document, _ = made(tmp_path)
    assert all(table.rows[0]._tr.trPr.findall(qn("w:tblHeader")) for table in document.tables)


def test_the_picture_has_words_for_people_who_do_not_see_it(tmp_path):
    document, _ = made(tmp_path)
    [picture] = document.inline_shapes
    assert "Upper Ford town hall → Provincial government of Salt Marsh" in picture._inline.docPr.get("descr")


def test_nothing_in_the_plan_is_left_empty(tmp_path):
    document, _ = made(tmp_path, value={"title": "Bare"}, drawn=DRAFT)
    body = [element for element in document.element.body if element.tag in (qn("w:p"), qn("w:tbl"))]
    for one, after in itertools.pairwise(body):
        heading = (
            one.tag == qn("w:p")
            and (style := one.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")) is not None
            and style.get(qn("w:val")) == "Heading1"
        )
        words = "".join(node.text or "" for node in after.iter(qn("w:t")))
        assert not heading or words or after.findall(".//" + qn("w:drawing")), "".join(one.itertext())
    assert all(cell for table in document.tables for row in cells(table) for cell in row)


def test_every_source_named_in_the_plan_stands_in_its_list(tmp_path):
    document, _ = made(tmp_path)
    words = [paragraph.text for paragraph in document.paragraphs]
    listed = words[words.index("Sources") :]
    for key in ("G-MUSHI", "UG-18", "BK17", "DPPA-23"):
        assert any(line.startswith(key) for line in listed), key


def test_a_plan_names_nobody_as_its_author(tmp_path):
    document, _ = made(tmp_path)
    assert (document.core_properties.author, document.core_properties.last_modified_by or "") == ("", "")


def test_the_request_says_everything_that_was_written(tmp_path):
    document, _ = made(tmp_path, "request", ASKED)
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert [field["id"] for field in REQUEST_FIELDS if ASKED[field["id"]] not in words] == []


# ---------------------------------------------------------------- pages


def test_the_plan_is_a_pdf_of_a_few_pages_that_begins_with_the_title_page(tmp_path):
    _, content = made(tmp_path)
    assert content.startswith(b"%PDF-") and 5 <= len(pages("plan", FULL)) <= 7


def test_the_summary_has_one_page_even_when_the_plan_is_long():
    long = {**FULL, "rows": ROWS * 8}
    blocks = papers.plan(long, DRAFT, DAY)
    until = blocks.index(paper.new_page())
    assert len(pdf.Document("Summary", blocks[:until]).pictures(dpi=20)) == 2  # title page and summary


def test_a_request_of_usual_length_stands_on_one_page():
    assert len(pages("request", dict.fromkeys(ASKED, "Some plain words about it. " * 12))) == 1


def test_a_very_long_request_loses_nothing_and_takes_more_pages():
    assert len(pages("request", dict.fromkeys(ASKED, "Some plain words about it. " * 200))) > 1


@given(
    st.dictionaries(st.sampled_from(["title", "office", "summary", "gaamac"]), st.text(max_size=30), max_size=4),
    st.lists(
        st.dictionaries(st.sampled_from([field["id"] for field in PLAN_ROW]), st.text(max_size=20), max_size=6),
        max_size=3,
    ),
)
@settings(max_examples=12)
def test_whatever_is_typed_can_be_printed(value, rows):
    blocks = papers.plan({**value, "rows": rows}, architecture.Architecture(), DAY)
    assert pdf.Document("Plan", blocks).pdf().startswith(b"%PDF-")
    Document(io.BytesIO(docx("Plan", blocks)))


@pytest.mark.parametrize("number", [1, 5, 40])
def test_the_picture_can_be_drawn_for_one_office_and_for_forty(number):
    offices = [
        {
            "id": str(n),
            "office": "An office with a very long name in a very long line" * 2,
            "level": "town",
            "passes_to": str(n + 1),
            "days": "2",
        }
        for n in range(number)
    ]
    assert figure.picture(architecture.read({"institutions": offices})).startswith(b"\x89PNG")


# ---------------------------------------------------------------- the folder


def sheet(folder):
    return Sheet(FileStorage(folder / "m07.answers.json"), "m07")


def test_pressing_the_button_makes_two_files_and_says_where_they_lie(tmp_path):
    table = PlanController(sheet(tmp_path), tmp_path)
    table.handle({"do": "answer", "n": 1, "value": {"title": "Ours", "rows": ROWS}})
    view = table.handle({"do": "papers", "n": 2})
    assert (
        view["files"] == ["my_plan/action_plan.docx", "my_plan/action_plan.pdf"]
        and "“my_plan” beside this page" in view["note"]
    )
    assert sorted(path.name for path in (tmp_path / "my_plan").iterdir()) == ["action_plan.docx", "action_plan.pdf"]


def test_an_empty_canvas_makes_no_file_and_says_why(tmp_path):
    view = RequestController(sheet(tmp_path), tmp_path).handle({"do": "papers", "n": 1})
    assert view["files"] == [] and "nothing to print yet" in view["trouble"] and not (tmp_path / "my_plan").exists()


def test_changing_a_line_takes_the_old_message_away(tmp_path):
    table = RequestController(sheet(tmp_path), tmp_path)
    table.handle({"do": "answer", "n": 1, "value": ASKED})
    table.handle({"do": "papers", "n": 2})
    assert table.handle({"do": "answer", "n": 3, "value": {**ASKED, "ask": "Else"}})["files"] == []


@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "the disk is full"), (errno.EACCES, "this folder may not be written to")]
)
def test_a_full_disk_or_a_locked_folder_is_said_in_plain_words_and_leaves_the_old_file(
    tmp_path, monkeypatch, number, words
):
    made(tmp_path, "request", ASKED)
    before = (tmp_path / "my_plan/request_for_help.docx").read_bytes()

    def refuse(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(atomic.os, "replace", refuse)
    with pytest.raises(SaveError, match=words):
        made(tmp_path, "request", {**ASKED, "ask": "Something else"})
    assert (tmp_path / "my_plan/request_for_help.docx").read_bytes() == before
    assert not list((tmp_path / "my_plan").glob("*.part"))


def test_a_file_where_the_folder_should_be_is_left_alone(tmp_path):
    (tmp_path / "my_plan").write_text("mine")
    with pytest.raises(SaveError):
        made(tmp_path, "request", ASKED)
    assert (tmp_path / "my_plan").read_text() == "mine"
