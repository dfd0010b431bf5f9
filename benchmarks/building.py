"""How long the build takes: everything anew, nothing changed, and beside it nbgrader making the same exercises by its own command.

Run: .venv/bin/python benchmarks/building.py
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5
BIN = Path(sys.executable).parent


def copy_of_the_project(place):
    for name in ("notebooks", "solutions", "exercises", "data"):
        shutil.copytree(ROOT / name, place / name)
    for name in ("nbgrader_config.py", "README.md"):
        shutil.copy(ROOT / name, place)


def seconds(command, place):
    begun = time.perf_counter()
    subprocess.run(
        command,
        cwd=place,
        check=True,
        capture_output=True,
        env={**os.environ, "WORKSHOP_HOME": str(place), "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"},
    )
    return time.perf_counter() - begun


def main():
    build = [sys.executable, "-m", "workshop", "build"]
    exercises = sorted(path.name for path in (ROOT / "exercises").iterdir() if path.is_dir())

    def nbgrader():
        return sum(
            seconds([str(BIN / "nbgrader"), "generate_assignment", name, "--force"], place) for name in exercises
        )

    times = {"whole build": [], "nothing changed": [], "nbgrader generate_assignment": []}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        copy_of_the_project(place)
        seconds(build, place), nbgrader()  # the first run compiles and makes nbgrader's database
        for _ in range(ROUNDS):
            shutil.rmtree(place / ".workshop")
            times["whole build"].append(seconds(build, place))
            times["nothing changed"].append(seconds(build, place))
            times["nbgrader generate_assignment"].append(nbgrader())
    for name, found in times.items():
        print(f"{name}: median {statistics.median(found):.1f} s ({min(found):.1f} to {max(found):.1f})")
    ratio = statistics.median(a / b for a, b in zip(times["whole build"], times["nbgrader generate_assignment"]))
    print(f"ratio of the whole build to nbgrader's command, pair by pair: median {ratio:.2f}")


if __name__ == "__main__":
    main()
