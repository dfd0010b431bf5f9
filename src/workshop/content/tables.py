"""The tables of the workshop and the register of their sources, read as `data/datapackage.json` describes them."""

import csv
import difflib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workshop import environment
from workshop.errors import WorkshopError

if TYPE_CHECKING:
    import pandas as pd

PACKAGE = Path("data") / "datapackage.json"
DTYPES = {"string": "string", "integer": "Int64", "year": "Int64", "number": "Float64", "boolean": "boolean"}


class NotFoundError(WorkshopError):
    """A folder or table is not where it was looked for; the message says how to mend it."""

    def _render_traceback_(self) -> list[str]:
        # In a notebook the message is enough; twenty lines of program would hide it.
        return [str(self)]


def home() -> Path:
    """The folder of the kit: the one that holds `data/datapackage.json`.

    The environment variable WORKSHOP_HOME decides where it is set; else the current folder and those
    above it are tried, then the project that this package was installed from. Raises NotFoundError.
    """
    named = environment.named_home()
    if named:
        folder = Path(named).expanduser()
        if (folder / PACKAGE).is_file():
            return folder.resolve()
        raise NotFoundError(
            f"WORKSHOP_HOME names “{named}”, and there is no {PACKAGE.as_posix()} in it. "
            "Set it to the folder of the kit, or unset it."
        )
    here = Path.cwd()
    for folder in (here, *here.parents, Path(__file__).resolve().parents[3]):
        if (folder / PACKAGE).is_file():
            return folder
    raise NotFoundError(
        f"No {PACKAGE.as_posix()} in “{here}” or in a folder above it. "
        "Go to the folder of the kit, or set WORKSHOP_HOME to it."
    )


def describe(folder: Path | None = None) -> dict[str, dict[str, Any]]:
    """What `data/datapackage.json` says of each table: name -> its resource (title, description, schema, licences).

    `folder` is the kit's, None for the one that `home` finds; so it is in the functions below.
    """
    package = json.loads(((folder or home()) / PACKAGE).read_text(encoding="utf-8"))
    return {resource["name"]: resource for resource in package["resources"]}


def table(name: str, folder: Path | None = None) -> "pd.DataFrame":
    """A table of the workshop as a DataFrame, with whole numbers, numbers and text as its description says.

    An empty cell is a missing value. A cell with the letters NA is Namibia, and the word none is a word.
    Raises NotFoundError where no table has this name.
    """
    import pandas as pd  # takes half a second, and commands that read no table should not wait for it

    resources = describe(folder)
    if name not in resources:
        near = difflib.get_close_matches(str(name), resources, n=1, cutoff=0.4)
        hint = f"Did you mean “{near[0]}”?" if near else "These are there: " + ", ".join(sorted(resources)) + "."
        raise NotFoundError(f"There is no table “{name}”. {hint}")
    resource = resources[name]
    dtypes = {field["name"]: DTYPES[field["type"]] for field in resource["schema"]["fields"]}
    return pd.read_csv(
        (folder or home()) / "data" / resource["path"],
        dtype=dtypes,
        keep_default_na=False,
        na_values=[""],
        encoding="utf-8",
    )


def sources(folder: Path | None = None) -> dict[str, dict[str, str]]:
    """The register of sources: key -> its row (key, title, where, group, basis, note)."""
    with ((folder or home()) / "data" / "sources.csv").open(encoding="utf-8", newline="") as file:
        return {row["key"]: row for row in csv.DictReader(file)}
