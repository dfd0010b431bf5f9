"""The reader's desk: written answers with the rubric beside each, scored line by line, in the server of the formgrader.

Pages are whole HTML without scripts in them; what a participant wrote is escaped text, and the browser is told to run and
load nothing but the desk's own files.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from sqlalchemy.engine import make_url
from tornado import web

from workshop.answers import code_names
from workshop.cards.browser_files import KEPT, BrowserFiles
from workshop.errors import GradingError
from workshop.grading import results
from workshop.grading.code_cells import GradeBook, paths
from workshop.grading.desk import rubric_scores, similarity
from workshop.questions.kinds.written import Written
from workshop.render.html import to_html

STATIC = Path(__file__).with_name("static")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
MOST_WORDS = 5000  # letters of a comment


@dataclass(frozen=True)
class Item:
    """A written item of an exercise with all answers to it: (key, code name, words), in an order that tells nothing.

    `alike` holds (share, key, key) of answers that resemble each other; `read` what readers gave, as `rubric_scores.Reading.of`
    returns it.
    """

    exercise: str
    item: results.Item
    question: Written
    answers: list[tuple[str, str, str]]
    alike: list[tuple[float, str, str]]
    read: dict[str, Any]

    @property
    def lines(self) -> int:
        """How many lines the rubric has."""
        return len(self.question.rubric)

    def code(self, key: str) -> str:
        """The code name of the answer with this key. Raises KeyError when there is none."""
        for own, code, _ in self.answers:
            if own == key:
                return code
        raise KeyError(key)


class Desk:
    """What the pages show and save, for the course at `root`.

    A reader clicks some thousand times on one question. Its answers are read once and kept until the grade book or the text of the
    exercise changes; what readers gave is read each time. The server of the formgrader calls it from one thread.
    """

    def __init__(self, root: Path) -> None:
        self.root, self.store = Path(root), rubric_scores.Reading(root)
        self._url = make_url(paths.read(root).db_url)
        self._kept: Item | None = None
        self._stamp: object = None  # of the files that `_kept` was read from
        self._book: tuple[object, GradeBook] | None = None  # with the file that it was opened on

    def exercises(self) -> list[tuple[str, str, list[tuple[results.Item, int, int]]]]:
        """[(name, title, [(item, how many answered, how many still wait)])] of all exercises with written answers."""
        known, found = {path.stem for path in (self.root / "solutions").glob("*.md")}, []
        for name in sorted(set(results.graded(self.root)) & known):
            read = results.read(self.root, name)
            rows = []
            for item in read.items:
                if item.question and item.question.scored_by_reader:
                    answered = [
                        person for person in read.people.values() if item.question.clean(person.answers.get(item.id))
                    ]
                    rows.append((item, len(answered), sum(person.marks[item.id].waiting for person in answered)))
            if rows:
                found.append((name, read.title, rows))
        return found

    def item(self, exercise: str, id: str) -> Item:
        """The item with its answers and what readers gave so far. Raises KeyError when there is none, or GradingError."""
        return replace(self._answers(exercise, id), read=self.store.of(exercise, id))

    def _answers(self, exercise: str, id: str) -> Item:
        """The item without what readers gave."""
        stamp, kept = self._files(exercise), self._kept
        if kept and (kept.exercise, kept.item.id) == (exercise, id) and stamp is not None and stamp == self._stamp:
            return kept
        read = results.read(self.root, exercise)
        item = next((item for item in read.items if item.id == id), None)
        if item is None or not isinstance(item.question, Written):
            raise KeyError(id)
        texts = {code: item.question.clean(person.answers.get(id)) for code, person in read.people.items()}
        answers = sorted((_key(exercise, id, code), code, words) for code, words in texts.items() if words)
        alike = similarity.pairs({key: words for key, _, words in answers})
        self._kept, self._stamp = Item(exercise, item, item.question, answers, alike, {}), stamp
        return self._kept

    def _files(self, exercise: str) -> object:
        """What changes when the grade book or the exercise's text does; None for a grade book that is no file."""
        database = self._database()
        return database and (_file(database), _file(self.root / "solutions" / f"{exercise}.md"))

    def _database(self) -> Path | None:
        """The file of the grade book, or None where a server holds it."""
        is_file = self._url.drivername.startswith("sqlite") and self._url.database
        return Path(self.root, self._url.database) if is_file else None

    def save(
        self, exercise: str, id: str, key: str, reader: str, points: dict[str, Any], comment: str, used: list[int]
    ) -> None:
        """Keep what a reader gave, and write what follows from it into the grade book. Raises KeyError or ValueError."""
        kept = self._answers(exercise, id)
        code = kept.code(key)
        most = [line["points"] for line in kept.question.rubric]
        given = {int(line): float(value) for line, value in points.items()}
        if any(
            not 0 <= line < kept.lines or not 0 <= value <= most[line] or value % rubric_scores.STEP
            for line, value in given.items()
        ):
            raise ValueError("points that the rubric does not have")
        self.store.save(exercise, id, code, reader, given, comment, used)
        self._write(kept, code)

    def decide(self, exercise: str, id: str, key: str, points: float) -> None:
        """Keep what two readers agreed on. Raises KeyError or ValueError."""
        kept = self._answers(exercise, id)
        code = kept.code(key)
        if not 0 <= points <= kept.item.points or points % rubric_scores.STEP:
            raise ValueError("points that the item does not have")
        self.store.decide(exercise, id, code, points)
        self._write(kept, code)

    def _write(self, kept: Item, code: str) -> None:
        """Put the verdict on one answer into nbgrader's grade book."""
        by_reader, comments, decision = self.store.of_answer(kept.exercise, kept.item.id, code)
        points, _ = rubric_scores.verdict(kept.lines, by_reader, decision)
        words = "\n\n".join(dict.fromkeys(words for _, words in sorted(comments.items()))) or None
        unchanged = self._files(kept.exercise) == self._stamp
        self._gradebook().set_by_reader(kept.exercise, kept.exercise, kept.item.id, code, points, words)
        # What was written here changes no answer; only what somebody else wrote makes the answers be read again.
        self._stamp = self._files(kept.exercise) if unchanged else None

    def _gradebook(self) -> GradeBook:
        """The open grade book; opened anew when another file has taken its place."""
        database = self._database()
        where = database and _file(database)[:1]
        if self._book is None or self._book[0] != where:
            if self._book:
                self._book[1].close()
            self._book = (where, GradeBook(self._url.render_as_string(hide_password=False)))
        return self._book[1]


def _file(path: Path) -> tuple[int, ...]:
    """What is another when a file was changed or replaced; the first number tells a replaced one."""
    try:
        known = path.stat()
    except FileNotFoundError:
        return ()
    return known.st_ino, known.st_mtime_ns, known.st_size


def _key(exercise: str, item: str, code: str) -> str:
    return hashlib.sha256(f"{exercise}/{item}/{code}".encode()).hexdigest()[:12]


def handlers(root, base):
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


class Page(JupyterHandler):
    """What all pages of the desk share."""

    def initialize(self, desk, base, files):
        self.desk, self.base, self.files = desk, base, files

    def set_default_headers(self):
        super().set_default_headers()
        self.set_header("Content-Security-Policy", POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")

    @property
    def reader(self):
        """The initials that this browser gave."""
        return code_names.code_name(self.get_cookie("desk_reader", ""))[:12]

    def found(self, exercise, item):
        """The item of the address; the answer is 404 when there is none."""
        try:
            return self.desk.item(exercise, item)
        except (KeyError, GradingError) as why:
            raise web.HTTPError(404) from why

    def page(self, title, *parts):
        """Send a whole page."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        words = self.files.words
        self.finish(
            f'<!doctype html>\n<html lang="{words["lang"]}" dir="{words["dir"]}" data-texts="{self.files.texts}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<meta name="xsrf" content="{escape(self.xsrf_token.decode(), quote=True)}"><title>{escape(title)}</title>'
            f'<link rel="stylesheet" href="{self.files.sheet("desk.css")}"><script type="module" src="{self.files.modules("desk.js")[0]}"></script></head>'
            f'<body data-base="{self.base}"><header><a href="{self.base}">All written answers</a> '
            f'<a href="{self.base.removesuffix("/desk")}/formgrader">nbgrader\'s formgrader</a></header>'
            f"<main><h1>{escape(title)}</h1>{''.join(parts)}</main></body></html>\n"
        )


class Static(Page):
    """The desk's own script and style, and what the script imports."""

    @web.authenticated
    def get(self, name):
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
    def get(self):
        try:
            exercises = self.desk.exercises()
        except GradingError as why:
            return self.page("Written answers", f"<p>{escape(str(why))}</p>")
        rows = "".join(
            f"<tr><td>{escape(title)}</td><td><a href='{self.base}/{name}/{item.id}'>{escape(item.title)}</a></td>"
            f"<td class=n>{answered}</td><td class=n>{waiting}</td></tr>"
            for name, title, items in exercises
            for item, answered, waiting in items
        )
        self.page(
            "Written answers",
            "<p>Answers stand without names. What you give is saved at once and goes into the grade book; when you are "
            "through, run <code>workshop grade</code> once more, and the feedback has it.</p>",
            _who(self.reader),
            f"<table><thead><tr><th scope=col>Exercise</th><th scope=col>Question</th><th scope=col class=n>Answers</th>"
            f"<th scope=col class=n>Still to read</th></tr></thead><tbody>{rows}</tbody></table>",
        )


def _who(reader):
    return (
        f'<p class=who><label>Your initials <input id=reader maxlength=12 autocomplete=off value="{escape(reader, quote=True)}"></label> '
        "so that two readers can be told apart. The second one sees what the first gave only after scoring.</p>"
    )


class ItemPage(Page):
    """All answers to one question, each with the rubric beside it."""

    @web.authenticated
    def get(self, exercise, item):
        one = self.found(exercise, item)
        names = self.get_argument("names", "") == "yes"
        question = one.question
        switch = "Hide code names" if names else "Show code names"
        head = (
            f"<section class=question>{to_html(question.prompt)}<details><summary>A good answer</summary>{to_html(question.model)}</details>"
            f"<details><summary>When in doubt about a line</summary><p>Read for accuracy, evidence with its limit, fit to the place, action (who, what, "
            f"when) and care. The scale stands in the facilitator's guide, under “Reading written answers”.</p></details></section>"
            f"<p><a href='?names={'' if names else 'yes'}'>{switch}</a> <a href='{self.base}/{exercise}/{item}/agreement'>How far readers agree</a></p>"
        )
        if not self.reader:
            return self.page(question.title, _who(""), "<p>Give your initials first; the answers follow.</p>")
        numbers = {key: number for number, (key, _, _) in enumerate(one.answers, 1)}
        cards = "".join(self._answer(one, numbers, key, code, words, names) for key, code, words in one.answers)
        self.page(question.title, _who(self.reader), head, cards or "<p>Nobody answered this question.</p>")

    def _answer(self, one, numbers, key, code, words, names):
        own = one.read["points"].get(code, {}).get(self.reader, {})
        number, base = numbers[key], f"{self.base}/{one.exercise}/{one.item.id}"
        comment = one.read["comments"].get(code, {}).get(self.reader, "")
        used = one.read["used"].get((code, self.reader), set())
        lines = "".join(self._line(one, key, place, own.get(place), used) for place in range(one.lines))
        alike_ = "".join(
            f"<li><a href='{base}/alike/{first}/{second}'>Answer {numbers[second if first == key else first]}: {100 * share:.0f}% alike</a></li>"
            for share, first, second in one.alike
            if key in (first, second)
        )
        others = one.read["points"].get(code, {})
        second = [
            f"{escape(reader)}: {sum(points.values()):g}"
            for reader, points in sorted(others.items())
            if reader != self.reader and rubric_scores.complete(one.lines, points)
        ]
        seen = (
            f"<p>Another reader gave {', '.join(second)}.</p>"
            if second and rubric_scores.complete(one.lines, own)
            else ""
        )
        title = f"Answer {number} of {len(numbers)}" + (f" ({escape(code)})" if names else "")
        return (
            f'<article data-save="{base}/save" data-key="{key}" aria-labelledby="h-{key}"><h2 id="h-{key}">{title}</h2>'
            f'<div class=beside><div class=answer dir=auto tabindex=0 role=group aria-label="Answer {number}">{escape(words)}</div><div class=rubric>{lines}'
            f"<p class=sum><output>{sum(own.values()):g}</output> of {one.item.points:g} points <span class=state role=status></span></p>"
            f"<label>To the participant<textarea maxlength={MOST_WORDS} rows=3>{escape(comment)}</textarea></label>{seen}"
            + (f"<p>Alike answers:</p><ul>{alike_}</ul>" if alike_ else "")
            + "</div></div></article>"
        )

    def _line(self, one, key, place, given, used):
        line = one.question.rubric[place]
        steps = [step * rubric_scores.STEP for step in range(int(line["points"] / rubric_scores.STEP) + 1)]
        choices = "".join(
            f'<label><input type=radio name="{key}-{place}" value="{step:g}"{" checked" if given == step else ""}>{step:g}</label>'
            for step in steps
        )
        bank = "".join(
            f"<li><button type=button class=use data-id={kept['id']} aria-pressed={'true' if kept['id'] in used else 'false'}>"
            f"<span>{escape(kept['words'])}</span> <small>×{kept['times']}</small></button>"
            f'<button type=button class=forget data-id={kept["id"]} aria-label="Take this comment out of the bank">×</button></li>'
            for kept in sorted(one.read["bank"].get(place, []), key=lambda kept: -kept["times"])
        )
        return (
            f"<fieldset data-line={place}><legend>{to_html(line['text'])}</legend><div class=points>{choices}</div>"
            f"<details><summary>Comments for this line ({len(one.read['bank'].get(place, []))})</summary><ul class=bank>{bank}</ul>"
            f"<label>New comment <input class=new maxlength=400></label> <button type=button class=add>Keep it</button></details></fieldset>"
        )


class AgreementPage(Page):
    """How far two readers agree, line by line, and what they have to decide together."""

    @web.authenticated
    def get(self, exercise, item):
        one = self.found(exercise, item)
        whole = {
            code: {reader: points for reader, points in by.items() if rubric_scores.complete(one.lines, points)}
            for code, by in one.read["points"].items()
        }
        both = {code: [points for _, points in sorted(by.items())][:2] for code, by in whole.items() if len(by) > 1}
        if not both:
            return self.page(
                f"Agreement: {one.question.title}",
                "<p>No answer has been scored by two readers yet. One answer in five is enough to see whether "
                "the rubric is read alike.</p>",
            )
        rows = ""
        for place, line in enumerate(one.question.rubric):
            found = rubric_scores.agreement([(first[place], second[place]) for first, second in both.values()])
            kappa = "–" if found["kappa"] is None else f"{found['kappa']:.2f}"
            rows += (
                f"<tr><td>{to_html(line['text'])}</td><td class=n>{100 * found['same']:.0f}%</td><td class=n>{100 * found['near']:.0f}%</td>"
                f"<td class=n>{kappa}</td></tr>"
            )
        numbers = {code: (number, key) for number, (key, code, _) in enumerate(one.answers, 1)}
        differ = "".join(
            self._difference(one, *numbers[code], code, by)
            for code, by in sorted(whole.items(), key=lambda pair: numbers[pair[0]][0])
            if rubric_scores.verdict(one.lines, by)[1]
        )
        self.page(
            f"Agreement: {one.question.title}",
            f"<p>{len(both)} answer{' was' if len(both) == 1 else 's were'} scored by two readers.</p>",
            "<table><thead><tr><th scope=col>Line</th><th scope=col class=n>Same points</th><th scope=col class=n>Within half a point</th>"
            f"<th scope=col class=n>Kappa</th></tr></thead><tbody>{rows}</tbody></table>",
            "<p class=note>Kappa takes off what would agree by chance: above 0.6 is good, 0 is chance. With few answers, or where nearly all get the same "
            "points, it says little.</p>",
            f"<h2>To be decided together</h2>{differ}"
            if differ
            else "<p>No totals differ by more than half a point.</p>",
        )

    def _difference(self, one, number, key, code, by):
        given = ", ".join(f"{escape(reader)} {sum(points.values()):g}" for reader, points in sorted(by.items()))
        decided = one.read["decisions"].get(code)
        steps = [step * rubric_scores.STEP for step in range(int(one.item.points / rubric_scores.STEP) + 1)]
        options = "".join(f"<option{' selected' if decided == step else ''}>{step:g}</option>" for step in steps)
        words = next(words for own, _, words in one.answers if own == key)
        return (
            f'<article data-decide="{self.base}/{one.exercise}/{one.item.id}/decide" data-key="{key}"><h3>Answer {number}</h3>'
            f"<div class=answer dir=auto>{escape(words)}</div><p>{given}. Until you decide, the mean counts. "
            f"<label>Decided: <select><option value=''>–</option>{options}</select></label> <span class=state role=status></span></p></article>"
        )


class AlikePage(Page):
    """Two alike answers side by side, with what differs marked."""

    @web.authenticated
    def get(self, exercise, item, first, second):
        one = self.found(exercise, item)
        texts = {key: (number, words) for number, (key, _, words) in enumerate(one.answers, 1)}
        if first not in texts or second not in texts:
            raise web.HTTPError(404)
        sides = similarity.marked(texts[first][1], texts[second][1])
        shown = "".join(
            f"<section><h2>Answer {texts[key][0]}</h2><div class=answer dir=auto>"
            + " ".join(escape(words) if same else f"<mark>{escape(words)}</mark>" for words, same in side)
            + "</div></section>"
            for key, side in zip((first, second), sides, strict=True)
        )
        self.page(
            f"Alike answers: {one.question.title}",
            "<p>What stands in one of them alone is marked. Alike answers may come from a common talk at the table: "
            "ask before you judge, and give both the same points for the same words.</p>",
            f"<div class=sides>{shown}</div>",
            f"<p><a href='{self.base}/{exercise}/{item}'>Back to the answers</a></p>",
        )


class Save(Page):
    """What a reader clicked."""

    @web.authenticated
    def post(self, exercise, item, what):
        try:
            data = json.loads(self.request.body)
            if what == "decide":
                self.desk.decide(exercise, item, data["key"], float(data["points"]))
            elif what == "save":
                if not self.reader:
                    raise ValueError("no initials")
                self.desk.save(
                    exercise,
                    item,
                    data["key"],
                    self.reader,
                    dict(data["points"]),
                    str(data["comment"])[:MOST_WORDS].strip(),
                    [int(id) for id in data["used"]],
                )
            elif "forget" in data:
                self.desk.store.remove_from_bank(int(data["forget"]))
            else:
                self.found(exercise, item)
                self.desk.store.add_to_bank(exercise, item, int(data["line"]), str(data["words"])[:400].strip())
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise web.HTTPError(400) from error
        self.finish({"saved": True})
