"""Reading scenarios: a Markdown page whose headings are scenes and whose links are choices."""

import difflib
import re
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import unquote

from markdown_it.tree import SyntaxTreeNode

from workshop.content import markdown
from workshop.content.markdown import MissingId, Problem
from workshop.content.text_files import decoded, front_matter, report_open_fences
from workshop.content.trees import text_of
from workshop.scenarios.model import (
    ENDINGS,
    QUALITIES,
    Choice,
    Effect,
    Ending,
    Gauge,
    Passage,
    Role,
    Scenario,
    Scene,
    Test,
)

# What a heading of the second level begins.
Part: TypeAlias = Scene | Ending | Passage | Role

FRONT = {"title": str, "minutes": int, "clock": str, "gauges": dict, "drift": str, "statements": list}
EFFECT = re.compile(r"(?:if #([\w-]+): *)?(later:? )?([A-Z]+) ([-+\u2212]\d+)\Z")
TEST = re.compile(r"(only if|not if) (?:#([\w-]+)|([A-Z]+) *([<>]=?) *(\d+))\Z")
LIMIT = re.compile(r"([A-Z]+) *([<>]=?) *(\d+)\Z")
SIDE = re.compile(r"side: *(.+)")
CARD = ("wants", "knows", "fears")
# The code words under a heading of the first level that is no round.
GROUPS = (ENDINGS, "debrief", "roles")
# The code words under a heading of the debrief.
PASSAGES = ("questions", "steps")


def read(
    path: Path, root: Path, problems: list[Problem], missing_ids: list[MissingId] | None = None
) -> Scenario | None:
    """The scenario in a file, or None when it is too broken to play.

    Faults go to `problems`, scenes, endings and roles without an id to `missing_ids`.
    """
    relative = path.relative_to(root).as_posix()
    content = decoded(path, relative, problems)
    if content is None:
        return None
    before = len(problems)
    front, body, offset = front_matter(content, relative, FRONT, problems)
    nodes = markdown.parse(body)
    report_open_fences(nodes, body.split("\n"), relative, offset, problems)
    if len(problems) > before:
        return None
    return _Reader(
        path.stem, relative, front, nodes, offset, problems, [] if missing_ids is None else missing_ids
    ).scenario()


class _Reader:
    def __init__(
        self,
        name: str,
        path: str,
        front: dict[str, Any],
        nodes: list[SyntaxTreeNode],
        offset: int,
        problems: list[Problem],
        missing_ids: list[MissingId],
    ) -> None:
        self.name, self.path, self.front, self.offset, self.problems = name, path, front, offset, problems
        self.missing_ids = missing_ids
        # The line of code words under each heading, where there is one, and the headings whose words name an id.
        self.code_lines: dict[int, int] = {}
        self.named: set[int] = set()
        self.nodes = nodes
        self.gauges: dict[str, Gauge] = {}

    def wrong(self, line: int, message: str) -> None:
        self.problems.append(Problem(self.path, line, message))

    def line(self, node: SyntaxTreeNode) -> int:
        return self.offset + markdown.lines_of(node)[0] + 1

    def scenario(self) -> Scenario | None:
        before = len(self.problems)
        clock = re.match(r"(\d+) (\w+)\Z", self.front["clock"])
        if not clock:
            self.wrong(1, "The clock is a number and a unit, for instance “clock: 52 weeks”.")
        for name, gauge in self.front["gauges"].items():
            whole = (
                isinstance(gauge, dict)
                and isinstance(gauge.get("start"), int)
                and 0 <= gauge["start"] <= 100
                and isinstance(gauge.get("label"), str)
                and gauge.get("better") in ("lower", "higher")
            )
            if not re.fullmatch("[A-Z]+", str(name)) or not isinstance(name, str):
                self.wrong(1, f"The name of a gauge is in capital letters, for instance RISK; “{name}” is not.")
            elif not whole:
                self.wrong(
                    1, f"The gauge {name} needs start (a number from 0 to 100), label and better (lower or higher)."
                )
            self.gauges[str(name)] = gauge
        drift = [self.effect(word.strip(), 1) for word in self.front["drift"].split(",")]
        if not clock or len(self.problems) > before:
            return None
        swap = self.front.get("swap_after", 0)
        if not isinstance(swap, int) or isinstance(swap, bool):
            self.wrong(
                1,
                "“swap_after” is the number of the round after which a group changes sides, "
                "for instance “swap_after: 2”.",
            )
            return None
        scenario = Scenario(
            self.name,
            self.front["title"],
            self.front["minutes"],
            int(clock.group(1)),
            clock.group(2),
            self.gauges,
            drift,
            self.front["statements"],
            path=self.path,
            swap_after=swap,
        )
        self.blocks(scenario)
        self.links(scenario)
        return scenario if scenario.scenes and len(self.problems) == before else None

    def blocks(self, scenario: Scenario) -> None:
        """Cuts the page at its headings into brief, scenes, endings, debrief and roles."""
        titles, above, group = 0, "", ""
        current: Part | None = None
        for node in self.nodes:
            words = markdown.code_words(node)
            if node.type == "heading" and node.tag == "h1":
                titles, above, group, current = titles + 1, markdown.plain(node), "", None
            elif titles > 1 and current is None and words and len(words) == 1 and words[0] in GROUPS:
                group = words[0]
            elif node.type == "heading" and node.tag == "h2":
                title = markdown.plain(node)
                if titles < 2:
                    self.wrong(
                        self.line(node),
                        f"The scene “{title}” stands before the first round. Put a heading “# Round 1: …” above it.",
                    )
                current = self.opened(scenario, group, above, title, self.line(node))
            elif current is not None:
                self.block(current, node, words)
            elif titles == 1:
                scenario.brief += markdown.tree([node])
            elif titles > 1:
                self.wrong(
                    self.line(node),
                    f"This text stands under “{above}” and before its first “## …”, where nobody "
                    "would see it. Move it into a scene.",
                )
        if not scenario.scenes:
            self.wrong(1, "The page has no scene. A scene is a heading “## …” under a round “# …”.")
        if not scenario.endings:
            self.wrong(
                1, "The page has no ending. Write “# Endings”, under it the code word `endings`, and “## …” for each."
            )
        elif scenario.endings[-1].limits:
            self.wrong(
                scenario.endings[-1].line,
                "The last ending has conditions, so a play could end nowhere. "
                "Take its conditions away, or add an ending without any.",
            )
        self.ids(scenario)

    def ids(self, scenario: Scenario) -> None:
        """Ids that stand twice or are missing; and the ids of choices, which are made of those of scenes."""
        # A scene and an ending lie in one space, since both can be reached; a role may have the name of a scene.
        spaces: list[list[Scene | Ending | Role]] = [[*scenario.scenes, *scenario.endings], [*scenario.roles]]
        for parts in spaces:
            taken: dict[str, str] = {}
            for part in parts:
                if part.id in taken:
                    self.wrong(
                        part.line,
                        f"“{part.title}” and “{taken[part.id]}” have the same id, {part.id}. Give one of them another.",
                    )
                taken.setdefault(part.id, part.title)
                if part.line not in self.named:
                    line = self.code_lines.get(part.line)
                    self.missing_ids.append(MissingId(self.path, line or part.line, part.id, below=line is None))
        for scene in scenario.scenes:
            for number, choice in enumerate(scene.choices):
                before = sum(earlier.target == choice.target for earlier in scene.choices[:number])
                choice.id = f"{scene.id}:{choice.target}" + (f"|{before + 1}" if before else "")

    def opened(self, scenario: Scenario, group: str, above: str, title: str, line: int) -> Part:
        """What a heading of the second level begins, by the code word under the heading of the first level above it."""
        if group == "debrief":
            scenario.debrief.append(Passage(title, line=line))
            return scenario.debrief[-1]
        if group == "roles":
            scenario.roles.append(Role(markdown.slug(title), title, line=line))
            return scenario.roles[-1]
        name = markdown.slug(title)
        if group == ENDINGS:
            scenario.endings.append(Ending(name, title, line=line))
            return scenario.endings[-1]
        scenario.scenes.append(Scene(name, title, above, line=line))
        return scenario.scenes[-1]

    def block(self, current: Part, node: SyntaxTreeNode, words: list[str] | None) -> None:
        if isinstance(current, Passage):
            self.passage(current, node, words)
            return
        if words:
            self.code_lines.setdefault(current.line, self.offset + markdown.lines_of(node)[1])
            words = [word for word in words if not self.id_of(current, word)]
            if not words:
                return
        if isinstance(current, Role):
            self.role(current, node, words)
        elif isinstance(current, Scene):
            self.in_scene(current, node, words)
        elif words:
            current.limits += [limit for word in words if (limit := self.limit(word, self.line(node)))]
        else:
            current.text += markdown.tree([node])

    def passage(self, passage: Passage, node: SyntaxTreeNode, words: list[str] | None) -> None:
        """A block of the debrief: its code word, or text."""
        if not words:
            passage.text += markdown.tree([node])
        for word in words or ():
            if word in PASSAGES:
                passage.kind = word
            else:
                known = " and ".join(f"`{known}`" for known in PASSAGES)
                self.wrong(self.line(node), f"“{word}” is no code word of the debrief. Known are {known}.")

    def id_of(self, part: Scene | Ending | Role, word: str) -> bool:
        """Whether a code word is an id; the part takes it."""
        name = markdown.id_word(word)
        if name:
            part.id = name
            self.named.add(part.line)
        return bool(name)

    def in_scene(self, scene: Scene, node: SyntaxTreeNode, words: list[str] | None) -> None:
        """A block under a scene: its code words, its choices, or text."""
        if words:
            for word in words:
                if side := SIDE.match(word):
                    scene.side = side.group(1)
                elif markdown.is_statement(word):
                    scene.statements.append(word)
                else:
                    self.wrong(
                        self.line(node), f"“{word}” under the scene “{scene.title}” is not a statement such as `a1`."
                    )
            return
        if node.type == "bullet_list" and self.is_choice(node.children[0]):
            for item in node.children:  # one by one: the id of a choice counts those before it
                if choice := self.choice(scene, item):
                    scene.choices.append(choice)
            return
        if node.type == "bullet_list" and any(map(self.is_choice, node.children)):
            self.wrong(
                self.line(node),
                f"In “{scene.title}” a list of signals runs into the choices. Put a sentence between them, "
                "or make its first line a link.",
            )
        scene.text += markdown.tree([node])
        scene.sources += [key for key in markdown.source_keys(markdown.raw(node)) if key not in scene.sources]

    def role(self, role: Role, node: SyntaxTreeNode, words: list[str] | None) -> None:
        """A role card: its side, and a list of what the office wants, knows alone and fears."""
        if words and len(words) == 1 and (side := SIDE.match(words[0])):
            role.side = side.group(1)
            return
        if node.type != "bullet_list":
            self.wrong(
                self.line(node),
                f"The role “{role.title}” is a list of three lines: - `wants` …, - `knows` …, - `fears` …",
            )
            return
        for item in node.children:
            line = markdown.first_line(item.children[0]) if item.children else []
            name = text_of(line[0][2:]).strip() if line and isinstance(line[0], list) and line[0][0] == "code" else ""
            if name not in CARD:
                self.wrong(
                    self.line(item),
                    f"A line of the role “{role.title}” does not begin with `wants`, `knows` or `fears`.",
                )
            else:
                setattr(role, name, line[1:])

    def is_choice(self, item: SyntaxTreeNode) -> bool:
        first = item.children[0] if item.children else None
        return (
            first is not None
            and first.type == "paragraph"
            and bool(first.children[0].children)
            and first.children[0].children[0].type == "link"
        )

    def choice(self, scene: Scene, item: SyntaxTreeNode) -> Choice | None:
        line = self.line(item)
        if not self.is_choice(item):
            self.wrong(line, f"A line among the choices of “{scene.title}” is not a link: [what to do](#scene).")
            return None
        link, *rest = item.children[0].children[0].children
        target = unquote(str(link.attrGet("href") or "")).lstrip("#")
        choice = Choice("", markdown.tree(link.children), target, line=line)
        for node in rest:
            if node.type == "code_inline":
                self.code_word(choice, node.content.strip(), line)
            elif markdown.raw(node).strip():
                self.wrong(
                    line, f"After the link of a choice come only code words; “{markdown.raw(node).strip()}” is not one."
                )
        return choice

    def code_word(self, choice: Choice, word: str, line: int) -> None:
        if word in QUALITIES:
            choice.quality = word
        elif match := re.match(rf"(\d+) {re.escape(self.front['clock'].split()[1].rstrip('s'))}s?\Z", word):
            choice.time = int(match.group(1))
        elif match := TEST.match(word):
            wanted = match.group(1) == "only if"
            choice.tests.append(
                Test(match.group(2) or "", match.group(3) or "", match.group(4) or "", int(match.group(5) or 0), wanted)
            )
            self.known_gauge(match.group(3), line)
        elif EFFECT.match(word):
            choice.effects.append(self.effect(word, line))
        else:
            unit = self.front["clock"].split()[1]
            mend = difflib.get_close_matches(word, [*QUALITIES, *self.gauges], n=1)
            hint = f" Did you mean “{mend[0]}”?" if mend else ""
            self.wrong(
                line,
                f"“{word}” is no code word of a choice.{hint} Known are: {', '.join(QUALITIES)}, “2 {unit}”, "
                f"“{next(iter(self.gauges))} -3”, “later …”, “if #scene: …”, “only if …”, “not if …”.",
            )

    def effect(self, word: str, line: int) -> Effect:
        match = EFFECT.match(word)
        if not match:
            self.wrong(line, f"“{word}” is not a change such as “RISK +2”.")
            return Effect("", 0)
        self.known_gauge(match.group(3), line)
        return Effect(
            match.group(3), int(match.group(4).replace("\u2212", "-")), bool(match.group(2)), match.group(1) or ""
        )

    def limit(self, word: str, line: int) -> Test | None:
        match = LIMIT.match(word)
        if not match:
            self.wrong(line, f"“{word}” is not a condition of an ending such as “RISK <= 38”.")
            return None
        self.known_gauge(match.group(1), line)
        return Test(gauge=match.group(1), sign=match.group(2), limit=int(match.group(3)))

    def known_gauge(self, name: str | None, line: int) -> None:
        if name and name not in self.gauges:
            mend = difflib.get_close_matches(name, self.gauges, n=1)
            hint = f"Did you mean {mend[0]}?" if mend else f"Known are {', '.join(self.gauges)}."
            self.wrong(line, f"There is no gauge {name}. {hint}")

    def links(self, scenario: Scenario) -> None:
        """Every link and every scene named in a condition must exist."""
        scenes = {scene.id: scene for scene in scenario.scenes}
        for scene in scenario.scenes:
            if not scene.choices:
                self.wrong(
                    scene.line,
                    f"“{scene.title}” is a dead end: it has no link. Add a line such as - [Go on](#next-scene).",
                )
            decision = any(choice.quality for choice in scene.choices)
            for choice in scene.choices:
                if decision and not choice.quality:
                    self.wrong(
                        choice.line,
                        f"“{text_of(choice.text)}” has no quality, and the other options of this decision "
                        f"have one. Add one of: {', '.join(QUALITIES)}.",
                    )
                named = [effect.after for effect in choice.effects] + [test.scene for test in choice.tests]
                label = text_of(choice.text)
                for target in filter(None, [choice.target if choice.target != ENDINGS else "", *named]):
                    if target not in scenes:
                        mend = difflib.get_close_matches(target, [*scenes, ENDINGS], n=1, cutoff=0.5)
                        hint = f" Did you mean #{mend[0]}?" if mend else ""
                        self.wrong(choice.line, f"“{label}” leads to #{target}, and no heading has that name.{hint}")
