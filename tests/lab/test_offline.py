"""Every page runs from top to bottom on a laptop without a line."""

import os
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from safe_cells.socket_kernels import SocketKernelManager

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("exercises/*/*.ipynb")])
WIDGET = "application/vnd.jupyter.widget-view+json"


def run(path, folder, first=""):
    """The page after it ran in `folder` with the network cut; `first` is a cell put before all others."""
    notebook = nbformat.read(shutil.copy(path, folder), as_version=4)
    if first:
        notebook.cells.insert(0, nbformat.v4.new_code_cell(first))
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "tests" / "support" / "network_cut"),
        "WORKSHOP_HOME": str(ROOT),
    }
    client = NotebookClient(
        notebook,
        timeout=60,
        kernel_manager_class=SocketKernelManager,
        resources={"metadata": {"path": str(folder)}},
    )
    return client.execute(env=environment)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).parts[0] + "-" + path.stem)
def test_a_page_runs_from_top_to_bottom_with_the_network_cut(path, tmp_path):
    notebook = run(path, tmp_path)
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.source.startswith("page."):
            assert any(WIDGET in output.get("data", {}) for output in cell.outputs), cell.source


def test_the_cut_is_real(tmp_path):
    reach = (
        "import socket\ntry:\n    socket.create_connection(('192.0.2.1', 80), timeout=1)\n"
        "except OSError as error:\n    print(error)"
    )
    notebook = run(ROOT / "notebooks" / "m00_welcome.ipynb", tmp_path, first=reach)
    assert "the network is cut" in notebook.cells[0].outputs[0].text
