"""Names that the room suggests, so that nobody needs to use their own."""

import secrets
from collections.abc import Collection

COLOURS = (
    "amber",
    "blue",
    "copper",
    "coral",
    "green",
    "grey",
    "indigo",
    "ivory",
    "jade",
    "olive",
    "pearl",
    "red",
    "silver",
    "violet",
    "white",
)
ANIMALS = (
    "badger",
    "crane",
    "curlew",
    "dolphin",
    "egret",
    "falcon",
    "gecko",
    "heron",
    "ibis",
    "kestrel",
    "lark",
    "lynx",
    "marten",
    "otter",
    "owl",
    "plover",
    "robin",
    "seal",
    "stork",
    "swift",
    "tern",
    "turtle",
    "wren",
    "yak",
)


def suggested(taken: Collection[str]) -> str:
    """A name like `blue-heron` that no seat has yet."""
    for _ in range(200):
        name = f"{secrets.choice(COLOURS)}-{secrets.choice(ANIMALS)}"
        if name not in taken:
            return name
    return f"{secrets.choice(COLOURS)}-{secrets.choice(ANIMALS)}-{secrets.randbelow(10_000)}"
