"""Small texts for the tests: the shortest question of every kind, a short scenario, a project of their own."""

import shutil
import tempfile
from functools import cache
from pathlib import Path

from workshop.authoring import ids
from workshop.cli import steps
from workshop.project import pages, project
from workshop.scenarios import check as scenario_check
from workshop.scenarios import reader as scenario_reader

ROOT = Path(__file__).resolve().parents[2]

LESSON_FRONT = """\
---
title: "Small"
question: "Who hears first?"
minutes: 5
statements: [a1]
take_home: "Begin small"
outcomes: ["Name one office"]
---
"""
EXERCISE_FRONT = """\
---
title: "Small exercise"
minutes: 5
statements: [a1]
lesson: small
---
"""

SINGLE = """\
### Who hears first?

`choose one` `a1` `S:OWN` `#first`

Meridia has four offices.

- [ ] The ministry

  It reads reports.

- [x] The board

  Yes: it sits in the district.

Think of your own office.
"""
MULTIPLE = """\
### Which are signs?

`choose all` `a1` `S:OWN` `#signs`

- [x] A list of names

  Yes.

- [x] A closed market

  Yes.

- [ ] Rain

  Weather.

- [ ] A new road

  Traffic.
"""
RANK = """\
### Put them in order

`rank` `a1` `S:OWN` `#order`

1. Words

   Cheapest.

2. A decree

   Binds somewhat.

3. A budget `tie`

   Binds as much.

4. A law

   Binds most.
"""
MATCH = """\
### Who brings what?

`match` `a1` `S:OWN` `#brings`

| Institution | Brings | Why |
| --- | --- | --- |
| Police | Incidents | They count them. |
| Board | Rumours | It hears them. |
| Radio | Rumours | So does it. |
| | Rainfall | Nobody here. |
"""
CLASSIFY = """\
### Words or deeds?

`classify` `a1` `S:OWN` `#deeds`

| News | Sort | Why |
| --- | --- | --- |
| A speech | Words | No duty. |
| A budget | Deed | It binds. |
| A vote | Words or Deed | Both. |
"""
NUMBER = """\
### How many?

`number` `a1` `S:OWN` `unit: million US dollars` `#many`

- [x] 35.3 ± 0.5

  Yes.

- [ ] 30

  That was asked for.
"""
MAP = """\
### Who does what?

`map` `a1` `S:OWN` `#canvas`

| Task | Police | Board | Why |
| --- | --- | --- | --- |
| Hear | x | x | Both hear. |
| Answer | | x | The board. |
| Count | x | o | The police. |
| Sing | | | Nobody. |
"""
WRITE = """\
### Say it

`write` `a1` `S:OWN` `20 words` `#say`

- `1 point` names an office
- `2 points` names a day

> Ask the board on Monday.
"""
TIMELINE = """\
### When was it said?

`timeline` `a1` `S:OWN` `from 1945 to 2025` `within 2 years` `#when`

Meridia has signed three papers.

| Event | Year | Why |
| --- | --- | --- |
| The first paper | 1948 | It came after a war. |
| The second paper | 1998 | It set up a court. |
| The third paper | 2005 | It was a promise. |
"""
QUESTIONS = {
    "single": SINGLE,
    "multiple": MULTIPLE,
    "rank": RANK,
    "match": MATCH,
    "classify": CLASSIFY,
    "number": NUMBER,
    "map": MAP,
    "write": WRITE,
    "timeline": TIMELINE,
}

CODE_ITEM = """\
```{code-cell}
:solution: count

def count(words):
    # BEGIN SOLUTION
    return len(words.split())
    # END SOLUTION
```

```{code-cell}
:test: count
:points: 2
:optional: true

assert count("two words") == 2
# BEGIN HIDDEN TESTS
assert count("") == 0
# END HIDDEN TESTS
```
"""

SCENARIO = """\
---
title: "Meridia: the rumour"
minutes: 5
clock: 10 weeks
gauges:
  RISK: {start: 50, label: Risk, better: lower}
  TRUST: {start: 40, label: Trust, better: higher}
drift: RISK +2
statements: [a1]
---

# Meridia: the rumour

A rumour runs through an invented town.

# Round 1: Monday

## Monday morning

`a1` `#monday-morning`

A host repeats it [S:OWN].

- Shops stay shut.
- The board was called twice.

Who should move first?

- [Ask the board](#the-board-knows) `strong` `2 weeks` `RISK -10` `TRUST +5` `later TRUST +20`
- [Wait and see](#it-grows) `defensible` `8 weeks` `if #it-grows: RISK -40`
- [Forbid the programme](#it-grows) `harmful` `RISK +90` `TRUST -70`

## The board knows

`#the-board-knows`

Two villages stopped trading.

- [Go on](#the-second-week)

## It grows

`#it-grows`

It is louder now.

- [Go on](#the-second-week)

# Round 2: later

## The second week

`#the-second-week`

- [Answer together](#endings) `strong` `1 week` `RISK -10` `only if #the-board-knows`
- [Say what is known](#endings) `defensible` `if #the-board-knows: RISK -20`
- [Build a studio](#endings) `weak` `9 weeks` `not if TRUST >= 60`

# Endings

`endings`

## Quiet

`RISK <= 30` `TRUST >= 60` `#quiet`

The rumour dies.

## Loud

`#loud`

It does not.

# Debrief

`debrief`

## Questions

`questions`

- Who heard it first?

# Roles

`roles`

## Police

`#police`

- `wants` Quiet.
- `knows` Who called.
- `fears` Blame.

## Board

`#board`

- `wants` Time.
- `knows` Two villages.
- `fears` Silence.

## Radio

`#radio`

- `wants` A story.
- `knows` Who spoke.
- `fears` The law.

## Mayor

`#mayor`

- `wants` Shops open.
- `knows` The traders.
- `fears` Sunday.

## Market group

`#market-group`

- `wants` Buyers.
- `knows` The roads.
- `fears` A closed gate.
"""

# Three decisions without a fault: enough for what `workshop check` says of outcomes, roles and sides.
ESCALATION = """\
---
title: "Meridia: the market road"
minutes: 5
clock: 10 weeks
gauges:
  RISK: {start: 50, label: Risk, better: lower}
  TRUST: {start: 40, label: Trust, better: higher}
drift: RISK +0
statements: [a1, a12]
swap_after: 1
---

# Meridia: the market road

A road between two invented towns is closed.

# Round 1: Monday

## The closed gate

`a1` `#the-closed-gate`

A gate was shut in the night.

- Nobody has the key.
- Two carts turned back.

Who goes to look?

- [Send both councils](#the-second-night) `strong` `2 weeks` `RISK -8` `TRUST +8`
- [Send a letter](#the-second-night) `defensible` `1 week` `RISK -2` `TRUST +1`
- [Break the gate](#the-second-night) `harmful` `RISK +8` `TRUST -8`

# Round 2: the night

## The second night

`a12` `side: The market` `#the-second-night`

A fire was put out by neighbours.

- [Count the losses](#the-third-week) `defensible` `1 week` `RISK -2` `TRUST +1`
- [Thank the neighbours](#the-third-week) `strong` `2 weeks` `RISK -8` `TRUST +8`
- [Name the guilty](#the-third-week) `harmful` `RISK +8` `TRUST -8`

# Round 3: the week

## The third week

`#the-third-week`

Traders ask for an answer.

- [Promise a date](#endings) `defensible` `1 week` `RISK -2` `TRUST +1`
- [Open with both](#endings) `strong` `2 weeks` `RISK -8` `TRUST +8`
- [Close the market](#endings) `harmful` `RISK +8` `TRUST -8`

# Endings

`endings`

## A. An open road

`RISK <= 35` `TRUST >= 60` `#a-an-open-road`

Carts pass.

## B. A watched road

`RISK <= 48` `#b-a-watched-road`

Carts pass by day.

## C. A long way round

`TRUST >= 20` `#c-a-long-way-round`

Carts go by the river.

## D. Two markets

`#d-two-markets`

Nobody comes.

# Debrief

`debrief`

## Questions

`questions`

- Who heard it first?

# Roles

`roles`

## Police

`side: The town hall` `#police`

- `wants` Quiet.
- `knows` Who called.
- `fears` Blame.

## Board

`side: The town hall` `#board`

- `wants` Time.
- `knows` Two villages.
- `fears` Silence.

## Radio

`side: The town hall` `#radio`

- `wants` A story.
- `knows` Who spoke.
- `fears` The law.

## Mayor

`side: The market` `#mayor`

- `wants` Shops open.
- `knows` The traders.
- `fears` Sunday.

## Market group

`side: The market` `#market-group`

- `wants` Buyers.
- `knows` The roads.
- `fears` A closed gate.
"""


def page(body, kind="lesson", front=None, name="small.md"):
    """The page with this body, and its faults as lines of text."""
    if front is None:
        front = LESSON_FRONT if kind == "lesson" else EXERCISE_FRONT
    content = body if isinstance(body, bytes) else (front + body).encode("utf-8", "surrogatepass")
    with tempfile.TemporaryDirectory() as folder:
        path, problems = Path(folder) / name, []
        path.write_bytes(content)
        return pages.read(path, Path(folder), kind, problems), [str(problem) for problem in problems]


def faults(body, kind="lesson", front=None):
    """The faults of a page as lines of text."""
    return page(body, kind, front)[1]


def question(markdown, kind="lesson"):
    """The one question of a page without faults."""
    read, problems = page(markdown, kind)
    assert problems == []
    return read.questions[0]


def scenario(markdown=SCENARIO):
    """The scenario of a page (None when it is too broken) and its faults as lines of text."""
    content = markdown if isinstance(markdown, bytes) else markdown.encode("utf-8", "surrogatepass")
    with tempfile.TemporaryDirectory() as folder:
        path, problems = Path(folder) / "rumour.md", []
        path.write_bytes(content)
        read = scenario_reader.read(path, Path(folder), problems)
    if read:
        problems += scenario_check.faults(read)
    return read, [str(problem) for problem in problems]


def exercise(*questions):
    """The body of an exercise of these questions, worth 3 points each."""
    return "\n".join(text.replace("` `a1`", "` `3 points` `a1`", 1) for text in questions)


def line_of(markdown, words, front=LESSON_FRONT):
    """The line of a page on which these words first stand."""
    whole = front + markdown
    return whole[: whole.index(words)].count("\n") + 1


def small_project(folder, lesson=SINGLE, exercise_body=None, scenario_text=None):
    """A whole project in a folder: one lesson, perhaps an exercise and a scenario, one source, one statement."""
    for name in ("notebooks", "solutions", "exercises", "data/scenarios"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "notebooks/small.md").write_text(
        LESSON_FRONT + "\n# Small\n\nWho hears first?\n\n" + lesson, encoding="utf-8"
    )
    if exercise_body:
        (folder / "solutions/small.md").write_text(
            EXERCISE_FRONT + "\n# Small exercise\n\n" + exercise_body, encoding="utf-8"
        )
    if scenario_text:
        (folder / "data/scenarios/rumour.md").write_text(scenario_text, encoding="utf-8")
    (folder / "data/datapackage.json").write_text('{"resources": []}', encoding="utf-8")
    (folder / "data/sources.csv").write_text(
        "key,title,where,group,basis,note\nOWN,Our own,,own,own,\n", encoding="utf-8"
    )
    (folder / "data/statements.md").write_text("- a1. A statement.\n- a12. Another.\n", encoding="utf-8")
    (folder / "README.md").write_text("# Kit\n\n<!-- modules -->\n<!-- /modules -->\n", encoding="utf-8")
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    ids.add(project.read(folder))
    shutil.rmtree(folder / ".workshop")  # as nobody has read it yet
    return folder


def build_kit(folder, say=lambda _line: None):
    """Build everything in a kit, as `workshop build` does. Returns the paths that were written."""
    problems, written = steps.build_all(folder, say)
    assert problems == []
    return written


def told(folder, run=False):
    """What `workshop check` says of a kit, as lines of text; without `run`, no exercise is graded."""
    return [str(problem) for problem in steps.faults(project.read(folder), run)]


@cache
def real():
    """The real project, read once."""
    return project.read(ROOT)


def real_questions():
    """Every real question, as (page, question)."""
    return [(read, found) for read in real().pages for found in read.questions]


def copy_of_the_kit(folder):
    """A copy of everything the kit is built from and of what is built."""
    for name in ("notebooks", "solutions", "exercises", "data"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("*.answers.json", ".*"))
    for name in ("nbgrader_config.py", "README.md"):
        shutil.copy(ROOT / name, folder)
    return folder
