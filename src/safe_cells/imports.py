"""Importing nbformat and nbgrader without the second that one of their helpers takes."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

# jsonschema builds the grammar of this package to check web addresses of all languages; no notebook has one to check.
SLOW = "rfc3987_syntax"


@contextmanager
def without_rfc3987() -> Iterator[None]:
    """Let imports within do without that package, unless it is loaded already."""
    if SLOW in sys.modules:
        yield
        return
    sys.modules[SLOW] = None  # type: ignore[assignment]  # Python's own way to say that a module is not there
    try:
        yield
    finally:
        del sys.modules[SLOW]
