"""A language that nobody speaks, to find what a translation would break: words twice as long, from right to left."""

import re
from typing import Any

from workshop.cards import browser_files

_VALUE = re.compile(r"(\{\w+\})")


def pseudo(text: str) -> str:
    """A text of twice the length, in brackets; what is filled in stays."""
    parts = (part if _VALUE.fullmatch(part) else re.sub(r"(\w+)", r"\1\1", part) for part in _VALUE.split(text))
    return f"⟦{''.join(parts)}⟧"


def catalogue() -> dict[str, Any]:
    """The words of the browser in that language. Its code is kept free for such tests; its plurals are Arabic."""
    english = browser_files.catalogue()
    texts = {
        key: pseudo(text) if isinstance(text, str) else {form: pseudo(words) for form, words in text.items()}
        for key, text in english["texts"].items()
    }
    room = {key: pseudo(text) for key, text in english["in_a_room"].items()}
    return {"lang": "ar-XB", "dir": "rtl", "texts": texts, "in_a_room": room}
