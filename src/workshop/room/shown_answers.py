"""The answers that the board shows of each question: they move only when five of them are new or changed.

Otherwise whoever watches the picture while one person answers would know what that person thinks. What is shown follows
the answers when an answer is stored, and never when somebody looks.
"""

import contextlib
import threading
from collections.abc import Collection
from typing import Any

from workshop.answers.storage import StorageError
from workshop.room.distribution import FEWEST
from workshop.room.store import Store


class ShownAnswers:
    """Questions are named `PAGE/ID`, as `workshop.room.addresses` names pages."""

    def __init__(self, store: Store) -> None:
        self._store, self._lock = store, threading.Lock()
        self._shown = store.shown()  # {question: {number of a seat, as text: answer}}
        self._stored: dict[str, dict[str, Any]] = {}
        for (seat, page), sheet in store.all_sheets().items():
            for id, entry in sheet["answers"].items():
                self._stored.setdefault(f"{page}/{id}", {})[str(seat)] = entry["value"]
        for question in self._stored:
            self._move_on(question)

    def of(self, question: str) -> Collection[Any]:
        """The answers to a question as they are shown."""
        return self._shown.get(question, {}).values()

    def take(self, question: str, seat: int, answer: Any) -> None:
        """Take note of an answer that was stored, or None that one was taken away."""
        with self._lock:
            answers = self._stored.setdefault(question, {})
            answers.pop(str(seat), None)
            if answer is not None:
                answers[str(seat)] = answer
            self._move_on(question)

    def _move_on(self, question: str) -> None:
        before, after = self._shown.get(question, {}), self._stored[question]
        different = [seat for seat in {*before, *after} if before.get(seat) != after.get(seat)]
        if len(different) >= FEWEST:
            # The answer itself is stored. Where the disk refuses now, the picture moves with the next one.
            with contextlib.suppress(StorageError):
                self._store.keep_shown(question, after)
                self._shown[question] = dict(after)
