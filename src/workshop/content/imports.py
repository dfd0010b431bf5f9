"""Quicker imports of large libraries."""

import contextlib
import sys
from collections.abc import Iterator

# jsonschema can check web addresses of all languages with the grammar in this package, which takes a second to build.
# Nothing that the kit reads has such an address to check.
SLOW = "rfc3987_syntax"


@contextlib.contextmanager
def quick() -> Iterator[None]:
    """While something is imported: without the slow part that nobody here needs."""
    missing = SLOW not in sys.modules
    if missing:
        sys.modules[SLOW] = None  # type: ignore[assignment] # how Python is told that a module cannot be imported
    try:
        yield
    finally:
        if missing:
            del sys.modules[SLOW]
