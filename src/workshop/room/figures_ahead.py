"""What figures need, made ahead: the figures of the lessons as pictures, and where all plays of each scenario run.

A room's server neither draws pictures nor loads what drawing needs. `python -m workshop.room.figures_ahead ROOT` draws them, and
is run by `prepared` when a text, a table or a drawing has changed.
"""

import hashlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from workshop import explorations
from workshop.answers.atomic import put
from workshop.cards import scenario_figure
from workshop.cards.scenario_figure import Bands
from workshop.errors import WorkshopError
from workshop.scenarios import model, walk
from workshop.scenarios.model import Scenario

FOLDER = Path(".workshop") / "pictures"
INDEX, BANDS = "index.json", "bands.json"
QUALITY = 82
CODE = Path(explorations.__file__).parent.parent


def prepared(root: Path) -> dict[str, dict[str, Any]]:
    """{name of an exploration: title, file, alt, note, caption, table} as they stand before anybody moved a control.

    Raises WorkshopError when they cannot be drawn.
    """
    index = root / FOLDER / INDEX
    if _known(index).get("made_from") != _made_from(root):
        print("Drawing the figures of the lessons. This happens once and takes half a minute.", flush=True)
        # Drawing is loaded in a process of its own, and gone with it.
        drawn = subprocess.run(
            [sys.executable, "-m", __name__, str(root)],
            env={**os.environ, "WORKSHOP_HOME": str(root)},
            stderr=subprocess.PIPE,
            text=True,
        )
        if drawn.returncode:
            why = drawn.stderr.strip().splitlines()[-1:] or ["the program ended early"]
            raise WorkshopError(f"The figures of the lessons could not be drawn into {root / FOLDER}: {why[0]}")
    figures: dict[str, dict[str, Any]] = _known(index)["figures"]
    return figures


def make(root: Path) -> None:
    """Draw every figure. The file's name holds a digest, so that a browser may keep it for good."""
    from PIL import Image

    folder, figures = root / FOLDER, {}
    folder.mkdir(parents=True, exist_ok=True)
    for name in explorations.names():
        view, packed = explorations.at_the_start(name), io.BytesIO()
        image = Image.open(io.BytesIO(view.drawing.png()))
        image.convert("RGB").save(packed, "webp", quality=QUALITY)
        file = f"{name}-{hashlib.sha256(packed.getvalue()).hexdigest()[:12]}.webp"
        put(folder / file, packed.getvalue())
        figures[name] = {**view.words(), "file": file, "width": image.width, "height": image.height}
    put(folder / INDEX, json.dumps({"made_from": _made_from(root), "figures": figures}, default=str).encode())
    for path in folder.glob("*.webp"):
        if path.name not in {figure["file"] for figure in figures.values()}:
            path.unlink()


def bands(root: Path, scenarios: Mapping[str, Scenario]) -> dict[str, Bands]:
    """{name of a scenario: the gauges of all its plays}, kept from start to start while a scenario stays as it is.

    Walking all plays of one takes up to a second, which nobody should wait for while a room works.
    """
    path = root / FOLDER / BANDS
    known, found = _known(path), {}
    for name, scenario in scenarios.items():
        made_from = _scenario_digest(scenario)
        kept = known.get(name)
        if not isinstance(kept, dict) or kept.get("made_from") != made_from:
            kept = {"made_from": made_from, "bands": scenario_figure.bands(scenario)}
        found[name] = kept
    if found != known:
        path.parent.mkdir(parents=True, exist_ok=True)
        put(path, json.dumps(found).encode())
    return {name: kept["bands"] for name, kept in found.items()}


def _scenario_digest(scenario: Scenario) -> str:
    digest = hashlib.sha256(json.dumps(asdict(scenario), sort_keys=True, default=str).encode())
    for module in (model, walk, scenario_figure):
        digest.update(Path(str(module.__file__)).read_bytes())
    return digest.hexdigest()


def _known(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _made_from(root: Path) -> str:
    paths = [
        *(CODE / "explorations").rglob("*.py"),
        CODE / "render" / "figures.py",
        CODE / "content" / "tables.py",
        *(root / "data").rglob("*.csv"),
    ]
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    make(Path(sys.argv[1]))
