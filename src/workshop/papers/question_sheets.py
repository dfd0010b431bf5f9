"""The questions of a page on paper: a sheet to answer on with a pen, and its key, which stays with the facilitator.

The sheet is made from `Question.public()`, as an exercise is: what is not in there cannot be printed.
"""

from workshop import explorations
from workshop.content import paper
from workshop.content.trees import Element, Node, Tree
from workshop.project.pages import Explore, Page, Section
from workshop.questions.kinds import from_data
from workshop.questions.kinds.base import Question
from workshop.render import pdf

STILL = (
    "Figures stand as they open on the screen. Where a question asks you to move one, look at the projector, or leave "
    "the question out."
)


def sheet(page: Page) -> pdf.Document:
    """The sheet of a lesson or a check: its figures as they stand at the beginning, questions with room to answer."""
    opening = [page.front["question"]] if "question" in page.front else []
    made: Tree = [paper.head(*opening, *([STILL] if page.explorations else []))]
    number = 0
    if page.kind == "exercise":
        made.append(["p", {}, "Code name, not your own: ", paper.blank(6)])
    for part in page.parts:
        if isinstance(part, Section):
            made.append(["h1", {}, part.title])
        elif isinstance(part, Explore):
            made.append(drawn(part.name))
        elif isinstance(part, Question):
            number += 1
            made.append(paper.keep(*asked(from_data(part.public()), number)))
    return pdf.Document(
        page.title, _without_empty(made), foot=f"Building National Architectures · {page.title} · questions"
    )


def key(page: Page) -> pdf.Document:
    """The key to such a sheet, with the reason for everything."""
    made: Tree = [paper.head("Key and reasons. For the facilitator: this sheet stays in your bag.")]
    for number, question in enumerate(page.questions, 1):
        made += [
            paper.larger(0.8, ["h1", {}, f"{number}. {question.title}"]),
            *question.key_on_paper(),
            *question.closing,
        ]
    return pdf.Document(
        f"{page.title}: key", made, foot=f"Building National Architectures · {page.title} · key", size=10
    )


def asked(question: Question, number: int) -> Tree:
    """One question with room to answer."""
    return [
        ["h2", {}, f"{number}. {question.title}"],
        *question.prompt,
        ["p", {}, ["em", {}, question.how_to_answer()]],
        *question.room_on_paper(),
    ]


def drawn(name: str) -> Element:
    """The figure of an exploration as it stands before anybody moved a control."""
    view = explorations.at_the_start(name)
    return paper.keep(["h2", {}, view.title], paper.figure(view.drawing.png(), view.alt, view.note))


def _without_empty(blocks: Tree) -> Tree:
    """Blocks without the headings under which nothing stands on paper."""
    headings = [*map(_is_heading, blocks), True]
    return [
        block
        for block, heading, followed in zip(blocks, headings[:-1], headings[1:], strict=True)
        if not (heading and followed)
    ]


def _is_heading(block: Node) -> bool:
    return not isinstance(block, str) and block[0] == "h1"
