"""The Python calls in a built notebook. The build writes them from the parts of a page, and nobody reads them back."""

from workshop.project.pages import Canvas, Explore, HandIn, Page, Part, Play
from workshop.questions.kinds.base import Question


def opening(page: Page) -> str:
    """The first code cell of a page."""
    return f'from workshop import Page\n\npage = Page("{page.name}")'


def call(part: Part) -> str:
    """What shows this part in a notebook. Raises TypeError for a part that is no card, such as prose."""
    if isinstance(part, Question):
        return f'page.ask("{part.id}")'
    if isinstance(part, Play):
        return f'page.play("{part.scenario}"{f", part={part.part}" if part.part else ""})'
    if isinstance(part, Explore):
        return f'page.explore("{part.name}")'
    if isinstance(part, Canvas):
        return f'page.canvas("{part.name}")'
    if isinstance(part, HandIn):
        return "page.hand_in()"
    raise TypeError(f"A notebook shows no card for {type(part).__name__}.")


def every(page: Page) -> set[str]:
    """The sources of all cells of a page that hold nothing but such a call."""
    cards = (part for part in page.parts if isinstance(part, Question | Play | Explore | Canvas | HandIn))
    return {opening(page), *map(call, cards)}
