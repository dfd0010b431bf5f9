"""otter-grader on the course of code, without containers.

Its tests are in otter's own format, and `otter run` is called for each notebook. otter-grader lives in a virtual
environment of its own outside the project. As a program: PYTHON COURSE WORKERS grades all.
"""

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

VERSION = "7.0.0"
# The same machine's same libraries: what differs is the grader.
PACKAGES = [f"otter-grader=={VERSION}", "ipykernel", "pandas", "matplotlib"]
TEST = """from otter.test_files import test_case

OK_FORMAT = False
name = {name!r}
points = {points!r}


@test_case(points={points!r}, hidden={hidden!r})
def test_1(env):
    exec({source!r}, env)
"""


def install(place):
    """A virtual environment with otter-grader; gives its Python."""
    import importlib.metadata

    python = place / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", place], check=True)
        pinned = [name if "==" in name else f"{name}=={importlib.metadata.version(name)}" for name in PACKAGES]
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--compile", *pinned], check=True, timeout=900)
    return python


def autograders(course, python):
    """Make `otter/NOTEBOOK.zip` in the course for each notebook: each test cell of nbgrader's as a test of otter's."""
    for notebook in (course / "source" / "ps1").glob("*.ipynb"):
        place = course / "otter" / notebook.stem
        (place / "tests").mkdir(parents=True)
        for cell in json.loads(notebook.read_text())["cells"]:
            marks = cell["metadata"].get("nbgrader", {})
            if marks.get("grade") and not marks["solution"]:
                source = "".join(cell["source"])
                if source.endswith("\npoints"):  # partial credit, which is a test's last value in nbgrader
                    source += f"\nassert points == {marks['points']}"
                (place / "tests" / f"{marks['grade_id'].replace('-', '_')}.py").write_text(
                    TEST.format(
                        name=marks["grade_id"], points=marks["points"], hidden="HIDDEN" in source, source=source
                    )
                )
        # Otter takes data only from the folder that it is called in.
        data = [Path(shutil.copy(path, place)).name for path in (course / "source" / "ps1").glob("*.csv")]
        subprocess.run(
            [
                python,
                "-m",
                "otter",
                "generate",
                "-t",
                "tests",
                "-o",
                f"../{notebook.stem}.zip",
                "--no-environment",
                "--no-requirements",
                "--no-config",
                *data,
            ],
            cwd=place,
            check=True,
            capture_output=True,
            timeout=120,
        )


def grade(python, course, workers):
    """Run otter over all submissions, so many at a time; gives the number of results."""

    def one(notebook):
        out = course / "otter" / "results" / notebook.parent.parent.name / notebook.stem
        out.mkdir(parents=True)
        tests = course / "otter" / f"{notebook.stem}.zip"
        subprocess.run(
            [python, "-m", "otter", "run", "--no-logo", "-a", tests, "-o", out, notebook],
            cwd=out,
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=300,
        )
        return (out / "results.json").exists()

    with ThreadPoolExecutor(workers) as pool:
        return sum(pool.map(one, sorted(course.glob("submitted/*/ps1/*.ipynb"))))


if __name__ == "__main__":
    print(grade(sys.argv[1], Path(sys.argv[2]).resolve(), int(sys.argv[3])), "notebooks graded")
