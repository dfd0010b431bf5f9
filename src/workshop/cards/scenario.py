"""A scenario as a card: decide, look back, compare plays, take one home."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypedDict

from workshop.answers.atomic import put
from workshop.answers.sheet import KeptPlay, Sheet
from workshop.answers.storage import SaveError
from workshop.cards import scenario_export, scenario_figure
from workshop.cards.base import Controller
from workshop.cards.protocol import (
    After,
    ChoiceView,
    Debrief,
    EndingView,
    FigureView,
    FinishedPlay,
    Group,
    Replay,
    ScenarioView,
)
from workshop.cards.scenario_figure import Bands
from workshop.content.trees import text_of
from workshop.scenarios import groups as scenario_groups
from workshop.scenarios import model as scenarios
from workshop.scenarios import review as scenario_review
from workshop.scenarios.model import Choice, Scenario, Scene, State

MOST_LISTED = 20


class LookedAt(TypedDict):
    """Which finished play is looked at, counted from 1, and after how many of its steps."""

    number: int
    step: int


class ScenarioController(Controller):
    """A scenario, or one round of it (`part`), played alone or as a group around one screen.

    Every choice is kept, and why it was made. A finished play can be looked at again, compared and taken home.
    """

    def __init__(
        self, scenario: Scenario, sheet: Sheet, part: int = 0, bands: Bands | None = None, folder: Path | None = None
    ) -> None:
        super().__init__(sheet)
        # Where files to take home are written; None where the face gives them away by itself (`written`).
        self.folder = folder
        # The gauges of all plays (`scenario_figure.bands`), or None: they are then computed when a figure is asked for.
        self.scenario, self.part, self.bands = scenario, part, bands
        self.name = f"{scenario.name}-{part}" if part else scenario.name
        # What is only looked at belongs to this window and is not saved.
        self.shown: LookedAt | None = None
        self.other: int | None = None
        self.with_figure = False
        self.files: list[str] = []

    def do(self, request: dict[str, Any]) -> None:
        """Carry out what was asked, each by the method of its name; what has no name here changes nothing."""
        acts: dict[str, Callable[[dict[str, Any]], None]] = {
            "choose": self.choose,
            "back": self.back,
            "restart": self.restart,
            "reason": self.reason,
            "group": self.group,
            "deal": self.group,
            "alone": self.alone,
            "replay": self.replay,
            "step": self.step_to,
            "leave": self.leave,
            "figure": self.draw,
            "compare": self.compare,
            "export": self.export,
            "cards": self.cards,
        }
        act = acts.get(str(request.get("do")))
        if act:
            self.files = []
            act(request)

    # ---- playing

    def choose(self, request: dict[str, Any]) -> None:
        """Make a choice; the reason that came with it is stored in the same moment."""
        state = self.state()
        after = scenarios.play(self.scenario, [*_made(state), str(request.get("choice"))], self.part)
        reasons = self.sheet.reasons(self.name)
        if isinstance(request.get("reason"), str) and _decides(self.scenario, state):
            reasons = {**reasons, state.scene: request["reason"]}
        self.keep(state, after, {scene: words for scene, words in reasons.items() if words.strip()})

    def back(self, _request: dict[str, Any]) -> None:
        """Take the last step back; reasons stay."""
        state = self.state()
        self.keep(state, scenarios.play(self.scenario, _made(state)[:-1], self.part))

    def restart(self, _request: dict[str, Any]) -> None:
        """Begin again, with no reasons yet; finished plays stay."""
        self.keep(self.state(), scenarios.play(self.scenario, [], self.part), {})

    def keep(self, before: State, after: State, reasons: dict[str, str] | None = None) -> None:
        """Store a play that has moved on."""
        if _made(after) != _made(before):
            self.other, self.with_figure = None, False
            self.sheet.set_choices(self.name, _made(after), after.over, reasons)

    def reason(self, request: dict[str, Any]) -> None:
        """Store why something is about to be chosen, as it is typed."""
        scene, words = request.get("scene"), request.get("value")
        if (
            isinstance(words, str)
            and isinstance(scene, str)
            and any(scene == known.id for known in self.scenario.scenes)
        ):
            self.sheet.set_reason(self.name, scene, words)

    def group(self, request: dict[str, Any]) -> None:
        """Play as a group: how many people, how many minutes; `deal` mixes the cards again."""
        if self.scenario.roles:
            self.sheet.set_group(self.name, scenario_groups.group(request, self.sheet.group(self.name)))

    def alone(self, _request: dict[str, Any]) -> None:
        """Play alone."""
        self.sheet.set_group(self.name, None)

    # ---- looking back

    def replay(self, request: dict[str, Any]) -> None:
        """Look at a finished play, from its first scene."""
        if self.finished(request.get("play")):
            self.shown = {"number": request["play"], "step": 0}

    def step_to(self, request: dict[str, Any]) -> None:
        """Go to a step of the play that is looked at."""
        if self.shown and isinstance(request.get("to"), int):
            steps = len(_made(self.replayed(self.shown["number"])))
            self.shown["step"] = min(max(request["to"], 0), steps)

    def leave(self, _request: dict[str, Any]) -> None:
        """Stop looking at a finished play."""
        self.shown = None

    def draw(self, _request: dict[str, Any]) -> None:
        """Show the gauges over time."""
        self.with_figure = True

    def compare(self, request: dict[str, Any]) -> None:
        """Put another finished play beside this one; without a number there is none beside it any more."""
        self.other = request.get("play") if self.finished(request.get("play")) else None

    def export(self, _request: dict[str, Any]) -> None:
        """Write the present finished play beside the page, to print and as data."""
        play, number = self.this_finished()
        if play is None:
            return
        figure = None if self.part else self.figure(play)
        stem = f"{self.sheet.page}.{self.name}--play-{number}"
        self.files = self.written(
            {
                f"{stem}.html": scenario_export.as_html(self.scenario, play, self.part, figure),
                f"{stem}.json": scenario_export.as_json(self.scenario, play, self.part),
            }
        )

    def cards(self, _request: dict[str, Any]) -> None:
        """Write the role cards beside the page, to print and cut."""
        self.files = self.written(
            {f"{self.sheet.page}.{self.name}--roles.html": scenario_export.role_cards(self.scenario)}
        )

    def written(self, files: Mapping[str, str]) -> list[str]:
        """The names of files that now lie in the folder. Raises SaveError."""
        if self.folder is None:
            raise SaveError("There is no folder in which this file could lie.")
        try:
            for name, content in files.items():
                put(self.folder / name, content.encode("utf-8"))
        except OSError as error:
            raise SaveError(f"The file could not be written: {error.strerror}. Your answers are safe.") from error
        return list(files)

    # ---- what is known

    def state(self) -> State:
        """Where the stored play stands, as far as its choices exist in this edition of the scenario."""
        return scenarios.play(self.scenario, self.sheet.choices(self.name), self.part)

    def finished(self, number: object) -> KeptPlay | None:
        """The finished play of this number, counted from 1, or None."""
        plays = self.sheet.finished(self.name)
        return plays[number - 1] if isinstance(number, int) and 1 <= number <= len(plays) else None

    def this_finished(self) -> tuple[KeptPlay | None, int]:
        """The present play among the finished ones, with its number, or (None, 0)."""
        choices = _made(self.state())
        return next(
            (
                (play, number)
                for number, play in enumerate(self.sheet.finished(self.name), 1)
                if play["choices"] == choices
            ),
            (None, 0),
        )

    def replayed(self, number: int, step: int | None = None) -> State:
        """The state of the finished play of this number after so many steps, or all."""
        return scenarios.play(self.scenario, self.sheet.finished(self.name)[number - 1]["choices"][:step], self.part)

    def figure(self, play: KeptPlay, other: KeptPlay | None = None) -> FigureView:
        """The figure of a play's gauges, beside those of another finished play."""
        if self.bands is None:
            self.bands = scenario_figure.bands(self.scenario)
        return scenario_figure.view(
            self.scenario, play["choices"], self.bands, other["choices"] if other else None, f"Play {self.other}"
        )

    # ---- the view

    def view(self) -> ScenarioView:
        """The scene, the gauges, what can be done, and the path so far."""
        scenario, shown = self.scenario, self.shown
        state = self.replayed(shown["number"], shown["step"]) if shown else self.state()
        reasons = (
            self.sheet.finished(self.name)[shown["number"] - 1]["reasons"] if shown else self.sheet.reasons(self.name)
        )
        scene = scenario.scene(state.scene)
        own = state.steps[state.before :]
        last = own[-1].changes if own else {}
        decision = _decides(scenario, state)
        return {
            "type": "scenario",
            "id": self.name,
            "title": scenario.title,
            "round": scenario.rounds[self.part - 1] if self.part else scene.round,
            "gauges": [
                {
                    "id": name,
                    "label": gauge["label"],
                    "value": state.gauges[name],
                    "change": last.get(name, 0),
                    "better": gauge["better"],
                }
                for name, gauge in scenario.gauges.items()
            ],
            "late": scenario_review.late(scenario, state) if own else [],
            "clock": {"unit": scenario.unit, "used": state.used, "of": scenario.clock},
            "brief": [] if own else scenario.brief,
            "scene": {"id": scene.id, "title": scene.title, "text": scene.text, "side": scene.side},
            "choices": [] if shown else [self.choice(state, choice) for choice in scenarios.offered(scenario, state)],
            "reason": {"scene": scene.id, "text": reasons.get(scene.id, "")} if decision and not shown else None,
            "before": scenario_review.path(scenario, state.steps[: state.before]),
            "trail": scenario_review.path(scenario, own, reasons),
            "ending": self.ending(state),
            "group": self.around(scene),
            "replay": self.looked_at(state, shown) if shown else None,
            "after": self.after() if state.over and not shown else None,
            "plays": self.plays(),
            "files": self.files,
            "can_go_back": bool(own),
            "saved": self.saved,
            "trouble": self.trouble,
        }

    def ending(self, state: State) -> EndingView | None:
        """How it ends: the ending reached, or a word of parting at the end of a part."""
        if state.ending:
            return {"id": state.ending.id, "title": state.ending.title, "text": state.ending.text}
        if not state.left:
            return None
        scenario = self.scenario
        where = (
            f"It is played in the lesson “{scenario.lesson}”."
            if scenario.lesson
            else "Ask your facilitator where it is played."
        )
        return {
            "id": "part",
            "title": f"Here part {self.part} ends",
            "text": [
                [
                    "p",
                    {},
                    "Thank you for stepping in for one round. "
                    "The gauges show what your choices have left to those who come after you.",
                ],
                [
                    "p",
                    {},
                    f"The whole story, “{scenario.title}”, has {len(scenario.rounds)} rounds and more than one ending. "
                    f"{where}",
                ],
            ],
        }

    def choice(self, state: State, choice: Choice) -> ChoiceView:
        """One choice for the browser; its effects stay unknown until it is made."""
        possible = scenarios.affordable(self.scenario, state, choice)
        return {
            "id": choice.id,
            "text": choice.text,
            "decision": bool(choice.quality),
            "possible": possible,
            "cost": scenario_review.time(choice.time, self.scenario.unit),
            "why_not": "" if possible else "There is not enough time left for this.",
        }

    def around(self, scene: Scene) -> Group | None:
        """How a group may play: its people and their cards, or None beside what could be chosen."""
        if not self.scenario.roles:
            return None
        group = self.sheet.group(self.name)
        number = self.scenario.rounds.index(scene.round)
        swapped = 0 < self.scenario.swap_after <= number
        opening = scene is next(each for each in self.scenario.scenes if each.round == scene.round)
        return {
            "on": bool(group),
            "sizes": list(range(scenario_groups.FEWEST, scenario_groups.MOST + 1)),
            "times": list(scenario_groups.MINUTES),
            "swapped": swapped,
            "swapping": swapped and opening and number == self.scenario.swap_after,
            **(group or scenario_groups.group({})),
            "hands": scenario_groups.hands(self.scenario, group, swapped) if group else [],
        }

    def looked_at(self, state: State, shown: LookedAt) -> Replay:
        """Where in a finished play somebody is looking, and what was chosen there."""
        number, step = shown["number"], shown["step"]
        following = self.replayed(number, step + 1).steps
        taken = following[-1] if len(following) > len(state.steps) else None
        return {
            "number": number,
            "step": step,
            "of": len(_made(self.replayed(number))),
            "taken": text_of(taken.choice.text) if taken else "",
            "decision": bool(taken and taken.choice.quality),
            "reason": self.sheet.finished(self.name)[number - 1]["reasons"].get(taken.scene, "") if taken else "",
        }

    def after(self) -> After | None:
        """What can be looked at when a play is over."""
        play, number = self.this_finished()
        other = self.finished(self.other)
        if play is None:
            return None
        debrief: list[Debrief] = [{"title": each.title, "text": each.text} for each in self.scenario.debrief]
        return {
            "number": number,
            "debrief": [] if self.part else debrief,
            "can_draw": not self.part,
            "figure": self.figure(play, other) if self.with_figure and not self.part else None,
            "compared": self.other or 0,
            "comparison": scenario_review.compared(self.scenario, play, other, self.part) if other else None,
        }

    def plays(self) -> list[FinishedPlay]:
        """The latest finished plays in a line each, with their numbers."""
        lines, finished = list[FinishedPlay](), self.sheet.finished(self.name)
        for number, play in list(enumerate(finished, 1))[-MOST_LISTED:]:
            state = scenarios.play(self.scenario, play["choices"], self.part)
            ending = self.ending(state)
            # A play of an earlier edition may no longer lead to an end; what is left of it can still be looked at.
            lines.append(
                {
                    "number": number,
                    "ending": ending["title"] if ending else "A play of an earlier edition",
                    "when": play["saved"][:10],
                    "people": play.get("people", 1),
                }
            )
        return lines


def _decides(scenario: Scenario, state: State) -> bool:
    """Whether something is to be decided here, and not merely read on."""
    return any(choice.quality for choice in scenarios.offered(scenario, state))


def _made(state: State) -> list[str]:
    """The ids of the choices that the player made; those before a part are not theirs."""
    return [step.choice.id for step in state.steps[state.before :]]
