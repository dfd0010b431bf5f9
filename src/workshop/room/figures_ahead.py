"""What figures need, made ahead: the figures of the lessons as pictures, and where all plays of each scenario run.

A room's server neither draws pictures nor loads what drawing needs. `python -m workshop.room.figures_ahead ROOT` draws
them, and is run by `prepared` when a text, a table or a drawing has changed.
"""

import hashlib
import io
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from workshop import environment, explorations
from workshop.answers.atomic import put
from workshop.answers.cache import cached_json, digest, digest_of_code, digest_of_files
from workshop.cards import scenario_figure
from workshop.cards.scenario_figure import Bands
from workshop.errors import WorkshopError
from workshop.scenarios.model import Scenario

FOLDER = Path(".workshop") / "pictures"
QUALITY = 82
FIGURES_CODE = ("explorations", "render/figures.py", "content/tables.py")
BANDS_CODE = ("scenarios/model.py", "scenarios/walk.py", "cards/scenario_figure.py")


def prepared(root: Path) -> dict[str, dict[str, Any]]:
    """{name of an exploration: title, file, alt, note, caption, table} as they stand before anybody moved a control.

    Raises WorkshopError when they cannot be drawn.
    """
    return cached_json(root / FOLDER, "index.json", _made_from(root), partial(_drawn, root))


def _drawn(root: Path) -> dict[str, dict[str, Any]]:
    print("Drawing the figures of the lessons. This happens once and takes half a minute.", flush=True)
    # Drawing is loaded in a process of its own, and gone with it.
    drawn = subprocess.run(
        [sys.executable, "-m", __name__, str(root)],
        env=environment.with_home(root),
        capture_output=True,
        text=True,
    )
    if drawn.returncode:
        why = drawn.stderr.strip().splitlines()[-1:] or ["the program ended early"]
        raise WorkshopError(f"The figures of the lessons could not be drawn into {root / FOLDER}: {why[0]}")
    figures: dict[str, dict[str, Any]] = json.loads(drawn.stdout)
    return figures


def make(root: Path) -> dict[str, dict[str, Any]]:
    """Draw every figure, and say what belongs to each.

    A file's name holds a digest, so that a browser may keep it for good.
    """
    from PIL import Image

    folder: Path = root / FOLDER
    figures: dict[str, dict[str, Any]] = {}
    folder.mkdir(parents=True, exist_ok=True)
    for name in explorations.names():
        view, packed = explorations.at_the_start(name), io.BytesIO()
        image = Image.open(io.BytesIO(view.drawing.png()))
        image.convert("RGB").save(packed, "webp", quality=QUALITY)
        file = f"{name}-{hashlib.sha256(packed.getvalue()).hexdigest()[:12]}.webp"
        put(folder / file, packed.getvalue())
        figures[name] = {**view.words(), "file": file, "width": image.width, "height": image.height}
    for path in folder.glob("*.webp"):
        if path.name not in {figure["file"] for figure in figures.values()}:
            path.unlink()
    return figures


def bands(root: Path, scenarios: Mapping[str, Scenario]) -> dict[str, Bands]:
    """{name of a scenario: the gauges of all its plays}, kept from start to start while a scenario stays as it is.

    Walking all plays of one takes up to a second, which nobody should wait for while a room works.
    """
    code = digest_of_code(*BANDS_CODE)

    def kept(name: str, scenario: Scenario) -> Bands:
        made_from = digest(code, json.dumps(asdict(scenario), sort_keys=True, default=str))
        return cached_json(root / FOLDER, f"{name}.bands.json", made_from, partial(scenario_figure.bands, scenario))

    return {name: kept(name, scenario) for name, scenario in scenarios.items()}


def _made_from(root: Path) -> str:
    tables = sorted((root / "data").rglob("*.csv"))
    return digest(digest_of_code(*FIGURES_CODE), digest_of_files(tables))


if __name__ == "__main__":
    print(json.dumps(make(Path(sys.argv[1])), default=str))
