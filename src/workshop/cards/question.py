"""A question as a card: answer it, check it, clear it."""

from collections.abc import Mapping
from typing import Any

from workshop.answers.sheet import Sheet
from workshop.cards.base import Controller
from workshop.cards.protocol import QuestionView, Result
from workshop.content.trees import Tree
from workshop.questions.kinds.base import Question

HEADLINES = {
    "right": "Right",
    "partly": "Partly right",
    "not_right": "Not right yet",
    "not_answered": "Not answered yet",
    "to_read": "Compare your text with these points",
}


class QuestionController(Controller):
    """A question: answer it, check it (in lessons), clear it."""

    def __init__(
        self, question: Question, sheet: Sheet, graded: bool = False, source_titles: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(sheet)
        self.question, self.graded, self.source_titles = question, graded, source_titles or {}
        self.result: Result | None = None

    @property
    def answer(self) -> Any:
        """The stored answer as far as it belongs to the question."""
        return self.question.clean(self.sheet.answer(self.question.id))

    def do(self, request: dict[str, Any]) -> None:
        """Carry out `answer`, `clear` or `check`."""
        what = request.get("do")
        if what == "answer":
            self.result = None
            value = request.get("value")
            kept = self.question.clean(value)
            if kept is not None and isinstance(value, str):
                kept = value  # a text is kept as it was typed, blanks and all
            self.sheet.set_answer(self.question.id, self.question.kind, kept)
        elif what == "clear":
            self.result = None
            self.sheet.set_answer(self.question.id, self.question.kind, None)
        elif what == "check" and not self.graded:
            self.result = self.explained()

    def view(self) -> QuestionView:
        """The question as the browser shows it, with the answer and, once checked, the result."""
        public = self.question.public()
        view: QuestionView = {
            **public,  # type: ignore[typeddict-item] # what a kind adds to it is in the view's type
            "type": "question",
            "graded": self.graded,
            "points": public["points"] if self.graded else None,
            "answer": self.answer,
            "saved": self.saved,
            "trouble": self.trouble,
            "result": self.result,
        }
        return view

    def explained(self) -> Result:
        """The result of the present answer, with a reason for each part of it."""
        question, answer = self.question, self.answer
        result = question.grade(answer)
        headline = HEADLINES[result.outcome]
        explained: Result = {
            "outcome": result.outcome,
            "points": None,
            "of": None,
            "next": question.closing,
            "headline": f"{headline}: {result.detail}" if result.detail else headline,
        }
        if result.outcome == "not_answered":
            return {**explained, "next": []}
        explained.update(question.explain(result))  # type: ignore[typeddict-item] # each kind explains parts of its own
        explained["next"] = explained["next"] + self.sources()
        return explained

    def sources(self) -> Tree:
        """A closing line with the titles of the sources named."""
        known = [f"{key}: {self.source_titles[key]}" for key in self.question.sources if key in self.source_titles]
        return [["p", {}, ["em", {}, "Sources. " + "; ".join(known) + "."]]] if known else []
