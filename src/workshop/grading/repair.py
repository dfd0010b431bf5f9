"""Reading an answer sheet that was damaged on its way, as far as anything of it can be made out."""

import json
import re
from collections.abc import Collection
from typing import Any

from workshop.answers import sheet as sheets
from workshop.grading.code_cells import damaged

ENTRY = re.compile(r'"([a-z0-9][a-z0-9-]*)"\s*:\s*(?=\{)')
MOST_FAULTS = 200  # broken entries, after each of which the rest of the text is read again


# ---------------------------------------------------------------- answer sheets


def sheet_of(raw: bytes, page: str, questions: Collection[str]) -> tuple[dict[str, Any] | None, list[str], list[str]]:
    """(sheet in its present form or None, repairs, missing).

    Raises sheet.NewerSheetError for one of a later edition.
    """
    try:
        whole = sheets.parsed(raw, page)
        return (
            whole,
            [],
            [
                f"an answer stands under the name {id}, which no question has"
                for id in whole["answers"]
                if id not in questions
            ],
        )
    except sheets.NewerSheetError:
        raise
    except sheets.DamagedSheetError as damage:
        why = str(damage)
    data, how = damaged.json_of(raw)
    repairs = [f"the answer sheet was mended ({how})"] if data is not None and how else []
    if isinstance(data, dict) and isinstance(data.get("answers"), dict):
        if isinstance(data.get("page"), str) and data["page"] != page and not set(data["answers"]) & set(questions):
            return None, [], [f"the answer sheet belongs to the page {data['page']}"]
        entries, code = data["answers"], data.get("code")
    else:
        entries, code = _entries(damaged.text_of(raw)[0]), None
        repairs = [f"the answer sheet is cut off or broken ({why}); what could be read of it counts"] if entries else []
    kept = {id: entry for id, entry in entries.items() if id in questions and _is_entry(entry)}
    lost = [id for id in entries if id in questions and id not in kept]
    missing = [f"the answer to {id} could not be read" for id in lost]
    if not kept and not missing and not isinstance(data, dict):
        return None, repairs, [f"nothing in the answer sheet can be read ({why})"]
    made = {
        "format": sheets.FORMAT,
        "version": sheets.VERSION,
        "page": page,
        "saved": "",
        "code": code if isinstance(code, str) else "",
        "answers": kept,
        "plays": {},
        "canvases": {},
    }
    try:
        whole = sheets.parsed(json.dumps(made).encode("utf-8", "replace"), page)
    except ValueError:
        # One entry is of no shape that a sheet can hold: find it, and keep the others.
        good = {}
        for id, entry in kept.items():
            try:
                sheets.parsed(json.dumps(made | {"answers": {id: entry}}).encode("utf-8", "replace"), page)
                good[id] = entry
            except ValueError:
                missing.append(f"the answer to {id} could not be read")
        whole = made | {"answers": good}
    unless_cut = [] if isinstance(data, dict) else ["answers after the break, if there were any"]
    return whole, repairs or ["the answer sheet was mended"], missing + unless_cut


def _is_entry(entry: object) -> bool:
    return (
        isinstance(entry, dict)
        and isinstance(entry.get("kind"), str)
        and "value" in entry
        and isinstance(entry.get("saved"), str)
    )


def _entries(words: str) -> dict[str, Any]:
    """Every whole entry in what is left of a sheet."""
    found: dict[str, Any] = {}
    decoder, failed = json.JSONDecoder(), 0
    for match in ENTRY.finditer(words):
        if failed > MOST_FAULTS:
            break
        try:
            entry = decoder.raw_decode(words, match.end())[0]
        except (ValueError, RecursionError):
            failed += 1
            continue
        if _is_entry(entry):
            found[match.group(1)] = entry
    return found
