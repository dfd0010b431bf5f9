"""The reader's desk as pages, in the server of the formgrader.

Written answers stand there with the rubric beside each, scored line by line. Pages have no scripts in them; what a
participant wrote is escaped text, and the browser is told to run and load nothing but the desk's own files.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from markupsafe import Markup
from tornado import web

from workshop.answers import code_names
from workshop.cards.browser_files import KEPT, BrowserFiles
from workshop.errors import GradingError
from workshop.grading import page_templates
from workshop.grading.desk import rubric_scores, similarity
from workshop.grading.desk.desk import Answer, Desk, Item
from workshop.render.html import to_html

HERE = Path(__file__).parent
STATIC = HERE / "static"
PAGES = page_templates.environment(HERE)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
MOST_WORDS = 5000  # letters of a comment
AT_ONCE = 20  # answers on a page


def handlers(root: Path, base: str) -> list[tuple[str, type[JupyterHandler], dict[str, Any]]]:
    """The desk's pages for a Jupyter server whose addresses begin with `base`."""
    desk = Desk(root)
    path = base.rstrip("/") + "/desk"
    files = BrowserFiles(f"{path}/static", [STATIC / "desk.js"], [STATIC / "desk.css"])
    with_desk = {"desk": desk, "base": path, "files": files}
    return [
        (path + r"/?", ListPage, with_desk),
        (path + r"/static/\w+/(.+)", Static, with_desk),
        (path + r"/([\w-]+)/([\w-]+)", ItemPage, with_desk),
        (path + r"/([\w-]+)/([\w-]+)/agreement", AgreementPage, with_desk),
        (path + r"/([\w-]+)/([\w-]+)/alike/(\w+)/(\w+)", AlikePage, with_desk),
        (path + r"/([\w-]+)/([\w-]+)/(save|decide|bank)", Save, with_desk),
    ]


@dataclass(frozen=True)
class Part:
    """Which of many answers stand on a page: those from `first` to before `last`, of so many."""

    first: int
    of: int
    size: int = AT_ONCE

    @property
    def last(self) -> int:
        """The place behind the last one."""
        return min(self.of, self.first + self.size)


class Page(JupyterHandler):
    """What all pages of the desk share."""

    def initialize(self, desk: Desk, base: str, files: BrowserFiles) -> None:
        self.desk, self.base, self.files = desk, base, files

    def set_default_headers(self) -> None:
        super().set_default_headers()
        self.set_header("Content-Security-Policy", POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")

    @property
    def reader(self) -> str:
        """The initials that this browser gave."""
        return code_names.code_name(self.get_cookie("desk_reader", "") or "")[:12]

    def item(self, exercise: str, id: str) -> Item:
        """The written item of the address; the answer is 404 when there is none."""
        try:
            return self.desk.item(exercise, id)
        except (KeyError, GradingError) as why:
            raise web.HTTPError(404) from why

    def part(self, answers: Sequence[Answer]) -> tuple[Part, Sequence[Answer]]:
        """(which answers the address asks for, these)"""
        words = self.get_argument("from", "0")
        part = Part(
            min(int(words) if words.isdecimal() and len(words) < 9 else 0, max(0, len(answers) - 1)), len(answers)
        )
        return part, answers[part.first : part.last]

    def page(self, template: str, title: str, **parts: object) -> None:
        """Send a whole page."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        shared = {
            "base": self.base,
            "files": self.files,
            "formgrader": f"{self.base.removesuffix('/desk')}/formgrader",
            "reader": self.reader,
            "step": rubric_scores.STEP,
            "title": title,
            "xsrf": self.xsrf_token.decode(),
        }
        self.finish(PAGES.get_template(template).render(shared | parts))


class Static(Page):
    """The desk's own script and style, and what the script imports."""

    @web.authenticated
    def get(self, name: str) -> None:
        file = self.files.read(name)
        if file is None:
            raise web.HTTPError(404)
        content, media = file
        self.set_header("Content-Type", media)
        self.set_header("Cache-Control", f"private, max-age={KEPT}, immutable")
        self.finish(content)


class ListPage(Page):
    """Which answers there are to read."""

    @web.authenticated
    def get(self) -> None:
        try:
            exercises = self.desk.exercises()
        except GradingError as why:
            return self.page("message.html", "Written answers", words=str(why))
        return self.page("list.html", "Written answers", exercises=exercises)


class ItemPage(Page):
    """Answers to one question, each with the rubric beside it; or code whose tests wait for a reader."""

    @web.authenticated
    def get(self, exercise: str, id: str) -> None:
        try:
            item = self.desk.item(exercise, id)
        except KeyError:
            return self.code(exercise, id)
        except GradingError as why:
            raise web.HTTPError(404) from why
        part, answers = self.part(item.answers)
        given = self.desk.store.of(exercise, id, [answer.code for answer in answers])
        return self.page(
            "item.html",
            item.question.title,
            address=f"{self.base}/{exercise}/{id}",
            cards=[self._card(item, answer, given) for answer in answers],
            lines=list(_lines(item, given)),
            most_words=MOST_WORDS,
            names=self.get_argument("names", "") == "yes",
            part=part,
            points=item.item.points,
            question=item.question,
        )

    def _card(self, item: Item, answer: Answer, given: rubric_scores.Given) -> dict[str, Any]:
        """What this reader sees beside an answer; what others gave only after scoring."""
        by_reader = given.points.get(answer.code, {})
        own = by_reader.get(self.reader, {})
        others = [
            (reader, sum(points.values()))
            for reader, points in sorted(by_reader.items())
            if reader != self.reader and rubric_scores.complete(item.lines, points)
        ]
        return {
            "answer": answer,
            "own": own,
            "comment": given.comments.get(answer.code, {}).get(self.reader, ""),
            "used": given.used.get((answer.code, self.reader), set()),
            "others": others if rubric_scores.complete(item.lines, own) else [],
            "alike": item.alike.get(answer.key, []),
        }

    def code(self, exercise: str, id: str) -> None:
        """The page of an item of code."""
        try:
            item, people = self.desk.code_answers(exercise, id)
            part, answers = self.part(people)
            cards = [self.desk.code_answer(exercise, id, answer) for answer in answers]
        except KeyError as why:
            raise web.HTTPError(404) from why
        except GradingError as why:
            return self.page("message.html", id, words=str(why))
        return self.page(
            "code.html",
            item.title,
            address=f"{self.base}/{exercise}/{id}",
            cards=cards,
            names=self.get_argument("names", "") == "yes",
            part=part,
            points=item.points,
        )


def _lines(item: Item, given: rubric_scores.Given) -> Iterator[dict[str, Any]]:
    """The lines of a rubric: their place and text, the points that one may give, and the comments kept for them."""
    for place, line in enumerate(item.question.rubric):
        steps = range(int(line["points"] / rubric_scores.STEP) + 1)
        bank = sorted(given.bank.get(place, []), key=lambda kept: -kept.times)
        text = Markup(to_html(line["text"]))
        yield {"place": place, "text": text, "steps": [step * rubric_scores.STEP for step in steps], "bank": bank}


class AgreementPage(Page):
    """How far two readers agree, line by line, and what they have to decide together."""

    @web.authenticated
    def get(self, exercise: str, id: str) -> None:
        item = self.item(exercise, id)
        given = self.desk.store.of(exercise, id)
        whole = {
            code: {
                reader: points for reader, points in sorted(by.items()) if rubric_scores.complete(item.lines, points)
            }
            for code, by in given.points.items()
        }
        both = [list(by.values())[:2] for by in whole.values() if len(by) > 1]
        lines = [
            (line, rubric_scores.agreement([(first[place], second[place]) for first, second in both]))
            for place, line in enumerate(item.question.rubric)
        ]
        differ = [
            {
                "answer": answer,
                "given": [(reader, sum(points.values())) for reader, points in whole[answer.code].items()],
                "decided": given.decisions.get(answer.code),
            }
            for answer in item.answers
            if rubric_scores.verdict(item.lines, whole.get(answer.code, {}))[1]
        ]
        self.page(
            "agreement.html",
            f"Agreement: {item.question.title}",
            address=f"{self.base}/{exercise}/{id}",
            both=len(both),
            differ=differ,
            lines=lines,
            points=item.item.points,
        )


class AlikePage(Page):
    """Two alike answers side by side, with what differs marked."""

    @web.authenticated
    def get(self, exercise: str, id: str, first: str, second: str) -> None:
        item = self.item(exercise, id)
        try:
            answers = item.answer(first), item.answer(second)
        except KeyError as why:
            raise web.HTTPError(404) from why
        marked = similarity.marked(answers[0].words, answers[1].words)
        self.page(
            "alike.html",
            f"Alike answers: {item.question.title}",
            address=f"{self.base}/{exercise}/{id}",
            sides=list(zip(answers, marked, strict=True)),
        )


class Save(Page):
    """What a reader clicked."""

    @web.authenticated
    def post(self, exercise: str, id: str, what: str) -> None:
        try:
            self._save(exercise, id, what, json.loads(self.request.body))
        except (ValueError, KeyError, TypeError, AttributeError, GradingError) as error:
            raise web.HTTPError(400) from error
        self.finish({"saved": True})

    def _save(self, exercise: str, id: str, what: str, data: dict[str, Any]) -> None:
        if what == "decide":
            self.desk.decide(exercise, id, data["key"], float(data["points"]))
        elif what == "save":
            if not self.reader:
                raise ValueError("no initials")
            points, used = dict(data["points"]), [int(number) for number in data["used"]]
            comment = str(data["comment"])[:MOST_WORDS].strip()
            self.desk.save(exercise, id, data["key"], self.reader, points, comment, used)
        elif "forget" in data:
            self.desk.store.remove_from_bank(int(data["forget"]))
        else:
            self.item(exercise, id)
            self.desk.store.add_to_bank(exercise, id, int(data["line"]), str(data["words"])[:400].strip())
