"""What the walk through every play of a scenario shows: faults, each with its line and a mend; figures for guides."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import accumulate
from operator import itemgetter

from workshop.content.markdown import Problem
from workshop.content.trees import text_of
from workshop.scenarios.model import Choice, Ending, Scenario, Scene, State, offered
from workshop.scenarios.walk import Walk, stuck, walk

WORDS_A_MINUTE = 200
MOST_ROLES, FEWEST_ROLES = 8, 5
# A play drawn by lot should be able to end well or badly; these are the shares at which it no longer is.
MOST_COMMON, RAREST, DECIDED = 0.8, 0.002, 0.95


def faults(scenario: Scenario) -> list[Problem]:
    """Every fault of a whole scenario, in plain words."""
    walked = walk(scenario)
    if walked.circle:
        scene = scenario.scene(walked.circle)
        return [
            Problem(
                scenario.path,
                scene.line,
                f"A play can go round in a circle through “{scene.title}”. Lead its links forward only.",
            )
        ]
    problems = [*_reached(scenario, walked), *_options(scenario, walked), *_strong_positions(scenario)]
    # Where there are only one or two decisions, each of them has to decide.
    if not problems and len(_decisions(scenario)) > 2:
        problems = list(_outcomes(scenario, walked)) or list(_one_option(scenario, walked))
    problems += [*_statements(scenario), *_time(scenario, walked), *_for_groups(scenario)]
    return list(dict.fromkeys(problems))


# ---------------------------------------------------------------- the graph


def _reached(scenario: Scenario, walked: Walk) -> Iterator[Problem]:
    ended = {node.ending.id for node in walked.ends}
    for scene in scenario.scenes:
        nodes = walked.nodes.get(scene.id)
        if not nodes:
            yield Problem(
                scenario.path,
                scene.line,
                f"Nobody can reach the scene “{scene.title}”. Link to it, ease a condition, or take it away.",
            )
        elif any(stuck(scenario, node) for node in nodes):
            yield Problem(
                scenario.path,
                scene.line,
                f"A play gets stuck in “{scene.title}”: no choice is open there any more. Ease a condition or a cost.",
            )
    for ending in scenario.endings:
        if ending.id not in ended:
            yield Problem(
                scenario.path,
                ending.line,
                f"No play reaches the ending “{ending.title}”. Change its conditions or the numbers of the choices.",
            )


# ---------------------------------------------------------------- decisions


def _decisions(scenario: Scenario) -> list[Scene]:
    return [scene for scene in scenario.scenes if sum(bool(choice.quality) for choice in scene.choices) > 1]


def _options(scenario: Scenario, walked: Walk) -> Iterator[Problem]:
    for scene in _decisions(scenario):
        cornered = False
        dominated: dict[str, tuple[Choice, Choice]] = {}
        for node in walked.nodes.get(scene.id, []):
            shown = [choice for choice in offered(scenario, node.state) if choice.quality]
            # What was done before may take the best option away, but never every one that can be defended.
            cornered |= not {"strong", "defensible"}.intersection(choice.quality for choice in shown)
            changes = {choice.id: _changes(scenario, choice, node.state) for choice in shown}
            for worse in shown:
                for other in shown:
                    if other.time == worse.time and all(map(int.__lt__, changes[worse.id], changes[other.id])):
                        dominated[worse.id] = worse, other
        for quality in ("strong", "defensible"):
            if all(choice.quality != quality for choice in scene.choices):
                yield Problem(
                    scenario.path,
                    scene.line,
                    f"The decision “{scene.title}” has no {quality} option. Add one with the code word `{quality}`.",
                )
        if cornered:
            yield Problem(
                scenario.path,
                scene.line,
                f"Some plays find in “{scene.title}” no strong and no defensible option. Ease a condition of one.",
            )
        for worse, other in dominated.values():
            yield Problem(
                scenario.path,
                worse.line,
                f"“{text_of(worse.text)}” is worse in every gauge than “{text_of(other.text)}” and costs "
                "as much time. Give it one good side, or let the other take longer.",
            )


def _changes(scenario: Scenario, choice: Choice, state: State) -> list[int]:
    """What a choice does to each gauge, sooner or later, so that more is better."""
    total = dict.fromkeys(scenario.gauges, 0)
    for effect in choice.effects:
        if not effect.after or effect.after in state.visited:
            total[effect.gauge] += effect.change
    return [-total[name] if gauge["better"] == "lower" else total[name] for name, gauge in scenario.gauges.items()]


def _strong_positions(scenario: Scenario) -> Iterator[Problem]:
    scenes = _decisions(scenario)
    positions = [
        {position for position, choice in enumerate(scene.choices, 1) if choice.quality == "strong"} for scene in scenes
    ]
    always = set.intersection(*positions) if len(positions) > 2 else set()
    if always:
        yield Problem(
            scenario.path,
            scenes[0].line,
            f"The strong option stands in place {min(always)} of every decision, so nobody needs "
            "to think. Change the order of some.",
        )


# ---------------------------------------------------------------- outcomes


def _outcomes(scenario: Scenario, walked: Walk) -> Iterator[Problem]:
    first, last_two = scenario.endings[0], {ending.id for ending in scenario.endings[-2:]}
    shares = _shares(walked)
    for node in walked.ends:
        path, ending = " → ".join(_path(scenario, node.state)), node.ending
        if "strong" in node.manners and ending.id != first.id:
            yield Problem(
                scenario.path,
                first.line,
                f"Whoever always chooses a strong option can end in “{ending.title}” ({path}). "
                "Change the numbers so that it is the first ending.",
            )
        if "worst" in node.manners and ending.id not in last_two and len(scenario.endings) > 2:
            yield Problem(
                scenario.path,
                ending.line,
                f"Whoever always chooses the worst option can end in “{ending.title}” ({path}). "
                "Change the numbers so that it is one of the last two endings.",
            )
    for ending in scenario.endings:
        share = shares[ending.id]
        if share > MOST_COMMON:
            yield Problem(
                scenario.path,
                ending.line,
                f"Of plays drawn by lot {share:.0%} end in “{ending.title}”, so choices hardly matter. "
                "Change the numbers or the conditions of the endings.",
            )
        elif share < RAREST:
            yield Problem(
                scenario.path,
                ending.line,
                f"Of plays drawn by lot only {share:.1%} end in “{ending.title}”. Ease its conditions.",
            )


def _path(scenario: Scenario, state: State) -> list[str]:
    return [
        scenario.scene(step.choice.target).title
        for step in state.steps
        if step.choice.quality and step.choice.target != "endings"
    ]


def _shares(walked: Walk) -> dict[str, float]:
    """The share of each ending in plays drawn by lot."""
    shares: dict[str, float] = defaultdict(float)
    for node in walked.ends:
        shares[node.ending.id] += node.chance
    return shares


def _one_option(scenario: Scenario, walked: Walk) -> Iterator[Problem]:
    """An option after which nearly every play ends alike has decided it alone."""
    for scene in _decisions(scenario):
        fates: dict[str, tuple[Choice, dict[str, float]]] = {}
        for node in walked.nodes[scene.id]:
            for choice, to in node.following:
                fate = fates.setdefault(choice.id, (choice, defaultdict(float)))[1]
                for ending, share in to.fate.items():
                    fate[ending] += share * node.chance / len(node.following)
        for choice, fate in fates.values():
            total = sum(fate.values())
            ending, share = max(fate.items(), key=itemgetter(1))
            if share > DECIDED * total:
                title = next(e.title for e in scenario.endings if e.id == ending)
                yield Problem(
                    scenario.path,
                    choice.line,
                    f"“{text_of(choice.text)}” decides the end alone: {share / total:.0%} of the plays "
                    f"drawn by lot after it end in “{title}”. Make its numbers smaller.",
                )


# ---------------------------------------------------------------- statements, time, groups


def _statements(scenario: Scenario) -> Iterator[Problem]:
    carried = {key for scene in scenario.scenes for key in scene.statements}
    for key in scenario.statements:
        if key not in carried:
            yield Problem(
                scenario.path,
                1,
                f"The front matter names {key}, and no scene carries it. Put `{key}` under a scene, "
                "or take it from the list.",
            )
    for scene in scenario.scenes:
        for key in scene.statements:
            if key not in scenario.statements:
                yield Problem(
                    scenario.path,
                    scene.line,
                    f"The scene “{scene.title}” carries {key}, and the front matter does not name it. "
                    "Add it to “statements”.",
                )


def _time(scenario: Scenario, walked: Walk) -> Iterator[Problem]:
    longest = max((max(node.words) for node in walked.ends), default=0) / WORDS_A_MINUTE
    if longest > scenario.minutes:
        yield Problem(
            scenario.path,
            1,
            f"The longest path takes {longest:.0f} minutes to read, and the front matter says "
            f"{scenario.minutes}. Raise “minutes”, or shorten the scenes.",
        )


def _for_groups(scenario: Scenario) -> Iterator[Problem]:
    if not FEWEST_ROLES <= len(scenario.roles) <= MOST_ROLES:
        yield Problem(
            scenario.path,
            1,
            f"A group needs {FEWEST_ROLES} to {MOST_ROLES} role cards, and the page has {len(scenario.roles)}. "
            "Write them under “# Roles” and its code word `roles`, each with a heading “## …”.",
        )
    sides = Counter(role.side for role in scenario.roles)
    if len(sides) > 2 or (len(sides) == 2 and "" in sides):
        yield Problem(
            scenario.path,
            scenario.roles[0].line,
            "The roles sit at one table or at two: give each of them one of two sides, or none of them any.",
        )
    for role in scenario.roles:
        for name in ("wants", "knows", "fears"):
            if not getattr(role, name):
                yield Problem(
                    scenario.path,
                    role.line,
                    f"The role “{role.title}” does not say what it {name}. Add a line “- `{name}` …”.",
                )
    for scene in scenario.scenes:
        if scene.side and scene.side not in sides:
            yield Problem(
                scenario.path,
                scene.line,
                f"The scene “{scene.title}” belongs to the side “{scene.side}”, and no role sits there. "
                "Write both alike.",
            )
    if not any(passage.kind == "questions" for passage in scenario.debrief):
        yield Problem(
            scenario.path,
            1,
            "The page has no questions for the debrief. Add “# Debrief”, under it the code word `debrief`, and "
            "“## Questions” with its code word `questions` and a list.",
        )


# ---------------------------------------------------------------- figures


def figures(scenario: Scenario) -> list[tuple[str, str]]:
    """What facilitators want to know of a scenario before they use it: rows of (what, figure)."""
    walked = walk(scenario)
    shares = _shares(walked)
    minutes = _minutes(walked)
    missed = {key for node in walked.ends for key in node.missed}
    every = [key for key in scenario.statements if key not in missed]
    return [
        ("Rounds and decisions", f"{len(scenario.rounds)} rounds, {len(_decisions(scenario))} decisions"),
        ("Different plays", f"{sum(node.plays for node in walked.ends):,}"),
        ("Reading time at 200 words a minute", "{} to {} minutes, in the middle {}".format(*minutes)),
        ("Statements met on every path", ", ".join(every) or "none"),
        ("Statements met on some paths", ", ".join(key for key in scenario.statements if key not in every) or "none"),
        ("Only strong options", _ends(scenario, walked, "strong")),
        ("Always the worst option", _ends(scenario, walked, "worst")),
        (
            "Choices drawn by lot",
            ", ".join(f"{_letter(ending)} {shares[ending.id]:.0%}" for ending in scenario.endings),
        ),
    ]


def _minutes(walked: Walk) -> tuple[int, int, int]:
    """Shortest, longest and median reading time of a play, in whole minutes; the median is of plays drawn by lot."""
    words: dict[int, float] = defaultdict(float)
    for node in walked.ends:
        for number, chance in node.words.items():
            words[number] += chance
    numbers = sorted(words)
    passed = accumulate(words[number] for number in numbers)
    median = next(number for number, share in zip(numbers, passed, strict=True) if share >= sum(words.values()) / 2)
    return round(numbers[0] / WORDS_A_MINUTE), round(numbers[-1] / WORDS_A_MINUTE), round(median / WORDS_A_MINUTE)


def _ends(scenario: Scenario, walked: Walk, manner: str) -> str:
    reached = {node.ending.id for node in walked.ends if manner in node.manners}
    return "ending " + " or ".join(_letter(ending) for ending in scenario.endings if ending.id in reached)


def _letter(ending: Ending) -> str:
    return ending.title.partition(".")[0]
