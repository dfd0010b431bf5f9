"""The answer sheet: one small JSON file beside the notebook, saved whole at each change.

Its form is published in data/answer_sheet.schema.json. Saving replaces the file in one step, so a
process that is killed meanwhile leaves either the old sheet or the new one, never half of one.
"""

import copy
import errno
import json
import os
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import fastjsonschema

from workshop.answers import atomic
from workshop.errors import WorkshopError

FORMAT, VERSION = "workshop-answers", 3
MOST_PLAYS = 1000  # as many as the schema allows


class SaveError(WorkshopError):
    """The sheet could not be written or must not be touched; the message is for the participant."""


class DamagedSheetError(ValueError):
    """What stands in a file is no answer sheet of this page; the message says why."""


class NewerSheetError(ValueError):
    """The sheet was made by a newer edition of the workshop."""


def parsed(raw, page):
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
    except NewerSheetError:
        raise
    except (ValueError, RecursionError, fastjsonschema.JsonSchemaException) as error:
        raise DamagedSheetError(str(error).split("\n")[0][:120]) from error
    if data["page"] != page:
        raise DamagedSheetError(f"it belongs to the page {data['page']}")
    return data


def _in_present_form(data):
    """A sheet of an earlier version as one of this version; what is no sheet stays as it is, and does not validate."""
    if not isinstance(data, dict) or data.get("version") not in (1, 2):
        return data
    # Before version 3 a finished play was the list of its choices.
    plays = data.get("plays") if isinstance(data.get("plays"), dict) else {}
    for play in plays.values():
        if isinstance(play, dict) and isinstance(play.get("finished"), list):
            play["finished"] = [{"choices": choices, "reasons": {}, "saved": ""} for choices in play["finished"]]
    return {**data, "version": VERSION}


@cache
def _validate():
    schema = Path(__file__).with_name("answer_sheet.schema.json")
    return fastjsonschema.compile(json.loads(schema.read_text(encoding="utf-8")))


def now():
    """The present moment in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Sheet:
    """The answers of one participant to one page. Reading never raises; `trouble` tells what was found.

    `changed`, if set, is called after each save.
    """

    def __init__(self, path, page):
        self.path, self.page, self.trouble = Path(path), page, ""
        self.changed = None
        self.data = self._read()

    def answer(self, question):
        """The stored value of a question, or None."""
        entry = self.data["answers"].get(question)
        return entry["value"] if entry else None

    def choices(self, scenario):
        """The choices of the present play of a scenario."""
        return self.data["plays"].get(scenario, {}).get("choices", [])

    def reasons(self, scenario):
        """Why things were chosen in the present play, by scene."""
        return self.data["plays"].get(scenario, {}).get("reasons", {})

    def group(self, scenario):
        """The group that plays a scenario around this screen, or None."""
        return self.data["plays"].get(scenario, {}).get("group")

    def finished(self, scenario):
        """The finished plays of a scenario, the oldest first."""
        return self.data["plays"].get(scenario, {}).get("finished", [])

    def set_answer(self, question, kind, value):
        """Store a value at once; None takes the answer away. Raises SaveError."""

        def change(data):
            data["answers"].pop(question, None)
            if value is not None:
                data["answers"][question] = {"kind": kind, "value": value, "saved": now()}

        self._change(change)

    def set_choices(self, scenario, choices, finished=False, reasons=None):
        """Store the present play at once, with its reasons if given; a finished one is also kept for good. Raises SaveError."""

        def change(play):
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

    def set_reason(self, scenario, scene, words):
        """Store the reason for a choice at once; no words take it away. Raises SaveError."""

        def change(play):
            reasons = {name: reason for name, reason in play.get("reasons", {}).items() if name != scene}
            play["reasons"] = {**reasons, scene: words} if words else reasons

        self._change_play(scenario, change)

    def set_group(self, scenario, group):
        """Store that a group plays around this screen; None is somebody alone. Raises SaveError."""

        def change(play):
            play.pop("group", None)
            if group:
                play["group"] = group

        self._change_play(scenario, change)

    def _change_play(self, scenario, change):
        self._change(lambda data: change(data["plays"].setdefault(scenario, {"choices": [], "finished": []})))

    def canvas(self, name):
        """What was drawn up on a canvas, or None."""
        entry = self.data["canvases"].get(name)
        return entry["value"] if entry else None

    def set_canvas(self, name, value):
        """Store a whole canvas at once. Raises SaveError."""
        self._change(lambda data: data["canvases"].update({name: {"value": value, "saved": now()}}))

    def set_code(self, code):
        """Store the code name. Raises SaveError."""
        self._change(lambda data: data.update(code=code))

    def _empty(self):
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

    def _read(self):
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            return self._empty()
        except OSError as error:
            self.trouble = f"The answer sheet {self.path.name} cannot be read: {error.strerror}."
            return self._empty()
        try:
            # A sheet of an earlier version lacks what that version did not know.
            return {**self._empty(), **parsed(raw, self.page)}
        except NewerSheetError:
            self.trouble = (
                f"The answer sheet {self.path.name} was made by a newer edition of the workshop. It is left "
                "as it is, and nothing is saved here. Use the newer edition."
            )
            return self._empty()
        except DamagedSheetError as damage:
            return self._set_aside(damage)

    def _set_aside(self, why):
        kept = free(self.path.with_name(f"{self.path.stem}.damaged-{datetime.now(UTC):%Y%m%d-%H%M%S}.json"))
        try:
            os.replace(self.path, kept)
        except OSError as error:
            self.trouble = (
                f"The answer sheet {self.path.name} is damaged and could not be moved aside: {error.strerror}."
            )
            return self._empty()
        self.trouble = (
            f"Your earlier answers could not be read ({why}). Nothing is deleted: the file is kept as "
            f"{kept.name}. A new sheet was begun. Show the kept file to your facilitator."
        )
        return self._empty()

    def _newest(self):
        """The data to change. Another window or face may have saved meanwhile: it is their sheet, and only one entry changes."""
        fresh = Sheet(self.path, self.page)
        if fresh.trouble:
            self.trouble = fresh.trouble
            if self.path.exists():
                raise SaveError(fresh.trouble)
            # The file was damaged while this page was open: what the page still knows goes into the new one.
            return copy.deepcopy(self.data)
        return fresh.data

    def _put(self, content):
        """Store the sheet for good. Raises SaveError."""
        _write(self.path, content)

    def _change(self, change):
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
        self._put(json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
        self.data = data
        if self.changed:
            self.changed()


def free(path):
    """The path, or one beside it with a number, so that nothing is overwritten."""
    number, found = 2, path
    while found.exists():
        number, found = number + 1, path.with_name(f"{path.stem}-{number}{path.suffix}")
    return found


def _write(path, content):
    try:
        # Half of a character, as a cut paste leaves it, cannot be stored; the rest of the text can.
        atomic.put(path, content.encode("utf-8", "replace"))
    except OSError as error:
        raise SaveError(
            f"Not saved: {cause(error)} Your earlier answers are safe. "
            "Put that right, then change your answer once more."
        ) from error


def cause(error):
    """Why the disk refused, in plain words."""
    if error.errno == errno.ENOSPC:
        return "the disk is full."
    if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
        return "this folder may not be written to."
    return f"{error.strerror}."
