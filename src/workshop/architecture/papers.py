"""The papers to take home: the action plan and the request for help, each as DOCX and as PDF.

`write` makes them from what stands on the canvases. Every required part has something in it: what a person left
out is said in words, and never filled with invention.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from workshop.answers import atomic
from workshop.answers.atomic import cause
from workshop.answers.storage import SaveError
from workshop.architecture.comparison import nearest
from workshop.architecture.figure import alternative, picture
from workshop.architecture.model import (
    DECIDES,
    FAILURES,
    FUNCTIONS,
    LAWS,
    LEVELS,
    MANDATE,
    MONEY,
    ROLES,
    SECTORS,
    STAFF,
    Analysis,
    Architecture,
    Institution,
    analysed,
)
from workshop.architecture.words import AID, sections, summary, way_in_words
from workshop.content import tables
from workshop.content.paper import cover, figure, head, new_page, note, table
from workshop.content.trees import Element, Tree
from workshop.render.docx import docx
from workshop.render.pdf import Document

OPEN = "Not written yet."
DRAFT = "Draft for discussion"
FILES = {"plan": "action_plan", "request": "request_for_help"}
PLAIN_TITLES = {"plan": "Action plan for prevention", "request": "A request for help"}


def write(kind: str, value: dict[str, Any], drawn: Architecture, folder: Path, today: date) -> list[str]:
    """Make DOCX and PDF of a canvas in a folder, and return their names. Raises SaveError in plain words."""
    if not any(value.values()) and not (kind == "plan" and drawn.institutions):
        raise SaveError("There is nothing to print yet. Write something first.")
    blocks = plan(value, drawn, today) if kind == "plan" else request(value, today)
    title, day = _title(kind, value), _day(today)
    foot = " · ".join(filter(None, (title, value.get("office"), day)))
    pdf = Document(title, blocks, foot=foot, fonts_of_machine=True)
    if kind == "request":
        on_one_page(pdf)
    files = {f"{FILES[kind]}.docx": docx(title, blocks, foot), f"{FILES[kind]}.pdf": pdf.pdf()}
    try:
        folder.mkdir(exist_ok=True)
        for name, content in files.items():
            atomic.put(folder / name, content)
    except OSError as error:
        raise SaveError(
            f"The files could not be made: {cause(error)} What you wrote is safe in the answer sheet. If a file of "
            "that name is open in another program, close it there."
        ) from error
    return [f"{folder.name}/{name}" for name in files]


def on_one_page(pdf: Document) -> None:
    for size in (11, 10, 9):
        pdf.size = size
        if len(pdf.pictures(dpi=10)) == 1:
            return


# ---------------------------------------------------------------- the action plan


def plan(value: dict[str, Any], drawn: Architecture, today: date) -> Tree:
    """The blocks of the action plan."""
    analysis = analysed(drawn)
    rows = [
        row
        for row in value.get("rows", [])
        if any(row.get(name) for name in ("goal", "step", "who", "when", "money", "sign"))
    ]
    return [
        cover(*_lines(value, today)),
        *_first_page(value, drawn, analysis, rows),
        new_page(),
        *_architecture(drawn, analysis),
        ["h1", {}, "Action plan"],
        *_steps(rows),
        ["h2", {}, "What we ask of neighbours"],
        _p(value.get("neighbours")),
        ["h2", {}, "What we ask of the network GAAMAC"],
        _p(value.get("gaamac")),
        *_mandate(drawn, analysis),
        *_open(drawn, analysis),
        *_known(drawn, analysis),
        *_sources(drawn, analysis),
    ]


def _title(kind: str, value: Mapping[str, Any]) -> str:
    return value.get("title") or PLAIN_TITLES[kind]


def _day(today: date) -> str:
    return f"{today.day} {today:%B %Y}"


def _lines(value: Mapping[str, Any], today: date) -> Iterable[str]:
    return filter(None, (value.get("office"), value.get("place"), _day(today), DRAFT))


def _p(words: str | None, otherwise: str = OPEN) -> Element:
    return ["p", {}, words] if words else ["p", {}, ["em", {}, otherwise]]


def _first_page(
    value: Mapping[str, Any], drawn: Architecture, analysis: Analysis, rows: Sequence[Mapping[str, str]]
) -> Tree:
    blocks: Tree = [
        ["h1", {}, "Summary"],
        _p(value.get("summary"), "No summary is written yet. The lines below come from the plan itself."),
    ]
    if rows:
        blocks += [
            ["h2", {}, "The first steps"],
            [
                "ol",
                {},
                *(
                    ["li", {}, ["strong", {}, row.get("step") or row.get("goal") or OPEN], f" {_who_when(row)}"]
                    for row in rows[:5]
                ),
            ],
        ]
        if len(rows) > 5:
            blocks.append(["p", {}, f"{len(rows) - 5} more in the table of the plan."])
    if drawn.institutions:
        blocks += [["h2", {}, "Where we stand"], ["p", {}, summary(drawn, analysis)], note(["p", {}, AID])]
    asked = [
        (words, value.get(name))
        for words, name in (("Of neighbours", "neighbours"), ("Of the network GAAMAC", "gaamac"))
        if value.get(name)
    ]
    if asked:
        blocks += [
            ["h2", {}, "What we ask"],
            ["ul", {}, *(["li", {}, ["strong", {}, f"{words}: "], text] for words, text in asked)],
        ]
    return blocks


def _who_when(row: Mapping[str, str]) -> str:
    who, when = row.get("who"), row.get("when")
    return f"({', '.join(filter(None, (who, when and f'by {when}'))) or 'who and when: open'})"


def _steps(rows: Sequence[Mapping[str, str]]) -> Tree:
    if not rows:
        return [_p("", "No step is written down yet.")]
    cells = [
        [
            str(number),
            [["strong", {}, row.get("goal") or OPEN], ["br", {}], row.get("step") or OPEN],
            row.get("who") or "open",
            row.get("when") or "open",
            row.get("money") or "open",
            row.get("sign") or "open",
        ]
        for number, row in enumerate(rows, 1)
    ]
    return [
        table(
            cells,
            header=("No.", "Goal and step", "Who", "By when", "Money", "How we will know"),
            widths=(1.2, 6.8, 3.2, 2.6, 2.6, 4),
        )
    ]


def _architecture(drawn: Architecture, analysis: Analysis) -> Tree:
    title = ["h1", {}, f"The architecture: {drawn.name}" if drawn.name else "The architecture"]
    if not drawn.institutions:
        return [title, _p("", "No office has been drawn yet.")]
    rows = [
        [
            ["strong", {}, institution.office],
            f"{SECTORS[institution.sector]}; {LEVELS[institution.level].lower()}; {ROLES[institution.role].lower()}",
            ", ".join(FUNCTIONS[name].lower() for name in institution.functions) or "none yet",
            _onward(drawn, institution),
        ]
        for institution in drawn.institutions
    ]
    return [
        title,
        figure(
            picture(drawn), alternative(drawn, analysis), "Who belongs to it, on which level, and the way of a warning."
        ),
        ["h2", {}, "The offices"],
        table(
            [[[row[0]], *row[1:]] for row in rows],
            header=("Office", "Kind, level, role", "What it does", "A warning goes on to"),
            widths=(4, 4.3, 4, 4),
        ),
        ["h2", {}, "How a warning travels"],
        ["ul", {}, *(["li", {}, way_in_words(way)] for way in analysis.walks)]
        if analysis.walks
        else _p("", "No office passes a warning on yet."),
        ["h2", {}, "Law, people, money, review"],
        table(
            [
                ["Rests on", LAWS[drawn.law]],
                ["Staff", STAFF[drawn.staff]],
                ["Money", MONEY[drawn.money]],
                ["Review", drawn.review or OPEN],
                ["Stands for it in networks", analysis.representative.office if analysis.representative else OPEN],
            ],
            header=("What", "As it stands"),
            widths=(5, 12),
        ),
    ]


def _onward(drawn: Architecture, institution: Institution) -> str:
    days = (
        "" if institution.days is None else f" (within {institution.days} {'day' if institution.days == 1 else 'days'})"
    )
    if institution.passes_to == DECIDES:
        return f"no further: it decides and answers{days}"
    to = drawn.institution(institution.passes_to)
    return f"{to.office}{days}" if to else "nobody yet"


def _mandate(drawn: Architecture, analysis: Analysis) -> Tree:
    answered = [
        (MANDATE[name], drawn.answers[name]) for name in MANDATE if name in drawn.answers and name not in analysis.open
    ]
    return [
        ["h1", {}, "The mandate so far"],
        table(answered, header=("Question", "Answer"), widths=(6, 11))
        if answered
        else _p("", "No question of the mandate is answered yet."),
    ]


def _open(drawn: Architecture, analysis: Analysis) -> Tree:
    lines = (
        [f"Nobody does this yet: {FUNCTIONS[name].lower()}." for name in analysis.missing] if drawn.institutions else []
    )
    lines += [f"{institution.office} stands alone." for institution in analysis.alone]
    lines += [way_in_words(way) for way in (*analysis.stops, *analysis.rounds)]
    lines += [
        MANDATE[name] + (f" Under discussion: {drawn.answers[name]}" if name in drawn.answers else "")
        for name in analysis.open
    ]
    return [["h1", {}, "Open questions"], ["ul", {}, *(["li", {}, line] for line in lines)] if lines else _p("None.")]


def _known(drawn: Architecture, analysis: Analysis) -> Tree:
    if not drawn.institutions:
        return []
    blocks = [each["tree"] for each in sections(drawn, analysis) if each["id"] in ("failures", "nearest")]
    return [
        ["h1", {}, "What is known from elsewhere"],
        ["h2", {}, "Ways of failing that the drawing resembles"],
        *blocks[0],
        ["h2", {}, "The documented design it is nearest to"],
        *blocks[1],
        note(["p", {}, AID]),
    ]


def _sources(drawn: Architecture, analysis: Analysis) -> Tree:
    keys = [key for failure in FAILURES if failure in analysis.failures for key in failure.sources]
    keys += [key for design in nearest(drawn) for key in design.sources]
    register = tables.sources()
    named = [
        ["li", {}, ["strong", {}, f"{key} "], register[key]["title"]] for key in dict.fromkeys(keys) if key in register
    ]
    return [
        ["h1", {}, "Sources"],
        ["ul", {}, *named] if named else _p("Nothing in this plan rests on a source outside our own office."),
    ]


# ---------------------------------------------------------------- the request


def request(value: Mapping[str, Any], today: date) -> Tree:
    """The blocks of a request on one page."""
    parts = (
        ("What we ask for", "ask"),
        ("Why now", "why"),
        ("What we have done ourselves", "done"),
        ("What we offer in return", "give"),
        ("What must be respected", "conditions"),
    )
    return [
        head(_day(today)),
        *(
            ["p", {}, ["strong", {}, f"{label}: "], value.get(name) or OPEN]
            for label, name in (
                ("To", "to"),
                ("From", "office"),
                ("Agreed at home by", "agreed"),
                ("Answer hoped for by", "when"),
            )
        ),
        *(block for title, name in parts for block in (["h1", {}, title], _p(value.get(name)))),
        note(
            [
                "p",
                {},
                "Every state carries the responsibility to prevent, and asking early is part of it. Nothing in this "
                "page is an admission, and nothing in it binds the one who is asked.",
            ]
        ),
    ]
