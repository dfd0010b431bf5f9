"""What the walk through every play of a scenario shows: faults, each with its line and a mend, and figures for the guide."""

from collections import Counter

from workshop.content.markdown import Problem
from workshop.content.trees import text_of
from workshop.scenarios.model import offered
from workshop.scenarios.walk import stuck, walk

WORDS_A_MINUTE = 200
MOST_ROLES, FEWEST_ROLES = 8, 5
# A play drawn by lot should be able to end well or badly; these are the shares at which it no longer is.
MOST_COMMON, RAREST, DECIDED = 0.8, 0.002, 0.95


def faults(scenario):
    """Every fault of a whole scenario, in plain words."""
    found = walk(scenario)
    if found.circle:
        scene = scenario.scene(found.circle)
        return [
            Problem(
                scenario.path,
                scene.line,
                f"A play can go round in a circle through “{scene.title}”. Lead its links forward only.",
            )
        ]
    problems = [*_reached(scenario, found), *_options(scenario, found), *_places(scenario)]
    # Where there are only one or two decisions, each of them has to decide.
    if not problems and len(_decisions(scenario)) > 2:
        problems = list(_outcomes(scenario, found)) or list(_one_option(scenario, found))
    problems += [*_statements(scenario), *_time(scenario, found), *_for_groups(scenario)]
    return list(dict.fromkeys(problems))


# ---------------------------------------------------------------- the graph


def _reached(scenario, found):
    ended = {node.state.ending.id for node in found.ends}
    for scene in scenario.scenes:
        nodes = found.nodes.get(scene.id)
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


def _decisions(scenario):
    return [scene for scene in scenario.scenes if sum(bool(choice.quality) for choice in scene.choices) > 1]


def _options(scenario, found):
    for scene in _decisions(scenario):
        cornered, dominated = False, {}
        for node in found.nodes.get(scene.id, []):
            shown = [choice for choice in offered(scenario, node.state) if choice.quality]
            # What was done before may take the best option away, but never every one that can be defended.
            cornered |= not {"strong", "defensible"}.intersection(choice.quality for choice in shown)
            changes = {choice.id: _changes(scenario, choice, node.state) for choice in shown}
            for one in shown:
                for other in shown:
                    if other.time == one.time and all(map(int.__lt__, changes[one.id], changes[other.id])):
                        dominated[one.id] = one, other
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
        for one, other in dominated.values():
            yield Problem(
                scenario.path,
                one.line,
                f"“{text_of(one.text)}” is worse in every gauge than “{text_of(other.text)}” and costs "
                "as much time. Give it one good side, or let the other take longer.",
            )


def _changes(scenario, choice, state):
    """What a choice does to each gauge, sooner or later, so that more is better."""
    total = dict.fromkeys(scenario.gauges, 0)
    for effect in choice.effects:
        if not effect.after or effect.after in state.visited:
            total[effect.gauge] += effect.change
    return [-total[name] if gauge["better"] == "lower" else total[name] for name, gauge in scenario.gauges.items()]


def _places(scenario):
    scenes = _decisions(scenario)
    places = [
        {place for place, choice in enumerate(scene.choices, 1) if choice.quality == "strong"} for scene in scenes
    ]
    always = set.intersection(*places) if len(places) > 2 else set()
    if always:
        yield Problem(
            scenario.path,
            scenes[0].line,
            f"The strong option stands in place {min(always)} of every decision, so nobody needs "
            "to think. Change the order of some.",
        )


# ---------------------------------------------------------------- outcomes


def _outcomes(scenario, found):
    first, last_two = scenario.endings[0], {ending.id for ending in scenario.endings[-2:]}
    shares = _shares(found)
    for node in found.ends:
        path, ending = " → ".join(_path(scenario, node.state)), node.state.ending
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


def _path(scenario, state):
    return [
        scenario.scene(step.choice.target).title
        for step in state.steps
        if step.choice.quality and step.choice.target != "endings"
    ]


def _shares(found):
    """The share of each ending in plays drawn by lot."""
    shares = Counter()
    for node in found.ends:
        shares[node.state.ending.id] += node.chance
    return shares


def _one_option(scenario, found):
    """An option after which nearly every play ends alike has decided it alone."""
    for scene in _decisions(scenario):
        fates = {}
        for node in found.nodes[scene.id]:
            for choice, to in node.following:
                fate = fates.setdefault(choice.id, (choice, Counter()))[1]
                for ending, share in to.fate.items():
                    fate[ending] += share * node.chance / len(node.following)
        for choice, fate in fates.values():
            ending, share = fate.most_common(1)[0]
            if share > DECIDED * fate.total():
                title = next(e.title for e in scenario.endings if e.id == ending)
                yield Problem(
                    scenario.path,
                    choice.line,
                    f"“{text_of(choice.text)}” decides the end alone: {share / fate.total():.0%} of the plays "
                    f"drawn by lot after it end in “{title}”. Make its numbers smaller.",
                )


# ---------------------------------------------------------------- statements, time, groups


def _statements(scenario):
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


def _time(scenario, found):
    longest = max((max(node.words) for node in found.ends), default=0) / WORDS_A_MINUTE
    if longest > scenario.minutes:
        yield Problem(
            scenario.path,
            1,
            f"The longest path takes {longest:.0f} minutes to read, and the front matter says "
            f"{scenario.minutes}. Raise “minutes”, or shorten the scenes.",
        )


def _for_groups(scenario):
    if not FEWEST_ROLES <= len(scenario.roles) <= MOST_ROLES:
        yield Problem(
            scenario.path,
            1,
            f"A group needs {FEWEST_ROLES} to {MOST_ROLES} role cards, and the page has {len(scenario.roles)}. "
            "Write them under “# Roles”, each with a heading “## …”.",
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
                    f"The role “{role.title}” does not say what it {name}. Add a line “- **{name.title()}.** …”.",
                )
    for scene in scenario.scenes:
        if scene.side and scene.side not in sides:
            yield Problem(
                scenario.path,
                scene.line,
                f"The scene “{scene.title}” belongs to the side “{scene.side}”, and no role sits there. "
                "Write both alike.",
            )
    if not any(passage.title.lower() == "questions" for passage in scenario.debrief):
        yield Problem(
            scenario.path,
            1,
            "The page has no questions for the debrief. Add “# Debrief” and under it “## Questions” with a list.",
        )


# ---------------------------------------------------------------- figures


def figures(scenario):
    """What facilitators want to know of a scenario before they use it: rows of (what, figure)."""
    found = walk(scenario)
    shares = _shares(found)
    minutes = _minutes(found)
    missed = set().union(*(node.missed for node in found.ends))
    every = [key for key in scenario.statements if key not in missed]
    return [
        ("Rounds and decisions", f"{len(scenario.rounds)} rounds, {len(_decisions(scenario))} decisions"),
        ("Different plays", f"{sum(node.plays for node in found.ends):,}"),
        ("Reading time at 200 words a minute", "{} to {} minutes, in the middle {}".format(*minutes)),
        ("Statements met on every path", ", ".join(every) or "none"),
        ("Statements met on some paths", ", ".join(key for key in scenario.statements if key not in every) or "none"),
        ("Only strong options", _ends(scenario, found, "strong")),
        ("Always the worst option", _ends(scenario, found, "worst")),
        (
            "Choices drawn by lot",
            ", ".join(f"{_letter(ending)} {shares[ending.id]:.0%}" for ending in scenario.endings),
        ),
    ]


def _minutes(found):
    """Shortest, longest and median reading time of a play, in whole minutes; the median is that of plays drawn by lot."""
    words = Counter()
    for node in found.ends:
        words.update(node.words)
    half, passed = words.total() / 2, 0.0
    for number in sorted(words):
        passed += words[number]
        if passed >= half:
            break
    return [round(n / WORDS_A_MINUTE) for n in (min(words), max(words), number)]


def _ends(scenario, found, manner):
    reached = {node.state.ending.id for node in found.ends if manner in node.manners}
    return "ending " + " or ".join(_letter(ending) for ending in scenario.endings if ending.id in reached)


def _letter(ending):
    return ending.title.partition(".")[0]
