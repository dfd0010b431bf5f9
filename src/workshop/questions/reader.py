"""Reading questions: a heading, a line of code words that begins with a kind, a prompt, an answer part, closing words."""

import difflib
import re

from workshop.content import markdown
from workshop.content.markdown import Problem
from workshop.content.trees import text_of
from workshop.questions.model import NUMBER, Number, Option, Question, Row, number, shuffled

KINDS = {
    "choose one": "single",
    "choose all": "multiple",
    "rank": "rank",
    "match": "match",
    "classify": "classify",
    "number": "number",
    "map": "map",
    "write": "write",
}
TABLE_KINDS = ("match", "classify", "map")
TICK = re.compile(r"\[([ xX])\]\s*")
POINTS = re.compile(r"(\d+(?:\.\d+)?) points?\Z")


def is_question(words):
    """Whether a line of code words opens a question."""
    return bool(words) and words[0] in KINDS


def looks_like_question(words):
    """Whether the first code word seems to be a misspelt kind."""
    return bool(words) and bool(difflib.get_close_matches(words[0], KINDS, n=1, cutoff=0.75))


def read(nodes, path, offset, problems, graded=False):
    """The question in these nodes (heading first), or None; what is wrong goes to `problems`.

    `offset` is added to the nodes' lines; `graded` questions must have points, others must not.
    """
    return _Reader(nodes, path, offset, problems, graded).question()


class _Reader:
    def __init__(self, nodes, path, offset, problems, graded):
        self.heading, self.code_line, *self.body = nodes
        self.path, self.offset, self.problems, self.graded = path, offset, problems, graded

    def wrong(self, node, message):
        self.problems.append(Problem(self.path, self.line(node), message))

    def line(self, node):
        while node is not None and not node.map:
            node = node.parent
        return self.offset + (node.map[0] if node else 0) + 1

    def question(self):
        before = len(self.problems)
        words = markdown.code_words(self.code_line)
        title = markdown.plain(self.heading)
        question = Question(id=markdown.slug(title), kind=KINDS[words[0]], title=title, line=self.line(self.heading))
        in_order = self.settings(question, words[1:])
        answer = self.answer_part(question)
        if answer is not None:
            prompt, part, closing = answer
            question.prompt, question.closing = markdown.tree(prompt), markdown.tree(closing)
            if question.kind in ("single", "multiple"):
                self.choices(question, part[0])
            elif question.kind == "rank":
                self.ranking(question, part[0])
            elif question.kind in TABLE_KINDS:
                self.table(question, part[0])
            elif question.kind == "number":
                self.numbers(question, part[0])
            else:
                self.rubric(question, part)
            if not in_order:
                self.shuffle(question)
        for node in self.body:
            question.sources += [k for k in markdown.source_keys(_source(node)) if k not in question.sources]
        return question if len(self.problems) == before else None

    def settings(self, question, words):
        in_order = False
        for word in words:
            if markdown.is_statement(word):
                question.statements.append(word)
            elif word.startswith("S:"):
                question.sources += markdown.split_keys(word[2:])
            elif match := POINTS.match(word):
                question.points = float(match.group(1))
            elif match := re.match(r"(\d+) words\Z", word):
                question.words = int(match.group(1))
            elif word.startswith("unit:"):
                question.unit = word[5:].strip()
            elif word.startswith("id:"):
                question.id = markdown.slug(word[3:])
            elif word == "in order":
                in_order = True
            else:
                self.wrong(
                    self.code_line,
                    f"“{word}” is no code word of a question. Known are: points "
                    "(“2 points”), statements (“a1”), “S:KEY”, “120 words”, “unit: …”, “id: …”, “in order”.",
                )
        if not question.id:
            self.wrong(
                self.heading,
                "This question has no name. Write a heading with words, or a code word such as `id: first-step`.",
            )
        if in_order and question.kind == "rank":
            self.wrong(
                self.code_line,
                f"“{question.title}” is a `rank`, and `in order` would show it solved. Take `in order` away.",
            )
        if self.graded and not question.points:
            self.wrong(self.code_line, f"“{question.title}” has no points. Add a code word such as `2 points`.")
        if question.points and not self.graded:
            self.wrong(
                self.code_line,
                f"“{question.title}” stands in a lesson and has points. Take the points away, "
                "or move the question to an exercise in solutions/.",
            )
        return in_order

    def answer_part(self, question):
        """Prompt, answer part and closing words, as three lists of nodes."""
        wanted = {"rank": "ordered_list", "match": "table", "classify": "table", "map": "table"}
        kind = wanted.get(question.kind, "bullet_list")
        found = [index for index, node in enumerate(self.body) if node.type == kind]
        if question.kind not in ("rank", *TABLE_KINDS, "write"):
            found = [i for i in found if TICK.match(markdown.plain(self.body[i].children[0]))]
        if not found:
            shapes = {
                "ordered_list": "a numbered list in the best order",
                "table": "a table",
                "bullet_list": "a list whose lines begin with [ ] or [x]",
            }
            shape = "a list of rubric lines" if question.kind == "write" else shapes[kind]
            self.wrong(self.heading, f"“{question.title}” has no key: it needs {shape}.")
            return None
        at = found[0]
        end = at + 1
        if question.kind == "write":
            while end < len(self.body) and self.body[end].type == "blockquote":
                end += 1
        return self.body[:at], self.body[at:end], self.body[end:]

    def items(self, part, what):
        """Each list item as (first line as node, reason nodes), faults reported."""
        for item in part.children:
            if not item.children or not TICK.sub("", markdown.plain(item.children[0])).strip():
                self.wrong(item, f"This {what} is empty. Write its text, or take the line away.")
                continue
            first, *reason = item.children
            if not reason:
                self.wrong(
                    item,
                    f"“{_short(markdown.plain(first))}” has no reason. Add an indented paragraph under it that says why.",
                )
            yield item, first, reason

    def choices(self, question, part):
        for item, first, reason in self.items(part, "option"):
            words, tick = _without_tick(first)
            if tick is None:
                self.wrong(item, f"“{_short(markdown.plain(first))}” does not begin with [ ] or [x].")
                continue
            question.options.append(
                Option(self.name(question.options, markdown.plain(first)), words, tick, markdown.tree(reason))
            )
        right = sum(option.right for option in question.options)
        if right == 0:
            self.wrong(part, f"“{question.title}” has no key: mark the right option with [x].")
        elif question.kind == "single" and right > 1:
            self.wrong(
                part,
                f"“{question.title}” is `choose one` and has {right} options marked [x]. "
                "Leave one, or write `choose all`.",
            )

    def ranking(self, question, part):
        for _, first, reason in self.items(part, "line"):
            words = markdown.first_line(first)
            tie = bool(words) and words[-1] == ["code", {}, "tie"]
            label = markdown.plain(first)
            if tie:
                words, label = words[:-1], label.removesuffix("tie").strip()
                words = [*words[:-1], words[-1].rstrip() if isinstance(words[-1], str) else words[-1]] if words else []
            option = Option(self.name(question.options, label), words, reason=markdown.tree(reason), tie=tie)
            if tie and question.best:
                question.best[-1].append(option.id)
            else:
                question.best.append([option.id])
            question.options.append(option)
        if len(question.options) < 3:
            self.wrong(part, f"“{question.title}” ranks fewer than three lines. Add lines, or use `choose one`.")
        elif len(question.best) < 2:
            self.wrong(
                part, f"“{question.title}” has no key: each line has `tie`, so every order is right. Take a `tie` away."
            )

    def table(self, question, part):
        head = [cell for cell in part.children[0].children[0].children]
        body = part.children[1].children if len(part.children) > 1 else []
        labels = [markdown.plain(cell) for cell in head]
        if question.kind == "map":
            if len(head) < 3 or labels[-1].lower() != "why":
                self.wrong(part, f"“{question.title}”: a map needs rows, columns to tick, and a last column “Why”.")
                return
            for label in labels[1:-1]:
                question.columns.append({"id": self.name(question.columns, label), "text": [label]})
            question.row_label = labels[0]
            for line in body:
                self.map_row(question, line)
        else:
            if len(head) != 3:
                self.wrong(
                    part,
                    f"“{question.title}”: the table needs three columns: {question.row_label or 'line'}, answer, why.",
                )
                return
            question.row_label, question.column_label = labels[0], labels[1]
            for line in body:
                self.table_row(question, line)
        if not question.rows:
            self.wrong(part, f"“{question.title}” has no key: its table has no rows.")
        elif question.kind == "map" and not any(row.should for row in question.rows):
            self.wrong(part, f"“{question.title}” has no key: no cell holds an x.")

    def table_row(self, question, line):
        left, right, why = line.children
        answers = (
            [answer.strip() for answer in markdown.plain(right).split(" or ")]
            if question.kind == "classify"
            else [markdown.plain(right)]
        )
        columns = []
        for answer in filter(None, answers):
            known = next((c for c in question.columns if text_of(c["text"]) == answer), None)
            if known is None:
                tree = [answer] if question.kind == "classify" else markdown.tree(right.children)
                known = {"id": self.name(question.columns, answer), "text": tree}
                question.columns.append(known)
            columns.append(known["id"])
        label = markdown.plain(left)
        if not label and question.kind == "match" and columns:
            return
        if not label or not columns:
            self.wrong(line, f"A row of “{question.title}” is not complete: both first cells must be filled.")
            return
        self.row(question, line, left, why, columns, [])

    def map_row(self, question, line):
        left, *cells, why = line.children
        marks = [markdown.plain(cell).lower() for cell in cells]
        for mark in marks:
            if mark not in ("", "x", "o"):
                self.wrong(
                    line,
                    f"“{mark}” in “{question.title}”: a cell of a map holds x (should be ticked), "
                    "o (may be ticked), or nothing.",
                )
                return
        chosen = {
            letter: [column["id"] for column, mark in zip(question.columns, marks) if mark == letter] for letter in "xo"
        }
        self.row(question, line, left, why, chosen["x"], chosen["o"])

    def row(self, question, line, left, why, should, may):
        if not markdown.plain(why):
            self.wrong(line, f"“{_short(markdown.plain(left))}” has no reason. Fill the last cell of the row.")
        if any(text_of(row.text) == text_of(markdown.tree(left.children)) for row in question.rows):
            self.wrong(
                line, f"Two rows of “{question.title}” begin with “{_short(markdown.plain(left))}”. Change one of them."
            )
        question.rows.append(
            Row(
                self.name(question.rows, markdown.plain(left)),
                markdown.tree(left.children),
                should,
                may,
                markdown.tree(why.children),
            )
        )

    def numbers(self, question, part):
        for item, first, reason in self.items(part, "number"):
            words, tick = _without_tick(first)
            value = _interval(text_of(words))
            if tick is None or value is None:
                self.wrong(
                    item,
                    f"“{_short(markdown.plain(first))}” is not a number such as “[x] 31.2 ± 0.3” or “[x] 30 to 32”.",
                )
                continue
            question.numbers.append(Number(*value, tick, markdown.tree(reason)))
        if not any(number.right for number in question.numbers):
            self.wrong(part, f"“{question.title}” has no key: mark the right number with [x].")

    def rubric(self, question, part):
        for item in part[0].children:
            words = markdown.first_line(item.children[0]) if item.children else []
            mark = POINTS.match(words[0][2]) if len(words) > 1 and words[0][:1] == ["code"] else None
            if mark is None:
                self.wrong(
                    item,
                    "A rubric line begins with its points in code, for instance: "
                    "- `1 point` names one local entry point",
                )
                continue
            rest = [words[1].lstrip(), *words[2:]] if isinstance(words[1], str) else words[1:]
            question.rubric.append({"points": float(mark.group(1)), "text": rest})
        question.model = markdown.tree([child for quote in part[1:] for child in quote.children])
        if not question.model:
            self.wrong(
                part[0], f"“{question.title}” has no model answer. Add one as a quotation (> …) after the rubric."
            )
        total = sum(line["points"] for line in question.rubric)
        if question.points and total != question.points:
            self.wrong(
                part[0],
                f"The rubric of “{question.title}” adds up to {total:g}, and the question has "
                f"{question.points:g} points. Make them equal.",
            )

    def shuffle(self, question):
        question.options = shuffled(question.options, question.id)
        if question.kind == "rank":
            place = {name: index for index, group in enumerate(question.best) for name in group}
            shown = [place[option.id] for option in question.options]
            if shown == sorted(shown):  # the right order by chance, ties included
                question.options.append(question.options.pop(0))
        if question.kind in ("match", "classify"):
            question.columns = shuffled(question.columns, question.id)
        if question.kind == "match":
            question.rows = shuffled(question.rows, question.id)

    def name(self, taken, label):
        return markdown.short_id(
            TICK.sub("", label), {item["id"] if isinstance(item, dict) else item.id for item in taken}
        )


def _without_tick(node):
    """The tree of a first line without its [ ] or [x], and whether it was ticked (None: no mark)."""
    words = markdown.first_line(node)
    if not words or not isinstance(words[0], str) or not (mark := TICK.match(words[0])):
        return words, None
    rest = words[0][mark.end() :]
    return ([rest] if rest else []) + words[1:], mark.group(1) in "xX"


def _interval(words):
    """The interval that `31.2 ± 0.3`, `30 to 32` or `50` names, or None."""
    found = [number(match) for match in NUMBER.findall(words)]
    if "±" in words and len(found) == 2:
        return found[0] - abs(found[1]), found[0] + abs(found[1])
    if " to " in words and len(found) == 2:
        return min(found), max(found)
    return (found[0], found[0]) if len(found) == 1 else None


def _source(node):
    return " ".join(markdown.raw(child) for child in node.children) if node.children else markdown.raw(node)


def _short(words, limit=50):
    words = TICK.sub("", words)
    return words if len(words) <= limit else words[:limit].rsplit(" ", 1)[0] + " …"
