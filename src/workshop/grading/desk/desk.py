"""What the pages of the reader's desk show and save.

Answers without names, what readers gave, and tests that wait for a reader.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.engine import make_url

from workshop.errors import GradingError
from workshop.grading import results
from workshop.grading.code_cells import GradeBook, Held, execution, paths, verdicts
from workshop.grading.desk import rubric_scores, similarity
from workshop.questions.kinds.written import Written

MOST_ALIKE = 5  # alike answers that are named beside an answer


@dataclass(frozen=True)
class Answer:
    """What one person wrote. `key` stands for the code name, and tells it to nobody."""

    key: str
    number: int
    code: str
    words: str


@dataclass(frozen=True)
class Item:
    """A written item of an exercise with all answers to it, in an order that tells nothing.

    `alike` has for a key the answers that resemble that one most: (share, number, key).
    """

    exercise: str
    item: results.Item
    question: Written
    answers: Sequence[Answer]
    alike: dict[str, list[tuple[float, int, str]]]

    @property
    def lines(self) -> int:
        """How many lines the rubric has."""
        return len(self.question.rubric)

    def answer(self, key: str) -> Answer:
        """The answer with this key. Raises KeyError when there is none."""
        for answer in self.answers:
            if answer.key == key:
                return answer
        raise KeyError(key)


@dataclass(frozen=True)
class Row:
    """An item in the list of all that there is to read."""

    item: results.Item
    answers: int
    waiting: int


@dataclass(frozen=True)
class CodeAnswer:
    """The code of one person whose test waits for a reader or was scored by one, with both verdicts on it.

    `lines` are the cells that the person wrote, `test` is the text of the test, and `held` None where its verdicts
    agree now.
    """

    answer: Answer
    lines: Sequence[str]
    test: str
    held: Held | None
    points: float | None


class Desk:
    """What the pages show and save, for the course at `root`.

    A reader clicks some thousand times on one question. Results are read once and kept until somebody else writes into
    the grade book or the text of the exercise changes; what readers gave is read each time. The server of the
    formgrader calls it from one thread.
    """

    def __init__(self, root: Path) -> None:
        self.root, self.store = Path(root), rubric_scores.Reading(root)
        self._url = make_url(paths.read(root).db_url)
        self._results: dict[
            str, tuple[object, results.Results]
        ] = {}  # with the stamp of the files that they were read from
        self._item: tuple[results.Results, Item] | None = None  # with the results that it was made of
        self._book: tuple[object, GradeBook] | None = None  # with the file that it was opened on

    def exercises(self) -> list[tuple[str, str, list[Row]]]:
        """[(name, title, rows)] of all exercises with something to read."""
        known, found = {path.stem for path in (self.root / "solutions").glob("*.md")}, []
        for name in sorted(set(results.graded(self.root)) & known):
            read = self._read(name)
            rows = []
            for item in read.items:
                if item.question is None:
                    people = _to_decide(read, item)
                elif item.question.scored_by_reader:
                    clean = item.question.clean
                    people = [person for person in read.people.values() if clean(person.answers.get(item.id))]
                else:
                    continue
                if people or item.question:
                    rows.append(Row(item, len(people), sum(person.marks[item.id].waiting for person in people)))
            if rows:
                found.append((name, read.title, rows))
        return found

    def item(self, exercise: str, id: str) -> Item:
        """The written item with its answers. Raises KeyError when there is none, or GradingError."""
        read = self._read(exercise)
        if self._item and self._item[0] is read and self._item[1].item.id == id:
            return self._item[1]
        item = _item_of(read, id)
        if not isinstance(item.question, Written):
            raise KeyError(id)
        texts = {code: item.question.clean(person.answers.get(id)) for code, person in read.people.items()}
        keyed = sorted((_key(exercise, id, code), code, words) for code, words in texts.items() if words)
        answers = [Answer(key, number, code, words) for number, (key, code, words) in enumerate(keyed, 1)]
        made = Item(exercise, item, item.question, answers, _alike(answers))
        self._item = (read, made)
        return made

    def code_answers(self, exercise: str, id: str) -> tuple[results.Item, list[Answer]]:
        """An item of code, and whose tests wait for a reader or were scored by one. Raises KeyError or GradingError."""
        read = self._read(exercise)
        item = _item_of(read, id)
        if item.question is not None:
            raise KeyError(id)
        keyed = sorted((_key(exercise, id, person.code), person.code) for person in _to_decide(read, item))
        return item, [Answer(key, number, code, "") for number, (key, code) in enumerate(keyed, 1)]

    def code_answer(self, exercise: str, id: str, answer: Answer) -> CodeAnswer:
        """What a reader sees of the code of one person. Raises GradingError when it cannot be read."""
        path = paths.read(self.root).of("autograded", answer.code, exercise) / f"{exercise}.ipynb"
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        except (OSError, ValueError, KeyError) as error:
            raise GradingError(f"{path} cannot be read ({error}). Run `workshop grade {exercise} --again`.") from error
        test = next(cell for cell in cells if execution.id_of(cell) == id)
        written = [
            execution.source_of(cell)
            for cell in cells
            if cell["cell_type"] == "code" and cell["metadata"].get("nbgrader", {}).get("solution")
        ]
        points = self._read(exercise).people[answer.code].marks[id].manual
        return CodeAnswer(answer, written, execution.source_of(test), verdicts.held_of(test), points)

    def save(
        self,
        exercise: str,
        id: str,
        key: str,
        reader: str,
        points: dict[str, float],
        comment: str,
        used: list[int],
    ) -> None:
        """Keep what a reader gave, and write what follows from it into the grade book.

        Raises KeyError or ValueError.
        """
        kept = self.item(exercise, id)
        code = kept.answer(key).code
        most = [line["points"] for line in kept.question.rubric]
        given = {int(line): float(value) for line, value in points.items()}
        if any(not 0 <= line < kept.lines or not _possible(value, most[line]) for line, value in given.items()):
            raise ValueError("points that the rubric does not have")
        self.store.save(exercise, id, code, reader, given, comment, used)
        self._write_verdict(kept, code)

    def decide(self, exercise: str, id: str, key: str, points: float) -> None:
        """Keep what two readers agreed on, or what a reader gives to code. Raises KeyError or ValueError."""
        item = _item_of(self._read(exercise), id)
        if not _possible(points, item.points):
            raise ValueError("points that the item does not have")
        if item.question is None:
            code = next((answer.code for answer in self.code_answers(exercise, id)[1] if answer.key == key), None)
            if code is None:
                raise KeyError(key)
            self._write(exercise, id, code, points, None)
            return
        kept = self.item(exercise, id)
        code = kept.answer(key).code
        self.store.decide(exercise, id, code, points)
        self._write_verdict(kept, code)

    # ------------------------------------------------------------ the grade book

    def _read(self, exercise: str) -> results.Results:
        """The results of an exercise, read anew when they have changed. Raises GradingError."""
        stamp = self._stamp(exercise)
        kept = self._results.get(exercise)
        if kept and stamp is not None and kept[0] == stamp:
            return kept[1]
        self._results[exercise] = (stamp, results.read(self.root, exercise))
        return self._results[exercise][1]

    def _stamp(self, exercise: str) -> object:
        """What changes when the grade book or the exercise's text does; None for a grade book that is no file."""
        database = self._database()
        return database and (_state_of(database), _state_of(self.root / "solutions" / f"{exercise}.md"))

    def _database(self) -> Path | None:
        """The file of the grade book, or None where a server holds it."""
        is_file = self._url.drivername.startswith("sqlite") and self._url.database
        return Path(self.root, str(self._url.database)) if is_file else None

    def _write_verdict(self, kept: Item, code: str) -> None:
        """Put what readers gave to one answer into nbgrader's grade book."""
        by_reader, comments, decision = self.store.of_answer(kept.exercise, kept.item.id, code)
        points, _ = rubric_scores.verdict(kept.lines, by_reader, decision)
        words = "\n\n".join(dict.fromkeys(words for _, words in sorted(comments.items()))) or None
        self._write(kept.exercise, kept.item.id, code, points, words)

    def _write(self, exercise: str, id: str, code: str, points: float | None, comment: str | None) -> None:
        before = {name: stamp == self._stamp(name) for name, (stamp, _) in self._results.items()}
        self._gradebook().set_by_reader(exercise, exercise, id, code, points, comment)
        # What was written here is known; only what somebody else wrote makes results be read again.
        self._results = {name: (self._stamp(name), read) for name, (_, read) in self._results.items() if before[name]}
        if exercise in self._results:
            marks = self._results[exercise][1].people[code].marks
            marks[id] = replace(
                marks[id],
                points=(marks[id].auto or 0.0) if points is None else points,
                manual=points,
                waiting=points is None,
                comment=comment or "",
            )

    def _gradebook(self) -> GradeBook:
        """The open grade book; opened anew when another file has taken its place."""
        database = self._database()
        where = database and _state_of(database)[:1]
        if self._book is None or self._book[0] != where:
            if self._book:
                self._book[1].close()
            self._book = (where, GradeBook(self._url.render_as_string(hide_password=False)))
        return self._book[1]


def _item_of(read: results.Results, id: str) -> results.Item:
    for item in read.items:
        if item.id == id:
            return item
    raise KeyError(id)


def _to_decide(read: results.Results, item: results.Item) -> list[results.Person]:
    """Whose test of an item of code waits for a reader, or was scored by one."""
    marks = ((person, person.marks[item.id]) for person in read.people.values())
    return [person for person, mark in marks if mark.waiting or mark.manual is not None]


def _possible(points: float, most: float) -> bool:
    return 0 <= points <= most and not points % rubric_scores.STEP


def _alike(answers: Sequence[Answer]) -> dict[str, list[tuple[float, int, str]]]:
    numbers = {answer.key: answer.number for answer in answers}
    found: dict[str, list[tuple[float, int, str]]] = {}
    for share, first, second in similarity.pairs({answer.key: answer.words for answer in answers}):
        for own, other in ((first, second), (second, first)):
            if len(found.setdefault(own, [])) < MOST_ALIKE:
                found[own].append((share, numbers[other], other))
    return found


def _state_of(path: Path) -> tuple[int, ...]:
    """What is another when a file was changed or replaced; the first number tells a replaced one."""
    try:
        known = path.stat()
    except FileNotFoundError:
        return ()
    return known.st_ino, known.st_mtime_ns, known.st_size


def _key(exercise: str, item: str, code: str) -> str:
    return hashlib.sha256(f"{exercise}/{item}/{code}".encode()).hexdigest()[:12]
