"""The answer sheet: one small JSON document, saved whole at each change.

Its form is published in data/answer_sheet.schema.json. Where it lies is a matter of its storage
(`workshop.answers.storage`).
"""

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, NotRequired, TypedDict

import fastjsonschema

from workshop.answers.storage import SaveError, SheetStorage, StorageError

FORMAT, VERSION = "workshop-answers", 3
MOST_PLAYS = 1000  # as many as the schema allows


class KeptGroup(TypedDict):
    """How a group plays: `deal` counts the deals of its cards, 0 minutes are no limit."""

    people: int
    deal: int
    minutes: int


class KeptPlay(TypedDict):
    """A finished play: the ids of its choices in order, scene -> why it was decided so, how many played, when.

    Where it is not said how many played, it was one.
    """

    choices: list[str]
    reasons: dict[str, str]
    people: NotRequired[int]
    saved: str


class DamagedSheetError(ValueError):
    """What stands in a file is no answer sheet of this page; the message says why."""


class NewerSheetError(ValueError):
    """The sheet was made by a newer edition of the workshop."""


def parsed(raw: bytes, page: str) -> dict[str, Any]:
    """The sheet of a page in these bytes, in the present form. Raises DamagedSheetError or NewerSheetError."""
    try:
        data = json.loads(raw.decode("utf-8"))
        if (
            isinstance(data, dict)
            and data.get("format") == FORMAT
            and isinstance(data.get("version"), int)
            and data["version"] > VERSION
        ):
            raise NewerSheetError("it was made by a newer edition of the workshop")
        data = _in_present_form(data)
        _validate()(data)
        if data["page"] != page:
            raise DamagedSheetError(f"it belongs to the page {data['page']}")
        sheet: dict[str, Any] = data
        return sheet
    except (NewerSheetError, DamagedSheetError):
        raise
    except (ValueError, RecursionError, fastjsonschema.JsonSchemaException) as error:
        raise DamagedSheetError(str(error).split("\n")[0][:120]) from error


def _in_present_form(data: Any) -> Any:
    """A sheet of an earlier version as one of this version; what is no sheet stays as it is, and does not validate."""
    if not isinstance(data, dict) or data.get("version") not in (1, 2):
        return data
    # Before version 3 a finished play was the list of its choices.
    plays: dict[str, Any] = data["plays"] if isinstance(data.get("plays"), dict) else {}
    for play in plays.values():
        if isinstance(play, dict) and isinstance(play.get("finished"), list):
            play["finished"] = [{"choices": choices, "reasons": {}, "saved": ""} for choices in play["finished"]]
    return {**data, "version": VERSION}


@cache
def _validate() -> Callable[[Any], Any]:
    schema = Path(__file__).with_name("answer_sheet.schema.json")
    check: Callable[[Any], Any] = fastjsonschema.compile(json.loads(schema.read_text(encoding="utf-8")))
    return check


def now() -> str:
    """The present moment in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Sheet:
    """The answers of one participant to one page. Reading never raises; `trouble` tells what was found.

    `changed`, if set, is called after each save.
    """

    def __init__(self, storage: SheetStorage, page: str) -> None:
        self.storage, self.page = storage, page
        self.changed: Callable[[], None] | None = None
        self.data, self.trouble, _ = self._load()

    def answer(self, question: str) -> Any:
        """The stored value of a question, or None."""
        entry = self.data["answers"].get(question)
        return entry["value"] if entry else None

    def choices(self, scenario: str) -> list[str]:
        """The choices of the present play of a scenario."""
        choices: list[str] = self._play(scenario).get("choices", [])
        return choices

    def reasons(self, scenario: str) -> dict[str, str]:
        """Why things were chosen in the present play, by scene."""
        reasons: dict[str, str] = self._play(scenario).get("reasons", {})
        return reasons

    def group(self, scenario: str) -> KeptGroup | None:
        """The group that plays a scenario around this screen, or None."""
        group: KeptGroup | None = self._play(scenario).get("group")
        return group

    def finished(self, scenario: str) -> list[KeptPlay]:
        """The finished plays of a scenario, the oldest first."""
        finished: list[KeptPlay] = self._play(scenario).get("finished", [])
        return finished

    def _play(self, scenario: str) -> dict[str, Any]:
        play: dict[str, Any] = self.data["plays"].get(scenario, {})
        return play

    def set_answer(self, question: str, kind: str, value: Any) -> None:
        """Store a value at once; None takes the answer away. Raises SaveError."""

        def change(data: dict[str, Any]) -> None:
            data["answers"].pop(question, None)
            if value is not None:
                data["answers"][question] = {"kind": kind, "value": value, "saved": now()}

        self._change(change)

    def set_choices(
        self, scenario: str, choices: list[str], finished: bool = False, reasons: dict[str, str] | None = None
    ) -> None:
        """Store the present play at once, with its reasons if given; a finished one is also kept for good.

        Raises SaveError.
        """

        def change(play: dict[str, Any]) -> None:
            play["choices"] = choices
            if reasons is not None:
                play["reasons"] = reasons
            if finished:
                done = {
                    "choices": choices,
                    "reasons": play.get("reasons", {}),
                    "people": play.get("group", {}).get("people", 1),
                    "saved": now(),
                }
                twin = next((i for i, old in enumerate(play["finished"]) if old["choices"] == choices), None)
                if twin is None:
                    play["finished"] = [*play["finished"], done][-MOST_PLAYS:]
                else:
                    play["finished"][twin] = done

        self._change_play(scenario, change)

    def set_reason(self, scenario: str, scene: str, words: str) -> None:
        """Store the reason for a choice at once; no words take it away. Raises SaveError."""

        def change(play: dict[str, Any]) -> None:
            reasons = {name: reason for name, reason in play.get("reasons", {}).items() if name != scene}
            play["reasons"] = {**reasons, scene: words} if words else reasons

        self._change_play(scenario, change)

    def set_group(self, scenario: str, group: KeptGroup | None) -> None:
        """Store that a group plays around this screen; None is somebody alone. Raises SaveError."""

        def change(play: dict[str, Any]) -> None:
            play.pop("group", None)
            if group:
                play["group"] = group

        self._change_play(scenario, change)

    def _change_play(self, scenario: str, change: Callable[[dict[str, Any]], None]) -> None:
        self._change(lambda data: change(data["plays"].setdefault(scenario, {"choices": [], "finished": []})))

    def canvas(self, name: str) -> Any:
        """What was drawn up on a canvas, or None."""
        entry = self.data["canvases"].get(name)
        return entry["value"] if entry else None

    def set_canvas(self, name: str, value: Any) -> None:
        """Store a whole canvas at once. Raises SaveError."""
        self._change(lambda data: data["canvases"].update({name: {"value": value, "saved": now()}}))

    def set_code(self, code: str) -> None:
        """Store the code name. Raises SaveError."""
        self._change(lambda data: data.update(code=code))

    def _empty(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "version": VERSION,
            "page": self.page,
            "saved": "",
            "code": "",
            "answers": {},
            "plays": {},
            "canvases": {},
        }

    def _load(self) -> tuple[dict[str, Any], str, bool]:
        """What is stored, what is wrong with it, and whether another sheet may be saved in its place."""
        try:
            raw = self.storage.load()
            if raw is None:
                return self._empty(), "", True
            # A sheet of an earlier version lacks what that version did not know.
            return {**self._empty(), **parsed(raw, self.page)}, "", True
        except StorageError as error:
            return self._empty(), str(error), False
        except NewerSheetError:
            trouble = (
                f"The answer sheet {self.storage.name} was made by a newer edition of the workshop. It is left "
                "as it is, and nothing is saved here. Use the newer edition."
            )
            return self._empty(), trouble, False
        except DamagedSheetError as why:
            try:
                kept = self.storage.set_aside()
            except StorageError as error:
                return self._empty(), str(error), False
            trouble = (
                f"Your earlier answers could not be read ({why}). Nothing is deleted: the file is kept as "
                f"{kept}. A new sheet was begun. Show the kept file to your facilitator."
            )
            return self._empty(), trouble, True

    def _newest(self) -> dict[str, Any]:
        """The data to change.

        Another window or face may have saved meanwhile: it is their sheet, and only one entry changes.
        """
        data, trouble, replaceable = self._load()
        if not trouble:
            return data
        self.trouble = trouble
        if not replaceable:
            raise SaveError(trouble)
        # The sheet was damaged while this page was open: what the page still knows goes into the new one.
        return copy.deepcopy(self.data)

    def _change(self, change: Callable[[dict[str, Any]], object]) -> None:
        with self.storage.changing():
            data = self._newest()
            change(data)
            data["saved"] = now()
            try:
                _validate()(data)
            except fastjsonschema.JsonSchemaException as error:
                raise SaveError(
                    "Not saved: this answer is too long, or has a form that an answer sheet cannot hold. "
                    "Shorten it, then try again. Your earlier answers are safe."
                ) from error
            content = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
            # Half of a character, as a cut paste leaves it, cannot be stored; the rest of the text can.
            self.storage.save(content.encode("utf-8", "replace"))
        self.data = data
        if self.changed:
            self.changed()
