"""Building National Architectures: a workshop on preventing mass atrocities, in notebooks."""

from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # Imported when first used: a page opens faster without pandas.
    if name == "Page":
        from workshop.notebook.page import Page

        return Page
    if name == "table":
        from workshop.content.tables import table

        return table
    raise AttributeError(f"module 'workshop' has no attribute {name!r}")
