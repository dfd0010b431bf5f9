"""Reading questions: a heading, code words that begin with a kind, a prompt, an answer part, closing words."""

import difflib
import re
from collections import Counter
from collections.abc import Sequence

from markdown_it.tree import SyntaxTreeNode

from workshop.content import markdown
from workshop.content.markdown import MissingId, Problem
from workshop.questions.kinds import BY_WORD
from workshop.questions.kinds.base import Question
from workshop.questions.parts import Faults

POINTS = re.compile(r"(\d+(?:\.\d+)?) points?\Z")
WORDS = re.compile(r"(\d+) words\Z")


def is_question(words: Sequence[str] | None) -> bool:
    """Whether a line of code words opens a question."""
    return bool(words and words[0] in BY_WORD)


def looks_like_question(words: Sequence[str] | None) -> bool:
    """Whether the first code word seems to be a misspelt kind."""
    return bool(words and difflib.get_close_matches(words[0], BY_WORD, n=1, cutoff=0.75))


def read(
    nodes: Sequence[SyntaxTreeNode],
    path: str,
    offset: int,
    problems: list[Problem],
    graded: bool = False,
    missing_ids: list[MissingId] | None = None,
) -> Question | None:
    """The question in these nodes (heading first), or None; what is wrong goes to `problems`, lines without an id
    to `missing_ids`.

    `offset` is added to the nodes' lines; `graded` questions must have points, others must not.
    """
    before, faults = len(problems), Faults(path, offset, problems)
    heading, code_line, *body = nodes
    word, *settings = markdown.code_words(code_line) or []
    title = markdown.plain(heading)
    question = BY_WORD[word](id=markdown.slug(title), title=title, line=faults.line(heading))
    in_order = _take_settings(question, settings, code_line, faults)
    if question.id and not any(map(markdown.id_word, settings)):
        faults.without_id(code_line, question.id)
    if not question.id:
        faults.add(
            heading, "This question has no name. Write a heading with words, or a code word such as `#first-step`."
        )
    _check_points(question, graded, code_line, faults)
    part = question.answer_part(body)
    if part is None:
        faults.add(heading, f"“{title}” has no key: it needs {question.needs}.")
    else:
        start, end = part
        question.prompt, question.closing = markdown.tree(body[:start]), markdown.tree(body[end:])
        question.read(body[start:end], faults)
        _check_ids(question, heading, faults)
        if not in_order and len(problems) == before:
            question.shuffle()
    for node in body:
        question.sources += [key for key in markdown.source_keys(_source(node)) if key not in question.sources]
    if missing_ids is not None:
        missing_ids += faults.missing_ids
    return question if len(problems) == before else None


def _take_settings(question: Question, words: Sequence[str], code_line: SyntaxTreeNode, faults: Faults) -> bool:
    """Take the code words after the kind; True when the question is to be shown in the order of its text."""
    in_order = False
    for word in words:
        if markdown.is_statement(word):
            question.statements.append(word)
        elif word.startswith("S:"):
            question.sources += markdown.split_keys(word[2:])
        elif match := POINTS.match(word):
            question.points = float(match.group(1))
        elif match := WORDS.match(word):
            question.words = int(match.group(1))
        elif word.startswith("unit:"):
            question.unit = word[5:].strip()
        elif markdown.id_word(word):
            question.id = markdown.id_word(word)
        elif word == "in order":
            in_order = True
        elif not question.take_setting(word):
            faults.add(
                code_line,
                f"“{word}” is no code word of a question. Known are: points "
                "(“2 points”), statements (“a1”), “S:KEY”, “120 words”, “unit: …”, “#name”, “in order”"
                + "".join(f", {known}" for known in question.settings)
                + ".",
            )
    if in_order and question.order_tells:
        faults.add(
            code_line,
            f"“{question.title}” is a `{question.word}`, and `in order` would show it solved. Take `in order` away.",
        )
    return in_order


def _check_ids(question: Question, heading: SyntaxTreeNode, faults: Faults) -> None:
    """Two lines of one id would be one answer."""
    kinds = (
        [option.id for option in question.options],
        [row.id for row in question.rows],
        [column["id"] for column in question.columns],
    )
    for name in [name for ids in kinds for name, times in Counter(ids).items() if times > 1]:
        faults.add(heading, f"Two lines of “{question.title}” have the id “{name}”. Give one of them another.")


def _check_points(question: Question, graded: bool, code_line: SyntaxTreeNode, faults: Faults) -> None:
    if graded and not question.points:
        faults.add(code_line, f"“{question.title}” has no points. Add a code word such as `2 points`.")
    if question.points and not graded:
        faults.add(
            code_line,
            f"“{question.title}” stands in a lesson and has points. Take the points away, "
            "or move the question to an exercise in solutions/.",
        )


def _source(node: SyntaxTreeNode) -> str:
    return " ".join(markdown.raw(child) for child in node.children) if node.children else markdown.raw(node)
