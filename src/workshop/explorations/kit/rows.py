"""The rows of a table, one by one."""

from typing import Any

import pandas as pd


def records(table: pd.DataFrame) -> list[Any]:
    """The rows as named tuples, without the index. Their fields are Any: only the table knows what its columns hold."""
    return list(table.itertuples(index=False))
