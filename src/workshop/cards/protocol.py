"""What travels between a card and Python: the views that Python sends, and the requests that a card makes.

The browser's types (`browser/protocol.d.ts`) and the schema (`protocol.schema.json`) are made from what stands here, by
`python tests/browser/tools.py protocol`. Views hold nothing but JSON. A request comes from outside and may be anything:
what is not known changes nothing.
"""

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

from workshop.content.trees import Tree
from workshop.scenarios.review import Arrival, Comparison, Decision

Mark: TypeAlias = Literal["right", "wrong", "missed", "neutral", "empty"]
Outcome: TypeAlias = Literal["right", "partly", "not_right", "not_answered", "to_read"]


class CardView(TypedDict):
    """What every view has: `saved`, the last request that is safe, and `trouble`, what went wrong with it, in words.

    Requests are said by their numbers. `heard`, the number of the last request that was dealt with, is added on the
    way.
    """

    saved: int
    trouble: str
    heard: NotRequired[int]


# ---------------------------------------------------------------- questions


class Line(TypedDict):
    """An option, a row or a column."""

    id: str
    text: Tree


class Marked(TypedDict):
    """What came of an option or a row, and what would be right there."""

    mark: Mark
    reason: NotRequired[Tree]
    should: NotRequired[Tree]


class Result(TypedDict):
    """What came of an answer, as a whole and by the ids of options or rows; `order` is the best one of a ranking."""

    outcome: Outcome
    headline: str
    points: float | None
    of: float | None
    next: Tree
    reason: NotRequired[Tree]
    rubric: NotRequired[list[Tree]]
    model: NotRequired[Tree]
    options: NotRequired[dict[str, Marked]]
    rows: NotRequired[dict[str, Marked]]
    order: NotRequired[list[str]]


class QuestionView(CardView):
    """A question as it may be shown before it is graded; `first` and `last` are the ends of an axis of years."""

    type: Literal["question"]
    id: str
    kind: str
    title: str
    statements: list[str]
    points: float | None
    words: int | None
    unit: str
    prompt: Tree
    options: list[Line]
    rows: list[Line]
    columns: list[Line]
    row_label: str
    column_label: str
    first: NotRequired[int]
    last: NotRequired[int]
    graded: bool
    answer: Any
    result: Result | None


# ---------------------------------------------------------------- scenarios


class GaugeView(TypedDict):
    """A gauge, from 0 to 100, and its change in the last step; `better` is lower or higher."""

    id: str
    label: str
    value: int
    change: int
    better: str


class Clock(TypedDict):
    """How much time the decisions have taken."""

    unit: str
    used: int
    of: int


class SceneView(TypedDict):
    """Where the play stands; `side` is the table at which it is played, where a scenario has two."""

    id: str
    title: str
    text: Tree
    side: str


class ChoiceView(TypedDict):
    """What can be done; `why_not` says why it is not possible now."""

    id: str
    text: Tree
    decision: bool
    possible: bool
    cost: str
    why_not: str


class Reason(TypedDict):
    """Why somebody is about to decide as they do in this scene."""

    scene: str
    text: str


class EndingView(TypedDict):
    """How a play ends."""

    id: str
    title: str
    text: Tree


class RoleCard(TypedDict):
    """A card of an office: pairs of a label and a text."""

    title: str
    side: str
    lines: list[tuple[str, Tree]]


class Group(TypedDict):
    """How a group may play, or does (`on`): its people, their cards, the minutes for a decision, 0 for no limit."""

    on: bool
    sizes: list[int]
    times: list[int]
    swapped: bool
    swapping: bool
    people: int
    deal: int
    minutes: int
    hands: list[list[RoleCard]]


class Replay(TypedDict):
    """Where in a finished play somebody looks: after `step` of its `of` steps, and what was taken next."""

    number: int
    step: int
    of: int
    taken: str
    decision: bool
    reason: str


class FinishedPlay(TypedDict):
    """A finished play in a line: its number, counted from 1, its ending, its day, how many people played."""

    number: int
    ending: str
    when: str
    people: int


class Debrief(TypedDict):
    """A part of the debrief."""

    title: str
    text: Tree


class DataTable(TypedDict):
    """The numbers behind a picture."""

    columns: list[Any]
    rows: list[list[Any]]


class FigureView(TypedDict):
    """A picture as a data address, words for those who do not see it, what it shows now, its remarks and sources."""

    type: Literal["figure"]
    title: str
    src: str
    alt: str
    caption: Tree
    note: str
    table: DataTable | None
    heard: NotRequired[int]


class After(TypedDict):
    """What can be looked at when a play is over; `compared` is the number of the play beside it, 0 for none."""

    number: int
    debrief: list[Debrief]
    can_draw: bool
    figure: FigureView | None
    compared: int
    comparison: list[Comparison] | None


class ScenarioView(CardView):
    """A scenario in play. `links` say where the room gives its `files`."""

    type: Literal["scenario"]
    id: str
    title: str
    round: str
    gauges: list[GaugeView]
    late: list[Arrival]
    clock: Clock
    brief: Tree
    scene: SceneView
    choices: list[ChoiceView]
    reason: Reason | None
    before: list[Decision]
    trail: list[Decision]
    ending: EndingView | None
    group: Group | None
    replay: Replay | None
    after: After | None
    plays: list[FinishedPlay]
    files: list[str]
    links: NotRequired[dict[str, str]]
    can_go_back: bool


# ---------------------------------------------------------------- handing in, canvases


class HandInView(CardView):
    """The last card of an exercise: how many questions are answered, the titles of the others, the file made."""

    type: Literal["handin"]
    answered: int
    of: int
    missing: list[str]
    code: str
    file: str
    note: str


class Named(TypedDict):
    """Something to choose."""

    id: str
    text: str


class Example(TypedDict):
    """An architecture to load."""

    id: str
    title: str


class MapRow(TypedDict):
    """A function, and the offices that have it on each level."""

    label: str
    cells: list[list[str]]


class FunctionMap(TypedDict):
    """Who does what, on which level."""

    columns: list[str]
    rows: list[MapRow]


class Passage(TypedDict):
    """A part of what can be seen in an architecture."""

    id: str
    title: str
    tree: Tree


class ArchitectureView(CardView):
    """An architecture on its canvas, what may be put on it, and what can be seen in it; `most` offices fit."""

    type: Literal["architecture"]
    id: str
    value: dict[str, Any]
    title: str
    aid: str
    functions: list[Named]
    levels: list[Named]
    sectors: list[Named]
    roles: list[Named]
    laws: list[Named]
    staffs: list[Named]
    moneys: list[Named]
    questions: list[Named]
    decides: str
    examples: list[Example]
    kept: bool
    map: FunctionMap
    summary: str
    sections: list[Passage]
    most: int


class FieldShape(TypedDict):
    """One line to fill in."""

    id: str
    label: str
    help: str
    long: bool


class Suggestion(TypedDict):
    """A step that an architecture suggests."""

    id: str
    goal: str
    step: str


class FormView(CardView):
    """Lines to fill in, and rows of them, from which papers are made."""

    type: Literal["form"]
    id: str
    value: dict[str, Any]
    title: str
    fields: list[FieldShape]
    row: list[FieldShape]
    suggestions: list[Suggestion]
    button: str
    files: list[str]
    note: str


AnyView: TypeAlias = QuestionView | ScenarioView | HandInView | FigureView | ArchitectureView | FormView


# ---------------------------------------------------------------- requests


class Answered(TypedDict):
    """An answer, a whole canvas."""

    do: Literal["answer"]
    value: Any


class Plain(TypedDict):
    """What needs no more words."""

    do: Literal[
        "clear", "check", "back", "restart", "alone", "deal", "leave", "figure", "export", "cards", "bring-back",
        "papers", "hand-in",
    ]  # fmt: skip


class Choose(TypedDict):
    """A choice of a scene, with the reason for it."""

    do: Literal["choose"]
    choice: str
    reason: NotRequired[str]


class GiveReason(TypedDict):
    """Why something is about to be chosen in a scene."""

    do: Literal["reason"]
    scene: str
    value: str


class PlayAsGroup(TypedDict):
    """Play with so many people and so many minutes for a decision."""

    do: Literal["group"]
    people: int
    minutes: int


class LookAtPlay(TypedDict):
    """Look at a finished play, or put it beside the present one; 0 takes it away."""

    do: Literal["replay", "compare"]
    play: int


class GoToStep(TypedDict):
    """Go to a step of the play that is looked at."""

    do: Literal["step"]
    to: int


class Load(TypedDict):
    """Put an example on the canvas, or nothing."""

    do: Literal["load"]
    example: str


class NameCode(TypedDict):
    """The code name under which is handed in."""

    do: Literal["code"]
    value: str


Request: TypeAlias = Answered | Plain | Choose | GiveReason | PlayAsGroup | LookAtPlay | GoToStep | Load | NameCode
