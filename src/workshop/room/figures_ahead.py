"""The figures of the lessons as pictures, made ahead: a room's server neither draws nor loads what drawing needs.

`python -m workshop.room.figures_ahead ROOT` makes them, and is run by `prepared` when a text, a table or a drawing has changed.
"""

import base64
import hashlib
import io
import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

from workshop import explorations
from workshop.answers.atomic import put

FOLDER = Path(".workshop") / "pictures"
INDEX = "index.json"
QUALITY = 82


def prepared(root):
    """{name of an exploration: title, file, alt, note, caption, table} as they stand before anybody moved a control."""
    index = root / FOLDER / INDEX
    if _known(index).get("made_from") != _made_from(root):
        print("Drawing the figures of the lessons. This happens once and takes half a minute.", flush=True)
        subprocess.run(
            [sys.executable, "-m", __name__, str(root)], check=True
        )  # drawing is loaded there, and gone with it
    return _known(index)["figures"]


def make(root):
    """Draw every figure. The file's name holds a digest, so that a browser may keep it for good."""
    from PIL import Image

    folder, figures = root / FOLDER, {}
    folder.mkdir(parents=True, exist_ok=True)
    for name in explorations.names():
        view = import_module(f"workshop.explorations.{name.replace('-', '_')}").view()
        picture, packed = base64.b64decode(view.pop("src").partition(",")[2]), io.BytesIO()
        image = Image.open(io.BytesIO(picture))
        image.convert("RGB").save(packed, "webp", quality=QUALITY)
        file = f"{name}-{hashlib.sha256(packed.getvalue()).hexdigest()[:12]}.webp"
        put(folder / file, packed.getvalue())
        if view["table"]:
            view["table"] = {
                "columns": view["table"]["columns"],
                "rows": [[str(cell) for cell in row] for row in view["table"]["rows"]],
            }
        figures[name] = {**view, "file": file, "width": image.width, "height": image.height}
    put(folder / INDEX, json.dumps({"made_from": _made_from(root), "figures": figures}).encode())
    for path in folder.glob("*.webp"):
        if path.name not in {figure["file"] for figure in figures.values()}:
            path.unlink()


def _known(index):
    try:
        return json.loads(index.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _made_from(root):
    code = Path(explorations.__file__).parent.parent
    paths = [*code.glob("*.py"), *(code / "explorations").glob("*.py"), *(root / "data").rglob("*.csv")]
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    make(Path(sys.argv[1]))
