"""`workshop check`: every fault of every page in one run, each with file, line and a likely mend.

A rule goes from a project to its faults. Here stand the rules that need nothing but the texts; those of papers and of
grading are added in `workshop.cli.steps`.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from workshop.authoring import check_claims, check_exercises, check_references, ids, printed_numbers
from workshop.content.markdown import Problem
from workshop.content.trees import text_of
from workshop.project import scenario_checks
from workshop.project.project import Project

Rule: TypeAlias = Callable[[Project], Iterable[Problem]]

# More than a next step or a thought to take along.
CLOSING_WORDS = 60


def problems(project: Project, rules: Iterable[Rule]) -> list[Problem]:
    """What was wrong while the project was read, and what these rules find in it, in the order of files and lines."""
    found = [*project.problems, *(problem for rule in rules for problem in rule(project))]
    return sorted(dict.fromkeys(found), key=lambda problem: (problem.path, problem.line))


def minutes(project: Project) -> Iterator[Problem]:
    """Pages whose sections do not add up to the minutes of their front matter."""
    for page in project.pages:
        total = sum(section.minutes for section in page.sections)
        if total and total != page.front.get("minutes"):
            yield Problem(
                page.path,
                1,
                f"The sections add up to {total} minutes, and the front matter says "
                f"{page.front.get('minutes')}. Make them equal.",
            )


def hidden_passages(project: Project) -> Iterator[Problem]:
    """Text of the page that stands under a question, and would be shown only to those who checked their answer."""
    for page in project.pages:
        for question in page.questions:
            if len(text_of(question.closing).split()) > CLOSING_WORDS:
                yield Problem(
                    page.path,
                    question.line,
                    f"After the answers of “{question.title}” stand more than {CLOSING_WORDS} words, and they are "
                    "shown only with the result. Before text that everybody should read, put a heading or a line with "
                    "+++.",
                )


def scenarios(project: Project) -> Iterator[Problem]:
    """Scenarios that cannot be played to an end, or do not teach what they should (see `workshop.scenarios.check`)."""
    for scenario in project.scenarios.values():
        yield from scenario_checks.faults(project, scenario)


RULES: tuple[Rule, ...] = (
    check_references.faults,
    check_claims.faults,
    minutes,
    hidden_passages,
    scenarios,
    printed_numbers.faults,
    check_exercises.faults,
    ids.faults,
)
