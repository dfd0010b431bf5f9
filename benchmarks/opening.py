"""How long until a person can answer: the first lesson in the workshop, beside a plain notebook as long in JupyterLab.

Both servers run at the same time and take turns. Printed: seconds from asking for the page to the first answerable
question, its parts, and the ratio of each pair. Run: .venv/bin/python benchmarks/opening.py
"""

import re
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support.browsers import QUIET, chromium_path  # noqa: E402
from support.labserver import running_lab  # noqa: E402

from workshop.lab import folder  # noqa: E402

ROUNDS = 5
LESSON = "notebooks/m02_challenges.ipynb"


def plain_lesson(path):
    """The lesson's text with an ipywidgets RadioButtons where it asks a question: what a course without the kit has."""
    lesson = nbformat.read(ROOT / LESSON, as_version=4)
    cells = []
    for cell in lesson.cells:
        if cell.cell_type == "markdown":
            cells.append(new_markdown_cell(cell.source))
        elif cell.source.startswith("page."):
            cells.append(
                new_code_cell("import ipywidgets\nipywidgets.RadioButtons(options=['one', 'two', 'three', 'four'])")
            )
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": lesson.metadata.kernelspec}), path)


@contextmanager
def plain_jupyterlab(place):
    """The address of JupyterLab as it comes."""
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        "--port",
        "0",
        f"--ServerApp.root_dir={place}",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        for line in process.stderr:
            if found := re.search(r"http://127\.0\.0\.1:\d+/\S*token=\w+", line):
                yield found.group().replace("/lab?", "/?")
                break
        process.terminate()
        process.stderr.read()


def ours(browser, address):
    """(seconds to the page, seconds from the button to the first question)"""
    base, key = address.split("?")
    page = browser.new_page()
    begun = time.perf_counter()
    page.goto(f"{base}lab/tree/{LESSON}?reset&{key}")
    page.locator(".workshop-start:visible").click(timeout=60_000)
    shown = time.perf_counter()
    page.locator(".workshop-card select:visible").first.wait_for(timeout=60_000)
    answerable = time.perf_counter()
    page.close()
    return shown - begun, answerable - shown


def theirs(browser, address):
    """The same for plain JupyterLab: all cells run by its menu."""
    base, key = address.split("?")
    page = browser.new_page()
    begun = time.perf_counter()
    page.goto(f"{base}lab/tree/plain.ipynb?reset&{key}")
    page.locator(".jp-MarkdownOutput:visible").first.wait_for(timeout=60_000)
    shown = time.perf_counter()
    page.get_by_role("menuitem", name="Run").first.click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.locator(".widget-radio-box input:visible").first.wait_for(timeout=60_000)
    answerable = time.perf_counter()
    page.close()
    return shown - begun, answerable - shown


def main():
    with tempfile.TemporaryDirectory() as place:
        kit, plain = Path(place) / "kit", Path(place) / "plain"
        folder.make(ROOT, kit)
        plain.mkdir()
        plain_lesson(plain / "plain.ipynb")
        with (
            running_lab(kit, WORKSHOP_HOME=str(kit)) as our_address,
            plain_jupyterlab(plain) as their_address,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path=chromium_path(playwright), args=QUIET)
            ours(browser, our_address), theirs(browser, their_address)  # the first opening fills the browser's cache
            pairs = [(ours(browser, our_address), theirs(browser, their_address)) for _ in range(ROUNDS)]
            browser.close()
    for name, side in (("workshop", 0), ("plain JupyterLab", 1)):
        whole = [sum(pair[side]) for pair in pairs]
        parts = [statistics.median(pair[side][part] for pair in pairs) for part in (0, 1)]
        print(
            f"{name}: median {statistics.median(whole):.1f} s to the first answerable question "
            f"({min(whole):.1f} to {max(whole):.1f}; page {parts[0]:.1f}, cards {parts[1]:.1f})"
        )
    print(f"ratio, pair by pair: median {statistics.median(sum(a) / sum(b) for a, b in pairs):.2f}")


if __name__ == "__main__":
    main()
