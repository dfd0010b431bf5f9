"""`workshop check`: every fault of every page in one run, each with file, line and a likely mend."""

import csv
import difflib
import json
import re
from pathlib import Path

from workshop import explorations
from workshop.architecture.canvases import CANVASES
from workshop.authoring import build, printed_numbers
from workshop.content import markdown, tables
from workshop.content.markdown import Problem
from workshop.content.trees import text_of
from workshop.papers import guide, handouts
from workshop.project import agendas, coverage
from workshop.project.pages import Canvas, Code, Explore, Play, Prose, Section
from workshop.questions.kinds.base import Question
from workshop.scenarios import check as scenario_check
from workshop.scenarios import model as scenarios

IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)[^)]*\)")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)[^)]*\)")
DOUBTFUL = re.compile(r"\[(?:\?|K|K-check)(?:[:;][^\]]*)?\]")
BODIES = (
    "United Nations",
    "GAAMAC",
    "World Bank",
    "African Union",
    "ASEAN",
    "International Criminal Court",
    "Security Council",
)
# More than a next step or a thought to take along.
CLOSING_WORDS = 60
# Names of states that are also plain words or names of other things.
NOT_ALONE = {"Georgia", "Jordan", "Chad", "Holy See"}


def problems(project, run=True):
    """Every fault found in a project; `run` also runs the solved and the unsolved exercises (some seconds)."""
    found = list(project.problems)
    sources, known_statements = tables.sources(project.root), coverage.statements(project.root)
    states, names = _real_names(), _real_names(BODIES)
    for page in project.pages:
        found += _references(project, page, sources, known_statements)
        found += _claims(page, names)
        found += _minutes(page)
        found += _hidden_passages(page)
    for scenario in project.scenarios.values():
        found += scenario_check.faults(scenario)
        found += _scenario_references(project, scenario, sources, known_statements)
        text = (project.root / scenario.path).read_text(encoding="utf-8")
        found += _unsourced(scenario.path, markdown.parse(text), text, states)
    found += _agendas(project, known_statements)
    found += guide.faults(project)
    found += handouts.faults(project)
    for path in [*guide.chapters(project), *sorted((project.root / handouts.FOLDER).glob("*.md"))]:
        found += _keys(
            path.relative_to(project.root).as_posix(), 1, path.read_text(encoding="utf-8", errors="replace"), sources
        )
    found += _in_every_text(project)
    found += printed_numbers.faults(project)
    found += _without_text(project)
    found += build.key_problems(project.root)
    found += _answers_in_exercises(project)
    if run and not found:
        for page in project.exercises:
            found += exercise_faults(project, page)
    return sorted(dict.fromkeys(found), key=lambda problem: (problem.path, problem.line))


# ---------------------------------------------------------------- references


def _references(project, page, sources, known_statements):
    for key in page.front.get("statements", []):
        yield from _statement(page.path, 1, str(key), known_statements)
    headings = {markdown.slug(title) for title in page.headings}
    # A question's heading stands inside its card, where a link in the text of a notebook does not find it.
    asked = {markdown.slug(question.title) for question in page.questions} - headings
    for part in page.parts:
        if isinstance(part, Prose | Section):
            yield from _keys(page.path, part.line, part.source, sources)
            yield from _links(project, page, part, headings, asked)
        if isinstance(part, Section):
            for key in part.statements:
                yield from _statement(page.path, part.line, key, known_statements)
        elif isinstance(part, Play):
            yield from unplayable(project, page, part)
        elif isinstance(part, Explore):
            yield from _name(page, part, "exploration", explorations.names())
        elif isinstance(part, Canvas):
            yield from _name(page, part, "canvas", CANVASES)
        elif isinstance(part, Question):
            if page.front.get("statements") and not part.statements:
                yield Problem(
                    page.path, part.line, f"“{part.title}” names no statement. Add its key, for instance `a1`."
                )
            for key in part.sources:
                yield from _source(page.path, part.line, key, sources)
            for key in part.statements:
                yield from _statement(page.path, part.line, key, known_statements)


def _keys(path, line, source, sources):
    for number, words in enumerate(source.split("\n")):
        for key in markdown.source_keys(words):
            yield from _source(path, line + number, key, sources)


def _source(path, line, key, sources):
    if key not in sources:
        yield Problem(path, line, f"There is no source {key} in data/sources.csv.{_near(key, sources)}")


def _statement(path, line, key, known):
    if key not in known:
        yield Problem(path, line, f"There is no statement {key} in the notes.{_near(key, known)}")


def _near(word, known):
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f" Did you mean {near[0]}?" if near else ""


def _links(project, page, part, headings, asked):
    folder = (project.root / page.path).parent
    for number, words in enumerate(part.source.split("\n")):
        line = part.line + number
        for alternative, _ in IMAGE.findall(words):
            if not alternative.strip():
                yield Problem(
                    page.path,
                    line,
                    "This picture has no text for people who cannot see it. Write it between the "
                    "brackets: ![what the picture shows](file).",
                )
        for target in LINK.findall(words) + [file for _, file in IMAGE.findall(words)]:
            if target.startswith("#") and target[1:].lower() in asked:
                yield Problem(
                    page.path,
                    line,
                    f"The link {target} leads to a question, which a notebook cannot jump to. "
                    "Lead to the heading of its section instead.",
                )
            elif target.startswith("#") and target[1:].lower() not in headings:
                yield Problem(
                    page.path,
                    line,
                    f"The link {target} leads nowhere: no heading has that name.{_near(target[1:], headings)}",
                )
            elif not target.startswith("#") and "://" not in target and not target.startswith("mailto:"):
                if not (folder / target.split("#")[0]).exists():
                    yield Problem(page.path, line, f"The link {target} leads to a file that is not there.")


def unplayable(project, page, part):
    """Why what a page plays cannot be played, with the line of it."""
    if part.scenario not in project.scenarios:
        near = _near(part.scenario, project.scenarios)
        yield Problem(page.path, part.line, f"There is no scenario “{part.scenario}” in data/scenarios/.{near}")
    elif part.part and scenarios.way_to(project.scenarios[part.scenario], part.part) is None:
        yield Problem(
            page.path,
            part.line,
            f"The scenario “{part.scenario}” has no part {part.part} that can be played. Its parts are "
            f"its rounds, 1 to {len(project.scenarios[part.scenario].rounds)}.",
        )


def _name(page, part, what, known):
    if part.name not in known:
        yield Problem(page.path, part.line, f"There is no {what} “{part.name}”.{_near(part.name, known)}")


def _scenario_references(project, scenario, sources, known_statements):
    yield from _keys(scenario.path, 1, (project.root / scenario.path).read_text(encoding="utf-8"), sources)
    for key in scenario.statements:
        yield from _statement(scenario.path, 1, str(key), known_statements)
    for scene in scenario.scenes:
        for key in scene.statements:
            yield from _statement(scenario.path, scene.line, key, known_statements)


def _agendas(project, known_statements):
    read, faults = agendas.read(project)
    yield from faults
    for block in (block for agenda in read.values() for day in agenda.days for block in day.blocks):
        for key in block.statements:
            yield from _statement(agendas.PATH, block.line, key, known_statements)


def _minutes(page):
    total = sum(section.minutes for section in page.sections)
    if total and total != page.front.get("minutes"):
        yield Problem(
            page.path,
            1,
            f"The sections add up to {total} minutes, and the front matter says "
            f"{page.front.get('minutes')}. Make them equal.",
        )


def _hidden_passages(page):
    """Text of the page that stands under a question would be shown only to those who checked their answer."""
    for question in page.questions:
        if len(text_of(question.closing).split()) > CLOSING_WORDS:
            yield Problem(
                page.path,
                question.line,
                f"After the answers of “{question.title}” stand more than {CLOSING_WORDS} words, and they are "
                "shown only with the result. Before text that everybody should read, put a heading or a line with +++.",
            )


# ---------------------------------------------------------------- claims


def _real_names(bodies=()):
    """A pattern that finds the names of real states, and of bodies if they are wanted."""
    names = Path(__file__).with_name("state_names.txt").read_text(encoding="utf-8").split("\n")
    wanted = [name for name in [*names, *bodies] if name and name not in NOT_ALONE]
    return re.compile(r"\b(?:" + "|".join(map(re.escape, wanted)) + r")\b")


def _claims(page, names):
    """Paragraphs, list items and table rows that speak of a real state or body and name no source."""
    for part in page.parts:
        if isinstance(part, Prose) and not part.note:
            yield from _unsourced(page.path, part.nodes, part.source, names, part.line - 1)
        elif isinstance(part, Question) and not part.sources:
            words = " ".join(map(text_of, part.texts()))
            if found := names.search(words):
                yield Problem(
                    page.path,
                    part.line,
                    f"The question “{part.title}” speaks of {found.group()} and names no source. "
                    "Add S:KEY to its line of code words.",
                )


def _unsourced(path, nodes, source, names, first=0):
    for line, words in _statements_of(nodes, source, first):
        found = names.search(words)
        if found and not markdown.source_keys(words):
            yield Problem(
                path,
                line + 1,
                f"This speaks of {found.group()} and names no source. "
                "Add a mark such as [S:KEY], or take the claim away.",
            )


def _statements_of(nodes, source, first):
    """(line from 0, text) of each paragraph, list item or table row in blocks whose `source` begins on the line `first`."""
    lines = [""] * first + source.split("\n")
    for node in nodes:
        if node.type in ("bullet_list", "ordered_list", "table"):
            for inner in node.walk():
                if inner.type in ("list_item", "tr") and inner.map:
                    yield inner.map[0], "\n".join(lines[inner.map[0] : inner.map[1]])
        elif node.type in ("paragraph", "blockquote"):
            yield node.map[0], "\n".join(lines[node.map[0] : node.map[1]])


def _in_every_text(project):
    """Working marks of the fact base, and errors of fact that were put right once and must not come back."""
    corrections = _corrections(project.root)
    for path in (
        *project.root.glob("notebooks/*.md"),
        *project.root.glob("solutions/**/*.md"),
        *project.root.glob("data/**/*.md"),
    ):
        relative = path.relative_to(project.root).as_posix()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").split("\n"), 1):
            if mark := DOUBTFUL.search(line):
                yield Problem(
                    relative,
                    number,
                    f"{mark.group()} is a working mark of the fact base. Find a source, add a date, "
                    "or leave the fact out.",
                )
            # What participants said is printed as said, and a wrong option may say what is wrong.
            for wrong, right in (
                corrections if not line.lstrip().startswith((">", "- [ ]")) and relative != coverage.NOTES else ()
            ):
                if found := wrong.search(line):
                    yield Problem(relative, number, f"“{found.group()}”: {right}")


def _corrections(root):
    """[(pattern, what is right)] of data/corrections.csv; empty where a project has none."""
    path = root / "data" / "corrections.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [(re.compile(row["pattern"], re.I), row["right"]) for row in csv.DictReader(file)]


def _without_text(project):
    """A notebook whose text was renamed or taken away would still be given out."""
    for pattern, pages in (
        ("notebooks/*.ipynb", project.lessons),
        ("exercises/*/*.ipynb", project.exercises),
        ("solutions/*/*.ipynb", project.exercises),
    ):
        for path in sorted(project.root.glob(pattern)):
            if path.stem not in {page.name for page in pages}:
                yield Problem(
                    path.relative_to(project.root).as_posix(), 1, "No text makes this notebook any more. Take it away."
                )


# ---------------------------------------------------------------- exercises


def _answers_in_exercises(project):
    """No reason, rubric line or model answer of a graded question may stand in `exercises/`."""
    for page in project.exercises:
        path = project.root / "exercises" / page.name / f"{page.name}.ipynb"
        if not path.is_file():
            yield Problem(page.path, 1, "The exercise is not built yet. Run `workshop build`.")
            continue
        content = path.read_text(encoding="utf-8")
        for question in page.questions:
            for words in map(text_of, question.secrets()):
                if len(words) > 15 and words.replace('"', '\\"') in content:
                    yield Problem(
                        path.relative_to(project.root).as_posix(),
                        1,
                        f"“{words[:40]}…” belongs to the key of “{question.title}”. Run `workshop build` again.",
                    )


def exercise_faults(project, page):
    """A solution that does not get full points, an unsolved exercise that gets any."""
    found = []
    for question in page.questions:
        if not question.scored_by_reader and question.grade(question.perfect()).share != 1:
            found.append(
                Problem(page.path, question.line, f"The right answer to “{question.title}” does not get full points.")
            )
    solved, unsolved = run(project, page, solved=True), run(project, page, solved=False)
    for item, points, of in solved:
        if points is not None and points != of:
            found.append(
                Problem(
                    page.path, _line_of_item(page, item), f"The solution of “{item}” gets {points:g} of {of:g} points."
                )
            )
    for item, points, _ in unsolved:
        if points:
            found.append(
                Problem(
                    page.path,
                    _line_of_item(page, item),
                    f"“{item}” gives {points:g} points to somebody who did nothing. "
                    "Add a test that an empty answer fails.",
                )
            )
    return found


def _line_of_item(page, item):
    for part in page.parts:
        if getattr(part, "id", None) == item or (isinstance(part, Code) and f"{part.test}-test" == item):
            return part.line
    return 1


def run(project, page, solved):
    """[(item, points or None, of)] of an exercise graded as a hand-in is, solved or untouched."""
    from workshop.grading import exercises, results, submission
    from workshop.project.exercises import key_of

    # The author's own code may run as it is: also where nothing can be shut in.
    exercise = exercises.prepare(project.root, page.name, lambda: submission.warm(unsafe=True))
    handed = {"answers": {}, "code": {}}
    if solved:
        notebook = json.loads(
            (project.root / "solutions" / page.name / f"{page.name}.ipynb").read_text(encoding="utf-8")
        )
        handed["answers"] = {id: question.perfect() for id, question in key_of(page.name, project.root).items()}
        handed["code"] = {
            cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"])
            for cell in notebook["cells"]
            if cell["metadata"].get("nbgrader", {}).get("solution")
        }
    scores = submission.graded_own(exercise.spec, handed, unsafe=True)["scores"]
    return [(item.id, scores[item.id], item.points) for item in results.items_of(page)]
