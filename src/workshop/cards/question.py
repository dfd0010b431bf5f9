"""A question as a card: answer it, check it, clear it."""

from workshop.cards.base import Controller
from workshop.questions.grading import clean, grade

HEADLINES = {
    "right": "Right",
    "partly": "Partly right",
    "not_right": "Not right yet",
    "not_answered": "Not answered yet",
    "to_read": "Compare your text with these points",
}


class QuestionController(Controller):
    """A question: answer it, check it (in lessons), clear it."""

    def __init__(self, question, sheet, graded=False, source_titles=None):
        super().__init__(sheet)
        self.question, self.graded, self.source_titles = question, graded, source_titles or {}
        self.result = None

    @property
    def answer(self):
        """The stored answer as far as it belongs to the question."""
        return clean(self.question, self.sheet.answer(self.question.id))

    def do(self, request):
        """Carry out `answer`, `clear` or `check`."""
        what = request.get("do")
        if what == "answer":
            self.result = None
            value = request.get("value")
            kept = clean(self.question, value)
            if kept is not None and isinstance(value, str):
                kept = value  # a text is kept as it was typed, blanks and all
            self.sheet.set_answer(self.question.id, self.question.kind, kept)
        elif what == "clear":
            self.result = None
            self.sheet.set_answer(self.question.id, self.question.kind, None)
        elif what == "check" and not self.graded:
            self.result = self.explained()

    def view(self):
        """The question as the browser shows it, with the answer and, once checked, the result."""
        public = self.question.public()
        return {
            **public,
            "type": "question",
            "graded": self.graded,
            "points": public["points"] if self.graded else None,
            "answer": self.answer,
            "saved": self.saved,
            "trouble": self.trouble,
            "result": self.result,
        }

    def explained(self):
        """The result of the present answer, with a reason for each part of it."""
        question, answer = self.question, self.answer
        result = grade(question, answer)
        headline = HEADLINES[result.outcome]
        explained = {
            "outcome": result.outcome,
            "points": None,
            "of": None,
            "next": question.closing,
            "headline": f"{headline}: {result.detail}" if result.detail else headline,
        }
        if result.outcome == "not_answered":
            return {**explained, "next": []}
        if question.kind in ("single", "multiple"):
            explained["options"] = {
                option.id: {"mark": result.marks.get(option.id, "neutral"), "reason": option.reason}
                for option in question.options
            }
        elif question.kind == "rank":
            by_id = {option.id: option for option in question.options}
            explained["order"] = [name for group in question.best for name in group]
            explained["rows"] = {
                name: {"mark": result.marks[name], "should": by_id[name].text, "reason": by_id[name].reason}
                for name in explained["order"]
            }
        elif question.kind == "number":
            explained["reason"] = result.reason or [
                "This is not the number. Look once more at the figure or the text above."
            ]
        elif question.kind == "write":
            explained["rubric"] = [line["text"] for line in question.rubric]
            explained["model"] = question.model
        else:
            columns = {column["id"]: column["text"] for column in question.columns}
            explained["rows"] = {
                row.id: {
                    "mark": result.marks[row.id],
                    "should": _joined([columns[c] for c in row.should]),
                    "reason": row.reason,
                }
                for row in question.rows
            }
        explained["next"] = explained["next"] + self.sources()
        return explained

    def sources(self):
        """A closing line with the titles of the sources named."""
        known = [f"{key}: {self.source_titles[key]}" for key in self.question.sources if key in self.source_titles]
        return [["p", {}, ["em", {}, "Sources. " + "; ".join(known) + "."]]] if known else []


def _joined(trees):
    joined = []
    for tree in trees:
        joined += [", ", *tree] if joined else list(tree)
    return joined
