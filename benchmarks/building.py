"""How long `workshop build` takes and how much it makes anew; beside it nbgrader making an exercise by its own command.

Run: .venv/bin/python benchmarks/building.py [--rounds 5] [--nbgrader]

Each time is of the whole command, as a person waits for it; the seconds of processor depend less on what else
the machine does. It works on a copy of the texts and of the code.
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
BUILD = [sys.executable, "-m", "workshop", "build"]
# A comment in each: one of code that makes no built file, one of code that makes all notebooks.
UNUSED, USED = "src/workshop/cards/question.py", "src/workshop/authoring/notebooks.py"


def copy_of_the_project(place: Path) -> None:
    """Everything that the kit is built from, what is built, and the code."""
    for name in ("notebooks", "solutions", "exercises", "data", "src"):
        shutil.copytree(ROOT / name, place / name)
    for name in ("nbgrader_config.py", "README.md"):
        shutil.copy(ROOT / name, place)


def run(command: list[str], place: Path) -> tuple[float, float]:
    """(seconds waited, seconds of processor) of a command that works on the copy."""
    environment = {
        **os.environ,
        "WORKSHOP_HOME": str(place),
        "PYTHONPATH": str(place / "src"),
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
    }
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    subprocess.run(command, cwd=place, check=True, capture_output=True, env=environment)
    waited = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return waited, after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime


def entries(place: Path) -> dict[Path, int]:
    """When each file that is built was made, by what the build keeps of it."""
    kept = place / ".workshop" / "built"
    return {path: path.stat().st_mtime_ns for path in kept.rglob("*") if path.is_file()}


def add_line(path: Path, line: str) -> None:
    """One more line at the end of a file."""
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")


def main() -> None:
    """Print a line for each case."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--nbgrader", action="store_true", help="also time nbgrader's own command")
    options = parser.parse_args()
    exercises = sorted(path.name for path in (ROOT / "exercises").iterdir() if path.is_dir())
    times: dict[str, list[tuple[float, float]]] = defaultdict(list)
    files: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        copy_of_the_project(place)
        run(BUILD, place)  # the first run compiles

        def build(case: str) -> None:
            before = entries(place)
            times[case].append(run(BUILD, place))
            files[case] = sum(when != before.get(path) for path, when in entries(place).items())

        for number in range(options.rounds):
            shutil.rmtree(place / ".workshop")
            build("everything anew")
            build("nothing changed")
            add_line(place / "notebooks/m03_lessons.md", f"A line {number}.")
            build("one changed page")
            add_line(place / UNUSED, "# A comment.")
            build("a changed module that makes no file")
            add_line(place / USED, "# A comment.")
            build("a changed module that makes all notebooks")
            if options.nbgrader:
                for name in exercises:
                    times["nbgrader generate_assignment, one exercise"].append(
                        run([str(BIN / "nbgrader"), "generate_assignment", name, "--force"], place)
                    )
    for case, measured in times.items():
        waited, processor = (sorted(values) for values in zip(*measured, strict=True))
        made = f", {files[case]} files made" if case in files else ""
        print(
            f"{case}: median {statistics.median(waited):.1f} s ({waited[0]:.1f} to {waited[-1]:.1f}), "
            f"processor {statistics.median(processor):.1f} s{made}"
        )


if __name__ == "__main__":
    main()
