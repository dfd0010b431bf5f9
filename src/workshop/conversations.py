"""What a card says and how the kit replies: one class for each thing a person clicks on.

Each has `view()`, a dict for the browser, and `handle(request)`, which takes what was clicked, saves it
and returns the next view. No browser, notebook or server is needed here; every face talks the same way.
"""

from workshop import scenarios
from workshop.grading import clean, grade
from workshop.questions import text_of
from workshop.sheet import NotSaved

HEADLINES = {
    "right": "Right", "partly": "Partly right", "not_right": "Not right yet", "not_answered": "Not answered yet",
    "to_read": "Compare your text with these points",
}


class Conversation:
    """A saved exchange. `saved` is the number of the last request that is safe on disk."""

    def __init__(self, sheet):
        self.sheet = sheet
        self.saved, self.trouble = 0, sheet.trouble

    def handle(self, request):
        """Do what was asked, save it, and return the next view. A request of another form changes nothing."""
        try:
            self.do(request)
            self.saved, self.trouble = request.get("n", 0), self.sheet.trouble
        except NotSaved as error:
            self.trouble = str(error)
        return self.view()


class QuestionConversation(Conversation):
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
        return {**public, "type": "question", "graded": self.graded, "points": public["points"] if self.graded else None,
                "answer": self.answer, "saved": self.saved, "trouble": self.trouble, "result": self.result}

    def explained(self):
        """The result of the present answer, with a reason for each part of it."""
        question, answer = self.question, self.answer
        result = grade(question, answer)
        headline = HEADLINES[result.outcome]
        explained = {"outcome": result.outcome, "points": None, "of": None, "next": question.closing,
                     "headline": f"{headline}: {result.detail}" if result.detail else headline}
        if result.outcome == "not_answered":
            return {**explained, "next": []}
        if question.kind in ("single", "multiple"):
            explained["options"] = {option.id: {"mark": result.marks.get(option.id, "neutral"), "reason": option.reason}
                                    for option in question.options}
        elif question.kind == "rank":
            by_id = {option.id: option for option in question.options}
            explained["order"] = [name for group in question.best for name in group]
            explained["rows"] = {name: {"mark": result.marks[name], "should": by_id[name].text, "reason": by_id[name].reason}
                                 for name in explained["order"]}
        elif question.kind == "number":
            explained["reason"] = result.reason or ["This is not the number. Look once more at the figure or the text above."]
        elif question.kind == "write":
            explained["rubric"] = [line["text"] for line in question.rubric]
            explained["model"] = question.model
        else:
            columns = {column["id"]: column["text"] for column in question.columns}
            explained["rows"] = {row.id: {"mark": result.marks[row.id], "should": _joined([columns[c] for c in row.should]),
                                          "reason": row.reason} for row in question.rows}
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


class ScenarioConversation(Conversation):
    """A scenario, or one round of it (`part`): choose, step back, start again. Every choice is kept."""

    def __init__(self, scenario, sheet, part=0):
        super().__init__(sheet)
        self.scenario, self.part = scenario, part
        self.name = f"{scenario.name}-{part}" if part else scenario.name

    def do(self, request):
        """Carry out `choose`, `back` or `restart`."""
        before = choices = self.state_choices()
        what = request.get("do")
        if what == "choose":
            choices = choices + [request.get("choice")]
        elif what == "back":
            choices = choices[:-1]
        elif what == "restart":
            choices = []
        state = scenarios.play(self.scenario, choices, self.part)
        made = _made(state)
        if made != before:
            self.sheet.set_choices(self.name, made, state.over)

    def state(self):
        """Where the stored play stands, as far as its choices exist in this edition of the scenario."""
        return scenarios.play(self.scenario, self.sheet.choices(self.name), self.part)

    def state_choices(self):
        """The choices of the stored play that exist in this edition of the scenario."""
        return _made(self.state())

    def view(self):
        """The scene, the gauges, what can be done, and the path so far."""
        scenario = self.scenario
        state = self.state()
        scene = scenario.scene(state.scene)
        own = state.steps[state.before:]
        last = own[-1].changes if own else {}
        return {
            "type": "scenario", "id": self.name, "title": scenario.title,
            "round": scenario.rounds[self.part - 1] if self.part else scene.round,
            "gauges": [{"id": name, "label": gauge["label"], "value": state.gauges[name], "change": last.get(name, 0),
                        "better": gauge["better"]} for name, gauge in scenario.gauges.items()],
            "clock": {"unit": scenario.unit, "used": state.used, "of": scenario.clock},
            "brief": [] if own else scenario.brief,
            "scene": {"id": scene.id, "title": scene.title, "text": scene.text},
            "choices": [self.choice(state, choice) for choice in scenarios.offered(scenario, state)],
            "before": [self.step(step) for step in state.steps[:state.before] if step.choice.quality],
            "trail": [self.step(step) for step in own if step.choice.quality],
            "ending": self.ending(state),
            "can_go_back": bool(own), "saved": self.saved, "trouble": self.trouble,
        }

    def ending(self, state):
        """How it ends: the ending reached, or a word of parting at the end of a part."""
        if state.ending:
            return {"id": state.ending.id, "title": state.ending.title, "text": state.ending.text}
        if not state.left:
            return None
        scenario = self.scenario
        where = f"It is played in the lesson “{scenario.lesson}”." if scenario.lesson else \
            "Ask your facilitator where it is played."
        return {"id": "part", "title": f"Here part {self.part} ends", "text": [
            ["p", {}, "Thank you for stepping in for one round. The gauges show what your choices have left to those who come after you."],
            ["p", {}, f"The whole story, “{scenario.title}”, has {len(scenario.rounds)} rounds and more than one ending. {where}"]]}

    def choice(self, state, choice):
        """One choice for the browser; its effects stay unknown until it is made."""
        possible = scenarios.affordable(self.scenario, state, choice)
        return {"id": choice.id, "text": choice.text, "decision": bool(choice.quality), "possible": possible,
                "cost": _time(choice.time, self.scenario.unit) if choice.time else "",
                "why_not": "" if possible else "There is not enough time left for this."}

    def step(self, step):
        """One decision of the path, with what it changed."""
        changes = [f"{self.scenario.gauges[name]['label']} " + f"{change:+d}".replace("-", "\u2212")
                   for name, change in step.changes.items() if change]
        return {"scene": self.scenario.scene(step.scene).title, "choice": text_of(step.choice.text),
                "cost": _time(step.choice.time, self.scenario.unit) if step.choice.time else "",
                "effects": ", ".join(changes)}


def _made(state):
    """The ids of the choices that the player made; those before a part are not theirs."""
    return [step.choice.id for step in state.steps[state.before:]]


def _time(number, unit):
    return f"{number} {unit.rstrip('s') if number == 1 else unit}"
