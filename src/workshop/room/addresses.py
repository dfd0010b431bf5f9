"""What pages and cards are called in a room: a lesson by its name, an exercise as `graded/NAME`, cards as on pages."""

from workshop.project.pages import Page
from workshop.project.project import Project
from workshop.questions.kinds.base import Question

HAND_IN = "hand-in"


class Gone(KeyError):
    """There is no such page, or no such card on it."""


def page_of(project: Project, name: str) -> Page:
    """The page of this name. Raises Gone."""
    kind, _, short = name.rpartition("/")
    page = project.exercise(short) if kind == "graded" else project.lesson(short) if not kind else None
    if page is None:
        raise Gone(name)
    return page


def page_names(project: Project) -> list[tuple[str, str]]:
    """(name, title) of every page, the lessons first."""
    exercises = [(f"graded/{page.name}", page.title) for page in project.exercises]
    return [(page.name, page.title) for page in project.lessons] + exercises


def completed(project: Project, name: str) -> str:
    """The name of a page; a link in a text names an exercise that belongs to no lesson without its folder."""
    return f"graded/{name}" if project.lesson(name) is None and project.exercise(name) else name


def question_of(project: Project, name: str) -> Question:
    """The question of this name, `PAGE/ID`. Raises Gone."""
    page, _, id = name.rpartition("/")
    for question in page_of(project, page).questions:
        if question.id == id:
            return question
    raise Gone(name)


def question_card(question: Question) -> str:
    """The card on which a question is answered."""
    return f"q-{question.id}"


def play_card(name: str, part: int = 0) -> str:
    """The card on which a scenario, or one round of it, is played."""
    return f"s-{name}-{part}" if part else f"s-{name}"


def cards_of(project: Project, name: str) -> list[str]:
    """The cards of a page, in order. Raises Gone."""
    page = page_of(project, name)
    questions = [question_card(question) for question in page.questions]
    plays = [play_card(*play) for play in page.plays if play[0] in project.scenarios]
    return [*questions, *plays, *([HAND_IN] if page.kind == "exercise" else [])]
