"""The canvases of the last module: one's own architecture, the action plan made from it, a request for help.

Each is a conversation like the others: the browser sends the whole canvas at each change, it is saved at once in
the answer sheet, and the next view says what can be seen in it.
"""

import json
from datetime import date
from pathlib import Path

from workshop.architecture import model as architecture
from workshop.architecture.words import AID, functions_by_level, sections, suggestions, summary
from workshop.cards.base import Controller
from workshop.content import tables

FOLDER = "my_plan"
KEPT = " (before)"
OFFICE = {
    "id": str,
    "office": str,
    "sector": str,
    "level": str,
    "role": str,
    "functions": [str],
    "passes_to": str,
    "days": str,
}
ARCHITECTURE = {
    "name": str,
    "institutions": [OFFICE],
    "representative": str,
    "law": str,
    "staff": str,
    "money": str,
    "review": str,
    "mandate": {name: {"text": str, "open": bool} for name in architecture.MANDATE},
}


def field(name, label, help="", long=False):
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
PLAN = {
    **{one["id"]: str for one in PLAN_FIELDS},
    "rows": [{"id": str, "from": str, **{one["id"]: str for one in PLAN_ROW}}],
}
REQUEST = {one["id"]: str for one in REQUEST_FIELDS}


def fitting(value, shape):
    """The part of a value that has this shape; a shape is str, bool, a list of one shape, or a dict of them."""
    if isinstance(shape, list):
        return (
            [fitting(one, shape[0]) for one in value if isinstance(one, _kind(shape[0]))]
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


def _kind(shape):
    return shape if isinstance(shape, type) else type(shape)


def examples():
    """The architectures that may be loaded: id, title, value."""
    path = tables.home() / "data" / "canvas_examples.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return [{"id": one["id"], "title": one["title"], "value": fitting(one["value"], ARCHITECTURE)} for one in found]
    except (OSError, ValueError, KeyError, TypeError):
        return []


class CanvasController(Controller):
    """One canvas: `answer` stores all of it."""

    name, shape = "", {}

    def __init__(self, sheet, folder):
        super().__init__(sheet)
        self.folder = Path(folder)

    @property
    def value(self):
        """What is stored, as far as it belongs to this canvas."""
        return fitting(self.sheet.canvas(self.name) or {}, self.shape)

    def do(self, request):
        """Carry out `answer`."""
        if request.get("do") == "answer" and isinstance(request.get("value"), dict):
            self.sheet.set_canvas(self.name, fitting(request["value"], self.shape))

    def view(self):
        return {
            "type": self.name,
            "id": f"{self.sheet.page}-{self.name}",
            "value": self.value,
            "saved": self.saved,
            "trouble": self.trouble,
        }


class ArchitectureController(CanvasController):
    """One's own architecture, with what can be seen in it; `load` takes an example, `bring-back` undoes that."""

    name, shape = "architecture", ARCHITECTURE

    def __init__(self, sheet, folder):
        super().__init__(sheet, folder)
        self.examples = examples()

    def do(self, request):
        what = request.get("do")
        if what == "load":
            self.load(next((one["value"] for one in self.examples if one["id"] == request.get("example")), {}))
        elif what == "bring-back" and self.sheet.canvas(self.name + KEPT):
            self.sheet.set_canvas(self.name, self.sheet.canvas(self.name + KEPT))
        else:
            super().do(request)

    def load(self, example):
        """Put an example, or an empty sheet, on the canvas; what a person drew themselves is kept."""
        own = self.value
        if own and own not in [one["value"] for one in self.examples]:
            self.sheet.set_canvas(self.name + KEPT, own)
        self.sheet.set_canvas(self.name, example)

    def view(self):
        drawn = architecture.read(self.value)
        found = architecture.analysed(drawn)
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
            "examples": [{"id": one["id"], "title": one["title"]} for one in self.examples],
            "kept": bool(kept) and kept != self.value,
            "map": functions_by_level(drawn),
            "summary": summary(drawn, found),
            "sections": sections(drawn, found),
            "most": architecture.MOST,
        }


class _Form(CanvasController):
    """A canvas of lines to fill in, from which papers are made; `papers` makes them."""

    title, fields, row, button = "", (), (), ""

    def __init__(self, sheet, folder):
        super().__init__(sheet, folder)
        self.files, self.note = [], ""

    def do(self, request):
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

    def view(self):
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

    name, shape, title, fields, row = "plan", PLAN, "Your action plan", PLAN_FIELDS, PLAN_ROW
    button = "Make the plan as DOCX and PDF"

    def view(self):
        drawn = architecture.read(self.sheet.canvas("architecture"))
        taken = {row.get("from") for row in self.value.get("rows", [])}
        return {
            **super().view(),
            "suggestions": [one for one in suggestions(drawn, architecture.analysed(drawn)) if one["id"] not in taken],
        }


class RequestController(_Form):
    """A request for help on one page."""

    name, shape, title, fields = "request", REQUEST, "How we will ask for help", REQUEST_FIELDS
    button = "Make the request as DOCX and PDF"


CANVASES = {one.name: one for one in (ArchitectureController, PlanController, RequestController)}


def _pairs(known):
    return [{"id": name, "text": words} for name, words in known.items()]
