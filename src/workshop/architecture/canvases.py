"""The canvases of the last module: one's own architecture, the action plan made from it, a request for help.

Each is a conversation like the others: the browser sends the whole canvas at each change, it is saved at once in
the answer sheet, and the next view says what can be seen in it.
"""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, TypeAlias, TypedDict

from workshop.answers.sheet import Sheet
from workshop.architecture import model as architecture
from workshop.architecture.words import AID, functions_by_level, sections, suggestions, summary
from workshop.cards.base import Controller
from workshop.content import tables

FOLDER = "my_plan"
KEPT = " (before)"
# What a value from a browser may be: str, bool, a list of one shape, or a dict of shapes.
Shape: TypeAlias = "type | list[Shape] | dict[str, Shape]"
OFFICE: Shape = {
    "id": str,
    "office": str,
    "sector": str,
    "level": str,
    "role": str,
    "functions": [str],
    "passes_to": str,
    "days": str,
}
ARCHITECTURE: Shape = {
    "name": str,
    "institutions": [OFFICE],
    "representative": str,
    "law": str,
    "staff": str,
    "money": str,
    "review": str,
    "mandate": {name: {"text": str, "open": bool} for name in architecture.MANDATE},
}


class Field(TypedDict):
    """One line to fill in: `long` gives it several rows."""

    id: str
    label: str
    help: str
    long: bool


class Example(TypedDict):
    """An architecture that may be loaded."""

    id: str
    title: str
    value: dict[str, Any]


class Option(TypedDict):
    """One entry of a list to choose from."""

    id: str
    text: str


def field(name: str, label: str, help: str = "", long: bool = False) -> Field:
    """One line to fill in."""
    return {"id": name, "label": label, "help": help, "long": long}


PLAN_FIELDS = (
    field("title", "Title of the plan", "For instance: “Action plan for the first year”."),
    field("office", "Office that puts it forward", "The office, not a person."),
    field("place", "State, province or town", "Leave it out if the plan should not say."),
    field(
        "summary",
        "The plan in a few sentences",
        "What will be different, for whom, and by when. It stands on the second page.",
        long=True,
    ),
    field("neighbours", "What we ask of neighbours", "One thing that a neighbour could do or share.", long=True),
    field(
        "gaamac",
        "What we ask of GAAMAC",
        "GAAMAC is a voluntary network, Global Action Against Mass Atrocity Crimes. It acts on request; "
        "it advises and brings people together.",
        long=True,
    ),
)
PLAN_ROW = (
    field("goal", "Goal", "What will be different.", long=True),
    field("step", "Step", "What is done.", long=True),
    field("who", "Who", "One office, not a person."),
    field("when", "By when", "A date, for instance 30 June 2027."),
    field("money", "With what money", "“None” is an answer."),
    field("sign", "How we will know", "Something that can be seen or counted.", long=True),
)
REQUEST_FIELDS = (
    field("to", "To whom", "A neighbour, a network such as GAAMAC, an office of the United Nations, a university."),
    field("office", "From which office", "The office, not a person."),
    field(
        "ask",
        "What we ask for",
        "One thing, small and exact: two days with one expert, a text to compare, a visit.",
        long=True,
    ),
    field("why", "Why now", "An occasion, not an accusation: an election, a new law, a change of staff.", long=True),
    field("done", "What we have done ourselves", "Two or three steps.", long=True),
    field("give", "What we offer in return", "What others can learn from us, and when we report back.", long=True),
    field(
        "conditions",
        "What must be respected",
        "Who leads, what stays confidential, under which law the help comes, when it ends.",
        long=True,
    ),
    field("agreed", "Who at home has agreed", "Offices only."),
    field("when", "By when we hope for an answer", "A date."),
)
PLAN: Shape = {
    **{entry["id"]: str for entry in PLAN_FIELDS},
    "rows": [{"id": str, "from": str, **{entry["id"]: str for entry in PLAN_ROW}}],
}
REQUEST: Shape = {entry["id"]: str for entry in REQUEST_FIELDS}


def fitting(value: Any, shape: Shape) -> Any:
    """The part of a value that has this shape; a shape is str, bool, a list of one shape, or a dict of them."""
    if isinstance(shape, list):
        return (
            [fitting(item, shape[0]) for item in value if isinstance(item, _kind(shape[0]))]
            if isinstance(value, list)
            else []
        )
    if isinstance(shape, dict):
        return {
            name: fitting(value[name], inner)
            for name, inner in shape.items()
            if isinstance(value.get(name), _kind(inner))
        }
    return value


def _kind(shape: Shape) -> type:
    return shape if isinstance(shape, type) else type(shape)


def examples() -> list[Example]:
    """The architectures that may be loaded: id, title, value."""
    path = tables.home() / "data" / "canvas_examples.json"
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        return [
            {"id": entry["id"], "title": entry["title"], "value": fitting(entry["value"], ARCHITECTURE)}
            for entry in entries
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return []


class CanvasController(Controller):
    """One canvas: `answer` stores all of it."""

    name: ClassVar[str] = ""
    shape: ClassVar[Shape] = {}

    def __init__(self, sheet: Sheet, folder: Path) -> None:
        super().__init__(sheet)
        self.folder = Path(folder)

    @property
    def value(self) -> dict[str, Any]:
        """What is stored, as far as it belongs to this canvas."""
        value: dict[str, Any] = fitting(self.sheet.canvas(self.name) or {}, self.shape)
        return value

    def do(self, request: dict[str, Any]) -> None:
        """Carry out `answer`."""
        if request.get("do") == "answer" and isinstance(request.get("value"), dict):
            self.sheet.set_canvas(self.name, fitting(request["value"], self.shape))

    def view(self) -> dict[str, Any]:
        return {
            "type": self.name,
            "id": f"{self.sheet.page}-{self.name}",
            "value": self.value,
            "saved": self.saved,
            "trouble": self.trouble,
        }


class ArchitectureController(CanvasController):
    """One's own architecture, with what can be seen in it; `load` takes an example, `bring-back` undoes that."""

    name = "architecture"
    shape = ARCHITECTURE

    def __init__(self, sheet: Sheet, folder: Path) -> None:
        super().__init__(sheet, folder)
        self.examples = examples()

    def do(self, request: dict[str, Any]) -> None:
        what = request.get("do")
        if what == "load":
            self.load(next((entry["value"] for entry in self.examples if entry["id"] == request.get("example")), {}))
        elif what == "bring-back" and self.sheet.canvas(self.name + KEPT):
            self.sheet.set_canvas(self.name, self.sheet.canvas(self.name + KEPT))
        else:
            super().do(request)

    def load(self, example: dict[str, Any]) -> None:
        """Put an example, or an empty sheet, on the canvas; what a person drew themselves is kept."""
        own = self.value
        if own and own not in [entry["value"] for entry in self.examples]:
            self.sheet.set_canvas(self.name + KEPT, own)
        self.sheet.set_canvas(self.name, example)

    def view(self) -> dict[str, Any]:
        drawn = architecture.read(self.value)
        analysis = architecture.analysed(drawn)
        kept = self.sheet.canvas(self.name + KEPT)
        return {
            **super().view(),
            "title": "Your architecture",
            "aid": AID,
            "functions": _pairs(architecture.FUNCTIONS),
            "levels": _pairs(architecture.LEVELS),
            "sectors": _pairs(architecture.SECTORS),
            "roles": _pairs(architecture.ROLES),
            "laws": _pairs(architecture.LAWS),
            "staffs": _pairs(architecture.STAFF),
            "moneys": _pairs(architecture.MONEY),
            "questions": _pairs(architecture.MANDATE),
            "decides": architecture.DECIDES,
            "examples": [{"id": entry["id"], "title": entry["title"]} for entry in self.examples],
            "kept": bool(kept) and kept != self.value,
            "map": functions_by_level(drawn),
            "summary": summary(drawn, analysis),
            "sections": sections(drawn, analysis),
            "most": architecture.MOST,
        }


class _Form(CanvasController):
    """A canvas of lines to fill in, from which papers are made; `papers` makes them."""

    title: ClassVar[str] = ""
    button: ClassVar[str] = ""
    fields: ClassVar[tuple[Field, ...]] = ()
    row: ClassVar[tuple[Field, ...]] = ()

    def __init__(self, sheet: Sheet, folder: Path) -> None:
        super().__init__(sheet, folder)
        self.files: list[str] = []
        self.note = ""

    def do(self, request: dict[str, Any]) -> None:
        if request.get("do") == "papers":
            from workshop.architecture import papers  # typst and python-docx are large, and most pages print nothing

            self.files = []
            self.files = papers.write(
                self.name,
                self.value,
                architecture.read(self.sheet.canvas("architecture")),
                self.folder / FOLDER,
                date.today(),
            )
            self.note = (
                f"The files are in the folder “{FOLDER}” beside this page. The DOCX can be changed in a text program, "
                "the PDF is for printing. Making them again replaces these two files."
            )
        else:
            self.files, self.note = [], ""
            super().do(request)

    def view(self) -> dict[str, Any]:
        return {
            **super().view(),
            "type": "form",
            "title": self.title,
            "fields": list(self.fields),
            "row": list(self.row),
            "suggestions": [],
            "button": self.button,
            "files": self.files,
            "note": self.note,
        }


class PlanController(_Form):
    """The action plan. Suggested rows come from what the architecture leaves open."""

    name = "plan"
    shape = PLAN
    title = "Your action plan"
    fields = PLAN_FIELDS
    row = PLAN_ROW
    button = "Make the plan as DOCX and PDF"

    def view(self) -> dict[str, Any]:
        drawn = architecture.read(self.sheet.canvas("architecture"))
        taken = {row.get("from") for row in self.value.get("rows", [])}
        return {
            **super().view(),
            "suggestions": [row for row in suggestions(drawn, architecture.analysed(drawn)) if row["id"] not in taken],
        }


class RequestController(_Form):
    """A request for help on one page."""

    name = "request"
    shape = REQUEST
    title = "How we will ask for help"
    fields = REQUEST_FIELDS
    button = "Make the request as DOCX and PDF"


CANVASES: dict[str, type[CanvasController]] = {
    controller.name: controller for controller in (ArchitectureController, PlanController, RequestController)
}


def _pairs(known: Mapping[str, str]) -> list[Option]:
    return [{"id": name, "text": words} for name, words in known.items()]
